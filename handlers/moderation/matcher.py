"""All words of all rules in one automaton, and what counts as an occurrence of a word.

An occurrence may be strewn with noise, and is one only where a reader would put the pieces together:

- Invisible characters never count. Up to `MOST_NOISE` visible ones may stand between two characters of a word.
- Across a clause mark (，：“”（ …) a word of two or three characters is put together only when one of the pieces is
  a single character by itself, as in `代（写）` or `加，微，信`; otherwise `要办，证件` would contain `办证`.
- Across a sentence end or a line break every piece must be a single character by itself, as in `代。写。论。文`.
- An end of a word that is a Latin letter or a digit must not touch another one: `av` is in `1av2`, not in `have`.
  Short Latin words may be strewn throughout (`v.x`), not in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from handlers.moderation.normalise import CLAUSE, INVISIBLE, NOISE, SENTENCE_END, Folded

MOST_NOISE = 8
SAFE_LENGTH = 4
"""From so many characters on, a word does not come about by chance across a comma."""

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_MARKS = frozenset((INVISIBLE, NOISE, CLAUSE, SENTENCE_END))


class Found(NamedTuple):
    """A word, by its index, at `bare[start:end]` of a folded text."""

    word: int
    start: int
    end: int


class Matcher:
    """Finds words that are given in their bare form."""

    def __init__(self, words: Sequence[str]) -> None:
        """`words` are distinct and not empty."""
        self._words = tuple(words)
        self._automaton = AhoCorasick(list(words)) if words else None
        self._has_latin_end = tuple(_is_latin(word[0]) or _is_latin(word[-1]) for word in words)

    def find(self, folded: Folded) -> list[Found]:
        """Every occurrence of every word, overlapping ones too, by their ends."""
        if self._automaton is None:
            return []
        hits = self._automaton.find_matches_as_indexes(folded.bare, overlapping=True)
        return [found for found in map(Found._make, hits) if self._is_one(found, folded)] if hits else []

    def _is_one(self, found: Found, folded: Folded) -> bool:
        places = folded.places
        first, last = places[found.start], places[found.end - 1]
        if self._has_latin_end[found.word] and not _stands_alone(folded.form, first, last):
            return False
        if last - first + 1 == found.end - found.start:
            return True
        gaps = [folded.form[places[at] + 1 : places[at + 1]] for at in range(found.start, found.end - 1)]
        return _is_put_together(self._words[found.word], gaps, folded.form, first, last)


def _is_latin(character: str) -> bool:
    return character in _LETTERS or character in _DIGITS


def _stands_alone(form: str, first: int, last: int) -> bool:
    return not (_continues(form, first, -1) or _continues(form, last, 1))


def _continues(form: str, at: int, step: int) -> bool:
    """What is written right beside `at` is of its kind: another Latin letter, or another digit."""
    alike = _LETTERS if form[at] in _LETTERS else _DIGITS if form[at] in _DIGITS else None
    if alike is None:
        return False
    at += step
    while 0 <= at < len(form) and form[at] == INVISIBLE:
        at += step
    return 0 <= at < len(form) and form[at] in alike


def _is_put_together(word: str, gaps: Sequence[str], form: str, first: int, last: int) -> bool:
    seen = [gap.replace(INVISIBLE, "") for gap in gaps]
    if any(len(gap) > MOST_NOISE for gap in seen) or not _is_latin_strewn_throughout(word, seen):
        return False
    if not any(SENTENCE_END in gap or CLAUSE in gap for gap in seen):
        return True
    singles = _single_pieces(seen, _is_edge(form, first, -1), _is_edge(form, last, 1))
    if any(SENTENCE_END in gap for gap in seen):
        return all(singles) and len(singles) == len(word)
    return len(word) >= SAFE_LENGTH or any(singles)


def _is_latin_strewn_throughout(word: str, gaps: Sequence[str]) -> bool:
    """Between Latin letters of a short word there is noise everywhere or nowhere."""
    between = [gap for at, gap in enumerate(gaps) if word[at] in _LETTERS and word[at + 1] in _LETTERS]
    return len(between) > SAFE_LENGTH - 1 or all(between) or not any(between)


def _is_edge(form: str, at: int, step: int) -> bool:
    """Noise, a break or nothing is what a reader sees beside `at`."""
    at += step
    while 0 <= at < len(form) and form[at] == INVISIBLE:
        at += step
    return not 0 <= at < len(form) or form[at] in _MARKS


def _single_pieces(gaps: Sequence[str], begins_at_edge: bool, ends_at_edge: bool) -> list[bool]:
    """For each piece of the word between gaps, whether it is one character that stands by itself."""
    sizes = [1]
    for gap in gaps:
        if gap:
            sizes.append(1)
        else:
            sizes[-1] += 1
    singles = [size == 1 for size in sizes]
    singles[0] = singles[0] and begins_at_edge
    singles[-1] = singles[-1] and ends_at_edge
    return singles
