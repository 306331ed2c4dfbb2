"""The shipped groups of synonyms: data that the look-up and admins can rely on."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

from handlers.policy.normalise import fold

GROUPS: list[list[str]] = [
    group["words"]
    for group in tomllib.loads(files("handlers.policy.finding").joinpath("synonyms.toml").read_text("utf-8"))[
        "synonyms"
    ]
]


def test_every_group_has_several_words_and_none_twice() -> None:
    assert 200 <= len(GROUPS) <= 400
    for group in GROUPS:
        assert len(group) >= 2, group
        assert len({fold(word) for word in group}) == len(group), group


def test_a_word_is_long_enough_and_in_few_groups() -> None:
    counted = Counter(word for group in GROUPS for word in group)
    assert all(len(word) >= 2 and word == word.strip() and " " not in word for word in counted)
    assert [word for word, count in counted.items() if count > 3] == []


def test_no_two_groups_begin_with_the_same_word() -> None:
    firsts = Counter(group[0] for group in GROUPS)
    assert [word for word, count in firsts.items() if count > 1] == []
