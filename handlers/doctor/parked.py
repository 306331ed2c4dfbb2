"""What was put aside: which rows somebody means, and what there is to say of each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from handlers.cleanup.roster import Roster
from handlers.markdown import literal
from handlers.moderation.masking import mask
from storage.inbox import InboxRow
from storage.outbox import OutboxRow
from storage.store import Store

IN_DOUBT = frozenset({"interrupted", "unknown-outcome", "restored"})
"""Codes of rows of which nobody can tell whether they arrived: sent once more, they may come twice."""
MOST_NAMED = 50
"""Rows that one command may name."""
_ALL = frozenset({"全部", "所有", "all"})
_ITEM = re.compile(r"(收|发|in|out)(?:件|信)?\s*[#号]?\s*(\d{1,15})(?!\d)\s*号?")
_BETWEEN = re.compile(r"[\s,，、;；和]+")
_LONGEST_ERROR = 120


class TargetError(ValueError):
    """It is not clear which rows are meant; the message says what is wrong, for people."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Rows by their ids, in the order in which they were named; or all there are."""

    inbox: tuple[int, ...] = ()
    outbox: tuple[int, ...] = ()
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """One row as an admin sees it; names are masked."""

    label: str
    """`收12`, `发34`: what a command calls it."""
    at: datetime
    about: str
    """Where it comes from or goes to."""
    error: str
    is_in_doubt: bool = False
    """It may have arrived, or been answered."""


def targets(typed: str) -> Targets:
    """The rows that somebody names: `收12 发34`, `in12,out34`, `全部`. Raises `TargetError`."""
    text = unicodedata.normalize("NFKC", typed).strip().casefold()
    if text in _ALL:
        return Targets(is_all=True)
    inbox: list[int] = []
    outbox: list[int] = []
    place = 0
    while place < len(text):
        found = _ITEM.match(text, place)
        if found is None:
            raise TargetError(f"看不懂「{text[place : place + 10]}」" if place else _unclear(text))
        (inbox if found[1] in ("收", "in") else outbox).append(int(found[2]))
        if len(inbox) + len(outbox) > MOST_NAMED:
            raise TargetError(f"一次最多写 {MOST_NAMED} 个编号，更多请用“全部”")
        between = _BETWEEN.match(text, found.end())
        place = between.end() if between else found.end()
    if not inbox and not outbox:
        raise TargetError("请写编号")
    return Targets(tuple(dict.fromkeys(inbox)), tuple(dict.fromkeys(outbox)))


def _unclear(text: str) -> str:
    if re.fullmatch(r"[#\d\s,，、;；]+", text):
        return "编号前要写“收”或“发”"
    return f"看不懂「{text[:10]}」"


def resolve(wanted: Targets, store: Store, *, with_doubtful: bool) -> Targets:
    """`wanted` with `全部` spelled out: every parked row; without those that may have arrived unless `with_doubtful`."""
    if not wanted.is_all:
        return wanted
    return Targets(
        store.backlog.not_handled_ids(with_untried=with_doubtful),
        store.backlog.parked_ids(without=() if with_doubtful else IN_DOUBT),
        is_all=True,
    )


def first(wanted: Targets, count: int) -> Targets:
    """The first of the rows, those of the inbox before those of the outbox."""
    inbox = wanted.inbox[:count]
    return Targets(inbox, wanted.outbox[: count - len(inbox)], wanted.is_all)


def has_unknown_fate(row: InboxRow) -> bool:
    """It was put aside without ever being tried: a restored backup had it open, and it may have been handled since."""
    return row.attempts == 0


def received(row: InboxRow, store: Store) -> Parked:
    """A row of the inbox. A private chat is called just that: whose it is belongs to nobody else."""
    if row.kind == "due":
        about = f"定时任务 {literal(row.conversation.removeprefix('due:'))}"
    elif row.kind == "event":
        about = "通讯录或群的变动"
    else:
        group = store.groups.get(row.conversation)
        about = "私聊消息" if group is None else f"{literal(group.label)} 的消息"
    return Parked(f"收{row.id}", row.received_at, about, _short(row.error), has_unknown_fate(row))


def to_be_sent(row: OutboxRow, store: Store, roster: Roster) -> Parked:
    """A row of the outbox."""
    draft = row.draft
    what = {"reply": "回复", "group": "群消息", "private": "私信", "ding": "DING"}[draft.kind]
    group = None if draft.recipients or draft.conversation is None else store.groups.get(draft.conversation)
    if draft.recipients:
        first = hidden(roster.name_of(draft.recipients[0]) or draft.recipients[0])
        more = f" 等 {len(draft.recipients)} 人" if len(draft.recipients) > 1 else ""
        about = f"给 {first}{more}的{what}"
    elif group is not None:
        about = f"{literal(group.label)} 的{what}"
    else:
        about = f"给组织外人员的{what}" if draft.conversation is None else f"一个群的{what}"
    return Parked(f"发{row.id}", draft.created_at, about, _short(row.error), row.error_code in IN_DOUBT)


def hidden(name: str) -> str:
    """A name of which the first character is left: `王＊＊`; of an id as well."""
    return literal(name[:1]) + "＊" * min(2, max(1, len(name) - 1))


def _short(error: str | None) -> str:
    """Of a traceback the last line says what it was. Numbers that identify somebody are masked."""
    last = ((error or "").strip().splitlines() or ["原因不明"])[-1]
    return literal(mask(last))[:_LONGEST_ERROR]
