"""When the characters of a word that stand in a text are an occurrence of the word.

It may be strewn with noise, and is one only where a reader would put the pieces together:

- Invisible characters never count. Up to `MOST_NOISE` visible ones may stand between two characters of a word.
- Across a clause mark (，：“”（ …) a word of two or three characters is put together only when one of the pieces is
  a single character by itself, as in `代（写）` or `加，微，信`; otherwise `要办，证件` would contain `办证`.
- Across a sentence end or a line break every piece must be a single character by itself, as in `代。写。论。文`.
- An end of a word that is a Latin letter or a digit must not touch another one: `av` is in `1av2`, not in `have`.
  Short Latin words may be strewn throughout (`v.x`), not in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers.moderation.normalise import CLAUSE, INVISIBLE, NOISE, SENTENCE_END, Folded

MOST_NOISE: Final = 8
SAFE_LENGTH: Final = 4
"""From so many characters on, a word does not come about by chance across a comma."""

LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
DIGITS: Final = frozenset("0123456789")
_LATIN = LETTERS | DIGITS
_MARKS = frozenset((INVISIBLE, NOISE, CLAUSE, SENTENCE_END))


def has_latin_end(word: str) -> bool:
    """A bare word begins or ends with a Latin letter or a digit."""
    return word[0] in _LATIN or word[-1] in _LATIN


def is_occurrence(folded: Folded, start: int, end: int, size: int, *, is_latin: bool) -> bool:
    """`bare[start:end]`, which spells a word of `size` characters, is an occurrence of it.

    `is_latin` as `has_latin_end` says of the word.
    """
    places = folded.places
    first, last = places[start], places[end - 1]
    if is_latin and not stands_alone(folded.form, first, last):
        return False
    if last - first + 1 == end - start:
        return True
    gaps = [folded.form[places[at] + 1 : places[at + 1]] for at in range(start, end - 1)]
    return _is_put_together(folded.bare[start:end], gaps, folded.form, first, last, size)


def stands_alone(form: str, first: int, last: int) -> bool:
    """No Latin letter touches a letter at the ends of `form[first : last + 1]`, and no digit a digit."""
    return not (_continues(form, first, -1) or _continues(form, last, 1))


def _continues(form: str, at: int, step: int) -> bool:
    """What is written right beside `at` is of its kind: another Latin letter, or another digit."""
    alike = LETTERS if form[at] in LETTERS else DIGITS if form[at] in DIGITS else None
    if alike is None:
        return False
    at = _seen_beside(form, at, step)
    return 0 <= at < len(form) and form[at] in alike


def _seen_beside(form: str, at: int, step: int) -> int:
    at += step
    while 0 <= at < len(form) and form[at] == INVISIBLE:
        at += step
    return at


def _is_put_together(word: str, gaps: Sequence[str], form: str, first: int, last: int, size: int) -> bool:
    seen = [gap.replace(INVISIBLE, "") for gap in gaps]
    if any(len(gap) > MOST_NOISE for gap in seen) or not _is_latin_strewn_throughout(word, seen):
        return False
    if not any(SENTENCE_END in gap or CLAUSE in gap for gap in seen):
        return True
    singles = _single_pieces(seen, _is_edge(form, first, -1), _is_edge(form, last, 1))
    if any(SENTENCE_END in gap for gap in seen):
        return all(singles) and len(singles) == len(word)
    return size >= SAFE_LENGTH or any(singles)


def _is_latin_strewn_throughout(word: str, gaps: Sequence[str]) -> bool:
    """Between Latin letters of a short word there is noise everywhere or nowhere."""
    between = [gap for at, gap in enumerate(gaps) if word[at] in LETTERS and word[at + 1] in LETTERS]
    return len(between) > SAFE_LENGTH - 1 or all(between) or not any(between)


def _is_edge(form: str, at: int, step: int) -> bool:
    """Noise, a break or nothing is what a reader sees beside `at`."""
    at = _seen_beside(form, at, step)
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
