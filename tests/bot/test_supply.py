"""What brings rows from the database to the sender misses none, however many wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.outbox.agenda import Agenda
from bot.outbox.drafts import body_to_json
from bot.outbox.patience import Patience
from bot.outbox.supply import Supply
from handlers.message import Body
from storage.database import Database
from storage.outbox import Draft
from storage.store import Store
from tests.bot.rig import START

MANY = 1200
"""More than are read at once, and more than are looked through at every call."""


class Shelf:
    """An outbox, and a supply that reads it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.agenda = Agenda()
        self.supply = Supply(store.outbox, self.agenda, Patience(), round_=10**6)

    def queue(self, count: int, at: datetime = START) -> list[int]:
        with self.store.database.transaction():
            return [
                self.store.outbox.add(Draft("private", body_to_json(Body("词")), 1, at, recipients=(f"{number:04}",)))
                for number in range(count)
            ]

    def read(self, steady: float) -> None:
        """Read all there is."""
        self.supply.may_be_more = True
        while self.supply.may_be_more:
            self.supply.read(START, steady)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with Database(tmp_path / "steward.db", is_owner=True) as database:
        yield Shelf(Store(database))


def test_every_row_is_taken_up_once(shelf: Shelf) -> None:
    first = shelf.queue(MANY)
    shelf.read(0.0)
    more = shelf.queue(10)
    shelf.read(0.1)
    assert len(shelf.agenda) == shelf.agenda.waiting == MANY + 10
    assert all(row_id in shelf.agenda for row_id in first + more)


def test_a_row_that_is_queued_again_is_found_though_many_newer_ones_wait(shelf: Shelf) -> None:
    """`/自检 重试`, while a month's digests are held back."""
    [old] = shelf.queue(1)
    shelf.store.outbox.park(old, "interrupted", "")
    shelf.queue(MANY)
    shelf.read(0.0)
    assert old not in shelf.agenda
    shelf.store.outbox.requeue(old)
    shelf.read(1.0)
    assert old in shelf.agenda
