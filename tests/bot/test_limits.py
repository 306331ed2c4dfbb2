"""Never more than so many in any stretch of time."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.limits import Limits, Window

STEPS = st.lists(st.floats(0, 30, allow_nan=False), max_size=120)


def test_a_burst_then_a_steady_rate_stay_under_the_limit_in_every_minute() -> None:
    """DingTalk counts any sixty seconds: thirty in the first minute would block the group for ten."""
    window = Window(15, 60.0)
    now, taken = 0.0, []
    while now < 180:
        wait = window.take(now)
        if wait == 0:
            taken.append(now)
        now += wait or 0.001
    assert len(taken) == 45
    assert all(later - earlier >= 60 for earlier, later in zip(taken, taken[15:], strict=False))


@given(STEPS, st.integers(1, 5))
@example([1.3748539270540365, 8.2, 29.623500128125713, 29.623500128125713, 30.0, 30.0], 1)
def test_no_stretch_holds_more_than_allowed(steps: list[float], most: int) -> None:
    window = Window(most, 60.0)
    now, taken = 0.0, []
    for step in steps:
        now += step
        if window.take(now) == 0:
            taken.append(now)
    assert all(later - earlier >= 60 for earlier, later in zip(taken, taken[most:], strict=False))


@given(STEPS)
def test_who_waits_as_told_may_go(steps: list[float]) -> None:
    window = Window(2, 60.0)
    now = 0.0
    for step in steps:
        now += step
        if wait := window.take(now):
            now += wait
            assert window.take(now) == 0


def test_keys_do_not_wait_for_each_other_and_the_longest_unused_is_forgotten() -> None:
    limits = Limits(1, 60.0, most_keys=2)
    assert limits.take("a", 0) == limits.take("b", 0) == 0
    assert limits.take("a", 1) == pytest.approx(59, abs=0.01)
    assert limits.take("c", 1) == 0
    assert limits.take("a", 1) == pytest.approx(59, abs=0.01), "b was the longest unused"
    assert limits.take("b", 1) == 0


def test_room_is_what_could_be_taken() -> None:
    limits = Limits(3, 60.0)
    assert limits.room("a", 0) == 3
    limits.take("a", 0)
    limits.take("a", 30)
    assert (limits.room("a", 30), limits.room("a", 60), limits.room("a", 90), limits.room("b", 30)) == (1, 2, 3, 3)


@given(STEPS, st.integers(1, 5))
def test_there_is_room_just_when_there_is_no_wait(steps: list[float], most: int) -> None:
    window = Window(most, 60.0)
    now = 0.0
    for step in steps:
        now += step
        room = window.room(now)
        assert (window.take(now) == 0) == (room > 0)


def test_what_a_process_before_this_one_took_counts() -> None:
    limits = Limits(2, 60.0)
    limits.note("a", 0.0)
    limits.note("a", 20.0)
    assert limits.take("a", 30.0) == pytest.approx(30, abs=0.01)
    assert limits.take("a", 60.0) == 0
    assert limits.take("a", 61.0) == pytest.approx(19, abs=0.01)


def test_another_number_holds_at_once_and_forgets_nothing() -> None:
    limits = Limits(3, 60.0)
    for now in (0, 10, 20):
        limits.take("a", now)
    limits.allow(1)
    assert limits.take("a", 30) == pytest.approx(50, abs=0.01)
    limits.allow(2)
    assert limits.take("a", 30) == pytest.approx(40, abs=0.01)
    limits.allow(4)
    assert limits.take("a", 30) == 0
    assert limits.take("b", 30) == limits.take("b", 30) == 0
