"""The settings say how long, and the audit says how much went."""

from __future__ import annotations

from datetime import timedelta

from handlers import retention
from tests.handlers.hall import CLERK, OFFICE, a_hall


def test_what_the_settings_say_goes_at_night_and_is_noted_once() -> None:
    with a_hall(privacy={"retention_days": 30, "flag_retention_days": 10}) as hall:
        hall.say(CLERK, "专业代写论文，加微信包过", OFFICE)
        hall.say(CLERK, "退休的老师还要留在群里吗", OFFICE)
        hall.later(timedelta(days=11))
        assert retention.forget(hall.context) == []
        assert (hall.store.flags.count(), len(hall.store.policies.latest_asked())) == (0, 1)
        hall.later(timedelta(days=20))
        retention.forget(hall.context)
        retention.forget(hall.context)
        assert hall.store.policies.latest_asked() == []
        details = [entry.detail for entry in hall.store.audit.latest() if entry.action == "保留期限"]
        assert details == ["1 messages, 0 flags", "0 messages, 2 flags"]
