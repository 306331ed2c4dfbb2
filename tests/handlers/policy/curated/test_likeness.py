"""Which questions ask the same: an answer that a person gave must never be given to another question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.curated.likeness import LONGEST, gist, likeness

SAME = """
退休的老师要退群吗|老师退休了，需不需要退出群聊？
退休的老师要退群吗|请问退休教师要不要退群
退休的老师要退群吗|退休老师退群吗
退休的老师要退群吗|退休人员应该退群吗？谢谢
内退了还能留在群里吗|内退的老师能不能留在群里
换手机号怎么办|手机号换了咋办
换了手机号要改资料吗|更换手机号码需要修改资料吗
群主是谁|群主是什么人
学生可以进部门群吗|学生能进部门群吗
学生可以进部门群吗|部门群学生可不可以进
学生可以进部门群吗|部门群里学生能进不
怎么申请建群|如何申请创建群
怎么申请建群|申请建群怎么弄
多久清理一次群成员|群成员多长时间清理一次
外聘老师离职以后能留在群里吗|外聘教师离职后可以留在群里吗
可以在群里发广告吗|群里能不能发广告
可以在群里发广告吗|能在工作群里发广告吗
不用实名可以吗|可以不用实名吗
群主不管事怎么办|群主不管事咋办呢
谁可以当群主|哪些人能当群主
什么时候开学习会|学习会啥时候开
家长能进班级群吗|家长可以加入班级群吗
DING消息一个月能发几次|ding消息一个月可以发几次啊
办公室群必须要用真名吗|办公室的群要不要用真名
有没有规定不能发红包|有规定不能发红包吗
退休后要不要退群|退休了要退群吗
我想问一下新来的老师怎么进群|新来的老师怎么加群
为什么要实名|为啥需要实名
发通知要谁审批|发通知需要谁审批呀
辅导员能建群吗|辅导员可不可以新建群
群名称应该怎么写|群名称怎么写
群公告谁能改|谁可以修改群公告
"""
OTHER = """
退休的老师要退群吗|内退的老师要退群吗
退休的老师要退群吗|返聘的老师要退群吗
退休的老师要退群吗|退休的老师能不退群吗
退休的老师要退群吗|退休的老师怎么退群
退休的老师要退群吗|退休的老师要进群吗
退休的老师要退群吗|退休的老师不用退群吗
退休的老师要退群吗|退休的老师什么时候退群
退休的老师要退群吗|退休的老师可以退群吗
不能退群吗|能不退群吗
学生可以进部门群吗|学生不可以进部门群吗
学生可以进部门群吗|学生必须进部门群吗
学生可以进部门群吗|学生可以进班级群吗
学生可以进部门群吗|老师可以进部门群吗
部门群的群主可以把学生拉进班级群吗|班级群的群主可以把学生拉进部门群吗
老师能拉学生进群吗|学生能拉老师进群吗
拉人进群要审批吗|拉人出群要审批吗
3个月清理一次吗|6个月清理一次吗
三个月没发言会被清理吗|两个月没发言会被清理吗
离职前要退群吗|离职后要退群吗
外聘教师离职后能留在群里吗|外聘教师离职前能留在群里吗
群主是谁|管理员是谁
群主由谁任命|群主任命谁
可以在群里发广告吗|可以在群里发文件吗
可以在群里发广告吗|不可以在群里发广告吗
可以在群里发广告吗|为什么不可以在群里发广告
怎么建群|怎么解散群
谁可以建群|谁不可以建群
DING消息一个月能发几次|ding消息一天能发几次
电话会议谁参加|视频会议谁参加
换手机号怎么办|换部门怎么办
退休不退群会怎样|不退休退群会怎样
班级群谁当群主|班级群谁当管理员
教师节放假吗|国庆节放假吗
群里可以发工资条吗|群里可以发工资吗
学生毕业后要退群吗|学生休学后要退群吗
新生家长能进班级群吗|家长能进班级群吗
只有群主能发通知吗|所有人能发通知吗
借调人员在原部门群吗|借调人员在新部门群吗
两次没参加学习怎么处理|没参加学习怎么处理
谁给群主改名|群主给谁改名
群主可以把管理员移出群吗|管理员可以把群主移出群吗
谁任命群主|群主任命谁
老师可以进部门群吗|可以进部门群吗
群主被移出群怎么办|群主移出群怎么办
离职前要退群吗|离职要退群吗
只有群主能发通知吗|群主能发通知吗
群里可以发什么|群里可以发吗
学校领导可以退群吗|领导可以拉群吗
"""
HELD_SAME = """
办公用品怎么领|办公用品如何领取
实验室钥匙丢了怎么办|实验室的钥匙弄丢了怎么办
出差住宿标准是多少|出差的住宿标准多少
辅导员可以请几天假|辅导员能请几天假
班级群要不要登记|班级群需要登记吗
谁来审核入群申请|入群申请谁审核
管理员由谁指定|管理员是由谁指定的
临时项目群什么时候解散|临时的项目群啥时候解散
上班时间能在群里聊天吗|上班时间可不可以在群里聊天
会议纪要可以发群里吗|会议纪要能发到群里吗
通知发了没人看怎么办|通知发了没人看咋办
学生转专业后要换班级群吗|学生转专业以后需要换班级群吗
DING 太多了可以关掉吗|ding太多了能关掉吗
外聘老师能当群主吗|外聘教师可以当群主吗
请问返聘人员算不算在职|返聘的算在职吗
图书馆周末开门吗|周末图书馆开门吗
群里能发涉密文件吗|涉密文件可以发到群里吗
离职当天就要退群吗|离职当天要不要退群
公章怎么借|公章如何借用
手机丢了钉钉怎么处理|手机丢了，钉钉该怎么处理
新老师入职多久能进群|新教师入职多长时间能进群
群主离职了谁接手|群主离职后谁接手
头像必须用本人照片吗|头像一定要用本人照片吗
昵称格式有什么要求|昵称的格式要求是什么
部门群人数有上限吗|部门群人数有没有上限
"""
HELD_OTHER = """
办公用品怎么领|办公用品谁领
实验室钥匙丢了怎么办|办公室钥匙丢了怎么办
出差住宿标准是多少|出差伙食标准是多少
辅导员可以请几天假|班主任可以请几天假
班级群要不要登记|班级群要不要注销
谁来审核入群申请|谁来提交入群申请
管理员由谁指定|管理员指定谁
临时项目群什么时候解散|临时项目群什么时候建立
上班时间能在群里聊天吗|下班时间能在群里聊天吗
会议纪要可以发群里吗|会议录音可以发群里吗
群主可以不加学生吗|群主不可以加学生吗
学生转专业后要换班级群吗|学生退学后要换班级群吗
一级群由谁管|二级群由谁管
外聘老师能当群主吗|内聘老师能当群主吗
返聘人员算在职吗|返聘人员不算在职吗
图书馆周末开门吗|图书馆周末闭馆吗
群里能发涉密文件吗|群里能发非涉密文件吗
离职当天就要退群吗|离职次日就要退群吗
公章怎么借|公章怎么还
10人以上的群要登记吗|20人以上的群要登记吗
10人以上的群要登记吗|10人以下的群要登记吗
群主离职了谁接手|管理员离职了谁接手
头像必须用本人照片吗|头像可以用本人照片吗
部门群人数有上限吗|部门群人数有下限吗
家长要实名吗|家长不实名行吗
外单位的人能进群吗|本单位的人能进群吗
报销要谁签字|报销谁不用签字
老师通知学生要发群里吗|学生通知老师要发群里吗
旧版办法还有效吗|新版办法还有效吗
上学期的通知还算数吗|下学期的通知还算数吗
"""
"""Written after the words of `likeness.py` were chosen, to see what they do with questions that they were not chosen for."""
LEAST_HELD = 18


def pairs(listed: str) -> list[tuple[str, str]]:
    return [(one, other) for one, _, other in (line.partition("|") for line in listed.split())]


def ask_the_same(one: str, other: str) -> bool:
    return likeness(gist(one), gist(other)) > 0


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_other_words_for_the_same(one: str, other: str) -> None:
    assert ask_the_same(one, other)
    assert gist(one).key == gist(other).key


@pytest.mark.parametrize(("one", "other"), [*pairs(OTHER), *pairs(HELD_OTHER)])
def test_nearly_the_same_words_for_something_else(one: str, other: str) -> None:
    assert not ask_the_same(one, other)


def test_most_of_what_was_held_back_is_known_again() -> None:
    assert sum(ask_the_same(*pair) for pair in pairs(HELD_SAME)) >= LEAST_HELD


def test_the_same_words_are_the_nearest() -> None:
    asked = gist("退休的老师要退群吗")
    assert likeness(asked, gist("请问，退休的老师要退群吗？谢谢")) == 1
    assert 0 < likeness(asked, gist("退休教师需要退群吗")) < 1


def test_too_little_or_too_much_is_the_same_only_word_for_word() -> None:
    assert not ask_the_same("怎么办", "怎么弄")
    assert ask_the_same("怎么办", "怎么办？")
    long = "群主" * LONGEST
    assert not ask_the_same(long, f"{long}吗")


QUESTIONS = st.text() | st.text("退休内老师学生进群不没能可以要吗怎么谁第12 ？，DING", max_size=40)


@given(QUESTIONS, QUESTIONS)
def test_what_is_the_same_is_found_under_the_same_key(one: str, other: str) -> None:
    first, second = gist(one), gist(other)
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    if likeness(first, second) > 0:
        assert first.key == second.key


@given(QUESTIONS)
def test_a_question_asks_the_same_as_itself(question: str) -> None:
    assert likeness(gist(question), gist(question)) == 1
    assert gist(question) == gist(question)
