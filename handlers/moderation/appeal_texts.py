"""What is said about appeals: to the sender, who may be upset, and to whoever looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.markdown import literal
from handlers.moderation.excerpts import together
from handlers.moderation.texts import CATEGORY_LABELS, PSEUDO_CATEGORY
from storage.flags import Flag

TITLE_APPEAL = "申诉"
TITLE_REVIEW = "有一条申诉请你看看"
TITLE_WAITING = "申诉还在等你看"
TITLE_OUTCOME = "申诉有结果了"
TITLE_CORRECTED = "之前的提醒是误会"
TITLE_UPHELD = "之前的提醒又看了一遍"

NOT_YOURS = "没有找到你能申诉的这条提醒。请核对编号，它写在我私下发给你的提醒里。"

SAID = {
    "right": "判为「对」，内容确实不适合发在群里",
    "wrong": "判为「错」，是误会，不算",
    "unsure": "判为「说不准」，不算",
}


def noted(numbers: Sequence[int], contact: str, *, has_reason: bool, is_heard: bool) -> str:
    """To the sender. `is_heard`: there is somebody who may look at it."""
    said = numbered(numbers)
    listed = "、".join(map(str, numbers))
    if not is_heard:
        return f"申诉 {said} 记下了。现在没有别人能复核，请直接联系{literal(contact)}。"
    more = "" if has_reason else f"\n\n愿意的话补一句理由，更快说清楚：申诉 {listed} 理由"
    return f"申诉 {said} 记下了，会请没有参与的人来看，结果我私下告诉你。{more}"


def choice(messages: Iterable[Sequence[Flag]]) -> str:
    """To the sender, who wrote no number; the flags go message by message."""
    return "\n".join(("你想申诉哪一条？点按钮就行。\n", *(f"- {_what(flags)}" for flags in messages)))


def decided_already(verdict: str, contact: str) -> str:
    """A reviewer has looked at it before."""
    return f"这条已经复核过了：{SAID[verdict]}。还有疑问的话，请联系{literal(contact)}。"


def to_reviewers(flags: Sequence[Flag], reason: str) -> str:
    """Who wrote it is not said: what counts is the text."""
    lines = "\n".join(
        f"- #{flag.id} {CATEGORY_LABELS.get(flag.category, PSEUDO_CATEGORY)}（{flag.article}）：{literal(flag.excerpt)}"
        for flag in flags
    )
    said = f"\n\n发送人的说法：\n\n> {literal(reason)}" if reason else "\n\n发送人没有写理由。"
    return f"**有一条申诉请你看看**\n\n{lines}{said}"


def still_waiting(count: int, days: int) -> str:
    """To reviewers, some workdays later."""
    which = "有一条申诉" if count == 1 else f"有 {count} 条申诉"
    return f"{which}等了 {days} 个工作日还没有复核，发送人在等回音。一条只要半分钟，麻烦看一下。"


def outcome(flags: Sequence[Flag], verdict: str, contact: str) -> str:
    """To the sender, whatever the verdict on these flags of one message is."""
    what = _what(flags)
    if verdict == "wrong":
        return f"你的申诉有结果了：{what}是误会，不算数，之前听说的人我也会告诉。打扰你了，抱歉。"
    if verdict == "unsure":
        return f"你的申诉有结果了：{what}说不准，所以不算数。谢谢你说明情况。"
    return (
        f"你的申诉看过了：{what}还是不适合发在群里（{_articles(flags)}）。提醒只是提醒，以后留意就好；"
        f"还有疑问的话，请联系{literal(contact)}。"
    )


def corrected(flags: Sequence[Flag]) -> str:
    """To the sender, who did not appeal: the flags were a mistake."""
    return f"之前提醒你的 {_what(flags)}看过了，是误会，不算数。打扰你了，抱歉。"


def upheld_after_all(flags: Sequence[Flag]) -> str:
    """To the sender, who was told that it was a mistake."""
    return f"关于 {_what(flags)}：又看了一遍，还是不适合发在群里（{_articles(flags)}），以后留意就好。"


def upheld_for_heads(numbers: Sequence[int]) -> str:
    """To those who heard that it was a mistake."""
    return f"关于内容提醒 {numbered(numbers)}：又看了一遍，不是误会，请还是留意。"


def corrected_for_heads(numbers: Sequence[int], standing: Sequence[int]) -> str:
    """To those who heard of it; of the same message they heard of what is `standing`, too."""
    left = f"（同一条消息的 {numbered(standing)} 不在内）。" if standing else "，请不用再找本人。"
    return f"之前告诉你的内容提醒 {numbered(numbers)} 复核过了，是误会{left}"


def numbered(numbers: Sequence[int]) -> str:
    """As people read which flags are meant."""
    return "、".join(f"#{number}" for number in numbers)


def _what(flags: Sequence[Flag]) -> str:
    """The numbers with what was written."""
    words = " / ".join(map(literal, together(flag.excerpt for flag in flags)))
    return f"{numbered([flag.id for flag in flags])}「{words}」"


def _articles(flags: Sequence[Flag]) -> str:
    return "、".join(dict.fromkeys(flag.article for flag in flags))
