"""One row, one handler call, one transaction: in order within a conversation, and no row stops the others."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import dispatch
from bot.dispatch import RETRY_AFTER, Dispatch, Item
from bot.writer import Writer
from handlers.fetched import Fetched, FetchedFile
from handlers.message import Body, Due, Event, GroupPost, Incoming, Outgoing, Reply
from sandbox.world import SandboxClock
from storage.audit import AuditEntry
from storage.database import Database
from storage.inbox import Arrival
from storage.store import Store
from tests.bot.rig import SECONDS, START
from tests.sandbox.college_of_three import FrozenClock

Handle = Callable[[Item, datetime], list[Outgoing]]


class Desk:
    """A dispatch over a file, whose clock stands still until it is moved."""

    def __init__(self, folder: Path, handle: Handle) -> None:
        self.clock = FrozenClock()
        self.store = Store(Database(folder / "steward.db", is_owner=True))
        self.seen: list[str] = []
        self.handle = handle
        self.queued = 0
        self.prepared: list[Due] = []
        self.fetched: list[Fetched] = []
        self.prepare_error: Exception | None = None
        self.writer = Writer(self.store.database)
        self.is_ahead = False
        self.dispatch = Dispatch(
            self.store,
            self.clock,
            self._note,
            self.writer,
            queued=self._queued,
            prepare=self._prepare,
            is_ahead=lambda: self.is_ahead,
        )

    def _queued(self) -> None:
        self.queued += 1

    def _prepare(self, item: Item) -> Awaitable[Fetched | None] | None:
        return self._get_ready(item) if isinstance(item, Due) else None

    async def _get_ready(self, due: Due) -> Fetched | None:
        self.prepared.append(due)
        if self.prepare_error is not None:
            raise self.prepare_error
        return Fetched(file=FetchedFile(due.schedule))

    def _note(self, item: Item, now: datetime, fetched: Fetched) -> list[Outgoing]:
        self.seen.append(item.text if isinstance(item, Incoming) else item.id)
        self.fetched.append(fetched)
        return self.handle(item, now)

    def hear(self, *texts: str, conversation: str = "c1") -> None:
        """Put messages into the inbox."""
        self.store.inbox.take(
            Arrival(
                key=f"message:{conversation}-{text}",
                kind="message",
                conversation=conversation,
                body=json.dumps(
                    {
                        "msgId": f"{conversation}-{text}",
                        "conversationId": conversation,
                        "conversationType": "2",
                        "msgtype": "text",
                        "text": {"content": text},
                        "senderStaffId": "0001",
                        "sessionWebhook": "https://x",
                    }
                ),
                received_at=self.clock.now(),
            )
            for text in texts
        )
        self.dispatch.wake()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not condition():
                await asyncio.sleep(0.002)

    async def until_idle(self) -> None:
        """Nothing can be handled at the clock's present time."""
        await self.until(lambda: not self.store.inbox.next_rows(self.clock.now()))

    def later(self, by: timedelta) -> None:
        self.clock.advance(by)
        self.dispatch.wake()


@asynccontextmanager
async def desk(folder: Path, handle: Handle = lambda item, now: []) -> AsyncIterator[Desk]:
    made = Desk(folder, handle)
    made.writer.start()
    task = asyncio.create_task(made.dispatch.run())
    try:
        yield made
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        made.writer.stop()
        made.store.database.close()


def answer(item: Item, now: datetime) -> list[Outgoing]:
    return [Reply(Body("好"))]


def raising_on(*texts: str) -> Handle:
    def handle(item: Item, now: datetime) -> list[Outgoing]:
        if isinstance(item, Incoming) and item.text in texts:
            raise RuntimeError("程序里的错")
        return []

    return handle


async def test_messages_of_a_conversation_are_handled_in_order(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        texts = [f"{number:03}" for number in range(300)]
        it.hear(*texts)
        await it.until_idle()
        assert it.seen == texts


async def test_domain_rows_outbox_rows_and_done_come_together(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:

        def handle(item: Item, now: datetime) -> list[Outgoing]:
            it.store.audit.add(AuditEntry(now, "0001", "试"))
            return [Reply(Body("好")), GroupPost("c9", Body("通知"))]

        it.handle = handle
        it.hear("x")
        await it.until_idle()
        assert len(it.store.audit.latest()) == 1
        rows = it.store.outbox.due(it.clock.now())
        assert [(row.draft.kind, row.draft.conversation) for row in rows] == [("reply", "c1"), ("group", "c9")]
        await it.until(lambda: it.queued == 1)


async def test_nothing_is_half_done_when_a_handler_raises(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:

        def handle(item: Item, now: datetime) -> list[Outgoing]:
            it.store.audit.add(AuditEntry(now, "0001", "试"))
            raise RuntimeError("boom")

        it.handle = handle
        it.hear("x")
        await it.until(lambda: it.store.inbox.next_try() is not None)
        assert it.store.audit.latest() == []
        assert it.store.outbox.counts()["queued"] == 0
        assert it.store.inbox.counts() == {"new": 1, "parked": 0}


async def test_a_wrong_outgoing_takes_its_domain_rows_back_as_well(tmp_path: Path) -> None:
    """A reply to an event has nobody to go to: an error of the handler's, found only at the door out."""
    async with desk(tmp_path, answer) as it:
        body = json.dumps({"headers": {"eventId": "e", "eventType": "t"}, "data": {}})
        it.store.inbox.take([Arrival("event:e", "event", "events", body, START)])
        it.dispatch.wake()
        await it.until(lambda: it.store.inbox.next_try() is not None)
        assert it.store.outbox.counts()["queued"] == 0


async def test_a_message_that_makes_the_handler_raise_is_tried_three_times_then_parked(tmp_path: Path) -> None:
    async with desk(tmp_path, raising_on("坏")) as it:
        it.hear("坏", "好")
        it.hear("别处", conversation="c2")
        await it.until_idle()
        assert sorted(it.seen) == ["别处", "坏"], "its own conversation waits, the others do not"
        for pause in RETRY_AFTER:
            it.later(pause)
            await it.until_idle()
        assert [text for text in it.seen if text != "别处"] == ["坏", "坏", "坏", "好"]
        [parked] = it.store.inbox.parked()
        assert parked.attempts == 3
        assert parked.error is not None
        assert "程序里的错" in parked.error
        assert "test_dispatch.py" in parked.error, "the traceback is kept"


async def test_an_error_is_kept_without_numbers_and_whatever_signs_it_holds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A traceback can quote what somebody wrote; and what no database takes must not end the bot."""

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        raise ValueError("\ud800 13812345678 session=deadbeef")

    async with desk(tmp_path, handle) as it:
        it.hear("坏")
        for pause in RETRY_AFTER:
            await it.until_idle()
            it.later(pause)
        await it.until(lambda: it.store.inbox.counts()["parked"] == 1)
        [parked] = it.store.inbox.parked()
        assert "\\ud800 138****5678 session=***" in str(parked.error)
    assert "/自检 可查" in caplog.text
    assert "12345678" not in caplog.text


async def test_a_second_try_that_works_is_as_if_nothing_had_been(tmp_path: Path) -> None:
    failures = iter([RuntimeError("database is locked")])

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        for error in failures:
            raise error
        return answer(item, now)

    async with desk(tmp_path, handle) as it:
        it.hear("x")
        await it.until_idle()
        it.later(RETRY_AFTER[0])
        await it.until(lambda: it.store.outbox.counts()["queued"] == 1)
        assert it.store.inbox.counts() == {"new": 0, "parked": 0}


@pytest.mark.parametrize("body", ["{}", "[]", "7", "no json", '{"msgId": "m"}', "[" * 100_000])
async def test_what_cannot_be_read_is_parked_at_once(tmp_path: Path, body: str) -> None:
    async with desk(tmp_path) as it:
        it.store.inbox.take([Arrival("message:x", "message", "c1", body, START)])
        it.hear("danach")
        await it.until_idle()
        assert it.seen == ["danach"]
        assert [row.key for row in it.store.inbox.parked()] == ["message:x"]


async def test_what_a_stopped_bot_left_is_picked_up_at_the_next_start(tmp_path: Path) -> None:
    first = Desk(tmp_path, answer)
    first.hear("1", "2")
    first.store.database.close()
    async with desk(tmp_path, answer) as it:
        await it.until_idle()
        assert it.seen == ["1", "2"]


async def test_a_due_task_is_taken_once_and_prepared_before_its_turn(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        due = Due("cleanup-cycle", "monthly", START, is_late=True)
        for _ in range(2):
            with it.store.database.transaction():
                it.dispatch.take_due(due)
            it.dispatch.wake()
        await it.until(lambda: it.seen != [])
        await it.until_idle()
        assert it.prepared == [due]
        assert it.fetched == [Fetched(file=FetchedFile(due.schedule))], "what was fetched is the handler's"
        assert it.seen == [due.id]


async def test_a_due_task_goes_on_when_its_preparation_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with desk(tmp_path) as it:
        it.prepare_error = RuntimeError("network")
        with it.store.database.transaction():
            it.dispatch.take_due(Due("cleanup-cycle", "monthly", START))
        it.dispatch.wake()
        it.hear("dazwischen")
        await it.until(lambda: len(it.seen) == 2)
    assert "用已有数据继续" in caplog.text


async def test_a_preparation_that_hangs_holds_up_nobody_and_stops_with_the_bot(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    store = Store(Database(tmp_path / "steward.db", is_owner=True))
    handled: list[str] = []

    def handle(item: Item, now: datetime, fetched: Fetched) -> list[Outgoing]:
        handled.append(item.id)
        return []

    writer = Writer(store.database)
    writer.start()
    dispatch = Dispatch(
        store, SandboxClock(), handle, writer, prepare=lambda item: hang() if isinstance(item, Due) else None
    )
    task = asyncio.create_task(dispatch.run())
    with store.database.transaction():
        dispatch.take_due(Due("cleanup-cycle", "monthly", START))
    dispatch.wake()
    async with asyncio.timeout(SECONDS):
        await begun.wait()
        body = json.dumps({"headers": {"eventId": "e", "eventType": "t"}, "data": {}})
        store.inbox.take([Arrival("event:e", "event", "events", body, START)])
        dispatch.wake()
        while handled != ["e"]:
            await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    writer.stop()
    assert store.inbox.counts()["new"] == 1, "the due task is still there for the next start"
    store.database.close()


async def test_the_loop_gets_its_turn_during_a_long_batch(tmp_path: Path) -> None:
    """While two thousand rows wait, something else in the loop runs many times before they are done."""
    async with desk(tmp_path, answer) as it:
        it.hear(*(f"{number:04}" for number in range(2000)))
        turns = 0
        while it.store.inbox.counts()["new"]:
            await asyncio.sleep(0)
            turns += 1
        assert turns > 10
        assert len(it.seen) == 2000


async def test_a_slow_handler_delays_its_own_conversation_alone(tmp_path: Path) -> None:
    """Neither other people's answers, nor what comes in, nor what the loop does."""
    go = threading.Event()

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        it.store.staff.count()
        if isinstance(item, Incoming) and item.text == "慢":
            assert go.wait(SECONDS)
        return answer(item, now)

    async with desk(tmp_path, handle) as it:
        it.hear("慢", "danach")
        await it.until(lambda: it.seen == ["慢"])
        for number in range(50):
            await it.writer.do(lambda number=number: it.hear(f"{number}", conversation=f"c{number % 7 + 2}"))  # type: ignore[misc]
            it.dispatch.wake()  # when it is on disk
        await it.until(lambda: len(set(it.seen)) == 51)
        assert "danach" not in it.seen
        go.set()
        await it.until_idle()
        assert it.seen[-1] == "danach", it.seen
        assert it.store.outbox.counts()["queued"] == 52


async def test_handlers_that_get_in_each_others_way_are_taken_anew(tmp_path: Path) -> None:
    """Each writes down how many were there before it: all are different, whoever was quicker."""

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        before = len(it.store.database.rows("select id from audit"))
        it.store.audit.add(AuditEntry(now, "0001", f"{before}"))
        return []

    async with desk(tmp_path, handle) as it:
        for number in range(120):
            it.hear("x", conversation=f"c{number}")
        await it.until_idle()
        await it.dispatch.until_idle()
        written = [int(row["action"]) for row in it.store.database.rows("select action from audit order by id")]
    assert written == list(range(120))


async def test_no_more_answers_are_made_while_those_that_there_are_cannot_be_sent(tmp_path: Path) -> None:
    async with desk(tmp_path, answer) as it:
        it.is_ahead = True
        it.hear("x")
        await asyncio.sleep(0.1)
        assert it.seen == []
        it.is_ahead = False
        await it.until_idle()
        assert it.seen == ["x"]


async def test_trouble_of_the_disk_is_not_held_against_a_message(tmp_path: Path) -> None:
    """Another process that keeps the file locked for long: the message waits, and is handled when it can be."""
    trouble = sqlite3.OperationalError("database is locked")
    trouble.sqlite_errorcode = sqlite3.SQLITE_BUSY
    locked = iter([trouble] * 5)

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        for error in locked:
            raise error
        return answer(item, now)

    async with desk(tmp_path, handle) as it:
        it.dispatch.after_disk_error = 0.01
        it.hear("x")
        await it.until(lambda: it.store.outbox.counts()["queued"] == 1)
        assert it.store.inbox.counts() == {"new": 0, "parked": 0}
        assert len(it.seen) == 6


async def test_a_value_that_no_database_takes_is_an_error_of_the_handler(tmp_path: Path) -> None:
    """Python's module raises that by itself, without a code of SQLite's: tried again and parked like any other."""

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        it.store.database.rows("select ?", (object(),))
        return []

    async with desk(tmp_path, handle) as it:
        it.hear("坏")
        for pause in RETRY_AFTER:
            await it.until_idle()
            it.later(pause)
        await it.until(lambda: it.store.inbox.counts()["parked"] == 1)
        assert len(it.seen) == 3


async def test_it_goes_on_after_the_database_could_not_be_read_while_it_waited(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk(tmp_path) as it:
        it.dispatch.after_disk_error = 0.01
        it.is_ahead = True  # so that only the next try is asked for
        it.store.database.execute("alter table inbox rename to elsewhere")
        await it.until(lambda: "收件箱读写出错" in caplog.text)
        it.store.database.execute("alter table elsewhere rename to inbox")
        it.is_ahead = False
        it.hear("x")
        await it.until(lambda: it.seen == ["x"])


async def test_a_turn_that_has_begun_ends_when_the_dispatch_is_stopped(tmp_path: Path) -> None:
    begun = threading.Event()

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        begun.set()
        threading.Event().wait(0.2)
        return answer(item, now)

    async with desk(tmp_path, handle) as it:
        it.hear("1", "2")
        await it.until(begun.is_set)
        task = asyncio.create_task(it.dispatch._finish())
        await task
        assert it.store.inbox.counts()["new"] == 1, "the one behind it waits for the next start"
        assert it.store.outbox.counts()["queued"] == 1


async def test_the_loop_goes_on_while_it_waits_for_a_handler_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "_LAST_TURNS_SECONDS", 0.01)
    begun, go = threading.Event(), threading.Event()

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        begun.set()
        assert go.wait(SECONDS)
        return []

    async with desk(tmp_path, handle) as it:
        it.hear("慢")
        await it.until(begun.is_set)
        ending = asyncio.create_task(it.dispatch._finish())
        await it.until(lambda: it.dispatch._workers._is_stopping)
        go.set()
        await ending
        assert it.dispatch.alive == 0, "it came back, since somebody could tell it to"


async def test_an_event_reaches_its_handler(tmp_path: Path) -> None:
    found: list[Event] = []

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        assert isinstance(item, Event)
        found.append(item)
        return []

    async with desk(tmp_path, handle) as it:
        body = json.dumps({"headers": {"eventId": "e1", "eventType": "user_leave_org"}, "data": {"UserId": ["7"]}})
        it.store.inbox.take([Arrival("event:e1", "event", "events", body, START)])
        it.dispatch.wake()
        await it.until_idle()
    assert [(event.id, event.type, event.data) for event in found] == [("e1", "user_leave_org", {"userId": ["7"]})]
