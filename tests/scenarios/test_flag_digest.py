"""A week of flags, and what the admins hear of it on Monday morning: figures, a picture, and nothing where all was quiet."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

from sandbox.college import ADMIN, STAFF, STAFF_GROUP
from tests.scenarios.college_day import CollegeDay, college_day

ADVERT = "专业代写论文，加微信包过"
TO_ADMIN = f"private:{ADMIN}"
MONDAY, THE_NEXT = datetime(2026, 11, 30, 0, 50, tzinfo=UTC), datetime(2026, 12, 7, 0, 50, tzinfo=UTC)
"""08:50 in Shanghai."""


async def digest_at(day: CollegeDay, at: datetime) -> list[str]:
    """Go to a moment, and return the digests that were sent so far."""

    def is_taken() -> bool:
        row = day.steward.store.schedules.get("moderation-digest")
        return row is not None and row.last_fire_at is not None and row.last_fire_at >= at

    day.go_to(at)
    async with asyncio.timeout(20):
        while not is_taken():
            await asyncio.sleep(0.02)
    await day.settle()
    shown = day.sandbox.world.in_chat(TO_ADMIN)
    return [message.text for message in shown if "内容提醒周报" in message.text]


async def test_monday_brings_the_admin_the_week_in_a_picture(tmp_path: Path) -> None:
    async with college_day(tmp_path, admins=(ADMIN,)) as day:
        await day.sandbox.say(STAFF, STAFF_GROUP, ADVERT)
        await day.sandbox.until_settled()
        await day.settle()
        flags = day.steward.store.flags.count()
        assert flags
        (said,) = await digest_at(day, MONDAY)
        picture = re.match(r"!\[近 8 周的内容提醒\]\((@\w+)\)\n\n\*\*内容提醒周报\*\*（11-23 至 11-29）", said)
        assert picture is not None, said
        assert day.sandbox.core.media[picture[1]].data.startswith(b"\x89PNG")
        assert f"命中 {flags} 次" in said
        assert "范围：" in said
        assert "林晓彤" not in said, "counts, not names"
        assert len(await digest_at(day, THE_NEXT)) == 1, "a quiet week is quiet"
