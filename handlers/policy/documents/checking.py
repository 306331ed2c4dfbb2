"""What a person should look at in a document that was read: numbers that miss or come twice, lines like headings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.lines import Line, Numbered
from handlers.policy.documents.numbers import parts
from storage.policies import Article

MOST_BEFORE = 600
"""Characters before the first article, from which on a person should see whether articles are hidden in them."""
_LONGEST_HEADING = 16
_HEADING = re.compile(r"^[^\s，。；：、,.;:!?！？|｜]{2,16}$")
_ENDED = "。；;.！？"
_LONGEST_SHOWN = 20


@dataclass(slots=True)
class _Last:
    """The last number of a group."""

    count: int
    says: str


def gaps(numbered: Sequence[Numbered]) -> Iterator[Doubt]:
    """Numbers that are left out, come twice, or go back."""
    last: dict[tuple[object, ...], _Last] = {}
    for one in numbered:
        count = _count(one.label)
        if count is None:
            continue
        before = last.get(one.group)
        last[one.group] = _Last(count, one.says)
        if before is None:
            if count > 1:
                yield Doubt(one.at, "缺号", f"从「{one.says}」开始，前面没有第一个")
        elif count == before.count and "之" not in one.says:
            yield Doubt(one.at, "重号", f"「{one.says}」出现了两次")
        elif count == 1:
            yield Doubt(one.at, "重号", f"「{before.says}」之后又从「{one.says}」开始，后面的编号会重复")
        elif count < before.count:
            yield Doubt(one.at, "重号", f"「{before.says}」之后是「{one.says}」，编号往回走了")
        elif count > before.count + 1:
            yield Doubt(one.at, "缺号", f"「{before.says}」之后是「{one.says}」，中间缺号")


def jumps(numbered: Sequence[Numbered]) -> Iterator[Doubt]:
    """Levels that are left out: 1.1.1 without 1.1, 第一节 below 第一编."""
    seen: set[str] = set()
    for one in numbered:
        above = one.label.rpartition(".")[0]
        if above.count(".") and above not in seen:
            yield Doubt(one.at, "跳级", f"有「{one.label}」，但前面没有「{above}」")
            seen.add(above)
        seen.add(one.label)
        if one.group[0] == "节" and len(one.group) == 3 and one.group[1] and not one.group[2]:
            yield Doubt(one.at, "跳级", f"「{one.says}」上面只有编，没有章")


def like_headings(lines: Sequence[Line], numbered: Sequence[Numbered]) -> Iterator[Doubt]:
    """Lines without a number that look like a heading, and are taken for text of the article above them."""
    known = {one.at for one in numbered}
    for at, line in enumerate(lines):
        if line.at in known or len(line.text) > 2 * _LONGEST_HEADING:
            continue
        before = lines[at - 1].text if at else ""
        is_above = at + 1 < len(lines) and lines[at + 1].at in known
        stands_out = is_above and bool(_HEADING.match(line.text)) and before[-1:] in tuple(_ENDED)
        if line.is_heading or stands_out:
            yield Doubt(line.at, "像标题", f"「{shown(line.text)}」像标题但没有编号，算作上一条的正文")


def before_articles(preamble: str, at: int) -> Iterator[Doubt]:
    """A long text before the first number."""
    if len(preamble) > MOST_BEFORE:
        yield Doubt(at, "前言过长", f"第一条之前有 {len(preamble)} 个字，请看看里面有没有没认出来的条款")


def placed(doubts: Sequence[Doubt], articles: Sequence[tuple[int, Article]]) -> tuple[Doubt, ...]:
    """The doubts in the order of the text, each with the number of the article in which it stands."""
    starts = sorted((at, order) for order, (at, article) in enumerate(articles) if at)
    found = []
    for doubt in sorted(set(doubts), key=lambda one: (one.line, one.kind, one.text)):
        place = bisect_right(starts, (doubt.line, len(articles)))
        found.append(replace(doubt, number=articles[starts[place - 1][1]][1].number if place else ""))
    return tuple(found)


def shown(text: str) -> str:
    """A line in a sentence about it."""
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _count(label: str) -> int | None:
    counts = parts(label)
    if not counts:
        return None
    return counts[0] if "之" in label else counts[-1]
