"""The settings say how long, and the audit says how much went."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import retention
from storage.policies import Asked
from tests.handlers.hall import CLERK, OFFICE, a_hall


def test_what_the_settings_say_goes_at_night_and_is_noted_once() -> None:
    with a_hall(privacy={"retention_days": 30, "flag_retention_days": 10}) as hall:
        hall.say(CLERK, "专业代写论文，加微信包过", OFFICE)
        flags = hall.store.flags.count()
        hall.say(CLERK, "退休的老师还要留在群里吗", OFFICE)
        hall.later(timedelta(days=11))
        assert retention.forget(hall.context) == []
        assert (hall.store.flags.count(), len(hall.store.policies.latest_asked())) == (0, 1)
        hall.later(timedelta(days=20))
        retention.forget(hall.context)
        retention.forget(hall.context)
        assert hall.store.policies.latest_asked() == []
        details = [entry.detail for entry in hall.store.audit.latest() if entry.action == "保留期限"]
        assert details == ["1 messages, 0 flags, 0 notes", f"0 messages, {flags} flags, 0 notes"]


def test_the_ledger_of_calls_is_kept_for_as_long_as_it_is_needed() -> None:
    """However short messages are kept: the pace of the month is foretold from it."""
    with a_hall(privacy={"retention_days": 1, "flag_retention_days": 1}) as hall:
        today = hall.context.today
        for days in (0, 31, 62, 63):
            hall.store.quota.count(today - timedelta(days=days), "robot/groupMessages/send")
        retention.forget(hall.context)
        left = hall.store.quota.by_day(today - timedelta(days=100), today)
        assert [(today - day).days for day in sorted(left, reverse=True)] == [0, 31, 62]


def test_a_day_that_somebody_names_holds_for_everything() -> None:
    with a_hall() as hall:
        moment = hall.now - timedelta(days=3)
        limits = retention.limits_at(hall.settings, hall.now, moment)
        assert (limits.messages, limits.flags) == (moment, moment)


def test_what_is_too_much_for_one_night_goes_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for the database because somebody shortened the retention."""
    monkeypatch.setattr(retention, "MOST_A_NIGHT", 2)
    with a_hall() as hall:
        for days in range(400, 405):
            hall.store.policies.asked(Asked(hall.now - timedelta(days=days), "cid", "x", is_answered=True))
        left = []
        for _ in range(3):
            retention.forget(hall.context)
            left.append(len(hall.store.policies.latest_asked()))
        assert left == [3, 1, 0]
