"""Whether a word stands in a text as a word, or only comes about where others meet: 打开黑板 has no 开黑.

Chinese puts no blanks between words. Around a hit, and only there, the text is parted into words in two ways: with the
hit as one of them, and with everyday words that reach over its borders. The cheaper one is how people read it.

The everyday words are our own, half a megabyte in memory and read when first needed. A segmenter of the usual kind knows
many times as many, takes a hundred megabytes for them, and looks at the whole text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from handlers.moderation.normalise import INVISIBLE, LAST_MARK, Folded

Span = tuple[int, int]

NEIGHBOURS = 6
"""Characters before and behind a hit that are looked at."""
_LONGEST_HIT = 12
_EVERYDAY = Path(__file__).parent / "everyday.txt"

_COMMON, _KNOWN, _FREE, _AFFIX, _BOUND = 9, 10, 10, 12, 16
"""What a word costs: a common one, a known one; a character that is a word by itself, that often ends one, any other."""
_FREE_ONES = frozenset(
    "我你他她它您的了吗呢吧啊呀嘛哦在是有不没来去到要会能想给和与跟及或把被让对从向为用就都也还又再很太更最真好多少大小新老上下里外前后左右人"
    "找问等请看听说讲写读做打开关买卖过着地得这那哪谁几一二三四五六七八九十百千万两第各每该其此但而则若因之于可又才只别快先办加发"
)
_AFFIXES = frozenset(
    "们者员生师性化率度法学系院部处室科所局厅馆店站点场区校品器机费票证单表册书卡号码群会组队团长工手家子头儿版型式类级期班课题卷量数值金款力感界圈线路件"
)


def stands_alone(text: str, span: Span) -> bool:
    """Whether the hit at `span` of the original text is a word there.

    Marks in the text part words, so what is beside one or strewn with letters that are no characters is not in doubt.
    Known words that hold the whole hit say nothing against it, save for a hit of one character: 焊枪 has no 枪.
    """
    first = max(0, span[0] - 3 * NEIGHBOURS)
    folded = Folded(text[first : span[1] + 3 * NEIGHBOURS])
    form = folded.form
    hit = "".join(one for one in form[span[0] - first : span[1] - first] if one > LAST_MARK)
    before = _neighbours(reversed(form[: span[0] - first]))[::-1]
    behind = _neighbours(iter(form[span[1] - first :]))
    if not all(map(_is_character, hit)) or not 0 < len(hit) <= _LONGEST_HIT or not (before or behind):
        return True
    return _is_word(before + hit + behind, len(before), len(before) + len(hit))


def is_everyday(word: str) -> bool:
    """People use this word every day, in speech or in a college's notices."""
    return word in _words()


def _neighbours(characters: Iterator[str]) -> str:
    """The Chinese characters up to the first that is none."""
    near: list[str] = []
    for one in characters:
        if one == INVISIBLE:
            continue
        if not _is_character(one) or len(near) == NEIGHBOURS:
            break
        near.append(one)
    return "".join(near)


def _is_character(one: str) -> bool:
    return "\u3400" <= one <= "\u9fff"


@cache
def _words() -> dict[str, int]:
    """Everyday words, each with its cost. Long ones are cheaper: they hardly come about by chance."""
    common, _, others = _EVERYDAY.read_text(encoding="utf-8").partition("\n\n")
    costs = {word: _KNOWN - max(0, len(word) - 2) for word in others.split()}
    costs.update((word, _COMMON) for word in common.split("\n") if not word.startswith("#"))
    return costs


@cache
def _longest() -> int:
    return max(map(len, _words()))


@lru_cache(maxsize=4096)
def _is_word(window: str, start: int, end: int) -> bool:
    crossing = list(_crossing(window, start, end))
    if not crossing:
        return True
    before = _costs(window)
    behind = _costs(window, backwards=True)[::-1]
    # A hit of four characters is two words that people know, as good as two others.
    as_hit = before[start] + _KNOWN * max(1, (end - start) // 2) + behind[end]
    return min(before[first] + _words()[window[first:last]] + behind[last] for first, last in crossing) >= as_hit


def _crossing(window: str, start: int, end: int) -> Iterator[Span]:
    """Known words that have a part of the hit and something beside it."""
    words, longest = _words(), _longest()
    for border in (start, end):
        for first in range(max(0, border - longest + 1), border):
            for last in range(border + 1, min(len(window), first + longest) + 1):
                holds_it = first <= start and end <= last
                if window[first:last] in words and (not holds_it or end - start == 1):
                    yield first, last


def _costs(window: str, *, backwards: bool = False) -> list[int]:
    """For each place, the least that the words up to there cost together; from the end where `backwards`."""
    words, longest, length = _words(), _longest(), len(window)
    least = [0]
    for at in range(1, length + 1):
        one = window[-at] if backwards else window[at - 1]
        best = least[-1] + (_FREE if one in _FREE_ONES else _AFFIX if one in _AFFIXES else _BOUND)
        for begin in range(max(0, at - longest), at - 1):
            known = words.get(window[length - at : length - begin] if backwards else window[begin:at])
            if known is not None and least[begin] + known < best:
                best = least[begin] + known
        least.append(best)
    return least
