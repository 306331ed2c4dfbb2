"""The standing as the database has it."""

from __future__ import annotations

from datetime import date

from handlers.quota.standing import Standing, ledger_span, standing
from handlers.settings import QuotaSettings
from storage.store import Store


def current(store: Store, today: date, settings: QuotaSettings) -> Standing:
    """How the month stands on `today`, a day of the configured zone."""
    return standing(store.quota.by_day(*ledger_span(today)), today, settings)
