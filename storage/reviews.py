"""The queue of flags for whoever reviews them."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Literal

from storage.appeals import Appeal, appeal_of
from storage.database import Database
from storage.flags import Flag, flag_of

Standing = Literal["waiting", "reviewed", "right", "wrong", "unsure", "appealed", "all"]
"""`waiting`: nobody has judged it yet; `appealed`: the sender's word waits for an answer."""

_IS_APPEALED = "(a.flag_id is not null and a.settled_at is null)"
_STANDINGS = {
    "waiting": f"(v.verdict is null or {_IS_APPEALED})",
    "reviewed": "v.verdict is not null",
    "right": "v.verdict = 'right'",
    "wrong": "v.verdict = 'wrong'",
    "unsure": "v.verdict = 'unsure'",
    "appealed": _IS_APPEALED,
    "all": "1",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which flags are wanted; what is None doesn't matter."""

    standing: Standing = "waiting"
    category: str | None = None
    state: str | None = None
    rules: tuple[str, ...] | None = None
    """Only those of these rules, by id."""
    conversations: tuple[str, ...] | None = None
    """Only those of these chats."""
    is_reported: bool = False
    """Only what somebody reported."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, by staff id and by the fingerprint of DingTalk's opaque id: what is about them, or from them, is not theirs to see."""

    staff_id: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A flag with what was said of it."""

    flag: Flag
    verdict: str | None
    appeal: Appeal | None

    @property
    def is_appealed(self) -> bool:
        """The sender's word waits for an answer."""
        return self.appeal is not None and self.appeal.settled_at is None

    @property
    def is_waiting(self) -> bool:
        """Somebody is to judge it."""
        return self.verdict is None or self.is_appealed


Entry = tuple[Row, ...]
"""The flags of one message, never none, by number: a reviewer reads its text once, whatever number of rules found it."""


class Reviews:
    """Reads flags with their appeals and verdicts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Filter, reader: Reader, limit: int, offset: int) -> list[Entry]:
        """Those that fit, message by message: open appeals first, then the newest."""
        condition, parameters = _condition(wanted, reader)
        rows = self._database.rows(
            f"with messages as (select f.message_key, max({_IS_APPEALED}) as any_open, max(f.id) as newest "
            f"from {_JOINED} where {condition} "
            "group by f.message_key order by any_open desc, newest desc limit :limit offset :offset) "
            f"select f.*, {_SAID} from messages m cross join {_JOINED} "
            f"where f.message_key = m.message_key and {condition} order by any_open desc, newest desc, f.id",
            {**parameters, "limit": limit, "offset": offset},
        )
        return [tuple(map(_row, group)) for _, group in groupby(rows, key=itemgetter("message_key"))]

    def count(self, wanted: Filter, reader: Reader) -> int:
        """In how many messages something fits."""
        condition, parameters = _condition(wanted, reader)
        row = self._database.row(
            f"select count(distinct f.message_key) as n from {_JOINED} where {condition}", parameters
        )
        return 0 if row is None else int(row["n"])

    def of_message(self, message_key: str) -> Entry:
        """All flags on one message with what was said of them, whoever asks."""
        rows = self._database.rows(
            f"select f.*, {_SAID} from {_JOINED} where f.message_key = ? order by f.id", (message_key,)
        )
        return tuple(map(_row, rows))

    def told(self, staff_id: str, limit: int) -> list[Entry]:
        """What somebody was told of that they wrote, and nobody has judged, message by message, the newest first."""
        rows = self._database.rows(
            f"select f.*, {_SAID} from {_JOINED} where f.sender = :sender and v.verdict is null and f.state <> 'observe' and exists "
            "(select 1 from tellings t where t.flag_id = f.id and t.person = :sender and t.rung = 'sender') "
            "order by f.id desc limit 100",
            {"sender": staff_id},
        )
        entries: dict[str, list[Row]] = {}
        for row in map(_row, rows):
            entries.setdefault(row.flag.message_key, []).insert(0, row)
        return [tuple(entry) for entry in islice(entries.values(), limit)]


_SAID = "v.verdict, a.flag_id, a.reason, a.at, a.settled_at"
_JOINED = "flags f left join verdicts v on v.flag_id = f.id left join appeals a on a.flag_id = f.id"

_NOT_OWN = (
    "not exists (select 1 from flags o where o.message_key = f.message_key and "
    "(o.sender = :reader or o.reporter = :reader or (o.author_key <> '' and o.author_key = :key))) "
    "and not exists (select 1 from reports r where r.message_key = f.message_key and r.reporter in (:reader, :key))"
)


def _condition(wanted: Filter, reader: Reader) -> tuple[str, dict[str, Any]]:
    parts = [_STANDINGS[wanted.standing], _NOT_OWN]
    parameters: dict[str, Any] = {"reader": reader.staff_id, "key": reader.key}
    for column in ("category", "state"):
        value = getattr(wanted, column)
        if value is not None:
            parts.append(f"f.{column} = :{column}")
            parameters[column] = value
    for column, among in (("rule", wanted.rules), ("conversation", wanted.conversations)):
        if among is not None:
            parts.append(f"f.{column} in (select value from json_each(:{column}))")
            parameters[column] = json.dumps(list(dict.fromkeys(among)))
    if wanted.is_reported:
        parts.append("f.source = 'report'")
    return " and ".join(parts), parameters


def _row(row: sqlite3.Row) -> Row:
    appeal = None if row["flag_id"] is None else appeal_of(row)
    return Row(flag_of(row), row["verdict"], appeal)
