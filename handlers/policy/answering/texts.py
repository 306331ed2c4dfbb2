"""What the bot says to a question: in plain words first, then the article with what answers in bold, then whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.markdown import literal
from handlers.message import Button
from handlers.policy import texts
from handlers.policy.finding.index import Hit
from storage.policies import Document

TITLE_REFUSED = "没找到对应条款"
TITLE_NEAR = "规章里没有写这件事"
FULL_TEXT = "查看全文"
USEFUL, USELESS, PASS_ON = "有用", "没用", "转给负责人答复"

AT_MOST_THREE = "一次最多答三件事。没答到的，请再问我一次。"

_LISTED = 3
_LONGEST_SAID = 40
_LONGEST_TITLE = 15


def found(hit: Hit, lead: str, quotation: str) -> str:
    """One article that answers: the lead, document, number and date, the quotation."""
    heading = texts.heading(hit.document, hit.article)
    return "\n\n".join(filter(None, (literal(lead), heading, quotation)))


def footer(contact: str, *, is_digest: bool) -> str:
    """Whom to ask, and that a digest is none of the college's papers."""
    kind = "以上是整理的要点，不是正式文件。" if is_digest else ""
    return f"{kind}不同意见或疑问请联系{contact}。"


def both(documents: Sequence[Document]) -> str:
    """Several documents speak of it."""
    return f"{'两' if len(documents) == 2 else len(documents)}份文件都讲到这件事："


def goes_on(question: str) -> str:
    """More about the question before."""
    return f"接着刚才的「{_said(question)}」："


def about_another(question: str) -> str:
    """The question before, about somebody or something else."""
    return f"接着刚才的，你是想问「{_said(question)}」吧："


def understood(question: str) -> str:
    """What a message that was told at length comes down to."""
    return f"你问的是「{_said(question)}」："


def heard(number: int, question: str) -> str:
    """The heading of the answer to one of several questions."""
    return f"**{number}、{_said(question)}**"


def title_of_several(count: int) -> str:
    """What the list of chats shows for several answers."""
    return f"你问的 {count} 件事"


def near_miss(searched: Sequence[tuple[Document, int]], near: Sequence[Hit], *, is_listed: bool) -> str:
    """Not in the regulations; the nearest articles, where they are not only buttons (`is_listed`), and the offer to pass
    the question on."""
    many = "这两条" if len(near) > 1 else "这一条"
    offer = "都不是的话，要不要我转给负责人答复？"
    lines = [f"规章里没有写这件事{_searched(searched)}。"]
    if not is_listed:
        return "\n\n".join((*lines, f"最接近的是下面{many[1:]}；{offer}"))
    listed = (f"- {_name(hit, searched)}：{literal(texts.gist(hit.article, _LONGEST_SAID))}" for hit in near)
    return "\n\n".join((*lines, f"最接近的是{many}：", "\n".join(listed), offer))


def nothing(searched: Sequence[tuple[Document, int]], contact: str, *, is_operation: bool) -> str:
    """No regulation speaks of it."""
    what = "这像是软件怎么操作的问题，规章里没有写操作步骤" if is_operation else "规章里没有写这件事，我答不了"
    return f"{what}{_searched(searched)}。可以换个说法再问我，或者问{contact}。"


def no_such_number(number: str, searched: Sequence[tuple[Document, int]], contact: str) -> str:
    """The article that was named does not exist."""
    return f"没有「{literal(number)}」这一条{_searched(searched)}。编号可以看文件原文，或者问{contact}。"


def no_such_part(number: str) -> str:
    """The article is there, and the paragraph or item of it that was named is not."""
    return f"没有「{literal(number)}」，这一条是："


def full_text(hit: Hit, *, is_group: bool, with_title: bool, is_one: bool) -> Button:
    """Shows the whole article, in a group to whoever taps it alone. `is_one`: there is no other to be told apart from."""
    command = texts.command(hit, with_title=with_title)
    if is_group:
        command = command.replace("/规章 查看", "/规章 全文", 1)
    return Button(FULL_TEXT if is_one else f"全文：{_beginning(hit.document.title, _LONGEST_TITLE)}", command)


def rating(number: int, which: str = "") -> tuple[Button, ...]:
    """Was it of use? `which` tells several answers apart."""
    return (Button(f"{which}{USEFUL}", f"/规章 有用 {number}"), Button(f"{which}{USELESS}", f"/规章 没用 {number}"))


def pass_on(number: int, which: str = "") -> Button:
    """Hands the question to whoever answers for the document."""
    return Button(f"{which}{PASS_ON}", f"/规章 转交 {number}")


def _said(question: str) -> str:
    return _beginning(literal(question).rstrip("。？?！!；; "), _LONGEST_SAID)


def _beginning(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _name(hit: Hit, searched: Sequence[tuple[Document, int]]) -> str:
    title = "" if len(searched) == 1 else f"《{literal(hit.document.title)}》"
    return f"{title}{hit.article.number}"


def _searched(searched: Sequence[tuple[Document, int]]) -> str:
    """`（查过《…》50 条）`, right behind a statement."""
    listed = "、".join(f"《{literal(document.title)}》{count} 条" for document, count in searched[:_LISTED])
    return f"（查过{listed}{f'等 {len(searched)} 份文件' if len(searched) > _LISTED else ''}）"
