"""What a college asks, warns of, tells and quotes beside what it must not write, in its own voice."""

from __future__ import annotations

import pytest

from handlers.moderation.excused import serious
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner

_WORDS = (
    "代写 代考 刷单 兼职 校园贷 贷款 赌博 彩票 砍一刀 拼单 代购 加微信 办证 广告 枪 毒品 组队 开黑 打麻将 翻墙 内部文件 涉密文件 微商 二手 "
    "租房 考试答案"
)
SCANNER = Scanner.from_rules(
    [
        Rule("words", "advertising", "五.2", words=tuple(_WORDS.split())),
        Rule("abuse", "abuse", "一.2", words=("脑残", "傻逼")),
    ]
)

HARMLESS = """
请问群里能不能发招聘兼职的信息
学生问我校园贷怎么办理合不合规，规定是怎么说的
规章里对刷单有什么规定
刷单属于哪一条
五.2里说的广告包括二手吗
发二手书转让算广告吗
我想在班级群转让二手自行车，可以吗
群里发租房信息违规不
可不可以在工作群里拼单买咖啡
拼单奶茶算与工作无关的内容吗
想问下发代购链接会怎么处理
有家长在班级群发微商广告，我该怎么办
请教一下，学生在群里问贷款的事要不要管
助学贷款的通知可以发群里吗
禁止发广告是哪一条规定的
“代写论文”这类广告依据哪条处理
内部文件能转发到班级群吗
涉密文件可以拍照发群里吗
群主看到有人发赌博链接应该做什么
下班后在群里组队打球算闲聊吗
我发的“砍一刀”为什么被提醒
为什么我发租房信息会被提醒？
什么叫涉密文件
什么样的内容算广告
兼职老师可以进群吗
勤工助学兼职岗位可以发吗
请问代考的处分是什么
参与赌博会受什么处分
请解释一下五.2的“广告”
查一下关于翻墙的规定
我们部门想组队参赛，群里能发通知吗
帮我看看这句话能不能发：今晚一起拼单吗
这条算不算违规：二手教材转让，5元一本
这句能发吗：兼职家教，时薪50
“二手教材转让”这种能发吗
提醒大家警惕校园贷，不要相信刷单返利
反诈宣传：刷单就是诈骗
今天班会主题是拒绝毒品、远离赌博
收到学生反映有人在宿舍楼推销校园贷
刚刚那位同学发的代写广告我已经提醒他撤回了
已把发广告的人移出群了
昨天的刷单广告已经删除
请各位群主检查有没有发广告的人
根据五.2，不得发布广告
按照规定，工作群不能发广告、拼单、砍一刀
群规：1.不发广告 2.不砍一刀 3.不拼单
本群禁止：广告、拼单、砍一刀、代购
违规示例：代写、代考、刷单
哪些词会触发？比如代写、刷单
为什么不能说“脑残”这样的话
有学生在群里骂同学傻逼，这种怎么处理
""".strip().split("\n")

OFFENCES = """
二手教材转让，5元一本，有要的吗
有没有人拼单奶茶
兼职家教，时薪50，有意私
有没有要代写的
谁要拼单
大家帮我砍一刀可以吗
今晚有人组队开黑吗
能帮忙砍一刀吗
有人要租房吗，学校东门一室一厅
可以发广告吗？不管了，二手手机转让
考试答案要吗
需要考试答案的同学可以联系我吗
刷单兼职了解一下？
想贷款的同学可以问我
打麻将三缺一，谁来
群里有傻逼吗
代购香水，什么牌子都有
规定是死的，代写可以做，怎么样，考虑一下
代写不违规，有没有要的
怕处分吗,专业代写包过
怕违规吗，专业代写，放心
什么是靠谱代写？我们就是
规定是规定，代写照做，靠谱接单吗
禁止讲价，二手教材转让
不发货不收钱，二手手机转让
违规内容不接，代写论文包过
刷单是违法的吗？我们不是，日结
被提醒了也没用，兼职日结，想来的私信
别再错过，兼职刷单
有人举报也不怕，代写接单
代写算不算违规不重要，有需要的加我
小心被骗，找我们正规公司贷款
你是不是脑残
群里有傻逼吗
这是什么脑残规定
哪个傻逼老师定的规定，允许吗
""".strip().split("\n")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_only_spoken_of_is_not_held_against_anybody(text: str) -> None:
    assert serious(text, SCANNER.scan(text)) == []


@pytest.mark.parametrize("text", OFFENCES)
def test_what_is_done_is_held_however_it_is_dressed(text: str) -> None:
    assert serious(text, SCANNER.scan(text))


def test_every_example_but_a_few_holds_something_that_a_rule_finds() -> None:
    assert sum(not SCANNER.scan(text) for text in (*HARMLESS, *OFFENCES)) <= 2
