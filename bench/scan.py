"""What it costs to look at a message: ten thousand words, exact spans, beside the bare automaton."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence

from ahocorasick_rs import AhoCorasick

from handlers.moderation.detectors import NAMES
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner

WORDS = 10_000
MESSAGES = 3_000
LENGTH = 109
ROUNDS = 5
_MARKS = "，，，。！？、 "
_NOISE = ("*", " ", ".", "\u200b", "😀", "-")


def run() -> list[str]:
    """The lines for `make bench`."""
    chance = random.Random(20261125)
    characters = [chr(code) for code in range(0x4E00, 0x5A00)]
    words = sorted(
        {"".join(chance.choices(characters, k=chance.choice((2, 3, 3, 4, 4, 5)))) for _ in range(WORDS + 400)}
    )
    words = words[:WORDS]
    rules = [
        Rule(f"words-{number}", "advertising", "五.2", words=tuple(words[number::10]), detectors=NAMES)
        for number in range(10)
    ]
    began = time.perf_counter()
    scanner = Scanner.from_rules(rules)
    building = time.perf_counter() - began
    bare = AhoCorasick(words)
    clean: list[str] = []
    while len(clean) < MESSAGES:
        text = _chat(characters, chance)
        if not scanner.scan(text):
            clean.append(text)
    heavy = [_with_words(text, words, chance) for text in clean]

    lines = [f"scanner of {WORDS} words and all detectors, built in {building * 1000:.0f} ms"]
    for name, texts in (("clean chat", clean), ("two words a message, one disguised", heavy)):
        lines += [
            _line(f"bare ahocorasick-rs on the raw text, {name}", bare.find_matches_as_indexes, texts),
            _line(f"fold alone, {name}", Folded, texts),
            _line(f"scan with exact spans, {name}", scanner.scan, texts),
        ]
    found = sum(len(scanner.scan(text)) for text in heavy)
    lines.append(f"hits in the {MESSAGES} messages with words: {found} of {2 * MESSAGES} planted")
    return lines


def _chat(characters: Sequence[str], chance: random.Random) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < LENGTH - 1:
        parts += ["".join(chance.choices(characters, k=chance.randint(3, 14))), chance.choice(_MARKS)]
    return "".join(parts)[:LENGTH]


def _with_words(text: str, words: Sequence[str], chance: random.Random) -> str:
    plain, disguised = chance.choice(words), chance.choice(_NOISE).join(chance.choice(words))
    third = len(text) // 3
    return text[:third] + plain + text[third + len(plain) : 2 * third] + disguised + text[2 * third + len(disguised) :]


def _line(name: str, work: Callable[[str], object], texts: Sequence[str]) -> str:
    """The quickest round counts for the mean, every single call of it for the p99: others use this machine too."""
    best: list[float] = []
    for _ in range(ROUNDS):
        took: list[float] = []
        for text in texts:
            began = time.perf_counter()
            work(text)
            took.append(time.perf_counter() - began)
        if not best or sum(took) < sum(best):
            best = took
    p99 = statistics.quantiles(best, n=100)[98]
    return f"{name}: mean {statistics.mean(best) * 1e6:.1f} µs, p99 {p99 * 1e6:.1f} µs"
