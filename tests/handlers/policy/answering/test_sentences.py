"""Which sentences are marked, how an article is quoted, and what leads it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.policy.answering.lead import LONGEST, cut, lead
from handlers.policy.answering.quoting import LEFT_OUT, quote
from handlers.policy.answering.sentences import Span, answering, lines_of, named
from handlers.policy.documents.corpus import parse
from handlers.policy.finding.synonyms import shipped
from handlers.policy.shipped import digest
from storage.policies import Article

DEV = Path(__file__).parents[4] / "bench/evaluation/dev"
DIGEST = {article.number: article for article in digest().articles}
LIST = "有下列情形之一的，应当移出：\n（一）合同终止，已经离职的；\n（二）已经退休的；\n（三）内部退养的；\n（四）其他情形。"


def marked(question: str, article: Article) -> list[str]:
    lines = lines_of(article.text)
    return [lines[span.line][span.start : span.end] for span in answering(question, article, shipped())]


@pytest.mark.parametrize(
    ("question", "number", "begins"),
    [
        ("手机号换了怎么办", "二.2", ["手机号变更的"]),
        ("学生必须用钉钉吗", "二.1", ["学生自愿使用"]),
        ("发错了东西谁负责", "一.2", ["谁发布，谁负责"]),
        ("能在钉钉上发广告吗", "一.2", ["不得在钉钉上发布"]),
        ("群里至少要几个管理员", "五.7", ["群主之外"]),
        ("谁来当群主", "五.7", ["部门群的群主", "部门以下的群"]),
        ("多久清理一次群成员", "五.8", ["应当定期核查"]),
        ("谁负责审核进群的人", "五.8", ["管理员应当审核"]),
        ("人脸识别能用吗", "五.3", ["慎重使用人脸识别"]),
        ("审批完要打印吗", "四.(六).2", ["办结后"]),
        ("企业文件可以传大文件吗", "四.(四).2", ["不要向企业文件"]),
        ("主管理员谁定", "五.1", ["主管理员由学院办公室指定"]),
        ("没看到消息算谁的责任", "四.(一).3", ["对方未读的", "没有正当理由"]),
    ],
)
def test_what_answers_is_marked(question: str, number: str, begins: list[str]) -> None:
    found = marked(question, DIGEST[number])
    assert len(found) == len(begins), found
    assert all(one.startswith(begin) for one, begin in zip(found, begins, strict=True)), found


@pytest.mark.parametrize(
    ("document", "question", "number", "begins"),
    [
        ("dormitory", "吹风机能用多大的", "七.(一)", "3． 额定功率在八百瓦以上的吹风机"),
        ("dormitory", "公寓设施损坏的赔偿责任", "八.(六)", "人为损坏由责任人照价赔偿"),
        ("dormitory", "女朋友能进男生宿舍吗", "六.(二)", "异性不得进入学生宿舍"),
        ("dormitory", "换宿舍要几天批", "三.(四)", "调换宿舍由本人提出书面申请"),
        ("dormitory", "养猫", "八.(四)", "宿舍内不得饲养猫"),
        ("travel", "接待单位安排用餐的是否需要交伙食费", "第二十七条", "接待单位安排用餐的，出差人应当"),
        ("travel", "重复报销如何处理", "第四十六条", "虚报天数、伪造票据、重复报销的"),
        ("travel", "没刷公务卡，报销还要交什么", "第三十七条", "（五）公务卡刷卡凭条"),
        ("travel", "酒店超标了多出来的谁掏", "第二十条", "超过限额的住宿费由个人负担"),
        ("travel", "电子发票要打出来不", "第四十条", "电子发票由报销人打印"),
        ("travel", "我是讲师，想坐飞机，到底要谁点头", "第十三条", "副高级以下人员乘坐飞机"),
        ("seals", "学生毕业证明要盖章，该教务处还是院办批", "第十二条", "（四）学籍、成绩、毕业类证明"),
        ("seals", "章最多能借出去几天", "第二十六条", "当天不能归还的"),
        ("seals", "急着盖章能插队吗", "第二十三条", "加急件由部门负责人电话说明"),
        ("seals", "章用得都磨花了能换吗", "第三十二条", "印章磨损、变形"),
        ("seals", "学院印章的主管部门是哪个", "第三条", "学院办公室是印章的主管部门"),
    ],
)
def test_in_regulations_without_questions_of_their_own_too(
    document: str, question: str, number: str, begins: str
) -> None:
    (found,) = marked(question, regulations()[document][number])
    assert found.startswith(begins)


@cache
def regulations() -> dict[str, dict[str, Article]]:
    """Invented ones that the look-up is tuned on."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in DEV.glob("*.md")}
    return {name: {article.number: article for article in parse(text).articles} for name, text in texts.items()}


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("请假走什么流程", DIGEST["四.(六).1"]),  # one sentence: nothing to tell apart
        ("食堂几点开门", DIGEST["五.8"]),
        ("", DIGEST["五.8"]),
        ("哪些人要移出", Article("第一条", LIST)),
        ("有哪些情形要移出", Article("第一条", LIST)),
    ],
)
def test_where_nothing_stands_out_nothing_is_marked(question: str, article: Article) -> None:
    assert marked(question, article) == []


def test_an_item_is_marked_and_not_what_begins_the_list() -> None:
    assert marked("退休的要移出吗", Article("第一条", LIST)) == ["（二）已经退休的"]


def test_the_kind_of_thing_that_is_asked_for_decides_between_equals() -> None:
    article = Article("第三条", "公务用车由学院办公室统一调度。公务用车应当提前一个工作日申请。公务用车不得出借。")
    assert marked("用车提前几天", article) == ["公务用车应当提前一个工作日申请"]
    assert marked("公务用车谁调度", article) == ["公务用车由学院办公室统一调度"]
    assert marked("公务用车能出借吗", article) == ["公务用车不得出借"]


def test_other_words_for_it_are_found_through_the_articles_own_questions() -> None:
    text = "账号应当用本人手机注册。号码变更的，应当同步更新。"
    assert marked("卡丢了补了一张新的", Article("一", text)) == []
    asked = Article("一", text, questions=("补了一张新卡，号码变更要更新吗", "拿别人手机注册行吗"))
    assert marked("卡丢了补了一张新的", asked) == ["号码变更的，应当同步更新"]


def test_a_named_part_is_found_in_the_quotation() -> None:
    article = Article("第五条", "第一款说总则。也说别的。\n\n第二款说下列细则：\n（一）甲；\n（二）乙。")
    assert named(article, "第五条第二款第二项") == (Span(3, 0, 4),)
    assert quote(article.text, named(article, "第五条第一款")).text.startswith(
        "> **第一款说总则。也说别的**。\n>\n> 第二款说下列细则：\n>"
    )
    assert named(article, "第五条") == named(article, "第五条第九款") == ()


# -- quoting -----------------------------------------------------------------------------------------------------


def test_bold_ends_before_the_sign_so_that_every_client_shows_it() -> None:
    """`**…。**别` is no bold by the rules of Markdown: a sign before the asterisks needs a space or a sign after them."""
    article = DIGEST["一.2"]
    text = quote(article.text, answering("能在钉钉上发广告吗", article, shipped())).text
    assert "；谁发布" in text
    assert re.search(r"[。；，]\*\*", text.replace("。**不得", "")) is None


def test_a_short_article_is_quoted_whole() -> None:
    found = quote(LIST, (Span(2, 0, 8),), 200)
    assert not found.is_folded
    assert found.text.split("\n>\n") == [
        "> 有下列情形之一的，应当移出：",
        "> （一）合同终止，已经离职的；",
        "> **（二）已经退休的**；",
        "> （三）内部退养的；",
        "> （四）其他情形。",
    ]


def test_of_a_long_article_the_marked_sentence_is_left_with_what_introduces_it() -> None:
    found = quote(LIST, (Span(2, 0, 8),), 30)
    assert found.is_folded
    assert found.text == "> 有下列情形之一的，应当移出：\n>\n> ……**（二）已经退休的**；……"


def test_of_a_long_article_without_marks_the_beginning_is_left() -> None:
    found = quote("会议室钥匙由办公室保管。" * 30, (), 50)
    assert found.is_folded
    assert found.text == "> " + "会议室钥匙由办公室保管。" * 4 + LEFT_OUT


def test_signs_between_two_sentences_are_said_once() -> None:
    assert quote("1；，11\n1", (), 4).text == "> 1；，11……"


def test_a_sentence_without_end_is_cut_too() -> None:
    assert len(quote("甲" * 3000, (), 50).text) < 200
    assert quote("。" * 300, (), 50).text == "> " + "。" * 300
    assert len(quote("乙。" + "甲" * 3000, (Span(0, 2, 3002),), 50).text) < 200


def test_what_stands_in_a_document_is_no_markup() -> None:
    found = quote("**重要**：见 [这里](http://x) @all\n# 标题", ())
    assert found.text == "> ＊＊重要＊＊：见 ［这里］(http：//x) ＠all\n>\n> ＃ 标题"


TEXTS = st.text(alphabet="甲乙丙丁。；，：？\n（一） *[@ab1", max_size=400)


@given(TEXTS, TEXTS, st.integers(1, 200))
@settings(max_examples=300)
def test_a_quotation_says_nothing_but_the_article(text: str, question: str, most: int) -> None:
    article = Article("一", text)
    spans = answering(question, article, shipped())
    assert len(spans) <= 2
    lines = lines_of(text)
    for span in spans:
        assert 0 <= span.start < span.end <= len(lines[span.line])
    whole = quote(text, spans).text
    assert whole.replace("**", "") == "\n>\n".join(f"> {line}" for line in lines)
    assert whole.count("**") == 2 * len(spans)
    folded = quote(text, spans, most)
    for piece in re.split(r"……|\n>\n> |^> ", folded.text.replace("**", "")):
        assert any(piece.strip() in line for line in lines) or not lines


# -- leads -------------------------------------------------------------------------------------------------------


def test_the_summary_leads() -> None:
    assert lead(Article("一", "原文", summary="先走审批，再办事"), ()) == "先走审批，再办事。"


def test_else_the_marked_sentence_does_where_the_article_is_long() -> None:
    text = "前面说的是总的原则。" * 12 + "\n（三）用车应当提前一个工作日申请；"
    assert lead(Article("一", text), (Span(1, 0, 16),)) == "用车应当提前一个工作日申请。"
    assert lead(Article("一", text), ()) == ""
    assert lead(Article("一", "（三）用车应当提前申请；\n（四）其他。"), (Span(0, 0, 11),)) == ""


@given(st.text(min_size=1, max_size=300), st.integers(10, LONGEST))
def test_a_lead_is_short_and_ends(sentence: str, most: int) -> None:
    found = cut(sentence, most)
    assert len(found) <= most + 2
    assert not sentence.split() or found[-1] in "。！？…!?"
