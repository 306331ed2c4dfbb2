"""What the database says about how the bot stands, read at one moment for whoever watches from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.settings import Settings
from handlers.quota import apis
from storage.backlog import Waiting
from storage.backup import companions
from storage.store import Store
from storage.vitals import Vitals

GAP_DAYS = 30


@dataclass(frozen=True, slots=True)
class Fire:
    """A schedule's last and next moment, where there is one."""

    name: str
    last: datetime | None
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it; times are aware."""

    at: datetime
    inbox: Mapping[str, int]
    """Rows that wait (`new`) and are parked."""
    to_handle: Waiting
    """Messages and events that nobody has got to. A due task may wait for the directory to be read, and be well."""
    outbox: Mapping[str, int]
    """Rows that wait (`queued`), are under way (`sending`) and are parked."""
    answers_to_send: Waiting
    """Answers that could go out now and have met no error."""
    calls: Mapping[str, int]
    """This month's calls by API, as the ledger names them."""
    calls_counted: int
    """Those of them that count against the organisation's month."""
    calls_limit: int
    fires: tuple[Fire, ...]
    gaps: int
    """Times without any connection that ended within the last `GAP_DAYS` days."""
    gap_seconds: float
    database_bytes: int
    """With what has not been merged into the file yet."""


def read(store: Store, settings: Settings, now: datetime) -> Figures:
    """The figures at `now`. Reads only. Raises sqlite3.Error."""
    month = f"{now.astimezone(settings.scheduler.timezone):%Y-%m}"
    calls = store.quota.by_api(month)
    vitals = Vitals(store.database)
    gaps, gap_seconds = vitals.gaps_since(now - timedelta(days=GAP_DAYS))
    return Figures(
        at=now,
        inbox=store.inbox.counts(),
        to_handle=store.backlog.to_handle(("message", "event")),
        outbox=store.outbox.counts(),
        answers_to_send=vitals.answers_to_send(now),
        calls=calls,
        calls_counted=apis.metered(calls),
        calls_limit=settings.quota.calls_per_month,
        fires=tuple(Fire(row.name, row.last_fire_at, row.next_fire_at) for row in store.schedules.all()),
        gaps=gaps,
        gap_seconds=gap_seconds,
        database_bytes=_size(settings.database_path),
    )


def _size(path: Path) -> int:
    files = (path, companions(path)[0])
    return sum(file.stat().st_size for file in files if file.exists())
