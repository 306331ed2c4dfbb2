"""Where a document begins and ends: title, contents, signature, annexes; what is doubtful in it."""

from __future__ import annotations

import pytest

from handlers.policy.documents.corpus import Regulation, count_of, parse
from handlers.policy.documents.reading.counting import chinese


def numbers(regulation: Regulation) -> list[str]:
    return [article.number for article in regulation.articles]


def texts(regulation: Regulation) -> dict[str, str]:
    return {article.number: article.text for article in regulation.articles}


def headings(regulation: Regulation) -> dict[str, str]:
    return {article.number: article.heading for article in regulation.articles}


def doubts(text: str) -> list[tuple[int, str, str]]:
    return [(doubt.line, doubt.kind, doubt.number) for doubt in parse(text).doubts]


@pytest.mark.parametrize(
    ("text", "title", "preamble"),
    [
        ("某办法\n第一条 甲", "某办法", ""),
        ("某某学院文件\n某院发〔2023〕15号\n某办法\n第一条 甲", "某办法", "某某学院文件\n某院发〔2023〕15号"),
        ("某院发[2023] 15 号\n某办法\n第一条 甲", "某办法", "某院发[2023] 15 号"),
        ("某某学院\n公务用车管理办法（试行）\n第一条 甲", "某某学院公务用车管理办法（试行）", ""),
        ("某某学院\n各部门：\n第一条 甲", "某某学院", "各部门："),
        ("某某学院管理办法\n教师守则\n第一条 甲", "某某学院管理办法", "教师守则"),
        (
            "关于印发《某办法》的通知\n各部门：\n现印发给你们。\n某办法\n第一条 甲",
            "某办法",
            "关于印发《某办法》的通知\n各部门：\n现印发给你们。\n某办法",
        ),
        ("关于印发《某办法》的通知\n各部门：\n第一条 甲", "某办法", "关于印发《某办法》的通知\n各部门："),
        ("关于印发《某办法》的通知\n各部门：\n一、甲", "关于印发《某办法》的通知", "各部门："),
        (
            "关于印发《某办法（修订）》的通知\n附件\n某办法(修订)\n一、甲",
            "某办法（修订）",
            "关于印发《某办法（修订）》的通知\n附件\n某办法(修订)",
        ),
        ("为了管理，制定本办法。\n第一条 甲", "未命名规章", "为了管理，制定本办法。"),
        ("# 某某学院文件\n第一条 甲", "某某学院文件", ""),
        ("某某学院文件\n第一条 甲", "某某学院文件", ""),
    ],
)
def test_titles(text: str, title: str, preamble: str) -> None:
    found = parse(text)
    assert found.title == title
    assert texts(found).get("前言", "") == preamble


@pytest.mark.parametrize(
    "contents",
    [
        "目录\n第一章 总则\n第二章 附则",
        "目　录\n第一章 总则……………1\n第二章 附则……………12",
        "目次\n第一章 总则 1\n第二章 附则 2",
        "第一章 总则.....1\n第二章 附则.....2\n附件.....3",
        "目录\n第一章 总则 ··· 1\n第一条 ··· 1\n第二章 附则 ··· 1",
    ],
)
def test_a_table_of_contents_goes_with_the_preamble(contents: str) -> None:
    found = parse(f"某办法\n{contents}\n第一章 总则\n第一条 甲\n第二章 附则\n第二条 乙")
    assert numbers(found) == ["前言", "第一条", "第二条"]
    assert texts(found)["前言"] == contents.replace("\u3000", "\u3000")
    assert headings(found)["第二条"] == "第二章 附则"
    assert found.doubts == ()


def test_contents_of_a_document_that_is_numbered_by_levels() -> None:
    found = parse("某办法\n目录\n一、总则……1\n二、附则……2\n一、总则\n1. 甲\n二、附则\n1. 乙")
    assert numbers(found) == ["前言", "一.1", "二.1"]


def test_a_line_that_only_says_contents_is_text() -> None:
    assert numbers(parse("某办法\n目录\n一、甲\n二、乙")) == ["前言", "一", "二"]


@pytest.mark.parametrize(
    "signature",
    [
        "某某学院办公室\n2023年11月28日",
        "某某学院\n二〇二三年十一月二十八日",
        "2023年11月28日印发",
        "某某学院办公室 2023年11月28日印发",
        "抄送：各部门，各系。\n某某学院办公室　2023 年 1 月 8 日印发",
        "附件：1.申请表\n2.汇总表\n某某学院人事处（章）\n2023年11月28日",
        "附件：申请表\n某某学院人事处\n2023年11月28日\n（此件公开发布）",
    ],
)
def test_a_signature_is_no_text_of_the_last_article(signature: str) -> None:
    for last in ("第二条 乙。", "二、乙。"):
        found = parse(f"某办法\n{last.replace('二', '一').replace('乙', '甲')}\n{last}\n{signature}")
        assert found.articles[-1].text == "乙。"
        assert found.articles[0].number == "前言"
        assert found.articles[0].text == signature


@pytest.mark.parametrize(
    "end", ["由办公室负责", "自2023年11月28日起施行。", "学院办公室", "（三）学院办公室\n（四）2023年"]
)
def test_what_only_looks_like_a_signature_stays(end: str) -> None:
    assert parse(f"某办法\n第一条 甲\n第二条 乙。\n{end}").articles[-1].text == f"乙。\n{end}"


def test_annexes_have_their_own_numbers() -> None:
    found = parse(
        "某办法\n第一条 甲\n附件1：申请表\n姓名：\n附件2\n使用须知\n请先看。\n一、要求\n1. 子\n2. 丑\n附录A 定义\n第一条 寅\n第二条 卯"
    )
    assert numbers(found) == [*("第一条", "附件1", "附件2", "附件2.一.1", "附件2.一.2", "附录A第一条", "附录A第二条")]
    assert texts(found)["附件1"] == "姓名："
    assert texts(found)["附件2"] == "请先看。"
    assert headings(found)["附件2.一.2"] == "附件2 使用须知 要求"
    assert headings(found)["附录A第一条"] == "附录A 定义"
    assert count_of(found.articles) == 7


@pytest.mark.parametrize(
    "text",
    [
        "某办法\n第一条 甲\n附件：1.申请表\n2.汇总表",
        "某办法\n第一条 甲\n附件：\n1.申请表\n2.汇总表",
        "某通知\n一、甲\n附件：1.申请表\n2.汇总表",
        "某通知\n一、甲\n附件：\n1.申请表\n2.汇总表",
        "某办法\n第一条 甲\n附件1：申请表\n附件2：汇总表",
        "某办法\n第一条 甲\n附件",
        "某办法\n第一条 见\n附件一所列的情形，应当办理。\n乙",
        "某通知\n附件\n某办法\n第一条 甲",
    ],
)
def test_what_begins_no_annex(text: str) -> None:
    assert numbers(parse(text))[-1] in ("第一条", "一")


def test_a_notice_that_has_the_regulation_annexed_is_that_regulation() -> None:
    found = parse("关于印发《某办法》的通知\n一、请学习。\n二、请执行。\n附件\n某办法\n第一条 甲\n第二条 乙")
    assert (found.title, numbers(found)) == ("某办法", ["前言", "第一条", "第二条"])


def test_titles_between_clauses() -> None:
    found = parse("某办法\n一、总则\n第一条 甲：\n（一）子\n二、附则\n第二条 乙")
    assert headings(found) == {"第一条": "一、总则", "第二条": "二、附则"}
    assert texts(found)["第一条"] == "甲：\n（一）子"
    items = parse("某办法\n第一条 有下列情形的：\n一、甲\n二、乙\n第二条 丙")
    assert texts(items)["第一条"] == "有下列情形的：\n一、甲\n二、乙"


def test_divisions_of_every_rank() -> None:
    found = parse("某办法\n第一编 总\n第一章 甲\n第一节 子\n第一条 一\n第二章 乙\n第二条 二\n第二部分 分\n第三条 三")
    assert headings(found) == {
        "第一条": "第一编 总 第一章 甲 第一节 子",
        "第二条": "第一编 总 第二章 乙",
        "第三条": "第二部分 分",
    }


@pytest.mark.parametrize(
    "line", ["第一节课前应当到场。", "第二章的规定", "第三节和第四节。", "第一章 规定得很长很长，不是题目。"]
)
def test_lines_that_only_mention_a_division_are_text(line: str) -> None:
    assert texts(parse(f"某办法\n第一条 按照\n{line}"))["第一条"] == f"按照\n{line}"


def test_titles_that_are_spread_out() -> None:
    found = parse("某办法\n第一章　总　　则\n第一条 甲")
    assert headings(found)["第一条"] == "第一章 总则"
    assert headings(parse("某办法\n一、总　则\n1. 甲")) == {"一.1": "总则"}


def test_numbers_of_several_parts_nest() -> None:
    found = parse("某规程\n1 总则\n1.1 甲\n1.2 乙：\n1.2.1 子\n1.2.2 丑\n2 附则\n2.1 丙")
    assert numbers(found) == ["1.1", "1.2", "1.2.1", "1.2.2", "2.1"]
    assert headings(found)["2.1"] == "附则"
    assert texts(found)["1.2.2"] == "乙：\n1.2.2 丑"


def test_numbers_without_a_sign_behind_them() -> None:
    found = parse("某办法\n一 总则\n1. 甲\n二 附则\n1. 乙")
    assert numbers(found) == ["一.1", "二.1"]
    assert headings(found)["二.1"] == "附则"
    assert numbers(parse("某办法\n一 般情况\n1. 甲")) == ["前言", "1"]


def test_numbers_that_begin_anew_below_headings_without_a_number() -> None:
    found = parse("# 手册\n## 借 书\n1. 甲：\n（一）子\n## 还书\n说明。\n1. 丙")
    assert numbers(found) == ["借书.1", "借书.1.(一)", "还书", "还书.1"]
    assert headings(found)["借书.1"] == "借书"
    assert found.doubts == ()


@pytest.mark.parametrize(
    "text",
    [
        "# 手册\n## 借书\n1. 甲\n## 还书\n2. 丙",
        "# 手册\n1. 甲\n## 借书\n1. 乙\n## 还书\n1. 丙",
        "# 手册\n## 借书\n1. 甲\n## 还书\n（一）丙",
        "# 手册\n## 借书\n1. 甲\n## 借书\n1. 丙",
        "# 手册\n## 借书\n1. 甲",
        "# 手册\n## 借书。\n1. 甲\n## 还书。\n1. 乙",
    ],
)
def test_headings_that_are_no_part_of_the_numbers(text: str) -> None:
    assert not any("书" in number for number in numbers(parse(text)))


def test_a_number_in_front_of_text_is_none_where_nothing_is_numbered_so() -> None:
    assert numbers(parse("某办法\n一、甲\n3 台电脑\n二、乙")) == ["一", "二"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("某办法\n第一条 甲\n第三条 乙", [(3, "缺号", "第三条")]),
        ("某办法\n第一条 甲\n第一条 乙\n第二条 丙", [(3, "重号", "第一条#2")]),
        ("某办法\n第一条 甲\n第二条 乙\n第一条 丙\n第二条 丁", [(4, "重号", "第一条#2")]),
        ("某办法\n第三条 甲\n第四条 乙\n第四条之一 丙", [(2, "缺号", "第三条")]),
        ("某办法\n第一条 甲：\n（一）子\n（三）丑", [(4, "缺号", "第一条")]),
        ("某办法\n第一条 甲：\n（一）子。\n另有：\n（一）丑", []),
        ("某办法\n第一条 甲：\n（一）子：\n1.寅\n2.卯\n（二）丑：\n1.辰\n3.巳", [(8, "缺号", "第一条")]),
        ("某办法\n第一章 甲\n第一条 子\n第三章 乙\n第二条 丑", [(4, "缺号", "第一条")]),
        ("某办法\n第一章 甲\n第一节 子\n第一条 一\n第二章 乙\n第一节 丑\n第二条 二", []),
        ("某办法\n一、甲\n1. 子\n2. 丑\n二、乙\n1. 寅\n1. 卯", [(7, "重号", "二.1#2")]),
        ("某办法\n一、甲\n1. 子\n3. 丑\n2. 寅", [(4, "缺号", "一.3"), (5, "重号", "一.2")]),
        ("某规程\n1.1 甲\n1.2.1 乙", [(3, "跳级", "1.2.1")]),
        ("某办法\n第一编 甲\n第一节 乙\n第一条 丙", [(3, "跳级", "")]),
        ("某办法\n第一条 甲。\n附则\n第二条 乙。", [(3, "像标题", "第一条")]),
        ("某办法\n第一条 甲。\n## 其他，另见\n第二条 乙。", [(3, "像标题", "第一条")]),
        ("某办法\n第一条 甲，\n附则\n第二条 乙。", []),
        ("某办法\n" + "字" * 700 + "\n第一条 甲", [(2, "前言过长", "前言")]),
        ("某办法\n第一条 甲\n附件1 某表\n姓名：", [(3, "附件无编号", "附件1")]),
        ("某办法\n第一条 甲\n附件1 某表\n1. 子\n2. 丑", []),
    ],
)
def test_doubts(text: str, found: list[tuple[int, str, str]]) -> None:
    assert doubts(text) == found


def test_doubts_are_sentences_for_people() -> None:
    [doubt] = parse("某办法\n第五条 甲\n第七条 乙").doubts[1:]
    assert doubt.text == "「第五条」之后是「第七条」，中间缺号"


@pytest.mark.parametrize("name", ["第一条 甲\n" * 3, "一、甲\n" * 3, "1.1 甲\n" * 3])
def test_a_number_that_comes_again_and_again_is_told_each_time(name: str) -> None:
    assert len(parse(f"某办法\n{name}").doubts) == 2


def test_five_thousand_articles_and_a_long_run_of_anything() -> None:
    """Nothing here may take time with the square of its length."""
    text = "某办法\n" + "\n".join(f"第{chinese(number)}条 甲：\n（一）子；\n（二）丑。" for number in range(1, 5001))
    found = parse(text)
    assert (len(found.articles), found.articles[-1].number, found.doubts) == (5000, "第五千条", ())
    for run in (
        "一、",
        "附件",
        "附件1\n",
        "目录\n",
        "1 甲\n",
        "1.1 ",
        "第一条 ",
        "一 甲\n",
        "# 甲\n",
        "附件：1.甲\n",
        "2023年1月1日\n",
        "甲 ",
    ):
        assert parse("某办法\n一、甲\n" + run * (60_000 // len(run))).articles
