"""The queue of flags for whoever reviews them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storage.appeals import Appeal, appeal_of
from storage.database import Database
from storage.flags import Flag, flag_of

Standing = Literal["waiting", "reviewed", "right", "wrong", "unsure", "appealed", "all"]
"""`waiting`: nobody has judged it yet; `appealed`: the sender's word waits for an answer."""

_STANDINGS = {
    "waiting": "(v.verdict is null or (a.flag_id is not null and a.settled_at is null))",
    "reviewed": "v.verdict is not null",
    "right": "v.verdict = 'right'",
    "wrong": "v.verdict = 'wrong'",
    "unsure": "v.verdict = 'unsure'",
    "appealed": "a.flag_id is not null and a.settled_at is null",
    "all": "1",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which flags are wanted; what is None doesn't matter."""

    standing: Standing = "waiting"
    category: str | None = None
    rule: str | None = None
    state: str | None = None
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


class Reviews:
    """Reads flags with their appeals and verdicts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Filter, reader: Reader, limit: int, offset: int) -> list[Row]:
        """Those that fit, open appeals first, then the newest."""
        condition, parameters = _condition(wanted, reader)
        rows = self._database.rows(
            "select f.*, v.verdict, a.flag_id, a.reason, a.at, a.settled_at "
            f"{_JOINED} where {condition} "
            "order by (a.flag_id is not null and a.settled_at is null) desc, f.id desc limit :limit offset :offset",
            {**parameters, "limit": limit, "offset": offset},
        )
        return [_row(row) for row in rows]

    def count(self, wanted: Filter, reader: Reader) -> int:
        """How many fit."""
        condition, parameters = _condition(wanted, reader)
        row = self._database.row(f"select count(*) as n {_JOINED} where {condition}", parameters)
        return 0 if row is None else int(row["n"])


_JOINED = "from flags f left join verdicts v on v.flag_id = f.id left join appeals a on a.flag_id = f.id"

_NOT_OWN = (
    "not exists (select 1 from flags o where o.message_key = f.message_key and "
    "(o.sender = :reader or o.reporter = :reader or (o.author_key <> '' and o.author_key = :key))) "
    "and not exists (select 1 from reports r where r.message_key = f.message_key and r.reporter in (:reader, :key))"
)


def _condition(wanted: Filter, reader: Reader) -> tuple[str, dict[str, Any]]:
    parts = [_STANDINGS[wanted.standing], _NOT_OWN]
    parameters: dict[str, Any] = {"reader": reader.staff_id, "key": reader.key}
    for column in ("category", "rule", "state"):
        value = getattr(wanted, column)
        if value is not None:
            parts.append(f"f.{column} = :{column}")
            parameters[column] = value
    if wanted.conversations is not None:
        parts.append("f.conversation in (select value from json_each(:conversations))")
        parameters["conversations"] = json.dumps(_listed(wanted.conversations))
    if wanted.is_reported:
        parts.append("f.source = 'report'")
    return " and ".join(parts), parameters


def _listed(conversations: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(conversations))


def _row(row: sqlite3.Row) -> Row:
    appeal = None if row["flag_id"] is None else appeal_of(row)
    return Row(flag_of(row), row["verdict"], appeal)
