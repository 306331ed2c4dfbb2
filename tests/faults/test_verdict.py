"""The judge itself: it is content with what is good, and sees each thing that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.verdict import Evidence, Fate, Parked, Said, Seen, complaints

ONE = Said("m00001", "msg1", "private:0001", "reply", 0)
TWO = Said("m00002", "msg2", "private:0001", "reply", 1)
NINE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
GOOD = Evidence(
    said=(ONE, TWO),
    acknowledged=("msg1", "", "msg2"),
    kept=frozenset({"msg1", "msg2"}),
    robot=(
        (ONE.chat, "答：m00001"),
        (TWO.chat, "答：m00002"),
        ("g", f"到点：{NINE.isoformat()} 于 {NINE.isoformat()}"),
    ),
    planned=(NINE,),
    secrets=("geheim",),
)
LOCKED = "Traceback (most recent call last):\n  File x\nsqlite3.OperationalError: database is locked\n"


def test_what_a_kill_caught_on_its_way_may_arrive_late() -> None:
    """A slow platform carries it out when the bot has been started again and has answered others."""
    late = replace(
        GOOD,
        robot=(GOOD.robot[1], GOOD.robot[0], GOOD.robot[2]),
        parked=(Parked(("m00001",), "interrupted"),),
        kills=1,
    )
    assert not any("out of order" in line for line in complaints(late))


def test_it_is_content_with_what_is_good() -> None:
    assert complaints(GOOD) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"acknowledged": (*GOOD.acknowledged, "event3")}, "acknowledged, and not in the inbox: event3"),
        ({"log": "11-25 14:00:01 ERROR in-3 bot.x: full\n" * 40}, "the log says the same 40 times: bot.x: full"),
        ({"robot": GOOD.robot[1:]}, "accepted and never answered: m00001"),
        ({"robot": (*GOOD.robot, GOOD.robot[0])}, "answered 2 times, 1 can be explained: m00001"),
        ({"robot": (*GOOD.robot, (ONE.chat, "答：m00009"))}, "answered what was never said: m00009"),
        ({"robot": (("private:0002", "答：m00001"), *GOOD.robot[1:])}, "answered in the wrong chat: m00001"),
        ({"robot": (GOOD.robot[1], GOOD.robot[0], GOOD.robot[2])}, "out of order in private:0001: m00002"),
        ({"robot": GOOD.robot[:2]}, f"never fired: {NINE.isoformat()}"),
        ({"robot": (*GOOD.robot, GOOD.robot[2])}, f"fired 2 times for {NINE.isoformat()}"),
        ({"planned": ()}, f"fired for a time that never came: {NINE.isoformat()}"),
        ({"planned": (NINE, NINE + timedelta(minutes=10))}, "never fired: 2026-11-24T01:10"),
        ({"parked_inbox": ("Traceback\nValueError: x",)}, "parked in the inbox: ValueError: x"),
        ({"parked": (Parked(("m00001",), "interrupted"),)}, "though nothing was killed"),
        ({"parked": (Parked(("m00001",), "unknown-outcome"),)}, "unknown-outcome after 0 calls, 0 of them"),
        (
            {
                "parked": (Parked(("m00001",), "unknown-outcome"),),
                "calls": (Seen(("m00001",), Fate.REFUSED), Seen(("m00001",), Fate.UNANSWERED)),
            },
            "unknown-outcome after 2 calls, 1 of them",
        ),
        ({"parked": (Parked(("m00001",), "http-503"),)}, "parked without reason (http-503)"),
        ({"open_rows": 1}, "1 rows are still open"),
        ({"violations": ("ack with wrong messageId",)}, "breach of the protocol: ack with wrong messageId"),
        ({"violations": ("x was not acknowledged within 1 s",)}, "breach of the protocol: x was not"),
        ({"log": "ticket=geheim"}, "a secret stands in the log: gehe"),
        ({"log": "Task exception was never retrieved"}, "the log says: Task exception was never retrieved"),
        ({"log": LOCKED}, "a traceback that nothing explains: sqlite3.OperationalError"),
        ({"status": -9}, "did not end well on SIGTERM: status -9"),
        ({"memory_mb": 999.0}, "999 MB in use"),
    ],
)
def test_it_sees(change: dict[str, object], complaint: str) -> None:
    found = complaints(replace(GOOD, **change))  # type: ignore[arg-type]
    assert any(complaint in line for line in found), found


@pytest.mark.parametrize(
    "change",
    [
        {"acknowledged": ("", "", "msg2"), "robot": GOOD.robot[1:]},
        {"robot": GOOD.robot[1:], "parked": (Parked(("m00001",), "interrupted"),), "kills": 1},
        {
            "robot": (*GOOD.robot, GOOD.robot[0]),
            "calls": (Seen(("m00001",), Fate.IN_DOUBT), Seen(("m00001",), Fate.DONE)),
        },
        {
            "robot": GOOD.robot[1:],
            "calls": (Seen(("m00001",), Fate.UNANSWERED),) * 3,
            "parked": (Parked(("m00001",), "unknown-outcome"),),
        },
        {"log": LOCKED, "excused": frozenset({"disk"})},
        {"violations": ("x was not acknowledged within 1 s",), "excused": frozenset({"late-acks"})},
        {
            "planned": (NINE, NINE + timedelta(minutes=10)),
            "robot": (
                *GOOD.robot[:2],
                ("g", f"到点：{NINE.isoformat()} 于 {(NINE + timedelta(minutes=15)).isoformat()} 补发"),
            ),
        },
        {
            "planned": (NINE, NINE + timedelta(minutes=10)),
            "set_back": ((NINE + timedelta(minutes=12), NINE + timedelta(minutes=2)),),
        },
    ],
    ids=["not accepted", "window", "in doubt", "given up", "locked", "late acks", "made up for", "set back"],
)
def test_it_lets_pass_what_is_explained(change: dict[str, object]) -> None:
    assert complaints(replace(GOOD, **change)) == []  # type: ignore[arg-type]


def test_order_counts_only_where_one_was_accepted_before_the_other_was_said() -> None:
    crossed = replace(
        GOOD, robot=(GOOD.robot[1], GOOD.robot[0], GOOD.robot[2]), said=(ONE, replace(TWO, acknowledged_before=0))
    )
    assert complaints(crossed) == []


def test_a_ding_never_comes_twice_not_even_in_doubt() -> None:
    ding = replace(ONE, way="ding")
    doubled = replace(
        GOOD, said=(ding, TWO), robot=(*GOOD.robot, GOOD.robot[0]), calls=(Seen(("m00001",), Fate.IN_DOUBT),)
    )
    assert complaints(doubled) == ["answered 2 times, 1 can be explained: m00001 (ding in private:0001)"]
