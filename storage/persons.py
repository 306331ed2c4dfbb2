"""All that is stored about a person: shown to them, and forgotten."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from storage.database import Database
from storage.person_traces import TRACES, Trace

_SHORTEST_NAME = 2
"""A single character stands in too many other words."""
_IDS = {one.table: {column for trace in TRACES if trace.table == one.table for column in trace.ids} for one in TRACES}
"""Columns with staff ids, by table."""
_WORD = re.compile(r"[^\s,;]+")


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one trace, each by the names of its columns."""

    trace: Trace
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What forgetting does with one trace: how many rows are deleted, made anonymous, and kept as they are."""

    trace: Trace
    deleted: int = 0
    changed: int = 0
    kept: int = 0

    def __bool__(self) -> bool:
        return bool(self.deleted or self.changed or self.kept)


class Persons:
    """Whoever is known by a staff id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self, person: str) -> list[str]:
        """The names that somebody is known by, in the directory, in files and in the lists of groups."""
        rows = self._database.rows(
            "select name from staff_facts where staff_id = :person "
            "union select name from members where staff_id = :person order by name",
            {"person": person},
        )
        return [row["name"] for row in rows if len(row["name"]) >= _SHORTEST_NAME]

    def found(self, person: str) -> list[Found]:
        """Everything that is stored about somebody, without secrets and without other people's ids."""
        names, others = self.names(person), self._others(person)
        return [Found(trace, rows) for trace in TRACES if (rows := tuple(self._rows(trace, person, names, others)))]

    def _others(self, person: str) -> frozenset[str]:
        """The staff ids of everybody else who is known."""
        rows = self._database.rows("select staff_id from staff_facts union select staff_id from members")
        return frozenset(row["staff_id"] for row in rows) - {person, None}

    def _rows(
        self, trace: Trace, person: str, names: Iterable[str], others: Collection[str]
    ) -> Iterator[dict[str, Any]]:
        ids = _IDS[trace.table]
        for parameters in _parameters(trace, person, names):
            own = parameters.values()
            for row in self._database.rows(f"select {trace.shows} from {trace.table} where {trace.where}", parameters):
                shown = (name for name in row.keys() if name not in trace.hidden)  # noqa: SIM118 - a Row
                found = {name: None if name in ids and row[name] not in own else row[name] for name in shown}
                yield found | {name: _without(others, row[name]) for name in trace.free}

    def plan(self, person: str) -> list[Change]:
        """What `forget` would do."""
        names = self.names(person)
        changes = (self._planned(trace, person, names) for trace in TRACES)
        return [change for change in changes if change]

    def _planned(self, trace: Trace, person: str, names: Iterable[str]) -> Change:
        total = gone = 0
        for parameters in _parameters(trace, person, names):
            total += self._count(trace, trace.where, parameters)
            gone += self._count(trace, _chosen(trace), parameters) if trace.delete or trace.change else 0
        return Change(trace, gone if trace.delete else 0, 0 if trace.delete else gone, total - gone)

    def _count(self, trace: Trace, where: str, parameters: dict[str, str]) -> int:
        row = self._database.row(f"select count(*) as n from {trace.table} where {where}", parameters)
        return 0 if row is None else int(row["n"])

    def forget(self, person: str, gone: str) -> list[Change]:
        """Delete what may go and make the rest anonymous; `gone` stands for the person afterwards.

        To be called in a transaction. What was deleted is wiped out of the file, too.
        """
        changes = self.plan(person)
        names = self.names(person)
        self._database.connection.execute("pragma secure_delete = on")
        for trace in TRACES:
            for parameters in _parameters(trace, person, names):
                if trace.delete:
                    self._database.execute(f"delete from {trace.table} where {_chosen(trace)}", parameters)
                elif trace.change:
                    self._database.execute(
                        f"update {trace.table} set {trace.change} where {_chosen(trace)}", {**parameters, "gone": gone}
                    )
        return changes


def _without(others: Collection[str], words: str) -> str:
    """Words in which no other person's id stands."""
    return _WORD.sub(lambda word: "某某" if word[0] in others else word[0], words)


def _chosen(trace: Trace) -> str:
    return f"({trace.where})" + (f" and not coalesce({trace.unless}, 0)" if trace.unless else "")


def _parameters(trace: Trace, person: str, names: Iterable[str]) -> Iterator[dict[str, str]]:
    if trace.is_by_name:
        yield from ({"person": person, "name": name} for name in names)
    else:
        yield {"person": person}
