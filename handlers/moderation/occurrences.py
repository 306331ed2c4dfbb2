"""Where the words of a vocabulary stand in a text, through every disguise, and what it took to see that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from handlers.moderation.matcher import is_occurrence
from handlers.moderation.normalise import CLAUSE, INVISIBLE, NOISE, SENTENCE_END, Folded
from handlers.moderation.passes import homophones, pinyin, repeats, split
from handlers.moderation.passes.characters import seen_through
from handlers.moderation.vocabulary import Active, Role, Trigger, Vocabulary

Span = tuple[int, int]

MOST_PLACES: Final = 5_000
MOST_DISGUISED: Final = 1_000
"""Places of a text that are looked at closely, for words as they are and for each of the dear passes. A message has fewer;
in a flood of them it does not matter which."""

_TURNS: Final = "\u202e"
"""RIGHT-TO-LEFT OVERRIDE."""

_NONE: frozenset[str] = frozenset()
_MARKS = frozenset((INVISIBLE, NOISE, CLAUSE, SENTENCE_END))
_INVISIBLE, _NOISE = frozenset(("invisible",)), frozenset(("noise",))
_REPEATS, _SPLIT, _PINYIN = frozenset(("repeats",)), frozenset(("split",)), frozenset(("pinyin",))
_HOMOPHONES = frozenset(("homophones",))


class Occurrence(NamedTuple):
    """A word in its role, from `start` to `end` of the bare text and over `span` of the original, through `passes`.

    `is_doubtful`: it counts only with a second sign beside it.
    """

    role: Role
    start: int
    end: int
    span: Span
    passes: frozenset[str]
    is_doubtful: bool = False


class _Seen(NamedTuple):
    """A word, by its index, that stands in the bare text through these passes."""

    word: int
    start: int
    end: int
    passes: frozenset[str]
    is_doubtful: bool = False


class Findings(NamedTuple):
    """All occurrences, and whether the text may have rows of Chinese numerals."""

    found: list[Occurrence]
    has_numerals: bool


_NOTHING = Findings([], False)
_ONLY_NUMERALS = Findings([], True)


def find(folded: Folded, vocabulary: Vocabulary) -> Findings:
    """Every occurrence whose passes its rule allows, overlapping ones too.

    Parts of combinations of which too few stand in the text to fire are left out.
    """
    if vocabulary.automaton is None:
        return _NOTHING
    hits = vocabulary.automaton.find_matches_as_indexes(folded.bare, overlapping=True)
    disguised: list[_Seen] = []
    has_numerals = False
    if hits:
        words = len(vocabulary.words)
        pointers = [hit for hit in hits if hit[0] >= words]
        if pointers:
            hits = [hit for hit in hits if hit[0] < words]
            told = {vocabulary.triggers[index - words] for index in {hit[0] for hit in pointers}}
            has_numerals = Trigger.NUMERALS in told
            if Trigger.REPEATS in told:
                disguised += islice(_repeated(folded, vocabulary), MOST_DISGUISED)
            if Trigger.SPLIT in told:
                places = [hit[1:] for hit in pointers if vocabulary.triggers[hit[0] - words] is Trigger.SPLIT]
                disguised += islice(_split(folded, vocabulary, places), MOST_DISGUISED)
    if _TURNS in folded.text:
        disguised += islice(_turned(folded, vocabulary), MOST_DISGUISED)
    if vocabulary.pinyin is not None and pinyin.has_letters(folded.bare):
        disguised += islice(_spelled(folded, vocabulary.pinyin), MOST_DISGUISED)
    if vocabulary.homophones is not None:
        disguised += islice(_sounding(folded, vocabulary.homophones), MOST_DISGUISED)
    if not hits and not disguised:
        return _ONLY_NUMERALS if has_numerals else _NOTHING
    hits = hits[:MOST_PLACES]
    active = vocabulary.active([hit[0] for hit in hits] + [hit[0] for hit in disguised])
    found = _plain(folded, vocabulary, hits, active)
    if disguised:
        found += _disguised(folded, vocabulary, disguised, active)
    return Findings(found, has_numerals)


def _plain(
    folded: Folded, vocabulary: Vocabulary, hits: Iterable[tuple[int, int, int]], active: Active
) -> list[Occurrence]:
    found: list[Occurrence] = []
    hits = [hit for hit in hits if active[hit[0]]]
    if not hits:
        return found
    text, places, is_latin, allowed = folded.text, folded.places, vocabulary.is_latin, vocabulary.allowed
    for word, start, end in hits:
        roles = active[word]
        if not is_occurrence(folded, start, end, end - start, is_latin=is_latin[word]):
            continue
        first, last = places[start], places[end - 1] + 1
        written = text[first:last]
        gaps: frozenset[str] | None = None
        visible = ""
        for role in roles:
            if written == role.word:
                passes = role.needs
            else:
                if gaps is None:
                    is_whole = last - first == end - start
                    gaps = _NONE if is_whole else _gaps(folded.form[first:last])
                    visible = written if is_whole else "".join(text[place] for place in places[start:end])
                passes = role.needs | gaps | seen_through(visible, role.visible)
            if passes <= allowed[role.rule]:
                found.append(Occurrence(role, start, end, (first, last), passes))
    return found


def _disguised(folded: Folded, vocabulary: Vocabulary, seen: Iterable[_Seen], active: Active) -> Iterator[Occurrence]:
    text, places = folded.text, folded.places
    for word, start, end, extra, is_doubtful in seen:
        roles = active[word]
        first, last = places[start], places[end - 1] + 1
        visible = "".join(text[place] for place in places[start:end])
        passes = extra | _gaps(folded.form[first:last]) | seen_through(visible, folded.bare[start:end])
        for role in roles:
            if passes | role.needs <= vocabulary.allowed[role.rule]:
                yield Occurrence(role, start, end, (first, last), passes | role.needs, is_doubtful)


def _gaps(form: str) -> frozenset[str]:
    """The passes that marks among the characters need."""
    marks = _MARKS.intersection(form)
    if INVISIBLE not in marks:
        return _NOISE if marks else _NONE
    return _NOISE | _INVISIBLE if len(marks) > 1 else _INVISIBLE


def _words_only(hits: Iterable[tuple[int, int, int]], vocabulary: Vocabulary) -> Iterator[tuple[int, int, int]]:
    words = len(vocabulary.words)
    return islice((hit for hit in hits if hit[0] < words), MOST_PLACES)


def _repeated(folded: Folded, vocabulary: Vocabulary) -> Iterator[_Seen]:
    drawn = repeats.drawn(folded.bare)
    if drawn is None or vocabulary.automaton is None:
        return
    hits = vocabulary.automaton.find_matches_as_indexes(drawn.text, overlapping=True)
    if vocabulary.doubled is not None:
        found = vocabulary.doubled.find_matches_as_indexes(drawn.text, overlapping=True)
        hits = [*hits, *((vocabulary.doubled_words[index], start, end) for index, start, end in found)]
    for index, start, end in _words_only(hits, vocabulary):
        word = vocabulary.words[index]
        place = repeats.place(drawn, start, end, word)
        if place and is_occurrence(folded, *place, len(word), is_latin=vocabulary.is_latin[index]):
            yield _Seen(index, *place, _REPEATS)


def _split(folded: Folded, vocabulary: Vocabulary, places: Iterable[tuple[int, int]]) -> Iterator[_Seen]:
    joined = split.joined(folded.bare, places)
    if vocabulary.automaton is None:
        return
    hits = vocabulary.automaton.find_matches_as_indexes(joined.text, overlapping=True)
    for index, start, end in _words_only(hits, vocabulary):
        first, last = joined.begins[start], joined.begins[end]
        size = end - start
        if last - first == size or size < 2:
            continue
        if is_occurrence(folded, first, last, size, is_latin=vocabulary.is_latin[index]):
            yield _Seen(index, first, last, _SPLIT)


def _turned(folded: Folded, vocabulary: Vocabulary) -> Iterator[_Seen]:
    """Behind an unseen mark that turns the line around, people read `博赌` as 赌博."""
    if vocabulary.automaton is None:
        return
    length, turned_at = len(folded.bare), folded.text.index(_TURNS)
    hits = vocabulary.automaton.find_matches_as_indexes(folded.bare[::-1], overlapping=True)
    for index, start, end in _words_only(hits, vocabulary):
        first, last = length - end, length - start
        if folded.places[first] > turned_at and is_occurrence(
            folded, first, last, end - start, is_latin=vocabulary.is_latin[index]
        ):
            yield _Seen(index, first, last, _INVISIBLE)


def _spelled(folded: Folded, words: pinyin.Pinyin) -> Iterator[_Seen]:
    for found in words.find(folded):
        passes = _PINYIN | _HOMOPHONES if found.sounds_only else _PINYIN
        yield _Seen(found.number, found.start, found.end, passes)


def _sounding(folded: Folded, words: homophones.Homophones) -> Iterator[_Seen]:
    for word, start, end in words.find(folded.bare):
        if is_occurrence(folded, start, end, end - start, is_latin=False):
            yield _Seen(word, start, end, _HOMOPHONES, end - start < homophones.SAFE_LENGTH)
