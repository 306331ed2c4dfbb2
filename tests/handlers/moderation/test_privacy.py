"""What stays of a flagged message: a masked place and fingerprints, never its text, never who a stranger is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers import router
from handlers.message import ChatKind, Incoming, MessageKind, Sender
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner
from storage.store import Store
from tests.handlers.hall import CLASS, CLERK, OFFICE, Hall, a_hall

LATER = datetime(2027, 1, 1, tzinfo=UTC)
ADVERT = (
    "各位同学看过来，暑假专业代写论文、代做作业，价格从优，加微信 abcd1234 详谈，先到先得，不满意不收钱，学长学姐都说好"
)


ROOM = "求合租室友，校门口两室一厅，爱干净、作息规律、不抽烟的优先，家里有书桌有阳台，采光很好，冰箱和洗衣机齐全"


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall() as hall:
        yield hall


def everything(store: Store) -> str:
    """All that is stored, but for what came in and goes out."""
    tables = store.database.rows("select name from sqlite_master where type = 'table'")
    names = [row["name"] for row in tables if row["name"] not in ("inbox", "outbox") and "_sqlite" not in row["name"]]
    rows = (tuple(row) for name in names for row in store.database.rows(f"select * from {name}"))
    return "\n".join(map(str, rows))


def test_the_whole_text_is_nowhere_and_repeats_are_counted(hall: Hall) -> None:
    for person, chat in ((CLERK, OFFICE), (None, CLASS), (None, CLASS)):
        hall.say(person, ADVERT, chat)
    assert hall.store.flags.count() >= 3
    kept = everything(hall.store)
    assert ADVERT not in kept
    assert "学长学姐都说好" not in kept
    assert hall.store.prints.most_repeated(hall.now, LATER) == (1, 3)
    assert hall.store.prints.strangers(hall.now, LATER) == 1


def test_what_is_only_observed_is_kept_no_more_than_what_is_held_against_somebody(hall: Hall) -> None:
    """It is looked up as a question, too, and questions are remembered."""
    observing = Scanner.from_rules([Rule("rooms", "non-work", "一.2", "observe", words=("求合租",))])
    message = Incoming("m1", f"private-{CLERK}", ChatKind.PRIVATE, Sender(CLERK, "孙悦"), ROOM)
    router.handle(message, replace(hall.context, scanner=observing))
    assert [flag.state for flag in hall.store.flags.latest()] == ["observe"]
    assert "冰箱和洗衣机齐全" not in everything(hall.store)
    (asked,) = hall.store.database.rows("select question from questions_asked")
    assert asked["question"] == "求合租室友，校门口两室…"


def test_a_stranger_is_a_fingerprint(hall: Hall) -> None:
    hall.say(None, ADVERT, CLASS)
    flag = hall.store.flags.latest(1)[0]
    assert flag.sender is None
    assert hall.store.prints.strangers(hall.now, LATER) == 1
    assert "$:None" not in everything(hall.store)


def test_the_name_of_a_file_has_a_fingerprint_too(hall: Hall) -> None:
    name = "代写论文价目表.docx"
    hall.say(CLERK, "", kind=MessageKind.FILE, file_name=name)
    assert hall.store.prints.of_text(name) in everything(hall.store)
