"""Repeated characters: `加微微微信`, `代写写论论文`, `ffuuuck`.

Runs of a character are drawn together, in the text and in the words, and a word is found where every run is at least
as long as in the word. Digits stay, for 2000 is not 20. What repeats only the ends of a Chinese word (`赌赌博博`) has
the word in it as it is, and needs no pass. What people double anyway (`他妈妈的`) counts only with more of it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_RUN = re.compile(r"([^0-9])\1+")

_NATURAL: Final = frozenset(
    "爸妈爷奶哥姐弟妹叔婶舅姑公婆宝娃星天人年月日时刻处家个件条张次回步句字声层看听说想试写读谈聊问等走坐歇洗练学教讲查改算找帮聚玩笑跳唱"
    "转逛尝研讨考认摸跑动打常刚渐慢快早远好高大小多少满深长久暗悄偷默静轻重白红黑绿圆热冷暖甜香细清明圈点块些谢拜仅单往每略稍乖傻呆呵哈嘿嘻啊哦"
)
"""Characters that are doubled every day: 妈妈, 天天, 看看, 刚刚."""

_SAFE_LATIN: Final = 5
"""Letters of a word in which one doubled letter is enough: `boook`, but not `ssb`."""


class Drawn(NamedTuple):
    """A bare text without repetitions; its character `i` stands for `bare[begins[i] : begins[i + 1]]`."""

    text: str
    begins: list[int]


def drawn(bare: str) -> Drawn | None:
    """The text with every run of a character drawn together; None where there is no run."""
    begins: list[int] = []
    kept: list[str] = []
    last = 0
    for found in _RUN.finditer(bare):
        start, end = found.span()
        begins += range(last, start + 1)
        kept.append(bare[last : start + 1])
        last = end
    if not begins:
        return None
    begins += range(last, len(bare) + 1)
    kept.append(bare[last:])
    return Drawn("".join(kept), begins)


def without_runs(word: str) -> str:
    """The bare word as it stands in a drawn text."""
    return _RUN.sub(r"\1", word)


def place(text: Drawn, start: int, end: int, word: str) -> tuple[int, int] | None:
    """Where in the bare text `text[start:end]` is, `word` without its runs; None where it is not the word repeated.

    Of a run at an end only as much belongs to it as the word has; Latin letters belong together.
    """
    begins = text.begins
    if begins[end] - begins[start] <= len(word):
        return None
    wanted = _runs(word)
    extra = [begins[at + 1] - begins[at] - wants for at, wants in zip(range(start, end), wanted, strict=True)]
    if min(extra) < 0:
        return None
    first, last = begins[start], begins[end]
    if not word[0].isascii():
        first, extra[0] = first + extra[0], 0
    if not word[-1].isascii():
        last, extra[-1] = last - extra[-1], 0
    is_chance = word.isascii() and (len(set(word)) == 1 or (sum(extra) == 1 and len(word) < _SAFE_LATIN))
    if sum(extra) == 1 and text.text[start + extra.index(1)] in _NATURAL:
        return None
    return (first, last) if any(extra) and not is_chance else None


def _runs(word: str) -> list[int]:
    sizes: list[int] = []
    last = ""
    for character in word:
        if character == last and not character.isdecimal():
            sizes[-1] += 1
        else:
            sizes.append(1)
        last = character
    return sizes
