"""What the verbs of `steward policy` share: the database, the day, and a document by its number or title."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from bot.cli.options import end_with, open_or_exit
from bot.clock import SystemClock
from bot.settings import Settings
from handlers.policy import shipped
from handlers.policy.documents.choosing import choose
from handlers.policy.documents.dates import date_in
from storage.policies import Document
from storage.store import Store


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The database; a new one has the digest that ships. Ends the program where it cannot be opened."""
    with open_or_exit(settings) as database:
        store = Store(database)
        shipped.install_if_empty(store, SystemClock().now())
        yield store


def now_and_today(settings: Settings) -> tuple[datetime, date]:
    """The moment, and the day that it is in the configured zone."""
    now = SystemClock().now()
    return now, now.astimezone(settings.scheduler.timezone).date()


def day_or_exit(option: str, text: str) -> date:
    """The day that an option names; ends the program for anything else."""
    day = date_in(text)
    if day is None:
        end_with(f"{option} {text}：不是日期，请写成 2026-09-01 / not a date, write it as 2026-09-01")
    return day


def document_or_exit(words: str, store: Store, today: date) -> Document:
    """The document of this number or title; ends the program where there is none, or several."""
    found = choose(words, store.policies.documents(), today)
    if not found:
        end_with(f"{words}：没有这份文件，编号和名称见 steward policy list / no such document, see steward policy list")
    if len(found) > 1:
        listed = "、".join(f"{one.id} 号《{one.title}》" for one in found[:5])
        end_with(f"{words}：有几份文件都像是（{listed}），请写编号 / several documents are meant: give the number")
    return found[0]
