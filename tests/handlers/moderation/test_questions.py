"""Whoever asks about the rules has not broken them; whoever advertises by asking has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.questions import without_questions
from tests.handlers.moderation.plain import WORDS_ALONE


def left(text: str) -> list[str]:
    return [hit.matched for hit in without_questions(text, WORDS_ALONE.scan(text))]


QUESTIONS = """
群里能不能发代写论文的广告？
在群里发专业代写的广告算不算违规
代写论文违规吗
代写作业违法吗？
可以代写作业吗
有人在群里发专业代写论文的广告，怎么举报？
看到同学转发刷单返利的消息，该怎么处理？
“专业代写论文，加微信包过”这样的广告违反哪一条？
群里有人发“办假证，联系我”。这种怎么举报？
在群里组队开黑是否允许
群里可以发砍一刀吗
能不能在群里集赞
上班时间打麻将会被处罚吗
涉密文件扫描件能不能发到群里
绝密文件可以上传企业盘吗？
校园贷办理的广告是否可以转发？
请问发全网最低价这类消息算广告吗
为什么不能在群里说脑残这样的话
微商招代理的消息让发吗？
代考服务的广告违反什么规定？
「专业代写，一次包过」。请问违规吗？
""".strip().split("\n")

ADVERTS = """
需要代写吗？加微信
需要专业代写吗？
有需要代写论文的吗？价格优惠
想不想轻松赚钱？加我
谁需要代写作业？私聊
可以代写作业吗？可以！加微信详谈代写论文
能不能帮我砍一刀？需要的加微信
代写论文允许吗？不管了，专业代写，加微信abc12345
要不要全网最低价的手机？扫码下单
还在为论文发愁吗？专业代写论文，一次包过
缺钱吗？当天放款，无视征信
你们允许发广告吗？专业代写找我
群里能发广告吗？办假证联系13800138000
赌博网站，注册就送，来吗
专业代写论文，加微信包过
""".strip().split("\n")


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_about_the_rules_is_no_offence(text: str) -> None:
    assert WORDS_ALONE.scan(text), "the example has to hold something that a rule finds"
    assert left(text) == []


def test_an_insult_is_no_question() -> None:
    assert left("你脑子有病吧，能不能滚")


@pytest.mark.parametrize("text", ADVERTS)
def test_an_advert_stays_one_when_it_asks(text: str) -> None:
    assert left(text)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("我的身份证11010519491231002X可以发群里吗？", "11010519491231002X"),
        ("这个手机号13800138000是诈骗吗，怎么举报", "13800138000"),
        ("机密★10年，能不能发？", "机密★10年"),
    ],
)
def test_data_lies_open_whatever_is_asked(text: str, matched: str) -> None:
    assert left(text) == [matched]


@given(st.text(max_size=60), st.sampled_from(QUESTIONS + ADVERTS), st.text(max_size=30))
def test_nothing_is_invented_and_nothing_raises(before: str, middle: str, after: str) -> None:
    text = before + middle + after
    hits = WORDS_ALONE.scan(text)
    assert [hit for hit in hits if hit in without_questions(text, hits)] == without_questions(text, hits)
