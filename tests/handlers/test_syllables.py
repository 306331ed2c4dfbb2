"""How characters sound, and Latin letters read as syllables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.syllables import LONGEST, alike, characters, readings, spelled

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", max_size=18)
SYLLABLES = st.lists(st.sampled_from(sorted(characters())), min_size=1, max_size=6)


def test_the_table_is_whole() -> None:
    assert len(characters()) > 380
    assert sum(map(len, characters().values())) > 6_700, "GB 2312 has 6,763 characters"
    assert max(map(len, characters())) == LONGEST
    assert all(len(set(found)) == len(found) for found in characters().values())


@pytest.mark.parametrize(("one", "other"), [("修", "休"), ("湿", "师"), ("裙", "群"), ("帐", "账")])
def test_what_sounds_the_same(one: str, other: str) -> None:
    assert other in alike(one)
    assert one in alike(other)
    assert one not in alike(one)


def test_characters_with_two_readings_sound_like_both() -> None:
    assert {"hang", "xing"} <= set(readings()["行"])
    assert {"航", "星"} <= set(alike("行"))


@pytest.mark.parametrize("character", ["", "a", "7", "？", "🙂", "\ud800"])
def test_what_is_no_character_sounds_like_nothing(character: str) -> None:
    assert alike(character) == ""


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [
        ("tuixiu", ("tui", "xiu")),
        ("qunzhu", ("qun", "zhu")),
        ("xian", ("xian",)),
        ("zhuangtai", ("zhuang", "tai")),
        ("nvsheng", ("nv", "sheng")),
        ("ding", ("ding",)),
        ("", ()),
        ("wifi", ()),
        ("ppt", ()),
        ("oa系统", ()),
    ],
)
def test_letters_as_syllables(letters: str, syllables: tuple[str, ...]) -> None:
    assert spelled(letters) == syllables


@given(SYLLABLES)
def test_what_is_made_of_syllables_is_read_with_no_more_of_them(syllables: list[str]) -> None:
    found = spelled("".join(syllables))
    assert "".join(found) == "".join(syllables)
    assert 1 <= len(found) <= len(syllables)


@given(LETTERS)
def test_any_letters(letters: str) -> None:
    found = spelled(letters)
    assert not found or "".join(found) == letters
    assert all(syllable in characters() for syllable in found)
