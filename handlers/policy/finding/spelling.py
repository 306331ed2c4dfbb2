"""Words that were typed by their sound: a wrong character that sounds right (退修), or Latin letters (tuixiu).

The regulations themselves say which words there are: a reading of the question is looked for that has more pairs of
characters which stand in them. It is only asked for when the question as it stands was not answered, because what
people ask about other things can also be misread so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from itertools import pairwise

from handlers.policy.normalise import tokens
from handlers.syllables import alike, characters, spelled

LONGEST = 40
"""Characters of a question that are looked at, those that letters stand for too; slips in long ones do not matter so much."""
_CHANGED = 0.9
"""What changing a character costs, in pairs that the regulations have."""
_RARE = 0.8
"""What a pair counts that stands in one article only: not enough to change a character for."""
_SHORT = 8
_LEAST_WON = 0.5
"""In pairs. For less, nothing is changed in a run of more than `_SHORT` tokens: one pair more is found in any of them."""
_MOST = 60
"""Characters of a sound that are tried, those that the regulations have."""
_LATIN = re.compile(r"[a-z]{2,18}")


def respelled(folded: str, texts: Callable[[str], int], known: Callable[[Set[str]], Set[str]]) -> str | None:
    """The question with words that sound the same and that the regulations have; None when nothing is won by it.

    `texts` tells in how many articles a gram stands, one token or two with `\\x1f` between; `known` which of
    many grams stand anywhere, as most of them do not.
    """
    runs = tokens(folded)
    letters = [_letters(run, texts) for run in runs]
    if sum(map(len, letters)) > LONGEST:
        return None
    read = [_read(run, texts, known) for run in letters]
    if all(new == old for new, old in zip(read, runs, strict=True)):
        return None
    return " ".join(_joined(run) for run in read)


def _letters(run: Sequence[str], texts: Callable[[str], int]) -> list[tuple[str, tuple[str, ...]]]:
    """Each token with the characters it may stand for; Latin letters that are syllables, and no word that the regulations
    have, are as many tokens as those."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for token in run:
        syllables = spelled(token) if _LATIN.fullmatch(token) and not texts(token) else ()
        if syllables:
            found += [("", tuple(characters()[syllable])) for syllable in syllables]
        else:
            found.append((token, (token, *alike(token))))
    return found


def _read(
    run: Sequence[tuple[str, tuple[str, ...]]], texts: Callable[[str], int], known: Callable[[Set[str]], Set[str]]
) -> list[str]:
    """The best way through: pairs that are known count for it, changes against it."""
    ways: dict[str, tuple[float, tuple[str, ...]]] = {"": (0.0, ())}
    for token, may_be in run:
        choices = [one for one in may_be if one == token or texts(one)][:_MOST] or [token or may_be[0]]
        worth: dict[str, dict[str, float]] = {}
        for pair in known({f"{last}\x1f{one}" for last in ways if last for one in choices}):
            last, _, one = pair.partition("\x1f")
            worth.setdefault(one, {})[last] = _worth(texts(pair))
        most = [max(ways.items(), key=lambda found: found[1][0])]
        step: dict[str, tuple[float, tuple[str, ...]]] = {}
        for one in choices:
            cost = 0.0 if one == token or not token else _CHANGED
            behind = worth.get(one, {})
            step[one] = max(
                (
                    (value - cost + behind.get(last, 0.0), (*way, one))
                    for last, (value, way) in (ways.items() if behind else most)
                ),
                key=lambda found: found[0],
            )
        ways = step
    value, way = max(ways.values(), key=lambda found: found[0])
    plain = [token for token, _ in run]
    if len(plain) > _SHORT and all(plain):
        pairs = known({f"{first}\x1f{second}" for first, second in pairwise(plain)})
        as_it_is = sum(_worth(texts(f"{a}\x1f{b}")) for a, b in pairwise(plain) if f"{a}\x1f{b}" in pairs)
        if value < as_it_is + _LEAST_WON:
            return plain
    return list(way)


def _worth(texts: int) -> float:
    return 1.0 if texts > 1 else _RARE * texts


def _joined(run: Sequence[str]) -> str:
    """Latin words and numbers keep their distance."""
    text = ""
    for token in run:
        text += f" {token}" if text and text[-1].isascii() and token[0].isascii() else token
    return text
