"""What else finds many words in a text: the bare automaton, one `re` alternation, the trie of flashtext.

flashtext itself, last released in 2018, looks for words between blanks, which Chinese does not have; so its algorithm,
a trie of dictionaries walked character by character for the longest word, stands here as a few lines of our own.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from ahocorasick_rs import AhoCorasick

from bench.processes import resident_megabytes

Find = Callable[[str], object]


def bare_automaton(words: Sequence[str]) -> Find:
    """ahocorasick-rs on the raw text, every overlapping word."""
    automaton = AhoCorasick(list(words))
    return lambda text: automaton.find_matches_as_indexes(text, overlapping=True)


def alternation(words: Sequence[str]) -> Find:
    """One regular expression, the longest words first."""
    re.purge()
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return lambda text: [found.span() for found in pattern.finditer(text)]


def trie(words: Sequence[str]) -> Find:
    """Nested dictionaries, as flashtext has them: the longest word from each place on."""
    root: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict = root  # type: ignore[type-arg]
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return lambda text: _walk(root, text)


def _walk(root: Mapping[str, Mapping[str, object]], text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at, length = 0, len(text)
    while at < length:
        node: Mapping[str, object] | None = root.get(text[at])
        here, end = at + 1, 0
        while node is not None:
            if "" in node:
                end = here
            if here == length:
                break
            node = node.get(text[here])  # type: ignore[assignment]
            here += 1
        if end:
            found.append((at, end))
        at = end or at + 1
    return found


ENGINES: Mapping[str, Callable[[Sequence[str]], Find]] = {
    "bare ahocorasick-rs": bare_automaton,
    "trie as in flashtext": trie,
    "re alternation": alternation,
}


def weigh(make: Callable[[Sequence[str]], Find], words: Sequence[str]) -> float:
    """By how many MB a fresh process grows when `make`, a function of a module, is given the words; 0: nobody tells."""
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        return fresh.submit(_grown, make, words).result()


def _grown(make: Callable[[Sequence[str]], Find], words: Sequence[str]) -> float:
    make(words[:10])  # what is read once is not the words'
    gc.collect()
    before = resident_megabytes()
    made = make(words)
    gc.collect()
    grown = resident_megabytes() - before
    made("")
    return max(0.0, grown)
