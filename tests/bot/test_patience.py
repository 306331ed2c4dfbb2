"""Whether and when something is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.patience import GIVE_UP_AFTER, GIVE_UP_AFTER_TRIES, Patience, next_try
from bot.refusals import ErrorKind

P = Patience(first=1, longest=60, blocked=60, longest_blocked=600, quota=3600)
NO_TIME = timedelta()


def test_the_pause_doubles_up_to_the_longest() -> None:
    pauses = [next_try("reply", ErrorKind.UNREACHED, tries, NO_TIME, P) for tries in (1, 2, 3, 6, 7, 100_000)]
    assert pauses == [1, 2, 4, 32, 60, 60]


@pytest.mark.parametrize("kind", [ErrorKind.PERMANENT, ErrorKind.PERMISSION])
def test_what_trying_again_would_not_help_is_not_tried_again(kind: ErrorKind) -> None:
    assert next_try("reply", kind, 1, NO_TIME, P) is None


def test_a_group_that_is_blocked_gets_its_minute_then_more_up_to_the_ten_that_a_block_may_last() -> None:
    pauses = [next_try("group", ErrorKind.BLOCKED, tries, NO_TIME, P, chance=0) for tries in (1, 2, 4, 5, 100)]
    assert pauses == [60, 120, 480, 600, 600]


def test_who_calls_too_often_waits_a_second_at_least() -> None:
    assert next_try("group", ErrorKind.THROTTLED, 1, NO_TIME, P, chance=0) == 1


@pytest.mark.parametrize("kind", [ErrorKind.UNREACHED, ErrorKind.UNKNOWN, ErrorKind.PASSING, ErrorKind.STALE_TOKEN])
def test_tries_that_failed_together_are_spread_over_the_whole_pause(kind: ErrorKind) -> None:
    pauses = [next_try("reply", kind, 2, NO_TIME, P, chance=chance) for chance in (0, 0.5, 1)]
    assert pauses == [0.25, 1, 2]


@given(
    st.sampled_from(list(ErrorKind)),
    st.integers(1, 10_000),
    st.floats(0, 1),
    st.floats(0, 10**9) | st.just(0.0),
)
def test_a_pause_is_never_shorter_than_the_platform_asks_nor_without_end(
    kind: ErrorKind, tries: int, chance: float, asked: float
) -> None:
    pause = next_try("group", kind, tries, NO_TIME, P, chance=chance, asked=asked)
    if pause is not None:
        assert min(asked, 600) <= pause <= 3600
        assert pause > 0


@pytest.mark.parametrize("kind", [ErrorKind.UNKNOWN, ErrorKind.PASSING])
def test_a_ding_in_doubt_is_never_tried_again(kind: ErrorKind) -> None:
    assert next_try("ding", kind, 1, NO_TIME, P) is None


@pytest.mark.parametrize("kind", [ErrorKind.UNREACHED, ErrorKind.THROTTLED, ErrorKind.STALE_TOKEN])
def test_a_ding_that_certainly_did_not_go_out_is(kind: ErrorKind) -> None:
    assert next_try("ding", kind, 1, NO_TIME, P) is not None


def test_an_answer_in_doubt_is_tried_three_times_at_most() -> None:
    assert [next_try("reply", ErrorKind.UNKNOWN, tries, NO_TIME, P) is not None for tries in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_after_a_day_nothing_is_tried_again(kind: ErrorKind) -> None:
    assert next_try("private", kind, GIVE_UP_AFTER_TRIES, GIVE_UP_AFTER + timedelta(seconds=1), P) is None


def test_a_clock_that_jumps_a_day_ahead_gives_nothing_up() -> None:
    tries = GIVE_UP_AFTER_TRIES - 1
    assert next_try("reply", ErrorKind.PASSING, tries, GIVE_UP_AFTER + timedelta(days=9), P) is not None
    assert next_try("reply", ErrorKind.PASSING, 10_000, GIVE_UP_AFTER, P) is not None
