"""The large file of synonyms: format, and the limits that it shares with the small one."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files

from handlers.policy.normalise import fold

_WORD = re.compile(r"[^\W_][^\s]{0,18}[^\W_]")
_TOO_WIDE = {
    "东西",
    "事情",
    "办法",
    "情况",
    "问题",
    "规定",
    "学校",
    "学院",
    "学生",
    "老师",
    "教师",
    "工作",
    "管理",
    "申请",
}
"""Words that fit nearly every question about rules: alone they would find anything."""


def _groups(name: str) -> list[list[str]]:
    text = files("handlers.policy.finding").joinpath(name).read_text("utf-8")
    return [[fold(word) for word in group["words"]] for group in tomllib.loads(text)["synonyms"]]


CAMPUS = _groups("synonyms_campus.toml")
BOTH = [*_groups("synonyms.toml"), *CAMPUS]


def test_every_group_has_two_to_eight_words_and_none_twice() -> None:
    assert [group for group in CAMPUS if not 2 <= len(group) <= 8 or len(set(group)) != len(group)] == []


def test_every_word_is_a_word_and_none_fits_everything() -> None:
    words = {word for group in CAMPUS for word in group}
    assert [word for word in words if not _WORD.fullmatch(word)] == []
    assert words & _TOO_WIDE == set()


def test_a_word_stands_in_three_groups_at_most_over_both_files() -> None:
    counted = Counter(word for group in BOTH for word in group)
    assert [word for word, count in counted.items() if count > 3] == []


def test_no_two_groups_are_one() -> None:
    assert [first for first, count in Counter(group[0] for group in BOTH).items() if count > 1] == []
    assert len({frozenset(group) for group in BOTH}) == len(BOTH)
