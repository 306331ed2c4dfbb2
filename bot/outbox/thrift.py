"""How scarce the month's calls are, for those who send; read from the ledger now and then."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.quota.apis import DING_RECEIVERS, REFUSED
from handlers.quota.current import current
from handlers.quota.standing import Level
from handlers.settings import QuotaSettings
from storage.store import Store

_GOOD_FOR = timedelta(minutes=1)


class Thrift:
    """The level of the month's calls, a minute old at most; and two things that only those who send can tell the ledger."""

    def __init__(self, store: Store, settings: QuotaSettings, zone: ZoneInfo) -> None:
        self._store = store
        self._settings = settings
        self._zone = zone
        self._read_at: datetime | None = None
        self._level = Level.PLENTY

    def level(self, now: datetime) -> Level:
        """What holds for messages that cost a counted call."""
        read_at = self._read_at  # `refused` clears it in the writing thread
        if read_at is None or not timedelta() <= now - read_at < _GOOD_FOR:
            self._level, self._read_at = current(self._store, self._day(now), self._settings).level, now
        return self._level

    def refused(self, now: datetime) -> None:
        """DingTalk says that the month is used up. To be called in a transaction."""
        self._store.quota.count(self._day(now), REFUSED)
        self._read_at = None

    def ding(self, receivers: int, now: datetime) -> None:
        """A DING goes to so many people. To be called in a transaction."""
        self._store.quota.count(self._day(now), DING_RECEIVERS, receivers)

    def next_month(self, now: datetime) -> datetime:
        """When the next month begins, in the configured zone."""
        local = now.astimezone(self._zone)
        year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
        return datetime(year, month, 1, tzinfo=self._zone)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()
