"""Characters that sound the same: `堵搏` for 赌博. Only for rules that ask for it.

Three characters that sound like a word of three hardly come about by chance; two do every day, so a word of two needs
a second sign beside it: another hit of its rule, or that somebody is won for something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import Final

from ahocorasick_rs import AhoCorasick

from handlers.moderation.passes.pinyin import MOST_HITS, is_kept, syllables_of
from handlers.syllables import characters

SAFE_LENGTH: Final = 3
"""From so many characters on, a word counts by its sound alone."""
_MOST: Final = 16
_FIRST: Final = 0xE000
"""One character of Unicode's private area for each syllable."""

_WINS_OVER = re.compile(
    r"加(?:我|微|薇|v|q)|微信|私聊|私信|联系(?:我|方式)|找我|滴滴|扫码|二维码|有意|需要的|优惠|低价|特价|接单|日结|返利|名额"
    r"|https?:|www|vx|wx|\bqq\b|扣扣|[0-9]{6}"
)


def wins_over(readable: str) -> bool:
    """The text, in its readable form, asks people to get in touch or offers them something."""
    return _WINS_OVER.search(readable) is not None


class _Sounds(dict[int, str]):
    """The sound of each character as one character; others stand for themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.by_syllable = {syllable: chr(_FIRST + number) for number, syllable in enumerate(sorted(characters()))}

    def __missing__(self, code: int) -> str:
        syllables = syllables_of(chr(code))
        sound = self.by_syllable[syllables[0]] if syllables else chr(code)
        if is_kept(code):
            self[code] = sound
        return sound


class Homophones:
    """Finds words by how they sound."""

    def __init__(self, words: Sequence[str], numbers: Iterable[int]) -> None:
        """`words` are bare; those with these numbers are looked for, if they are all of Chinese characters."""
        self._sounds = _Sounds()
        self._words = words
        found: dict[str, tuple[int, ...]] = {}
        for number in numbers:
            for form in self._forms(words[number]):
                found[form] = (*found.get(form, ()), number)
        self._numbers = tuple(found.values())
        self._automaton = AhoCorasick(list(found)) if found else None

    def _forms(self, word: str) -> Iterator[str]:
        readings = [syllables_of(character) for character in word]
        if len(word) >= 2 and all(readings):
            codes = self._sounds.by_syllable
            ways = product(*([codes[one] for one in known] for known in readings))
            yield from islice(map("".join, ways), _MOST)

    def find(self, bare: str) -> Iterator[tuple[int, int, int]]:
        """The number of a word, and from where to where other characters sound like it."""
        if self._automaton is None:
            return
        hits = self._automaton.find_matches_as_indexes(bare.translate(self._sounds), overlapping=True)
        for index, start, end in islice(hits, MOST_HITS):
            written = bare[start:end]
            for number in self._numbers[index]:
                if written != self._words[number]:
                    yield number, start, end
