"""Somebody asks to be shown what is stored about them, and to be forgotten, while the bot goes on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from sandbox.college import ADMIN, STAFF, STAFF_GROUP
from tests.scenarios.college_day import college_day

ADVERT = "专业代写论文，加微信包过"
TO_ADMIN = f"private:{ADMIN}"


def steward(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, beside the bot."""
    command = [sys.executable, "-m", "bot", *arguments, "-c", str(folder / "config.toml")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


async def test_she_is_shown_and_forgotten_beside_the_running_bot(tmp_path: Path) -> None:
    async with college_day(tmp_path, admins=(ADMIN,)) as day:
        store, her = day.steward.store, day.world.people[STAFF]
        assert her.staff_id is not None
        await day.sandbox.say(STAFF, STAFF_GROUP, ADVERT)
        await day.sandbox.until_settled()
        await day.settle()
        flags = store.flags.count()
        shown = await asyncio.to_thread(steward, tmp_path, "export", "--person", her.staff_id)
        found = {one["what"]: one["rows"] for one in json.loads(shown.stdout)["holdings"]}
        assert len(found["内容提醒"]) == flags

        done = await asyncio.to_thread(steward, tmp_path, "forget", her.staff_id, "--yes")
        assert done.returncode == 0, done.stderr
        assert store.flags.count() == flags, "the count stays"
        assert {flag.sender for flag in store.flags.latest()} == {None}
        assert store.staff.facts_of(her.staff_id) == ()

        await day.ask(STAFF, STAFF_GROUP, "退休的老师还要留在群里吗", "二.6")
        await day.ask(ADMIN, TO_ADMIN, "/规则 统计", f"命中 {flags} 次")
