"""Word documents: what Word shows is what is read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import CorpusError, parse_source
from handlers.policy.documents.reading import read
from tests.handlers.policy.documents.reading.builders import docx, level, numbering, p, run, style, table


def lines(data: bytes) -> list[str]:
    return read("a.docx", data).text.split("\n")


CLAUSES = [
    level(0, "chineseCountingThousand", "第%1条"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
]


def test_items_count_within_their_clause() -> None:
    body = [p("甲", num=(1, 0)), p("子", num=(1, 1)), p("丑", num=(1, 1)), p("乙", num=(1, 0)), p("寅", num=(1, 1))]
    assert lines(docx(*body, numbers=numbering([CLAUSES]))) == [
        *("第一条 甲", "（一） 子", "（二） 丑", "第二条 乙", "（一） 寅")
    ]


def test_clauses_count_on_through_chapters_where_the_level_does_not_restart() -> None:
    levels = [
        level(0, "chineseCounting", "第%1章"),
        level(1, "chineseCounting", "第%2条", more='<w:lvlRestart w:val="0"/>'),
    ]
    body = [p("总则", num=(1, 0)), p("甲", num=(1, 1)), p("附则", num=(1, 0)), p("乙", num=(1, 1))]
    assert lines(docx(*body, numbers=numbering([levels]))) == ["第一章 总则", "第一条 甲", "第二章 附则", "第二条 乙"]


def test_items_that_begin_anew_in_each_chapter_only() -> None:
    levels = [
        level(0, "chineseCounting", "第%1章"),
        level(1, "chineseCounting", "第%2节"),
        level(2, "chineseCounting", "第%3条", more='<w:lvlRestart w:val="1"/>'),
    ]
    steps = (("甲", 0), ("乙", 1), ("丙", 2), ("丁", 1), ("戊", 2), ("己", 0), ("庚", 1), ("辛", 2))
    body = [p(text, num=(1, at)) for text, at in steps]
    assert [line.partition(" ")[0] for line in lines(docx(*body, numbers=numbering([levels])))] == [
        *("第一章", "第一节", "第一条", "第二节", "第二条", "第二章", "第一节", "第一条")
    ]


def test_numbers_of_several_levels() -> None:
    levels = [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"), level(2, "upperLetter", "%1.%2.%3")]
    body = [p("甲", num=(1, 0)), p("乙", num=(1, 1)), p("丙", num=(1, 1)), p("丁", num=(1, 2))]
    assert lines(docx(*body, numbers=numbering([levels]))) == ["1 甲", "1.1 乙", "1.2 丙", "1.2.A 丁"]


def test_a_legal_level_has_arabic_numbers_only() -> None:
    levels = [level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", more="<w:isLgl/>")]
    body = [p("总则", num=(1, 0)), p("甲", num=(1, 1))]
    assert lines(docx(*body, numbers=numbering([levels]))) == ["第一章 总则", "1.1 甲"]


def test_a_list_that_begins_anew_and_one_that_goes_on() -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbers = numbering([[level(0, "decimal", "%1.")]], [(0, ""), (0, anew), (0, "")])
    body = [p("甲", num=(1, 0)), p("乙", num=(1, 0)), p("丙", num=(2, 0)), p("丁", num=(3, 0))]
    assert lines(docx(*body, numbers=numbers)) == ["1. 甲", "2. 乙", "1. 丙", "2. 丁"]


def test_a_level_may_start_later_and_be_overridden() -> None:
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1、", start=4)}</w:lvlOverride>'
    numbers = numbering([[level(0, "decimal", "%1.", start=3)], [level(0, "decimal", "%1.")]], [(0, ""), (1, other)])
    assert lines(docx(p("甲", num=(1, 0)), p("乙", num=(2, 0)), numbers=numbers)) == ["3. 甲", "IV、 乙"]


def test_numbering_from_a_style_and_none_where_the_paragraph_says_so() -> None:
    styles = style("b", "条", '<w:numPr><w:numId w:val="1"/></w:numPr>') + style("c", "子条", based_on="b")
    body = [p("甲", style="c"), p("乙", style="b", num=(0, 0)), p("丙", style="b")]
    assert lines(docx(*body, numbers=numbering([CLAUSES]), styles=styles)) == ["第一条 甲", "乙", "第二条 丙"]


def test_a_style_that_belongs_to_a_level_of_a_list() -> None:
    levels = [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2", more='<w:pStyle w:val="h2"/>')]
    styles = style("h2", "heading 2", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    body = [p("甲", num=(1, 0)), p("乙", style="h2")]
    assert lines(docx(*body, numbers=numbering([levels]), styles=styles)) == ["1 甲", "## 1.1 乙"]


def test_bullets_and_unknown_lists_have_no_number() -> None:
    body = [p("甲", num=(1, 0)), p("乙", num=(7, 0))]
    assert lines(docx(*body, numbers=numbering([[level(0, "bullet", "\uf0b7")]]))) == ["甲", "乙"]


def test_empty_paragraphs_count_nothing() -> None:
    body = [p("甲", num=(1, 0)), p("", num=(1, 0)), p("乙", num=(1, 0))]
    assert lines(docx(*body, numbers=numbering([CLAUSES]))) == ["第一条 甲", "第二条 乙"]


def test_headings_and_titles_are_marked_and_their_styles_inherited() -> None:
    styles = (
        style("T", "Title")
        + style("h", "heading 2")
        + style("x", "我的标题", based_on="h")
        + style("o", "大纲", '<w:outlineLvl w:val="0"/>')
    )
    body = [p("办法", style="T"), p("甲", style="h"), p("乙", style="x"), p("丙", style="o"), p("丁", style="none")]
    assert lines(docx(*body, styles=styles)) == ["# 办法", "## 甲", "## 乙", "# 丙", "丁"]


def test_tracked_changes_hidden_text_and_fields() -> None:
    raw = (
        f"<w:ins>{run('加')}</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom>{run('移走')}</w:moveFrom>"
        f"<w:moveTo>{run('移来')}</w:moveTo><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f"<w:hyperlink>{run('链接')}</w:hyperlink><w:r><w:noBreakHyphen/></w:r><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"
    )
    assert lines(docx(p("甲", raw=raw))) == ["甲加移来显链接-x"]


def test_line_breaks_tabs_and_what_looks_like_markdown() -> None:
    assert lines(docx(p("甲\t乙\n丙"), p("# 丁__戊 **己**"))) == ["甲 乙", "丙", r"\# 丁\__戊 \**己\**"]
    regulation = parse_source(read("a.docx", docx(p("第一条 填写____"), p("- 庚"))))
    assert regulation.articles[0].text == "填写____\n- 庚"


def test_tables_notes_boxes_and_wrapped_paragraphs() -> None:
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>{p('框')}</w:txbxContent></wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{p('框')}</w:txbxContent></v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = [
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('控件里')}</w:sdtContent></w:sdt>",
        p("有框", raw=box),
        p("有注", raw='<w:r><w:endnoteReference w:id="3"/></w:r>'),
        table([("岗位", "标准"), ("甲。", "100"), ("", "200")]),
        table([("一格",), ("又一格",)]),
        table([("第一条 1", "2")]),
    ]
    parts = {"endnotes.xml": f'<w:endnote w:id="3">{p("尾注")}</w:endnote>'}
    assert lines(docx(*body, parts=parts)) == [
        *("控件里", "有框", "框", "有注", "（注：尾注）"),
        *("岗位：甲。标准：100", "标准：200", "一格", "又一格", "第一条 1｜2"),
    ]


def test_merged_cells_and_deleted_rows() -> None:
    rows = (
        f"<w:tr><w:tc>{p('部门')}</w:tc><w:tc>{p('岗位')}</w:tc><w:tc>{p('人数')}</w:tc></w:tr>"
        f'<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{p("甲")}</w:tc><w:tc>{p("乙")}</w:tc><w:tc>{p("1")}</w:tc></w:tr>'
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{p()}</w:tc><w:tc>{p('丙')}</w:tc><w:tc>{p('2')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('丁')}</w:tc><w:tc>{p('戊')}</w:tc><w:tc>{p('3')}</w:tc></w:tr>"
        f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr>{p("以上为试行")}</w:tc></w:tr>'
    )
    assert lines(docx(f"<w:tbl>{rows}</w:tbl>")) == [
        *("部门：甲；岗位：乙；人数：1", "部门：甲；岗位：丙；人数：2", "以上为试行")
    ]


def test_a_table_in_a_table_is_doubtful() -> None:
    source = read("a.docx", docx(p("第一条 甲"), table([("外", table([("内一", "内二")]))])))
    assert source.text.split("\n") == ["第一条 甲", "外｜内一｜内二"]
    assert [(doubt.line, doubt.kind) for doubt in source.doubts] == [(2, "表格")]
    assert [(doubt.kind, doubt.number) for doubt in parse_source(source).doubts] == [("表格", "第一条")]


def test_the_automatic_table_of_contents_is_dropped_and_told() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    entry = p("总则\t1")
    toc = f"<w:sdt>{gallery}<w:sdtContent>{p('目录')}{entry}</w:sdtContent></w:sdt>"
    source = read("a.docx", docx(toc, p("附则\t2", style="t1"), p("第一条 甲"), styles=style("t1", "toc 1")))
    assert source.text == "第一条 甲"
    assert source.dropped == ("目录", "总则 1", "附则 2")


BOMB = '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ELSEWHERE = '<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _with_part(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 nothing", "文件坏了或者不是 Word 文档"),
        (docx(p("第一条 甲"))[:-40], "文件坏了或者不是 Word 文档"),
        (docx(p("第一条 甲"))[:400] + b"\0" * 200 + docx(p("第一条 甲"))[600:], "文件坏了"),
        (_with_part("xl/workbook.xml", b"<a/>"), "不是 Word 文档"),
        (_with_part("word/document.xml", b"<w:p>"), "文件坏了"),
        (_with_part("word/document.xml", b"<document><body><p><r><t> </t></r></p></body></document>"), "没有文字"),
        (_with_part("word/document.xml", b"<document><body><p><r><drawing/></r></p></body></document>"), "只有图片"),
        (_with_part("word/document.xml", b"<a>" * 400), "层次太深"),
        (_with_part("word/document.xml", b" " * 61_000_000), "解开后太大"),
        (docx(p("&b;".replace("&", "&")), prolog=BOMB), "不该有的声明"),
        (docx(p("甲"), prolog=ELSEWHERE), "不该有的声明"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "有密码，或者其实是旧格式"),
        (b"", "文件坏了或者不是 Word 文档"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(CorpusError, match=said) as refused:
        read("文件/a.docx", data)
    assert str(refused.value).startswith("文件/a.docx：")
    assert "\n" not in str(refused.value)


def test_an_encrypted_member_is_named_as_that() -> None:
    data = bytearray(docx(p("第一条 甲")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark, data.find(mark) + 1)  # of the second member, word/document.xml
        data[place + at] |= 1
    with pytest.raises(CorpusError, match="有密码"):
        read("a.docx", bytes(data))


@given(st.lists(st.tuples(st.text(max_size=8), st.integers(0, 4), st.integers(-1, 10)), min_size=1, max_size=12))
def test_any_list_is_read_or_refused(paragraphs: list[tuple[str, int, int]]) -> None:
    body = [
        p("".join(character for character in text if character.isprintable()), num=(number, at))
        for text, number, at in paragraphs
    ]
    data = docx(*body, numbers=numbering([CLAUSES, [level(0, "bullet", "%9")]]))
    try:
        assert read("a.docx", data) == read("a.docx", data)
    except CorpusError as error:
        assert "没有文字" in str(error)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("a.docx", "a.html", "a.txt", "a.md", "a.doc", "a.xyz"):
        try:
            read(name, data)
        except CorpusError as error:
            assert str(error).startswith(name)


@given(st.integers(0, 600), st.integers(0, 255))
def test_a_file_with_a_damaged_byte_is_read_or_refused(at: int, byte: int) -> None:
    data = bytearray(docx(p("第一条 甲", num=(1, 0)), numbers=numbering([CLAUSES])))
    data[at % len(data)] = byte
    try:
        read("a.docx", bytes(data))
    except CorpusError as error:
        assert str(error).startswith("a.docx")
