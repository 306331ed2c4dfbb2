"""Web pages: what the reader of the page sees of the document, and nothing of what stands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import CorpusError
from handlers.policy.documents.reading import read
from handlers.policy.documents.reading.html_tokens import Tag, tokens


def lines(page: str) -> list[str]:
    return read("a.html", page.encode()).text.split("\n")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>甲</p><p>乙", ["甲", "乙"]),
        ("甲<br>乙<br/>丙", ["甲", "乙", "丙"]),
        ("<h1>题</h1><h3>节 </h3>甲", ["# 题", "### 节", "甲"]),
        ("<p>一 &amp; 二&nbsp;&lt;三&gt; &#x4e09;&copy</p>", ["一 & 二 <三> 三©"]),
        ("<P CLASS=x>甲<B>乙</B>\n  丙</P>", ["甲乙 丙"]),
        ("<ol><li>甲<li>乙</ol>", ["1. 甲", "2. 乙"]),
        ("<ol start=3><li>甲</li></ol><ol type=A><li>乙</li></ol>", ["3. 甲", "A. 乙"]),
        ("<ul><li>甲<ol><li>乙</li></ol></li><li>丙</ul>", ["甲", "1. 乙", "丙"]),
        ("<![if !supportLists]>一、<![endif]>甲", ["一、甲"]),
        ("a < b <3 <> </>c", ["a < b <3 <> </>c"]),
        ("<p title='a>b'>甲</p>", ["甲"]),
        ("# 甲", [r"\# 甲"]),
        ("<div>第一条 甲<div>乙</div>丙</div>", ["第一条 甲", "乙", "丙"]),
    ],
)
def test_blocks(page: str, found: list[str]) -> None:
    assert lines(page) == found


@pytest.mark.parametrize(
    "beside",
    [
        "<nav>别处</nav>",
        "<script>if (a<b) '<p>别处</p>'</script>",
        "<style>p{content:'别处'}</style>",
        "<!-- 别处 <p>别处</p> -->",
        "<div class='main-nav clearfix'><div>别处</div></div>",
        "<div id=footer>别处</div>",
        "<footer>别处</footer><aside>别处</aside>",
        "<p style='display: none'>别处</p>",
        "<ul class=breadcrumb><li>别处</ul>",
        "<div class='ad'><span>别处</span></div>",
        "<head><title>别处</title></head>",
        "<textarea>别处</textarea><button>别处</button><select><option>别处</select>",
    ],
)
def test_what_stands_beside_the_document_is_left_out(beside: str) -> None:
    assert lines(f"{beside}<p class='heading advice'>甲</p>{beside}") == ["甲"]


def test_what_is_left_out_is_told_and_read_when_there_is_nothing_else() -> None:
    page = "<div class=nav>首页</div>{}<script>x</script>"
    source = read("a.html", page.format("<p>甲</p>").encode())
    assert (source.text, source.dropped) == ("甲", ("首页",))
    assert lines(page.format("")) == ["首页"]


def test_a_document_that_seems_to_stand_beside_is_read() -> None:
    assert lines("<p>甲</p><div class='share'><p>第一条 乙</p></div>") == ["甲", "第一条 乙"]


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("<tr><th>岗位<th>标准<tr><td>甲<td>1<tr><td>乙<td>2", ["岗位：甲；标准：1", "岗位：乙；标准：2"]),
        ("<tr><td>岗位<td>标准<tr><td rowspan=2>甲<td>1<tr><td>2", ["岗位：甲；标准：1", "岗位：甲；标准：2"]),
        ("<tr><td>岗位<td>标准<td>备注<tr><td colspan=2>甲<td>无", ["岗位：甲；备注：无"]),
        ("<tr><td>1<td>2<tr><td>3<td>4", ["1｜2", "3｜4"]),
        ("<tr><td><p>甲</p><p>乙</p>", ["甲", "乙"]),
        (
            "<tr><td>外<table><tr><td>岗位<td>标准<tr><td>甲<td>1</table>尾<td>右",
            ["外", "岗位：甲；标准：1", "尾", "右"],
        ),
        ("<tr><td>姓名：<td>张三", ["姓名：｜张三"]),
        ("", []),
    ],
)
def test_tables(table: str, found: list[str]) -> None:
    assert lines(f"<p>前</p><table>{table}</table><p>后</p>") == ["前", *found, "后"]


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset='gbk'>第一条 甲".encode("gb18030"),
        "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>第一条 甲".encode("gb18030"),
        "<meta charset=big5>第一条 甲".replace("条", "條").encode("big5"),
        "<meta charset=nonsense>第一条 甲".encode(),
        "<meta charset=utf-8>第一条 甲".encode("gb18030"),
        "第一条 甲".encode("utf-8-sig"),
        "<p>第一条 甲".encode("utf-16"),
    ],
)
def test_encodings(data: bytes) -> None:
    assert read("a.htm", data).text.replace("條", "条") == "第一条 甲"


def test_a_few_broken_bytes_are_doubtful_and_many_refused() -> None:
    page = b"<meta charset=gbk>" + ("第一条 甲" * 500).encode("gb18030")
    found = read("a.html", page + b"\xff<br>")
    assert found.text.endswith("甲\ufffd")
    assert [(doubt.line, doubt.kind) for doubt in found.doubts] == [(0, "乱码")]
    with pytest.raises(CorpusError, match="编码认不出"):
        read("a.html", page + b"\xff" * 50)


@pytest.mark.parametrize("page", ["", "<p></p>", "<script>a</script>", "<!-- 甲", "<p"])
def test_a_page_without_text_is_refused(page: str) -> None:
    with pytest.raises(CorpusError, match=r"a\.html：网页里没有文字"):
        read("a.html", page.encode())


def test_a_page_that_is_called_a_word_document() -> None:
    assert read("a.doc", "<html><p>第一条 甲".encode()).text == "第一条 甲"


def test_tokens() -> None:
    assert list(tokens("<a href='x>y' B=1>甲&lt;</A >")) == [
        Tag("a", False, {"href": "x>y", "b": "1"}),
        "甲<",
        Tag("a", True, {}),
    ]


@pytest.mark.parametrize(
    "run", ["<!--", "<!", "<a ", "</", "<a a='", '<a a="', "<?", "<script>", "<div>", "<td rowspan=99>"]
)
def test_a_long_run_of_what_is_broken_is_no_trap(run: str) -> None:
    """The standard library's parser takes minutes for some of these."""
    page = "<p>甲</p><table>" + run * 20_000
    assert read("a.html", page.encode()).text.startswith("甲")


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<table>",
                "<tr>",
                "<td rowspan=2 colspan=3>",
                "</table>",
                "<ol>",
                "<li>",
                "甲",
                " ",
                "<",
                "&amp",
                "<nav>",
                "</nav>",
                "<br>",
                "<h1>",
                "</h1>",
                '"',
                "<!--",
                "-->",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_page_is_read_or_refused_and_loses_no_word(page: str) -> None:
    try:
        source = read("a.html", page.encode())
    except CorpusError:
        return
    kept = "".join((source.text, *source.dropped))
    shown = "".join(token for token in tokens(page) if isinstance(token, str))
    assert kept.count("甲") >= shown.count("甲")
