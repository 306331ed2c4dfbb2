"""Handlers in several threads at once: what they share never shows."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.settings import Settings
from handlers.message import ChatKind, Incoming, Sender
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner
from handlers.policy import shipped
from storage.database import ConflictError, Database
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from storage.store import Store
from tests.bot.rig import START

EACH, GROUPS = 12, 4
SAID = (
    "退休的老师还要留在群里吗",
    "學生可以不用實名嗎",
    "食堂有什么菜",
    "专业代写论文，加微信包过",
    "代。写。论。文 加 v x",
    "我的身份证号 110101199003078515",
    "/规章 查看 五.8",
    "/群 查看",
    "/清理 名单",
)
"""Words for the index, the rules (words, expressions, detectors), the roster and the clean-up."""


@pytest.fixture(autouse=True)
def hasty() -> Iterator[None]:
    """Threads take turns a thousand times as often as usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


def messages() -> list[Incoming]:
    """Each by somebody else, here and there: nobody is told the same twice a day, so that an order would show."""
    return [
        Incoming(
            id=f"m{number}",
            conversation=f"g{number % GROUPS}" if number % 3 else f"private-{number}",
            chat=ChatKind.GROUP if number % 3 else ChatKind.PRIVATE,
            sender=Sender(f"p{number}", nick=f"p{number}", sender_id=f"$:p{number}"),
            text=text,
        )
        for number, text in enumerate(SAID * EACH)
    ]


def a_store(path: Path) -> Store:
    store = Store(Database(path, is_owner=True))
    with store.database.transaction():
        shipped.install(store.policies, START)
        for number in range(EACH * len(SAID)):
            store.staff.put(StaffFact(f"p{number}", "directory", f"老师{number}", "教务处"), START)
        for number in range(GROUPS):
            group = Group(f"g{number}", f"群{number}", "department", "教务处", f"p{number}", registered_at=START)
            store.groups.save(group)
            store.members.add(group.conversation, Member(group.conversation, f"p{number + 4}"), "file", START)
    return store


def answers(path: Path, threads: int) -> dict[str, str]:
    """What each message leads to, without the running numbers of flags, when so many threads share a desk."""
    store = a_store(path)
    desk = Desk(Settings(), store, Scanner.from_rules(load_rule_files([])))
    said: dict[str, str] = {}
    errors: list[Exception] = []
    left, guard = iter(messages()), threading.Lock()

    def work() -> None:
        while True:
            with guard:
                message = next(left, None)
            if message is None:
                return
            try:
                said[message.id] = re.sub(r"(#|用 |转交 )\d+", r"\1", repr(in_a_turn(desk, store, message)))
            except Exception as error:  # noqa: BLE001 - raised again below
                errors.append(error)

    running = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    store.database.close()
    if errors:
        raise errors[0]
    return said


def in_a_turn(desk: Desk, store: Store, message: Incoming) -> object:
    while True:
        try:
            with store.database.turn():
                return desk.handle(message, START + timedelta(minutes=1))
        except ConflictError:
            continue


def test_handlers_side_by_side_say_what_they_say_one_after_the_other(tmp_path: Path) -> None:
    alone = answers(tmp_path / "alone.db", 1)
    assert len(alone) == EACH * len(SAID)
    assert answers(tmp_path / "together.db", 6) == alone
