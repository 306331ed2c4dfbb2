"""Words that say something only together: all of them or some, in any order, close together."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.combinations import Part, combine, needed
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner


def matched(text: str, *words: str, at_least: int = 0, within: int = 6) -> list[str]:
    rule = Rule("r", "advertising", "五.2", combinations=(words,), at_least=at_least, within=within)
    return [hit.matched for hit in Scanner([rule]).scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日结兼职", ["日结兼职"]),
        ("兼职，可日结", ["兼职，可日结"]),
        ("日结，在家可做", ["日结，在家"]),
        ("日结日结", []),  # the same word twice is one
        ("兼职教师的课表请到人事处领取，日结清账", []),  # too far
        ("兼职", []),
        ("在家兼职日结", ["在家兼职"]),
    ],
)
def test_some_of_the_words_are_enough(text: str, expected: list[str]) -> None:
    assert matched(text, "兼职", "日结", "在家", at_least=2) == expected


def test_without_at_least_all_of_them_are_needed() -> None:
    assert matched("兼职日结", "兼职", "日结", "在家") == []
    assert matched("在家兼职日结", "兼职", "日结", "在家") == ["在家兼职日结"]


def test_words_inside_each_other_count_once() -> None:
    assert matched("加微信", "加微信", "微信", "优惠", at_least=2) == []
    assert matched("加微信，微信", "加微信", "微信", "优惠", at_least=2) == ["加微信，微信"]
    assert matched("加微信有优惠", "加微信", "微信", "优惠", at_least=2) == ["微信有优惠"]


def test_how_many_are_needed() -> None:
    rule = Rule("r", "advertising", "五.2", combinations=(("a", "b", "c", "a"), ("d", "e")), at_least=3)
    assert needed(rule) == (3, 2)
    assert needed(Rule("r", "advertising", "五.2", combinations=(("a", "b", "a"),))) == (2,)


PLACES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(1, 4)), max_size=12)


@given(PLACES, st.integers(2, 4), st.integers(0, 12))
def test_what_is_given_holds_enough_close_together(places: list[tuple[int, int, int]], size: int, within: int) -> None:
    parts = [Part(0, part, start, start + length, (start, start + length)) for part, start, length in places]
    spans = combine(parts, (size,), within)
    enough = [
        (min(one.start for one in chosen), max(one.end for one in chosen))
        for chosen in combinations(parts, size)
        if _goes_together(chosen, within)
    ]
    assert set(spans) <= set(enough)
    assert all(not (a[0] <= b[0] and b[1] <= a[1]) for a in spans for b in spans if a != b)


def _goes_together(chosen: tuple[Part, ...], within: int) -> bool:
    ordered = sorted(chosen, key=lambda one: one.start)
    gaps = [after.start - before.end for before, after in pairwise(ordered)]
    return len({one.part for one in chosen}) == len(chosen) and min(gaps) >= 0 and sum(gaps) <= within


@given(
    st.permutations(["甲甲", "乙乙", "丙丙", "丁丁"]),
    st.integers(2, 4),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
)
def test_words_planted_close_together_are_found_in_any_order(words: list[str], size: int, gaps: list[int]) -> None:
    planted = words[:size]
    text = "".join(word + "的" * gap for word, gap in zip(planted, [*gaps, 0], strict=False))
    assert matched(f"说{text}吧", "甲甲", "乙乙", "丙丙", "丁丁", at_least=2)
    assert bool(matched(f"说{text}吧", "甲甲", "乙乙", "丙丙", "丁丁")) is (size == 4)


@pytest.mark.parametrize("text", ["甲甲乙乙" * 20_000, "甲甲" * 40_000, "甲甲，。" * 20_000])
def test_long_texts_are_gone_through_to_the_end(text: str) -> None:
    assert all(text.startswith(one) or one for one in matched(text, "甲甲", "乙乙", "丙丙", at_least=2))
