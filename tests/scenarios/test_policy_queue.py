"""A question that the regulations do not answer: passed on, answered by quoting, and known from then on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from sandbox.college import ADMIN, STAFF, STAFF_GROUP
from tests.scenarios.college_day import CollegeDay, college_day
from tests.scenarios.test_newcomers import fill_the_books

TO_ADMIN, TO_STAFF = f"private:{ADMIN}", f"private:{STAFF}"
QUESTION = "退休老师的工作群能保留半年吗"
ANSWER = "不能保留半年，退休当月就要移出。"
MONDAY = datetime(2026, 11, 30, 1, 1, tzinfo=UTC)


async def asked(day: CollegeDay, chat: str) -> str:
    """Somebody asks; the number of the question, as its buttons have it."""
    heard = await day.ask(STAFF, chat, QUESTION)
    found = re.search(r"/规章 (?:转交|没用) (\d+)", heard.text + str(heard.buttons))
    assert found is not None, heard
    return found[1]


async def test_from_the_question_to_the_curated_answer(tmp_path: Path) -> None:
    async with college_day(tmp_path, admins=(ADMIN,)) as day:
        number = await asked(day, TO_STAFF)
        before = day.last_number
        await day.ask(STAFF, TO_STAFF, f"/规章 转交 {number}", "已转给管理员", "不会说是谁问的")
        question = await day.hear(TO_ADMIN, "问1", QUESTION, after=before)
        shown = await day.ask(
            ADMIN, TO_ADMIN, f"二.6 {ANSWER}", "会发给提问的 1 位", ANSWER, quotes=question.message_id
        )
        code = re.search(r"/确认 (\d{4})", shown.text)
        assert code is not None
        await day.ask(ADMIN, TO_ADMIN, f"/确认 {code[1]}", "已发给 1 位提问的人", "问答 1 号")
        await day.hear(TO_STAFF, "你问过", ANSWER, "二.6", "管理员 2026-11-24 答复", after=before)
        await day.ask(STAFF, STAFF_GROUP, f"请问{QUESTION}", ANSWER, "二.6")
        await day.ask(ADMIN, TO_ADMIN, "/规章 问答 列表", "问答 1 条", QUESTION)


async def test_the_digest_comes_on_monday_morning(tmp_path: Path) -> None:
    async with college_day(tmp_path, prepare=fill_the_books, admins=(ADMIN,)) as day:
        await day.directory_read()
        number = await asked(day, TO_STAFF)
        await day.ask(STAFF, TO_STAFF, f"/规章 转交 {number}", "已转给管理员")
        await day.settle()
        before = day.last_number
        day.go_to(MONDAY)
        await day.hear(TO_ADMIN, "规章问答周报", "等你答的 1 个", QUESTION, after=before)
