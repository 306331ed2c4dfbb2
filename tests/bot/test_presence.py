"""What the running bot says of itself, and that a time without a connection is told: over real connections."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import presence
from bot.dispatch import Item
from bot.presence import Pulse, sleep_counting_clock
from bot.settings import Settings
from handlers.hearing import gaps
from handlers.message import Due, Incoming, Outgoing
from storage.gaps import Gap, Reason
from storage.presence import Presence
from tests.bot.rig import GROUP, SECONDS, Rig, rig
from tests.handlers.hall import a_hall

OPEN = "/v1.0/gateway/connections/open"
ADMIN = "0001"
PRIVATE = f"private:{ADMIN}"


@pytest.fixture(autouse=True)
def without_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours pass in a second here."""
    monkeypatch.setattr(presence, "BREATH_SECONDS", 0.005)


class Watched:
    """A rig with a pulse, whose clocks are moved by hand: the wall's, and the one that counts sleep."""

    def __init__(self, it: Rig, **dingtalk: Any) -> None:
        self.it = it
        self.settings = Settings.model_validate({"roles": {"main_admins": [ADMIN]}, "dingtalk": dingtalk})
        self.slept = 0.0
        self.task = self.start()

    def start(self) -> asyncio.Task[None]:
        pulse = Pulse(
            self.it.gateway,
            self.it.writer,
            self.it.store,
            self.it.clock,
            self.it.dispatch.take_due,
            self.it.dispatch.wake,
            lambda: self.settings,
            lambda: time.monotonic() + self.slept,
        )
        return asyncio.create_task(pulse.run())

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    @property
    def presence(self) -> Presence:
        found = self.it.store.presence.get()
        assert found is not None
        return found

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not condition():
                await asyncio.sleep(0.01)

    async def beat(self) -> None:
        """Wait for a look that sees the present."""
        now = self.it.clock.now()
        self.it.gateway.changed.set()
        await self.until(lambda: self.it.store.presence.get() is not None and self.presence.beat_at >= _stored(now))

    def set_clock(self, seconds: float) -> None:
        self.it.clock.advance_to(self.it.clock.now() + timedelta(seconds=seconds))

    def sleep(self, seconds: float) -> None:
        """Time passes and nobody looks."""
        self.slept += seconds
        self.set_clock(seconds)

    async def wait(self, seconds: float) -> None:
        """Time passes and is looked at."""
        while seconds > 0:
            step = min(seconds, 40.0)
            seconds -= step
            self.sleep(step)
            await self.beat()

    async def proven(self) -> None:
        """The connection stands, and long enough to end a silence."""
        await self.it.connected()
        await self.beat()
        await self.wait(11)


def _stored(moment: datetime) -> datetime:
    """As exact as the database keeps it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def telling(groups: bool = False) -> Callable[[Item, datetime], list[Outgoing]]:
    """Handles what is due as the bot does; the rows come from the rig, whose store is set below."""

    def handle(item: Item, now: datetime) -> list[Outgoing]:
        if not isinstance(item, Due):
            return []
        with a_hall(roles={"main_admins": [ADMIN]}) as hall:
            hall.store, hall.now = stores[0], now
            return gaps.tell(hall.context, to_groups=groups)

    stores: list[Any] = []
    handle.stores = stores  # type: ignore[attr-defined]
    return handle


@asynccontextmanager
async def watched(folder: Path, *, groups: bool = False, **dingtalk: Any) -> AsyncIterator[Watched]:
    handle = telling(groups)
    async with rig(folder, handle=handle) as it:
        handle.stores.append(it.store)  # type: ignore[attr-defined]
        made = Watched(it, **dingtalk)
        try:
            yield made
            assert not made.task.done()
        finally:
            await made.stop()


async def go_deaf(made: Watched, seconds: float) -> None:
    made.it.sandbox.go_offline()
    await made.until(lambda: made.it.gateway.last_failure is not None)
    await made.wait(seconds)
    made.it.sandbox.go_online()
    await made.proven()


async def test_the_running_bot_says_how_well_it_hears_and_good_bye(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await made.it.connected()
        await made.beat()
        now = made.presence
        assert (now.wanted_connections, now.connections, now.trouble) == (1, 1, "")
        assert now.pid == os.getpid()
        assert now.version
        assert now.stopped_at is None
        assert now.heard_at is not None
        made.it.sandbox.go_offline()
        await made.until(lambda: made.presence.connections == 0 and made.presence.trouble != "")
        assert "连不上钉钉" in made.presence.trouble
        assert made.presence.heard_at == now.heard_at
        made.it.sandbox.go_online()
        await made.until(lambda: made.presence.connections == 1)
        assert made.presence.trouble == ""
        await made.stop()
        assert made.presence.stopped_at is not None
        made.task = made.start()
        await made.until(lambda: made.presence.stopped_at is None)


async def test_after_a_gap_admins_are_told_once_and_groups_that_were_active_too(tmp_path: Path) -> None:
    async with watched(tmp_path, groups=True) as made:
        await made.proven()
        await made.it.sandbox.say("0002", GROUP, "在吗")
        await made.it.settle()
        made.it.store.groups.heard(GROUP, "办公室群", made.it.clock.now())
        await made.wait(60)
        await go_deaf(made, 400)
        await made.until(lambda: bool(made.it.robot_said(PRIVATE)))
        await made.it.settle()
        [word] = made.it.robot_said(PRIVATE)
        assert "（6 分钟）我没有听到消息" in word or "（7 分钟）我没有听到消息" in word
        assert "连不上钉钉" in word
        assert "之前活跃的群：办公室群" in word
        [line] = made.it.robot_said(GROUP)
        assert "我没有听到消息" in line
        [gap] = made.it.store.gaps.since(gap_start(made))
        assert gap.told_at is not None
        await made.wait(120)
        await made.it.settle()
        assert len(made.it.robot_said(PRIVATE)) == 1


def gap_start(made: Watched) -> datetime:
    return made.it.clock.now() - timedelta(days=2)


def all_gaps(made: Watched) -> list[Gap]:
    return made.it.store.gaps.since(gap_start(made))


async def test_a_short_break_says_nothing(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        await go_deaf(made, 120)
        assert all_gaps(made) == []
        assert made.it.handled == []


async def test_a_gap_that_lasts_is_noted_before_it_ends(tmp_path: Path) -> None:
    """So that a crash in its middle does not lose its beginning."""
    async with watched(tmp_path) as made:
        await made.proven()
        made.it.sandbox.go_offline()
        await made.until(lambda: made.it.gateway.last_failure is not None)
        await made.wait(300)
        lasting = made.it.store.gaps.lasting()
        assert lasting is not None
        await made.stop()
        made.sleep(1000)
        made.task = made.start()
        made.it.sandbox.go_online()
        await made.proven()
        [gap] = all_gaps(made)
        assert abs(gap.began_at - lasting.began_at) < timedelta(seconds=1)
        assert gap.ended_at is not None
        assert gap.ended_at - gap.began_at > timedelta(seconds=1300)


async def test_at_night_nobody_is_told_and_in_the_morning_once(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        made.set_clock(14 * 3600)  # half past eleven at night
        await made.wait(100)
        for _ in range(2):
            await go_deaf(made, 300)
        assert len(all_gaps(made)) == 2
        assert not [item for item in made.it.handled if isinstance(item, Due)]
        made.set_clock(8 * 3600)
        await made.wait(100)
        await made.until(lambda: bool(made.it.robot_said(PRIVATE)))
        await made.it.settle()
        [word] = made.it.robot_said(PRIVATE)
        assert "我有 2 次没有听到消息" in word


async def test_a_machine_that_slept_was_deaf_and_trusts_none_of_its_connections(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        [old] = made.it.sandbox.connections
        made.sleep(3600)
        await made.beat()
        await made.until(lambda: not old.is_open)
        await made.proven()
        await made.until(lambda: bool(made.it.robot_said(PRIVATE)))
        [gap] = all_gaps(made)
        assert gap.reason is Reason.STOPPED
        assert gap.ended_at is not None
        assert timedelta(minutes=59) < gap.ended_at - gap.began_at < timedelta(minutes=61)
    assert "休眠过" in caplog.text


async def test_a_clock_that_is_set_makes_no_gap(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        made.set_clock(5 * 3600)
        await made.beat()
        await made.wait(200)
        assert all_gaps(made) == []
        assert len(made.it.sandbox.record.calls_to(OPEN)) == 1


@pytest.mark.parametrize(("stopped", "told"), [(100, False), (900, True)])
async def test_a_restart_is_told_when_it_took_long(tmp_path: Path, stopped: float, told: bool) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        await made.stop()
        made.sleep(stopped)
        made.task = made.start()
        await made.proven()
        assert [gap.reason for gap in all_gaps(made)] == [Reason.STOPPED] * told
        if told:
            await made.until(lambda: bool(made.it.robot_said(PRIVATE)))


async def test_a_crash_counts_from_the_last_beat(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        last = made.presence
        await made.stop()
        with made.it.store.database.transaction():
            made.it.store.presence.put(last)  # as it would stand without the good-bye
        made.sleep(600)
        made.task = made.start()
        await made.proven()
        [gap] = all_gaps(made)
        assert abs(gap.began_at - last.beat_at) < timedelta(seconds=1)


async def test_a_start_with_a_clock_that_is_hours_ahead_and_set_at_once_is_no_gap(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        await made.stop()
        made.set_clock(8 * 3600)
        made.task = made.start()
        await made.until(lambda: made.it.store.gaps.lasting() is not None)
        made.it.clock.restart()
        made.slept += 11
        made.it.gateway.changed.set()
        await made.until(lambda: made.it.store.gaps.lasting() is None)
        assert all_gaps(made) == []


async def test_a_first_start_with_a_wrong_secret_is_no_gap(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await go_deaf(made, 900)
        assert all_gaps(made) == []


async def test_what_could_not_be_stored_is_stored_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        database = made.it.store.database
        made.it.sandbox.go_offline()
        await made.until(lambda: made.it.gateway.last_failure is not None)
        await made.wait(240)
        database.execute("alter table gaps rename to elsewhere")
        made.it.sandbox.go_online()
        await made.it.connected()
        for _ in range(3):
            made.sleep(11)
            made.it.gateway.changed.set()
            await asyncio.sleep(0.3)
        assert [record.levelno for record in caplog.records if "写不下" in record.getMessage()] == [logging.ERROR]
        database.execute("alter table elsewhere rename to gaps")
        made.it.gateway.changed.set()
        await made.until(lambda: made.it.store.gaps.lasting() is None)
        [gap] = all_gaps(made)
        assert gap.ended_at is not None


async def test_a_gap_is_told_though_the_word_about_it_could_not_be_taken_at_first(tmp_path: Path) -> None:
    async with watched(tmp_path) as made:
        await made.proven()
        made.it.sandbox.go_offline()
        await made.until(lambda: made.it.gateway.last_failure is not None)
        await made.wait(240)
        database = made.it.store.database
        made.it.dispatch.after_disk_error = 0.05
        database.execute("alter table inbox rename to elsewhere")
        made.it.sandbox.go_online()
        await made.it.connected()
        for _ in range(3):
            made.sleep(11)
            made.it.gateway.changed.set()
            await asyncio.sleep(0.1)
        database.execute("alter table elsewhere rename to inbox")
        made.it.gateway.changed.set()
        await made.it.sandbox.wait_for(lambda message: message.chat == PRIVATE)


async def test_the_message_after_a_gap_is_answered(tmp_path: Path) -> None:
    """Telling goes its own way through the inbox and holds nobody up."""
    async with watched(tmp_path) as made:
        await made.proven()
        await go_deaf(made, 300)
        await made.it.sandbox.say("0002", GROUP, "现在呢")
        await made.it.settle()
        kinds = sorted(type(item).__name__ for item in made.it.handled)
        assert kinds == ["Due", "Incoming"]
        assert any(isinstance(item, Incoming) for item in made.it.handled)


def test_the_clock_that_counts_sleep_goes_forward() -> None:
    clock = sleep_counting_clock()
    first = clock()
    time.sleep(0.002)
    assert clock() > first
