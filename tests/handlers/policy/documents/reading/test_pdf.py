"""PDF: printed lines become the paragraphs that were printed, without what belongs to the page."""

from __future__ import annotations

import pytest

from handlers.policy.documents.corpus import CorpusError, parse
from handlers.policy.documents.reading import read
from handlers.policy.documents.reading.flow import Line, paragraphs, without_margins
from tests.handlers.policy.documents.reading.builders import BOTTOM, LEFT, TOP, pages, pdf

LONG = "学院工作人员应当按照规定办理各项手续，未经批准不得擅自处理与工作无关的事项，违反规定的按照有关规定追究责任（含离职人员）。"


def test_paragraphs_are_joined_over_lines_and_pages() -> None:
    written = [f"第{number}条 {LONG}" for number in range(1, 31)]
    source = read("a.pdf", pdf(pages("\n".join(written), header="学院制度汇编", footer="第 {n} 页 共 {total} 页")))
    assert source.text.split("\n") == written
    assert source.dropped == ("学院制度汇编", "第 1 页 共 2 页")
    assert len(parse(source.text).articles) == 30


@pytest.mark.parametrize(
    "number",
    ["— {n} —", "- {n} -", "{n}", "{n}/{total}", "第{n}页", "第 {n} 页，共 {total} 页", "Page {n} of {total}", "·{n}·"],
)
def test_page_numbers_are_dropped(number: str) -> None:
    source = read("a.pdf", pdf(pages(f"第一条 {LONG}\n第二条 {LONG}", footer=number)))
    assert source.text.split("\n") == [f"第一条 {LONG}", f"第二条 {LONG}"]
    assert source.dropped == (number.format(n=1, total=1),)


def test_a_number_in_the_text_of_a_page_is_no_page_number() -> None:
    assert read("a.pdf", pdf([[(LEFT, 500.0, "第一条 甲"), (LEFT, 470.0, "12")]])).text.split("\n") == [
        "第一条 甲",
        "12",
    ]


def test_a_title_that_stands_once_is_kept_and_one_on_every_page_is_not() -> None:
    found = read(
        "a.pdf",
        pdf(
            [
                [(200.0, 800.0, "某办法"), (LEFT, 700.0, "第一条 甲")],
                [(200.0, 800.0, "汇编 2"), (LEFT, 700.0, "第二条 乙")],
                [(200.0, 800.0, "汇编 3"), (LEFT, 700.0, "第三条 丙")],
            ]
        ),
    )
    assert found.text.split("\n") == ["某办法", "第一条 甲", "第二条 乙", "第三条 丙"]
    assert found.dropped == ("汇编 2",)


def test_a_page_without_text_is_doubtful() -> None:
    found = read("a.pdf", pdf([[(LEFT, 500.0, "第一条 甲")], []]))
    assert [(doubt.kind, doubt.text) for doubt in found.doubts] == [("图片", "第 2 页没有文字，可能是图片，没有读进来")]


def test_a_table_is_doubtful() -> None:
    page = [
        (LEFT, 600.0, "第一条 标准如下："),
        *((LEFT, 570.0 - 30 * at, f"{name} 标准 {at}") for at, name in enumerate("甲乙丙")),
        (LEFT, 400.0, "第二条 丁。"),
    ]
    found = read("a.pdf", pdf([page]))
    assert found.text.split("\n")[1:4] == ["甲 标准 0", "乙 标准 1", "丙 标准 2"]
    assert [(doubt.line, doubt.kind) for doubt in found.doubts] == [(2, "表格")]


def test_radicals_and_what_looks_like_markdown() -> None:
    assert read("a.pdf", pdf([[(LEFT, 500.0, "⼀、⼈员"), (LEFT, 470.0, "# 甲")]])).text == "一、人员\n\\# 甲"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4\nnothing", "文件坏了或者不是 PDF"),
        (b"nothing", "文件坏了或者不是 PDF"),
        (pdf([[]]), "没有文字，多半是扫描件"),
        (pdf([[(LEFT, 500.0, "\ue000\ue001\ue002")]]), "文字认不出"),
        (pdf([[]] * 1501), "超过 1500 页"),
        (
            pdf(
                [[(LEFT, 500.0, "第一条 甲")]],
                encrypt=f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'28' * 32}> /U <{'00' * 32}> /P -4 >> /ID [<00> <00>]",
            ),
            "有密码",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(CorpusError, match=said) as refused:
        read("a.pdf", data)
    assert str(refused.value).startswith("a.pdf：")
    assert "\n" not in str(refused.value)


def test_a_pdf_of_any_name_is_read_as_one() -> None:
    assert read("a.docx", pdf([[(LEFT, 500.0, "第一条 甲")]])).text == "第一条 甲"


def line(text: str, left: float = 72, right: float = 523, y: float = 500) -> Line:
    return Line(text, left, right, y, y + 12, 842)


@pytest.mark.parametrize(
    ("printed", "joined"),
    [
        ([line("第一条 甲乙丙丁戊己庚辛", 96), line("壬癸。", right=120)], ["第一条 甲乙丙丁戊己庚辛壬癸。"]),
        (
            [line("第一条 甲乙丙丁戊己庚辛", 96), line("第二条 壬癸。", 96, 180)],
            ["第一条 甲乙丙丁戊己庚辛", "第二条 壬癸。"],
        ),
        (
            [line("第一条 应当按照甲乙丙丁", 96), line("第二条的规定办理。", right=180)],
            ["第一条 应当按照甲乙丙丁第二条的规定办理。"],
        ),
        ([line("某某学院", 250, 345), line("某某办法", 250, 345)], ["某某学院", "某某办法"]),
        ([line("第一条 甲乙丙丁戊己庚。", 96), line("辛壬癸。", 96, 180)], ["第一条 甲乙丙丁戊己庚。", "辛壬癸。"]),
        (
            [line("第一条 使用regula-", 96), line("tion system of the col-"), line("lege.", right=150)],
            ["第一条 使用regulation system of the college."],
        ),
        ([line("第一条 use the", 96), line("system.", right=150)], ["第一条 use the system."]),
        ([line("（一）甲乙丙丁戊己庚辛", 96), line("壬癸；", 120, 160)], ["（一）甲乙丙丁戊己庚辛壬癸；"]),
        ([line("甲乙丙丁戊己庚辛", 96), line("壬癸。", 120, 180)], ["甲乙丙丁戊己庚辛壬癸。"]),
        ([], []),
    ],
)
def test_which_line_goes_on(printed: list[Line], joined: list[str]) -> None:
    assert paragraphs([printed]) == joined


def test_lines_in_the_middle_of_a_page_are_no_margin() -> None:
    page = [line("某办法", y=TOP), line("某办法", y=500), line("1", y=BOTTOM)]
    kept, dropped = without_margins([page, page])
    assert [[one.text for one in found] for found in kept] == [["某办法"], ["某办法"]]
    assert dropped == ["某办法", "1"]
