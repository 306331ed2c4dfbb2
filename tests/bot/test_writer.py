"""Group commit: many jobs share a transaction, each answers for itself, and nobody is told before it is on disk."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.writer import Writer
from storage.audit import AuditEntry
from storage.database import Database
from storage.store import Store
from tests.bot.test_workers import Panic

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Database(tmp_path / "steward.db", is_owner=True) as database:
        yield Store(database)


def note(store: Store, action: str) -> str:
    store.audit.add(AuditEntry(NOW, "cli", action))
    return action


def stored(path: Path) -> list[str]:
    """What somebody else finds on disk."""
    with sqlite3.connect(path) as connection:
        found = [row[0] for row in connection.execute("select action from audit order by id")]
    connection.close()
    return found


async def test_it_is_on_disk_when_it_is_told(store: Store, tmp_path: Path) -> None:
    with Writer(store.database) as writer:
        assert await writer.do(lambda: note(store, "one")) == "one"
        assert stored(tmp_path / "steward.db") == ["one"]
        assert writer.is_alive
    assert not writer.is_alive


async def test_many_jobs_share_a_commit_and_keep_their_order(store: Store, tmp_path: Path) -> None:
    go = threading.Event()
    with Writer(store.database) as writer:
        first = asyncio.create_task(writer.do(lambda: go.wait(10)))
        await asyncio.sleep(0.05)  # the thread has taken it up alone
        before = store.database._changes.commits
        jobs = [asyncio.create_task(writer.do(lambda n=n: note(store, f"{n:03}"))) for n in range(200)]  # type: ignore[misc]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(first, *jobs)
        assert store.database._changes.commits - before == 1
    assert stored(tmp_path / "steward.db") == [f"{n:03}" for n in range(200)]


async def test_a_job_that_fails_takes_back_its_own_changes_only(store: Store, tmp_path: Path) -> None:
    def fail() -> None:
        note(store, "bad")
        raise ValueError("of its own")

    with Writer(store.database) as writer:
        results = await asyncio.gather(
            writer.do(lambda: note(store, "before")),
            writer.do(fail),
            writer.do(lambda: note(store, "after")),
            return_exceptions=True,
        )
    assert [type(result).__name__ for result in results] == ["str", "ValueError", "str"]
    assert stored(tmp_path / "steward.db") == ["before", "after"]


@pytest.mark.parametrize("error", [StopIteration, Panic])
async def test_whatever_a_job_raises_everybody_is_told(
    store: Store, tmp_path: Path, error: type[BaseException]
) -> None:
    def fail() -> None:
        note(store, "bad")
        raise error("of its own")

    with Writer(store.database) as writer:
        async with asyncio.timeout(10):
            jobs = [writer.do(fail), writer.do(lambda: note(store, "after"))]
            failed, done = await asyncio.gather(*jobs, return_exceptions=True)
    assert (repr(failed), done) == (f"RuntimeError('{error.__name__}: of its own')", "after")
    assert stored(tmp_path / "steward.db") == ["after"]


async def test_nobody_is_told_of_success_when_the_disk_takes_the_transaction_back(store: Store, tmp_path: Path) -> None:
    """SQLite ends the whole transaction by itself at some errors: what came before it is gone with it."""

    def lose() -> None:
        note(store, "lost")
        store.database.connection.rollback()
        raise sqlite3.OperationalError("database or disk is full")

    go = threading.Event()
    with Writer(store.database) as writer:
        first = asyncio.create_task(writer.do(lambda: go.wait(10)))
        await asyncio.sleep(0.05)
        jobs = [asyncio.create_task(writer.do(work)) for work in (lambda: note(store, "before"), lose)]
        await asyncio.sleep(0)
        go.set()
        results = await asyncio.gather(first, *jobs, return_exceptions=True)
        assert [type(result).__name__ for result in results] == ["bool", "OperationalError", "OperationalError"]
        assert stored(tmp_path / "steward.db") == []
        await writer.do(lambda: note(store, "next"))
    assert stored(tmp_path / "steward.db") == ["next"]


async def test_a_job_that_is_given_up_before_its_turn_is_not_done(store: Store, tmp_path: Path) -> None:
    go = threading.Event()
    with Writer(store.database) as writer:
        first = asyncio.create_task(writer.do(lambda: go.wait(10)))
        given_up = asyncio.create_task(writer.do(lambda: note(store, "given up")))
        await asyncio.sleep(0.05)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        go.set()
        await first
        await writer.do(lambda: note(store, "done"))
    assert stored(tmp_path / "steward.db") == ["done"]


async def test_what_was_asked_for_is_done_before_it_stops(store: Store, tmp_path: Path) -> None:
    with Writer(store.database) as writer:
        jobs = [asyncio.create_task(writer.do(lambda n=n: note(store, f"{n}"))) for n in range(20)]  # type: ignore[misc]
        await asyncio.sleep(0)
    await asyncio.gather(*jobs)
    assert len(stored(tmp_path / "steward.db")) == 20
