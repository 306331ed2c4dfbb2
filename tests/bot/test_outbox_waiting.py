"""What is kept back, and what a restart and a wrong clock change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.metrics import Meter
from bot.outbox.drafts import drafts_of
from bot.outbox.patience import Patience
from bot.outbox.texts import BETWEEN
from bot.outbox.thrift import Thrift
from handlers.message import (
    Body,
    Ding,
    GroupPost,
    Priority,
    Private,
)
from handlers.quiet_hours import QuietHours
from handlers.quota.apis import DING_RECEIVERS, REFUSED
from handlers.settings import QuotaSettings
from sandbox.world import SandboxClock
from storage.outbox import HELD_NIGHT, HELD_QUOTA
from tests.bot.postbox import BUSY, GROUP_SEND, NOBODY, PRIVATE, PRIVATE_SEND, done, parked, queue, state, texts, until
from tests.bot.rig import GROUP, QUICK, START, Rig, rig

# -- kept back ---------------------------------------------------------------------------------------------------

NIGHT = QuietHours(time(22), time(7), ZoneInfo("Asia/Shanghai"))
ELEVEN = datetime(2026, 11, 24, 15, tzinfo=UTC)  # 23:00 in China
SEVEN = datetime(2026, 11, 24, 23, tzinfo=UTC)


async def test_at_night_answers_go_out_and_the_rest_waits_for_the_morning(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.clock.advance_to(ELEVEN)
        it.sender.obey(1000, NIGHT, None)
        waiting = queue(
            it,
            GroupPost(GROUP, Body("提醒")),
            GroupPost(GROUP, Body("汇总"), Priority.DIGEST),
            Private(("0001",), Body("催办")),
            Ding(("0002",), "请答复"),
        )
        queue(it, Private(("0003",), Body("答"), Priority.ANSWER), GroupPost(GROUP, Body("也答"), Priority.ANSWER))
        await until(lambda: it.store.outbox.held()[HELD_NIGHT] == 4)
        await it.sandbox.wait_for(lambda m: m.text == "也答")
        await it.sandbox.wait_for(lambda m: m.text == "答")
        assert {state(it, row) for row in waiting} == {"queued"}
        it.clock.advance_to(SEVEN)
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["也答", f"提醒{BETWEEN}汇总"], "what waited for the same morning comes as one"
        assert texts(it, PRIVATE) == ["催办"]
        assert texts(it, "private:0002", "ding") == ["请答复"]


async def test_what_expires_before_the_morning_is_not_sent(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.clock.advance_to(ELEVEN)
        it.sender.obey(1000, NIGHT, None)
        [row] = queue(it, GroupPost(GROUP, Body("今晚"), expires_at=ELEVEN + timedelta(hours=1)))
        await until(lambda: it.store.outbox.held()[HELD_NIGHT] == 1)
        it.clock.advance_to(SEVEN)
        it.sender.wake()
        await done(it)
        assert (state(it, row), texts(it, GROUP)) == ("expired", [])


async def test_what_was_found_out_is_stored_though_the_next_row_meets_trouble(tmp_path: Path) -> None:
    """The ledger cannot be read, which a reminder needs; what has expired before it is put away all the same."""
    async with rig(tmp_path, with_gateway=False, sending=Patience(first=0.02, longest=0.05)) as it:
        it.store.database.execute("alter table calls rename to elsewhere")
        it.sender.obey(1000, None, thrifty(it, 1000))
        late, reminder = queue(it, Private(("0001",), Body("晚"), expires_at=START), Private(("0002",), Body("催")))
        await until(lambda: state(it, late) == "expired")
        assert state(it, reminder) == "queued"
        it.store.database.execute("alter table elsewhere rename to calls")
        await until(lambda: state(it, reminder) == "sent")


def thrifty(it: Rig, calls_per_month: int) -> Thrift:
    return Thrift(it.store, QuotaSettings(calls_per_month=calls_per_month), ZoneInfo("Asia/Shanghai"))


async def test_when_calls_run_short_only_answers_cost_any_and_the_rest_is_asked_about_again(tmp_path: Path) -> None:
    async with rig(tmp_path, sending=Patience(first=0.02, longest=0.05)) as it:
        it.store.quota.count(date(2026, 11, 24), "robot/groupMessages/send", 950)
        it.sender.obey(1000, None, thrifty(it, 1000))
        queue(it, GroupPost(GROUP, Body("提醒")), Private(("0001",), Body("汇总"), Priority.DIGEST))
        queue(it, Private(("0002",), Body("答"), Priority.ANSWER))
        await it.sandbox.wait_for(lambda m: m.text == "答")
        await until(lambda: it.store.outbox.held()[HELD_QUOTA] == 2)
        await it.connected()
        await it.sandbox.say("0001", GROUP, "在吗")
        await it.sandbox.wait_for(lambda m: m.text == "你说：在吗")
        it.sender.obey(1000, None, thrifty(it, 100_000))
        it.clock.advance_to(it.clock.now() + timedelta(hours=1))
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["你说：在吗", "提醒"]
        assert texts(it, PRIVATE) == ["汇总"]


async def test_when_the_month_is_used_up_reminders_wait_for_the_next_and_are_not_given_up(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, sending=Patience(first=0.02, longest=0.05)) as it:
        it.sender.obey(1000, None, thrifty(it, 10_000))
        used_up = {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg", "message": "x"}
        it.sandbox.faults.answer(GROUP_SEND, 403, used_up, times=None)
        [row] = queue(it, GroupPost(GROUP, Body("通知")))
        await until(lambda: it.store.outbox.held()[HELD_QUOTA] == 1)
        assert it.store.quota.by_api("2026-11")[REFUSED] == 1, "for the rest of the day nobody need try"
        for _ in range(6):  # days
            it.clock.advance_to(it.clock.now() + timedelta(days=1))
            calls = len(it.sandbox.record.calls_to(GROUP_SEND))
            it.sender.wake()
            await it.sandbox.until(lambda n=calls: len(it.sandbox.record.calls_to(GROUP_SEND)) > n)  # type: ignore[misc]
            await until(lambda: it.store.outbox.held()[HELD_QUOTA] == 1)
        assert state(it, row) == "queued"
        it.sandbox.faults.clear()
        it.clock.advance_to(datetime(2026, 11, 30, 16, tzinfo=UTC))  # the first of December in China
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["通知"]


async def test_dings_are_counted_by_receivers(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sender.obey(1000, None, thrifty(it, 10_000))
        queue(it, Ding(("0001", "0002"), "请答复"), Ding(("0003",), "请答复"))
        await done(it)
        assert it.store.quota.by_api("2026-11")[DING_RECEIVERS] == 3


# -- whom it does not reach --------------------------------------------------------------------------------------


async def test_who_is_out_of_sight_is_remembered_until_a_message_reaches_them(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        it.sandbox.quotas.out_of_sight = {"0002"}
        queue(it, Private(("0001", "0002", "gone"), Body("通知")))
        await done(it)
        assert texts(it, PRIVATE) == ["通知"]
        assert [one.staff_id for one in it.store.unreachable.all()] == ["0002", "gone"]
        it.sandbox.quotas.out_of_sight = set()
        queue(it, Private(("0002",), Body("再来")))
        await done(it)
        assert [one.staff_id for one in it.store.unreachable.all()] == ["gone"]


async def test_where_nobody_is_in_sight_all_are_remembered(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        queue(it, Private(("gone", "lost"), Body("通知")))
        await done(it)
        assert parked(it).error_code == "staffId.notExisted"
        assert [one.staff_id for one in it.store.unreachable.all()] == ["gone", "lost"]


# -- after a restart ---------------------------------------------------------------------------------------------


async def test_what_a_group_got_before_a_restart_counts(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=2) as it:
        for text in ("一", "二"):
            queue(it, GroupPost(GROUP, Body(text)))
            await done(it)
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=2) as it:
        [row] = queue(it, GroupPost(GROUP, Body("三")))
        queue(it, Private(("0001",), Body("别人")))
        await it.sandbox.wait_for(lambda m: m.text == "别人")
        assert state(it, row) == "queued"
        assert texts(it, GROUP) == []


async def test_what_a_crash_caught_may_have_reached_the_group_and_counts(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        [row] = queue(it, GroupPost(GROUP, Body("一"), Priority.ANSWER, None))
        await done(it)
        it.store.database.execute("update outbox set state = 'sending', sent_at = null where id = ?", (row,))
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=1) as it:
        [later] = queue(it, GroupPost(GROUP, Body("二")))
        queue(it, Private(("0001",), Body("别人")))
        await it.sandbox.wait_for(lambda m: m.text == "别人")
        assert (state(it, row), state(it, later)) == ("parked", "queued")


async def test_a_target_that_was_held_before_a_restart_still_is(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False) as it:
        now = it.clock.now()
        with it.store.database.transaction():
            [blocked, behind] = [
                it.store.outbox.add(draft)
                for text in ("一", "二")
                for draft in drafts_of(GroupPost(GROUP, Body(text)), NOBODY, now, None)
            ]
            it.store.outbox.retry(blocked, now, now + timedelta(minutes=5), "130101", "太快")
        queue(it, Private(("0001",), Body("别人")))
        await it.sandbox.wait_for(lambda m: m.text == "别人")
        assert (state(it, blocked), state(it, behind)) == ("queued", "queued")


async def test_a_clock_that_was_ahead_makes_nothing_wait_for_its_time(tmp_path: Path) -> None:
    """It was a day ahead when a try failed, and was set right while the bot stood still."""
    async with rig(tmp_path, with_gateway=False) as it:
        now = it.clock.now()
        with it.store.database.transaction():
            [failed, behind] = [
                it.store.outbox.add(draft)
                for text in ("一", "二")
                for draft in drafts_of(GroupPost(GROUP, Body(text)), NOBODY, now, None)
            ]
            ahead = now + timedelta(days=1)
            it.store.outbox.retry(failed, ahead, ahead + timedelta(seconds=30), "130101", "太快")
        it.sender.wake()
        await done(it)
        assert texts(it, GROUP) == ["一", "二"]
        assert (state(it, failed), state(it, behind)) == ("sent", "sent")


async def test_a_clock_that_is_set_back_makes_nothing_wait_longer(tmp_path: Path) -> None:
    async with rig(tmp_path, with_gateway=False, sending=replace(QUICK, quota=3600.0)) as it:
        assert isinstance(it.clock, SandboxClock)
        it.clock.advance_to(it.clock.now() + timedelta(days=1))
        in_time = it.clock.now() + timedelta(hours=1)
        used_up = {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg", "message": "used up"}
        it.sandbox.faults.answer(PRIVATE_SEND, 403, used_up)
        [refused] = queue(it, Private(("0002",), Body("额度")))
        [appointed] = queue(it, Private(("0001",), Body("早上好"), not_before=in_time))
        await until(lambda: len(it.sender._agenda._later) == 2)
        assert it.store.outbox.queued([refused])[0].next_try_at is not None
        it.clock.restart()
        it.sender.wake()
        await it.sandbox.wait_for(lambda m: m.text == "额度")
        assert (state(it, appointed), texts(it, PRIVATE)) == ("queued", []), "what has an appointed time keeps it"


# -- told --------------------------------------------------------------------------------------------------------


class Listener(Meter):
    """Remembers what it was told of rows."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self.seconds: list[float] = []

    def sent(self, kind: str, seconds: float) -> None:
        self.told.append(("sent", kind))
        self.seconds.append(seconds)

    def put_off(self, kind: str, why: str) -> None:
        self.told.append(("put off", kind, why))

    def parked(self, kind: str, why: str) -> None:
        self.told.append(("parked", kind, why))


async def test_the_meter_hears_of_every_row(tmp_path: Path) -> None:
    listener = Listener()
    async with rig(tmp_path, with_gateway=False, group_messages_per_minute=1, meter=listener) as it:
        it.clock.advance_to(ELEVEN)
        it.sender.obey(1, NIGHT, None)
        it.sandbox.faults.answer(PRIVATE_SEND, 503, BUSY)
        answer = Priority.ANSWER
        queue(it, GroupPost(GROUP, Body("一"), answer), GroupPost(GROUP, Body("二"), answer))
        await it.sandbox.wait_for(lambda m: m.chat == GROUP)
        queue(it, GroupPost(GROUP, Body("三"), answer), Private(("0003",), Body("旧"), answer, expires_at=START))
        queue(it, Private(("0001",), Body("答"), answer), Private(("gone",), Body("答"), answer))
        queue(it, Private(("0002",), Body("催办")))
        await until(lambda: {"night", "window"} <= {one[-1] for one in listener.told})
        await it.sandbox.wait_for(lambda m: m.text == "答")
        await until(
            lambda: (
                listener.told.count(("sent", "private")) == 1 and ("parked", "private", "permanent") in listener.told
            )
        )
    assert sorted(listener.told) == [
        ("parked", "private", "permanent"),
        ("put off", "group", "window"),
        ("put off", "private", "expired"),
        ("put off", "private", "night"),
        ("put off", "private", "passing"),
        ("sent", "group"),
        ("sent", "group"),
        ("sent", "private"),
    ]
    assert all(0 <= seconds < 60 for seconds in listener.seconds)
