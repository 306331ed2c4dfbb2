"""Whoever asks whether something is a fraud is left in peace; whoever sells by asking is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.excused import serious
from handlers.moderation.suspicions import without_suspicions
from tests.handlers.moderation.plain import SCANNER

ASKING = """
刚才那条‘兼职刷单日结’是不是诈骗？
收到一条短信说刷单返利日结，是不是骗子啊
有人加我微信说能代写论文，是骗人的吗
有人加我微信叫我扫码进群刷单返利，是不是诈骗
“校园贷当天放款”这种广告是真的吗？
刷单返利是真的假的？
兼职刷单日结是骗局吗
请问“代写论文，保证原创”是不是违法的？
网上说的刷单返利能信吗？
室友说有个兼职刷单返利的群，靠谱吗
有人发我一个赌博网站。是不是电诈啊？
接到电话说能办理校园贷，是不是电诈
刚才群里那个赌博网站的链接是不是钓鱼的啊？
他说代考保过，可信吗
""".strip().split("\n")

SELLING = """
刷单日结是不是骗人？不骗人，加微信abc12345
是不是骗子你试试就知道，专业代写，加微信
代写论文是不是骗人的？我们团队保证质量，先写后付
刷单返利，不是骗子，信得过的来
兼职刷单是真的吗？是真的，私聊我
刷单靠谱吗？靠谱！专业代写
刷单返利是骗局吗？我们是正规公司
办假证是真的吗？当天出证，一手货源
刷单返利是真的吗？需要的来
真的假的？看到就是赚到，刷单返利扫码进群
有人要刷单返利吗，靠谱吗靠谱，私聊
同学们，刷单返利是真的吗？来找我
有人要代写论文吗？真的假的一试便知
朋友说代写论文很靠谱，是真的，找他加微信abc12345
这类兼职刷单是真的吗？日入过千，名额有限
""".strip().split("\n")

OTHERWISE = """
罚你在群里发一百遍“我是蠢货”，少一遍平时分清零
咱村来的同学都填：是否建档立卡、欠债多少、家里几口病人，群接龙
有人写信举报王院长，信我拍下来了
我是你爹，我操你妈
我真想打死你
他说我是白痴，我看你才是白痴
“你给我滚”，说的就是你
这份绝密文件先别在外面说，给你们看一眼
这是全班的身份证号码表，大家看完不要发到群里
全班身份证照片给大家看一下，请勿发到其他群
各位同学把自己的身份证号在下面接龙写好，写完我导出来交给保卫科
你算个什么玩意，轮得到你说话
班长你算个什么东西，舔狗一条，天天给辅导员当走狗
刘洋你站起来给大家看看，什么叫烂泥扶不上墙
怪不得没人选你的课，听你的课不如去死
你是不是sb，排课排成这样
大师免费算命，报上出生时辰，看你今年能不能升职发财
给大家测个字，看看今年能不能评上职称
谁能弄到K粉？毕业聚会想嗨一下
转发此消息到10个群，今年期末不挂科，不转后果自负
会议记录我这里有一份，上面明确写了不许外传，你们看完就删
这份内部资料上写着严禁外传，我从档案室带出来的，当年处分的名单发给各位看看
保卫处值班室的哥几个，斗地主三缺一，点链接进来，输的请夜宵
你是不是骗子，傻逼
这份绝密文件是真的吗
我的手机13800138000有人打，是不是骗子
""".strip().split("\n")
"""Insults, secrets and data stay what they are, and so does what only looks like a question, a warning or a lesson."""


@pytest.mark.parametrize("text", ASKING)
def test_questions_whether_it_is_a_fraud(text: str) -> None:
    hits = SCANNER.scan(text)
    assert hits, "nothing to excuse"
    assert serious(text, hits) == []


@pytest.mark.parametrize("text", [*SELLING, *OTHERWISE])
def test_what_is_held_against_somebody(text: str) -> None:
    assert serious(text, SCANNER.scan(text))


@given(
    st.lists(st.sampled_from((*ASKING, *SELLING, *OTHERWISE, "。", "\n", "“", "”", "开黑", "13800138000"))).map("".join)
)
def test_hits_only_go_and_what_detectors_found_stays(text: str) -> None:
    hits = SCANNER.scan(text)
    left = without_suspicions(text, hits)
    assert [hit for hit in hits if hit in left] == left
    assert [hit for hit in left if hit.detector] == [hit for hit in hits if hit.detector]
    assert [hit for hit in left if hit.rule.category == "abuse"] == [
        hit for hit in hits if hit.rule.category == "abuse"
    ]
