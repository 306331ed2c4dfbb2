"""What the bot says about regulations and their articles, readable on a phone; answers are in `answer_texts.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.markdown import literal
from handlers.message import Button
from handlers.policy.documents.corpus import PREAMBLE
from handlers.policy.finding.index import Hit
from storage.policies import Article, Document

NOT_HERE = "这里不回答规章问题。本校教职工请私聊我，或者在校内的工作群里 @我。"
TITLE_LIST = "现行规章"
TITLE_TEST = "试答"
TITLE_SEVERAL = "有几份文件都有这一条"

_LONGEST_TITLE = 20
_LONGEST_LABEL = 18
_CLAUSE_END = re.compile(r"[，。；：！？,;:!?\n]")
_LISTED = 5
_LEAST_SHOWN = 0.005
"""Confidence that is more than 0 % when it is rounded."""


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


def heading(document: Document, found: Article) -> str:
    """Document, number and date: `**《…》二.6.(三)**（2023-11-28 起施行）`."""
    effective = f"（{document.effective:%Y-%m-%d} 起施行）" if document.effective else ""
    return f"{name(document, found)}{effective}"


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


def _label(found: Article) -> str:
    """`五.8 管理员要审核`: the number, and as much of the gist as fits on a button."""
    room = max(4, _LONGEST_LABEL - len(found.number) - 1)
    return found.number if found.number == PREAMBLE else f"{found.number} {gist(found, room)}"


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _percent(hits: Sequence[Hit]) -> str:
    return f"{hits[0].confidence:.0%}" if hits else "0%"
