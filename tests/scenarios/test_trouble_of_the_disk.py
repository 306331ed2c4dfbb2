"""The whole bot while its database is in trouble: it neither dies of it nor ends in disorder."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import Steward
from sandbox.college import STAFF
from tests.scenarios.college_day import college_day


async def test_the_first_start_waits_for_a_database_in_trouble_and_reads_the_directory_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def spoil(steward: Steward) -> None:
        steward._dispatch.after_disk_error = 0.05
        steward.store.database.execute("alter table inbox rename to elsewhere")
        steward.store.database.execute("alter table outbox rename to elsewhere_too")

    async with college_day(tmp_path, prepare=spoil) as day:
        async with asyncio.timeout(10):
            while "稍后再读通讯录" not in caplog.text or "发件箱读不出来" not in caplog.text:
                await asyncio.sleep(0.01)
            store = day.steward.store
            store.database.execute("alter table elsewhere rename to inbox")
            store.database.execute("alter table elsewhere_too rename to outbox")
            while not store.staff.in_directory():
                await asyncio.sleep(0.02)
        await day.ask(STAFF, f"private:{STAFF}", "/帮助", "/规章")


async def test_it_ends_in_order_though_the_database_cannot_be_read_any_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with college_day(tmp_path) as day:
        day.steward.store.database.execute("alter table outbox rename to elsewhere")
    assert "ending at once" in caplog.text
