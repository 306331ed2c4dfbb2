"""What the running bot says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.presence import Presence, Presences

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


def test_the_newest_account_is_kept_and_no_other() -> None:
    with Database(":memory:") as database:
        presences = Presences(database)
        assert presences.get() is None
        account = Presence(NOW, NOW, "0.1.0", "office-pc", 42, wanted_connections=2, connections=2)
        presences.put(account)
        assert presences.get() == account
        later = replace(
            account,
            beat_at=NOW + timedelta(minutes=1),
            connections=0,
            heard_at=NOW,
            trouble="连不上钉钉",
            stopped_at=NOW + timedelta(minutes=1),
        )
        presences.put(later)
        assert presences.get() == later
        assert len(database.rows("select 1 from presence")) == 1
