"""What the bot says in private of a message that was flagged: kind, short, readable on a phone, and without blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.markdown import literal
from handlers.moderation.rule import Rule
from handlers.moderation.texts import ADVICE, CATEGORY_LABELS, GRAVITY

TITLE_SENDER = "请看一下你刚发的内容"
TITLE_OWNER = "内容提醒"

MOST_SHOWN = 5
_MOST_EXPLAINED = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One flag as people are told of it. `parts` are what the rule found in the excerpt, masked like it."""

    number: int
    rule: Rule
    excerpt: str
    parts: tuple[str, ...] = ()


def to_sender(told: Sequence[Told], place: str, contact: str, *, can_appeal: bool = True) -> str:
    """The private word to the sender; `place` names the group, empty in a private chat, where nobody else has seen it."""
    amount = "这些地方" if len(_places(told)) > 1 else "一处"
    mistaken = (
        f"要是误会了，回我「{appeal_command(told)} 理由」，会请人再看看。"
        if can_appeal
        else f"要是误会了，请告诉{literal(contact)}。"
    )
    if not place:
        return (
            f"你发给我的内容，有{amount}不适合发到群里：\n\n{_lines(told)}\n\n{_meant(told)}"
            f"这次只发给了我，没有发到群里；要发的话请先去掉。{mistaken}"
        )
    return (
        f"你刚才在「{literal(place)}」发的内容，有{amount}可能不合适：\n\n{_lines(told)}\n\n{_explained(told)}\n\n"
        f"我没有在群里提这件事。{mistaken}"
    )


def to_heads(told: Sequence[Told], who: str, place: str, *, times: int, days: int, is_sender_told: bool) -> str:
    """To the group's owner, the head of the department, the main admins. `times`: how often it came to a word."""
    where = f"在「{literal(place)}」" if place else "私下"
    again = f"近 {days} 天里同类内容第 {times} 次提醒，所以也告诉你。" if times > 1 else ""
    quiet = "我没有在群里提这件事" + ("，已经私下提醒过本人。" if is_sender_told else "。")
    return (
        f"**内容提醒 {_numbers(told)}**\n\n{literal(who)}{where}发的内容请留意：\n\n{_lines(told)}\n\n"
        f"{again}{quiet}也可能是误会；确有问题的话，请私下请本人撤回。"
    )


def ding(told: Sequence[Told], place: str) -> str:
    """A DING shows on locked screens: it says where to look and nothing of what was written."""
    return (
        f"「{literal(place)}」里有一条消息可能涉密（{_numbers(told)}），请看我的私信，尽快撤回。可能是误会，请先核对。"
    )


def meant(rule: Rule) -> str:
    """What the rule is about, as a sentence, whether it was written as one or not; empty where nobody wrote it."""
    return f"规则说的是：{rule.meaning.rstrip('。.；; ')}。" if rule.meaning else ""


def appeal_command(told: Sequence[Told]) -> str:
    """What the sender says to it, the reason apart."""
    return f"申诉 {'、'.join(str(one.number) for one in told)}"


def marked(excerpt: str, parts: Sequence[str]) -> str:
    """The excerpt with what was found in 【】; what the excerpt cuts off is not marked."""
    inside = [False] * len(excerpt)
    for part in (" ".join(part.split()) for part in parts):
        at = excerpt.find(part) if part else -1
        while at >= 0:
            inside[at : at + len(part)] = [True] * len(part)
            at = excerpt.find(part, at + len(part))
    said = ""
    for at, character in enumerate(excerpt):
        begins = inside[at] and not (at and inside[at - 1])
        ends = inside[at] and not (at + 1 < len(excerpt) and inside[at + 1])
        said += ("【" if begins else "") + character + ("】" if ends else "")
    return said


def _lines(told: Sequence[Told]) -> str:
    places = _places(told)
    lines = [f"- {place}" for place in places[:MOST_SHOWN]]
    if len(places) > MOST_SHOWN:
        lines.append(f"- ……另有 {len(places) - MOST_SHOWN} 处")
    return "\n".join(lines)


def _places(told: Sequence[Told]) -> list[str]:
    """What people read of each place; two rules that say the same of the same words are one to them."""
    parts: dict[tuple[str, str], list[str]] = {}
    for one in told:
        label = f"{CATEGORY_LABELS[one.rule.category]}（{one.rule.article}）"
        parts.setdefault((label, one.excerpt), []).extend(one.parts)
    return [f"{label}：{literal(marked(excerpt, found))}" for (label, excerpt), found in parts.items()]


def _explained(told: Sequence[Told]) -> str:
    """What the rules are about and what to do, the gravest first; what two of them say alike is said once."""
    ordered = sorted(told, key=lambda one: GRAVITY.index(one.rule.category))
    said = (f"{meant(one.rule)}{one.rule.advice or ADVICE[one.rule.category]}" for one in ordered)
    return "\n\n".join(literal(line) for line in list(dict.fromkeys(said))[:_MOST_EXPLAINED])


def _meant(told: Sequence[Told]) -> str:
    """What the rules are about; nothing where none of them says so."""
    said = dict.fromkeys(meant(one.rule) for one in told if one.rule.meaning)
    return "".join(f"{literal(line)}\n\n" for line in list(said)[:_MOST_EXPLAINED])


def _numbers(told: Sequence[Told]) -> str:
    return "、".join(f"#{one.number}" for one in told)
