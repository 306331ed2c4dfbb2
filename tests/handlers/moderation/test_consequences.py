"""One message, many rules, one consequence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.consequences import Consequence, consequence, merged
from handlers.moderation.rule import CATEGORIES, SEVERITIES, STATES, Rule

RULES = [
    Rule(f"{category}-{state}-{severity}", category, "五.2", state, severity)  # type: ignore[arg-type]
    for category in CATEGORIES
    for state in STATES
    for severity in SEVERITIES
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
    hearers = ("sender", "owner", "head", "admins", "ding", "public")
    assert frozenset[Rule]().union(*map(outcome.of, hearers)) <= outcome.recorded


@pytest.mark.parametrize(
    ("category", "state", "severity", "hearers"),
    [
        ("advertising", "observe", "high", ["", "", "", "", ""]),
        ("secrecy", "observe", "high", ["", "", "", "", ""]),
        ("non-work", "remind", "low", ["S", "S", "SO", "SO", "SO"]),
        ("advertising", "remind", "medium", ["S", "SO", "SOH", "SOHA", "SOHA"]),
        ("abuse", "remind", "high", ["SO", "SOH", "SOHA", "SOHA", "SOHA"]),
        ("non-work", "enforce", "low", ["SO", "SO", "SO", "SO", "SO"]),
        ("abuse", "enforce", "medium", ["SOH", "SOHA", "SOHA", "SOHA", "SOHA"]),
        ("abuse", "enforce", "high", ["SOHA"] * 5),
        ("unlawful", "remind", "low", ["SO"] * 5),
        ("unlawful", "remind", "medium", ["SOHA"] * 5),
        ("secrecy", "remind", "high", ["SOHA"] * 5),
        ("secrecy", "enforce", "medium", ["SOHA"] * 5),
        ("secrecy", "enforce", "high", ["SOHAD"] * 5),
    ],
)
def test_the_ladder(category: str, state: str, severity: str, hearers: list[str]) -> None:
    rule = Rule("r", category, "五.2", state, severity)  # type: ignore[arg-type]
    assert [letters(rule, repeats) for repeats in range(5)] == hearers


@pytest.mark.parametrize(
    ("category", "severity", "named", "hearers"),
    [
        ("advertising", "low", ("sender",), "S"),
        ("advertising", "high", ("owner", "admins"), "OA"),
        ("secrecy", "high", ("sender", "ding"), "SD"),
        ("secrecy", "medium", ("sender", "ding"), "S"),  # a DING is for what is grave
        ("unlawful", "high", ("sender", "ding"), "S"),
        ("advertising", "medium", ("sender", "public"), "SAP"),  # somebody has to say yes
    ],
)
def test_who_is_named_hears_each_time_and_nobody_else(
    category: str, severity: str, named: tuple[str, ...], hearers: str
) -> None:
    rule = Rule("r", category, "五.2", "remind", severity, consequences=named)  # type: ignore[arg-type]
    assert {letters(rule, repeats) for repeats in range(5)} == {hearers}
    assert letters(Rule("r", category, "五.2", "observe", severity, consequences=named), 4) == ""  # type: ignore[arg-type]


def letters(rule: Rule, repeats: int) -> str:
    outcome = consequence(rule, repeats)
    hearers = ("sender", "owner", "head", "admins", "ding", "public")
    return "".join(hearer[0].upper() for hearer in hearers if outcome.of(hearer))


@given(SOME, st.integers(0, 4))
def test_more_repetition_never_lets_fewer_people_hear(rules: list[Rule], repeats: int) -> None:
    counts = dict.fromkeys(CATEGORIES, repeats)
    fewer, more = merged(rules, counts), merged(rules, {name: count + 1 for name, count in counts.items()})
    assert fewer | more == more
