"""One message, many rules, one consequence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.consequences import Consequence, consequence, merged
from handlers.moderation.rule import CATEGORIES, STATES, Rule

RULES = [
    Rule(f"{category}-{state}", category, "五.2", state)  # type: ignore[arg-type]
    for category in CATEGORIES
    for state in STATES
]
SOME = st.lists(st.sampled_from(RULES), max_size=8)


@given(SOME, st.randoms())
def test_the_order_does_not_matter(rules: list[Rule], chance: st.DrawFn) -> None:
    shuffled = list(rules)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merged(shuffled) == merged(rules)


@given(SOME, SOME, SOME)
def test_merging_is_the_same_however_it_is_grouped(one: list[Rule], two: list[Rule], three: list[Rule]) -> None:
    first, second, third = merged(one), merged(two), merged(three)
    assert (first | second) | third == first | (second | third) == merged([*one, *two, *three])
    assert first | second == second | first


@given(SOME)
def test_merging_with_itself_changes_nothing(rules: list[Rule]) -> None:
    outcome = merged(rules)
    assert outcome | outcome == outcome
    assert outcome | Consequence() == outcome


@given(SOME)
def test_whoever_hears_of_a_rule_it_is_recorded(rules: list[Rule]) -> None:
    outcome = merged(rules)
    assert outcome.recorded == set(rules)
    assert outcome.sender | outcome.owner | outcome.admins <= outcome.recorded


@pytest.mark.parametrize(
    ("category", "state", "hearers"),
    [
        ("advertising", "observe", ""),
        ("secrecy", "observe", ""),
        ("advertising", "remind", "sender"),
        ("abuse", "remind", "sender"),
        ("secrecy", "remind", "sender owner admins"),
        ("unlawful", "remind", "sender owner admins"),
        ("advertising", "enforce", "sender owner admins"),
        ("non-work", "enforce", "sender owner admins"),
    ],
)
def test_the_ladder(category: str, state: str, hearers: str) -> None:
    outcome = consequence(Rule("r", category, "五.2", state))  # type: ignore[arg-type]
    assert " ".join(who for who in ("sender", "owner", "admins") if getattr(outcome, who)) == hearers
