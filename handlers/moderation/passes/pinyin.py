"""Pinyin: `dubo`, `du bo`, `d-u-b-o`, `dǔ bó`, `du3bo2`, and mixed with characters, `du博`.

Looked for only around Latin letters. The word is spelled once when the rules are read; the text is spelled out there,
`我要du博` as `woyaodubo`, and what is found must begin and end with a syllable. English is left in peace: a word of
one character is never found, Latin letters alone must be two syllables of four letters or more, the rest of their
run must be pinyin too, everyday English words and names of people do not count, nor do addresses.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, islice, product
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from handlers.moderation.matcher import LETTERS, MOST_NOISE
from handlers.moderation.normalise import INVISIBLE, NOISE, Folded
from handlers.syllables import readings, spelled

SECOND_READINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "长": ("chang",),
    "调": ("tiao",),
    "卡": ("qia",),
    "大": ("dai",),
    "厦": ("xia",),
    "率": ("shuai",),
    "了": ("liao",),
    "的": ("di",),
    "地": ("de",),
    "么": ("mo",),
    "吓": ("he",),
}
"""Usual readings that the table of syllables does not have."""

_LEAST_LETTERS: Final = 4
_LEAST_MIXED: Final = 2
"""Letters of a syllable beside characters: `a`, `e` and `o` stand for too much."""
_MOST_SPELLINGS: Final = 12
_AROUND: Final = 8
"""Characters on each side of Latin letters that may belong to the same word."""
_LONGEST_REST: Final = 24
"""Letters of a run of pinyin before and after the word."""

MOST_HITS: Final = 1_000
"""Places of a text that are looked at; no message has more."""

_LATIN = re.compile("[a-z]")
_RUNS = re.compile("[a-z]+(?:[^a-z]{1,16}[a-z]+)*")
_TONE = re.compile("(?<=[a-z])[1-5](?![0-9])")
_NOT_SYLLABLES: Final = frozenset(("ai", "ding"))
"""What stands beside Chinese as a word of its own: AI, DING."""
_SHORT_ENGLISH: Final = frozenset(("an", "can", "he", "man", "me", "men", "pen", "run", "she", "sun", "you"))
"""Words of one syllable that are English when noise stands beside them: `答 / An`."""
_TOKEN = re.compile(r"[!-~]*@[!-~]+|[!-~]*(?:://|www\.)[!-~]*", re.IGNORECASE)


@cache
def _readings() -> Mapping[str, tuple[str, ...]]:
    known = readings()
    return {character: (*found, *SECOND_READINGS.get(character, ())) for character, found in known.items()}


def syllables_of(character: str) -> tuple[str, ...]:
    """How a Chinese character is read, without tones, the usual reading of the table first; empty for anything else."""
    return _readings().get(character, ())


def is_kept(code: int) -> bool:
    """The sound of this character is worth keeping: it is a Chinese one or ASCII. Strange ones could fill the memory."""
    return code < 0x80 or 0x3400 <= code < 0xA000


@cache
def english() -> frozenset[str]:
    """Everyday English words that could be read as pinyin: `made`, `women`."""
    text = files("handlers.moderation.passes").joinpath("english.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@lru_cache(maxsize=1 << 10)
def spellings(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to spell a bare word, a syllable for each character; letters and digits stand for themselves.

    Empty for words with fewer than two Chinese characters or with a character that is not in the table. Only those that
    texts ask for are worth keeping: spelling ten thousand words anew takes as long as their automaton.
    """
    known = [_typed(character) for character in word]
    han = sum(not character.isascii() for character in word)
    if han < 2 or not all(known):
        return ()
    return tuple(islice(product(*known), _MOST_SPELLINGS))


@lru_cache(maxsize=1 << 12)
def _typed(character: str) -> tuple[str, ...]:
    """As it is typed: ü is v or u."""
    if character.isascii():
        return (character,)
    return tuple(dict.fromkeys(form for one in syllables_of(character) for form in (one, one.replace("v", "u"))))


def has_letters(bare: str) -> bool:
    """The bare text has a Latin letter, without which it has no pinyin."""
    return _LATIN.search(bare) is not None


class Spelled(NamedTuple):
    """A word, by its number, at `bare[start:end]`; `sounds_only`: characters in it only sound like those of the word."""

    number: int
    start: int
    end: int
    sounds_only: bool


class _Window(NamedTuple):
    """A part of the bare text from `begin` on, spelled out; `offsets` says where each of its characters begins there."""

    begin: int
    letters: str
    offsets: Sequence[int]


class Pinyin:
    """Finds words by how they are spelled."""

    def __init__(self, words: Sequence[str], numbers: Iterable[int]) -> None:
        """`words` are bare; those with these numbers are looked for."""
        self._words = words
        found: dict[str, tuple[int, ...]] = {}
        for number in numbers:
            for spelling in spellings(words[number]):
                letters = "".join(spelling)
                found[letters] = (*found.get(letters, ()), number)
        self._numbers = tuple(found.values())
        self._automaton = AhoCorasick(list(found)) if found else None

    def find(self, folded: Folded) -> Iterator[Spelled]:
        """Words that are spelled with Latin letters, in whole or in part."""
        for window, index, start, end in islice(self._hits(folded.bare), MOST_HITS):
            first, last = _characters(window, start, end)
            for number in self._numbers[index] if first < last else ():
                sounds_only = self._fits(folded.bare, window, start, end, self._words[number])
                if sounds_only is not None and _is_meant(folded, window.begin + first, window.begin + last):
                    yield Spelled(number, window.begin + first, window.begin + last, sounds_only)

    def _fits(self, bare: str, window: _Window, start: int, end: int, word: str) -> bool | None:
        """As `_fits` says of the spelling that stands there."""
        letters = window.letters[start:end]
        for spelling in spellings(word):
            if "".join(spelling) == letters and (found := _fits(bare, window, start, word, spelling)) is not None:
                return found
        return None

    def _hits(self, bare: str) -> Iterator[tuple[_Window, int, int, int]]:
        if self._automaton is not None:
            for window in _windows(bare):
                for hit in self._automaton.find_matches_as_indexes(window.letters, overlapping=True):
                    yield window, *hit


def _windows(bare: str) -> Iterator[_Window]:
    tones = [found.start() for found in _TONE.finditer(bare)]
    for found in _RUNS.finditer(bare):
        begin, end = max(0, found.start() - _AROUND), found.end() + _AROUND
        parts = list(map(_spelled_out, bare[begin:end]))
        for tone in tones[bisect_left(tones, begin) : bisect_left(tones, end)]:
            parts[tone - begin] = ""
        yield _Window(begin, "".join(parts), list(accumulate(map(len, parts), initial=0)))


class _Usual(dict[str, str]):
    """The usual spelling of a character; itself where it has none."""

    def __missing__(self, character: str) -> str:
        known = syllables_of(character)
        usual = known[0] if known else character
        if is_kept(ord(character)):
            self[character] = usual
        return usual


_spelled_out = _Usual().__getitem__


def _characters(window: _Window, start: int, end: int) -> tuple[int, int]:
    """From which to which character of the window `letters[start:end]` is; (0, 0) when it is not whole characters."""
    offsets = window.offsets
    first = bisect_right(offsets, start) - 1
    last = bisect_left(offsets, end)
    return (first, last) if offsets[first] == start and offsets[last] == end else (0, 0)


def _fits(bare: str, window: _Window, start: int, word: str, spelling: Sequence[str]) -> bool | None:
    """Each syllable stands there as the character itself or in letters, at least one in letters; None: it does not.

    True where another character stands there that sounds the same.
    """
    sounds_only = False
    in_letters = 0
    at = start
    for character, syllable in zip(word, spelling, strict=True):
        part = bisect_right(window.offsets, at) - 1
        written = bare[window.begin + part]
        if written.isascii():
            if character.isascii():
                if written != character:
                    return None
            else:
                in_letters += 1
                last = bisect_left(window.offsets, at + len(syllable))
                if not bare[window.begin + part : window.begin + last].isascii():
                    return None
        elif window.offsets[part] != at or window.letters[at : window.offsets[part + 1]] != syllable:
            return None
        elif written != character:
            sounds_only = True
        at += len(syllable)
    return sounds_only if in_letters else None


def _is_meant(folded: Folded, start: int, end: int) -> bool:
    """A reader sees the word in `bare[start:end]`, and no English, no name, no address."""
    bare, places, form = folded.bare, folded.places, folded.form
    first, last = places[start], places[end - 1]
    pieces = _pieces(form, first, last)
    if pieces is None:
        return False
    written = bare[start:end]
    latin = [piece for piece in pieces if piece[0] in LETTERS]
    is_mixed = not written.isascii()
    before, after = _run_before(form, first), _run_after(form, last)
    is_one = len(pieces) == 1
    if not _is_parted(before, pieces[0], after if is_one else "") or not _is_parted("", pieces[-1], after):
        return False
    if len(latin) > 1 and len(pieces) > 1 and (before or after):
        return False
    if all(len(piece) == 1 for piece in latin) and len(latin) > 1:
        return not is_mixed and not before and not after
    if is_mixed and NOISE in form[first:last] and not _SHORT_ENGLISH.isdisjoint(latin):
        return False
    if is_mixed:
        return all(
            len(piece) >= _LEAST_MIXED and piece not in _NOT_SYLLABLES and not (len(piece) > 3 and piece in english())
            for piece in latin
        )
    if sum(map(len, latin)) < _LEAST_LETTERS or not all(map(_syllables, latin)):
        return False
    if is_one and len(_syllables(pieces[0])) < 2:
        return False  # `piao` is one syllable before it is two
    if all(f"{before}{piece}{after}" in english() for piece in latin):
        return False
    return not _is_in_address(folded.text, first, last) and not _is_name(folded.text, first, last)


def _pieces(form: str, first: int, last: int) -> list[str] | None:
    """The runs of letters and of characters; None where something else than a little noise stands between them."""
    pieces: list[str] = []
    gap = 0
    kind = ""
    for character in form[first : last + 1]:
        if character == INVISIBLE:
            continue
        if character == NOISE:
            gap += 1
            continue
        if character < INVISIBLE or character in "\2\3" or gap > MOST_NOISE:
            return None
        is_like = "latin" if character in LETTERS else "digit" if character.isascii() else "han"
        if is_like == "digit" and kind == "latin" and not gap:
            continue  # a tone
        if gap or is_like != kind:
            pieces.append(character)
        else:
            pieces[-1] += character
        gap, kind = 0, is_like
    return pieces


def _run_before(form: str, first: int) -> str:
    if form[first] not in LETTERS:
        return ""
    run = form[max(0, first - _LONGEST_REST - 1) : first].replace(INVISIBLE, "")
    at = len(run)
    while at and run[at - 1] in LETTERS:
        at -= 1
    return run[at:]


def _run_after(form: str, last: int) -> str:
    if form[last] not in LETTERS:
        return ""
    run = form[last + 1 : last + _LONGEST_REST + 2].replace(INVISIBLE, "")
    at = 0
    while at < len(run) and run[at] in LETTERS:
        at += 1
    return run[:at]


@lru_cache(maxsize=1024)
def _syllables(letters: str) -> tuple[str, ...]:
    if len(letters) > 2 * _LONGEST_REST:
        return ()
    syllables = spelled(letters) or spelled(letters.replace("lue", "lve").replace("nue", "nve"))
    return () if "n" in syllables else syllables


def _is_parted(before: str, piece: str, after: str) -> bool:
    """The run of letters falls into syllables, and with them into these three: `sha|biao` has no `shabi`."""
    if not before and not after:
        return True
    ends = set(accumulate(map(len, _syllables(before + piece + after)), initial=0))
    return len(before) in ends and len(before + piece) in ends


def _is_in_address(text: str, first: int, last: int) -> bool:
    around = text[max(0, first - 64) : last + 65]
    at = first - max(0, first - 64)
    return any(found.start() <= at < found.end() for found in _TOKEN.finditer(around))


_NAME = re.compile(r"[A-Z][a-z]+")


def _is_name(text: str, first: int, last: int) -> bool:
    """`Li Jiawei`, `Jiawei Li`: two capitalised words side by side, one of them what was found."""
    if not _NAME.fullmatch(text[first : last + 1]):
        return False
    return re.search(r"[A-Z][a-zA-Z]+ $", text[max(0, first - 10) : first]) is not None or (
        re.match(" [A-Z][a-z]+", text[last + 1 : last + 12]) is not None
    )
