"""The digest of what people asked, for whoever answers for a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.markdown import literal
from handlers.policy.curated.matching import Given
from handlers.policy.curated.queue_texts import mark, short
from storage.policy_queue import Entry

TITLE = "规章问答周报"
_LISTED = 5


@dataclass(frozen=True, slots=True)
class Often:
    """A question, and how often it was asked."""

    question: str
    times: int


def digest(
    since: datetime,
    until: datetime,
    *,
    asked: int,
    answered: int,
    far: int,
    likes: int,
    dislikes: int,
    top: Sequence[Often],
    refused: Sequence[Often],
    common: Sequence[Often],
    disliked: Sequence[tuple[str, Sequence[str]]],
    waiting: Sequence[Entry],
    missed: Sequence[Entry],
    outdated: Sequence[Given],
    unreviewed: Sequence[Given],
    suggested: Sequence[tuple[str, str]],
    is_late: bool,
) -> str:
    """Counts first, then the questions; what is empty is left out. Times are local."""
    period = f"{since:%m-%d} 至 {until:%m-%d}"
    refusals = asked - answered
    counts = [f"问了 {asked} 次", f"答上 {answered} 次", f"没答上 {refusals} 次"]
    if far:
        counts[-1] += f"（{far} 次和规章不沾边）"
    if likes or dislikes:
        counts.append(f"觉得有用 {likes} 次、没用 {dislikes} 次")
    parts = [f"**规章问答周报**（{period}{'，补发' if is_late else ''}）", "，".join(counts) + "。"]
    parts += _section("问得最多", (_often(one) for one in top))
    parts += _section("没答上的", (_often(one) for one in refused))
    parts += _section("好几个地方都在问、规章没写的", (_often(one) for one in common))
    parts += _section("觉得没用的", (_disliked(question, reasons) for question, reasons in disliked))
    if waiting:
        shown = (f"**{mark(one.id)}** {short(one.question)}" for one in waiting[:_LISTED])
        parts += _section(f"等你答的 {len(waiting)} 个", shown)
        parts.append(f"答哪个就发：{mark(waiting[0].id)} 答复内容")
    parts += _section(
        "答复没能发到所有提问的人（他们不在应用的可见范围里）",
        (f"{mark(one.id)} {short(one.question)}" for one in missed[:_LISTED]),
    )
    parts += _section(f"待复核的问答 {len(outdated)} 条（条款变了，先不用了）", _answers(outdated))
    parts += _section(f"一年没复核的问答 {len(unreviewed)} 条（还在用）", _answers(unreviewed))
    if suggested:
        lines = (f"{short(question)} → {number}" for question, number in suggested)
        parts += _section("有人说答得好，可以加为常见问法", lines)
    return "\n\n".join(parts)


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    listed = [f"- {line}" for line in lines]
    return [f"**{heading}**\n\n" + "\n".join(listed)] if listed else []


def _often(one: Often) -> str:
    return short(one.question) + (f"（{one.times} 次）" if one.times > 1 else "")


def _disliked(question: str, reasons: Sequence[str]) -> str:
    why = "；".join(literal(reason) for reason in reasons[:3])
    return short(question) + (f"（{why}）" if why else "")


def _answers(found: Sequence[Given]) -> Iterable[str]:
    return (f"问答 {one.answer.id} {short(one.answer.phrasings[0])}" for one in found[:_LISTED])
