"""What the bot says about regulations: the article first, who to ask last, readable on a phone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.markdown import literal
from handlers.message import Button
from handlers.policy.corpus import PREAMBLE
from handlers.policy.index import Hit
from storage.policies import Article, Document

NOT_HERE = "这里不回答规章问题。本校教职工请私聊我，或者在校内的工作群里 @我。"
TITLE_REFUSED = "没找到对应条款"
TITLE_LIST = "现行规章"
TITLE_TEST = "试答"
TITLE_SEVERAL = "有几份文件都有这一条"

_LONGEST_TITLE = 20
_LONGEST_LABEL = 18
_LONGEST_QUOTE = 1200
"""Characters of an article that an answer quotes; `/规章 查看` shows it whole."""
_CLAUSE_END = re.compile(r"[，。；：！？,;:!?\n]")
_LISTED = 5
_LEAST_SHOWN = 0.005
"""Confidence that is more than 0 % when it is rounded."""


def article(hit: Hit, contact: str, *, whole: bool = False) -> str:
    """One article with its document and number, and whom to ask."""
    return f"{name(hit.document, hit.article)}\n\n{_quote(hit, whole)}\n\n{_footer(hit.document, contact)}"


def gist(found: Article, most: int = _LONGEST_TITLE) -> str:
    """An article in at most `most` characters, cut at the end of a clause where that leaves enough."""
    words = " ".join((found.summary or found.text).split())
    if len(words) <= most:
        return words.rstrip("。；;")
    ends = [end.start() for end in _CLAUSE_END.finditer(words[:most])]
    return words[: ends[-1]] if ends and ends[-1] >= most // 2 else _short(words, most)


def name(document: Document, found: Article) -> str:
    """`**《…》二.6.(三)**`."""
    return f"**《{literal(document.title)}》{found.number}**"


def more(hits: Sequence[Hit], ambiguous: frozenset[str]) -> tuple[Button, ...]:
    """A button an article; for `ambiguous` numbers, which several documents have, the title is said too."""
    return tuple(Button(_label(hit.article), command(hit, with_title=hit.article.number in ambiguous)) for hit in hits)


def which(hits: Sequence[Hit]) -> tuple[Button, ...]:
    """A button a document, for a number that several have."""
    return tuple(
        Button(_short(hit.document.title, _LONGEST_LABEL), command(hit, with_title=True)) for hit in hits[:_LISTED]
    )


def command(hit: Hit, *, with_title: bool) -> str:
    """What shows an article whole."""
    title = f" {hit.document.title}" if with_title else ""
    return f"/规章 查看 {hit.article.number}{title}"


def refused(searched: Sequence[tuple[Document, int]], contact: str, *, is_operation: bool, near: int) -> str:
    """Nothing answers the question. `near`: how many articles are offered as buttons nevertheless."""
    lines = ["没有找到能回答这个问题的条款。"]
    if is_operation:
        lines = ["这像是软件怎么操作的问题，规章里没有写操作步骤。"]
    lines.append(_searched(searched))
    if near:
        lines.append(
            f"下面{'两' if near > 1 else '这一'}条沾点边，看看是不是要找的；不是的话，换个说法再问我，{_ask(contact)}"
        )
    else:
        lines.append(f"可以换个说法再问我，{_ask(contact)}")
    return "\n\n".join(lines)


def no_such_number(number: str, searched: Sequence[tuple[Document, int]], contact: str) -> str:
    """The article that was named does not exist."""
    return f"没有「{number}」这一条。\n\n{_searched(searched)}\n\n编号可以看文件原文，{_ask(contact)}"


def no_documents(contact: str) -> str:
    """There is nothing to search."""
    return f"现在没有现行有效的规章可以查。管理员导入以后就能问了；着急的话，请直接问{contact}。"


def several(hits: Sequence[Hit]) -> str:
    """A number that several documents have."""
    lines = [f"- 《{literal(hit.document.title)}》{hit.article.number}：{gist(hit.article)}" for hit in hits[:_LISTED]]
    return "这几份文件都有这一条，要看哪一份？\n\n" + "\n".join(lines)


def documents(found: Sequence[tuple[Document, int]]) -> str:
    """The documents that questions are answered from, for staff."""
    lines = []
    for document, count in found:
        effective = f"{document.effective:%Y-%m-%d} 起施行" if document.effective else "未注明施行日期"
        kind = "要点，不是正式文件" if document.is_digest else "正式文本"
        lines.append(f"- **《{literal(document.title)}》**第 {document.version} 版，{effective}，{count} 条（{kind}）")
    return "\n".join([f"**现行规章 {len(found)} 份**", "", *lines, "", "看某一条：/规章 查看 编号"])


def trial(hits: Sequence[Hit], threshold: float, *, is_answered: bool, topic: str | None) -> str:
    """What a question would get, for admins."""
    lines = [f"**{'会作答' if is_answered else '不作答'}**（把握 {_percent(hits)}，门槛 {threshold:.0%}）", ""]
    near = [hit for hit in hits if hit.confidence >= _LEAST_SHOWN]
    lines += [
        f"- 《{literal(hit.document.title)}》{hit.article.number}：{hit.confidence:.0%}，{gist(hit.article)}"
        for hit in near
    ]
    if not near:
        lines.append("没有一条和它沾边。")
    if topic is not None and not is_answered:
        lines += ["", f"更像是在问：{topic}"]
    return "\n".join(lines)


def _quote(hit: Hit, whole: bool) -> str:
    text = hit.article.text
    if not whole and len(text) > _LONGEST_QUOTE:
        text = f"{text[:_LONGEST_QUOTE]}……\n（全文请发送：{command(hit, with_title=False)}）"
    return "\n>\n".join(f"> {line}" for line in text.splitlines() if line.strip())


def _footer(document: Document, contact: str) -> str:
    if document.is_digest:
        return f"以上是整理的要点，不是正式文件。拿不准的请问{contact}。"
    return f"拿不准的请问{contact}。"


def _searched(searched: Sequence[tuple[Document, int]]) -> str:
    listed = "、".join(f"《{literal(document.title)}》{count} 条" for document, count in searched[:_LISTED])
    return f"查过：{listed}{f'，等 {len(searched)} 份文件' if len(searched) > _LISTED else ''}。"


def _ask(contact: str) -> str:
    return f"或者问{contact}。"


def _label(found: Article) -> str:
    """`五.8 管理员要审核`: the number, and as much of the gist as fits on a button."""
    room = max(4, _LONGEST_LABEL - len(found.number) - 1)
    return found.number if found.number == PREAMBLE else f"{found.number} {gist(found, room)}"


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _percent(hits: Sequence[Hit]) -> str:
    return f"{hits[0].confidence:.0%}" if hits else "0%"
