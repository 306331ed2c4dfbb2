"""What it costs to look at a message: every pass, exact spans, beside the bare automaton and what else one could take."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from bench.engines import ENGINES, Find, weigh
from handlers.moderation.detectors import NAMES
from handlers.moderation.normalise import Folded
from handlers.moderation.passes import NAMES as PASSES
from handlers.moderation.rule import Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner
from handlers.moderation.wording.reading import DETECTOR

WORDS = 10_000
MORE_WORDS = 100_000
MESSAGES = 3_000
LENGTH = 109
SHORT = 19
ROUNDS = 9
SECONDS = 1.0
"""How long each engine may take for its messages; slow ones see fewer."""
MEGABYTE = 1_000_000
CHARACTERS = [chr(code) for code in range(0x4E00, 0x5A00)]
_MARKS = "，，，。！？、 "
_NOISE = ("*", " ", ".", "\u200b", "😀", "-")
_FLOODS = (
    *(
        "赌博",
        "赌*博 ",
        "dubo ",
        "d u b o ",
        "贝者十尃",
        "加微微信",
        "堵搏加微信",
        "have ",
        "a",
        "1 ",
        "一三八零",
        "机密★",
    ),
    *("\u200b", " ", "😀", "http://a.cn ", "a@"),
)


def run() -> Iterator[str]:
    """The lines for `make bench`."""
    chance = random.Random(20261125)
    words = some_words(chance, WORDS)
    usual, every = _scanner(words), _scanner(words, PASSES)
    clean = list(_clean(chance, (usual, every)))
    heavy = [_with_words(text, words, chance) for text in clean]
    yield f"{WORDS} words, all detectors of data, messages of {LENGTH} characters"
    for name, texts in (("clean chat", clean), ("two words a message, one disguised", heavy)):
        yield _line(f"  fold alone, {name}", Folded, texts)
        yield _line(f"  scan with exact spans, the usual passes, {name}", usual.scan, texts)
        yield _line(f"  scan with exact spans, every pass, {name}", every.scan, texts)
    reads, shipped = _scanner([], (), (DETECTOR,)), Scanner.from_rules(load_rule_files([]))
    for length in (LENGTH, SHORT):
        texts = [text[:length] for text in clean]
        yield _line(f"  what a message reads like alone, {length} characters", reads.scan, texts)
        yield _line(f"  the rules that ship, {length} characters", shipped.scan, texts)
    found = sum(len(usual.scan(text)) for text in heavy)
    yield f"  hits in the {MESSAGES} messages with words: {found}, {2 * MESSAGES} were planted"
    yield from _beside_others(words, clean, heavy)
    yield from _beside_others(some_words(chance, MORE_WORDS), clean, heavy)
    yield from _floods()


def some_words(chance: random.Random, number: int) -> list[str]:
    """So many different words of two to five characters; the longer ones where there are not enough short ones."""
    words: set[str] = set()
    while len(words) < number:
        words.add("".join(chance.choices(CHARACTERS, k=chance.choice((2, 3, 3, 4, 4, 5)))))
    return sorted(words)


def _scanner(words: Sequence[str], passes: tuple[str, ...] = (), detectors: tuple[str, ...] = NAMES) -> Scanner:
    return Scanner.from_rules(
        [
            Rule(
                f"words-{number}",
                "advertising",
                "五.2",
                words=tuple(words[number::10]),
                detectors=detectors,
                passes=passes,
            )
            for number in range(10)
        ]
    )


def _clean(chance: random.Random, scanners: Sequence[Scanner]) -> Iterator[str]:
    left = MESSAGES
    while left:
        text = _chat(chance)
        if not any(scanner.scan(text) for scanner in scanners):
            left -= 1
            yield text


def _chat(chance: random.Random) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < LENGTH - 1:
        parts += ["".join(chance.choices(CHARACTERS, k=chance.randint(3, 14))), chance.choice(_MARKS)]
    return "".join(parts)[:LENGTH]


def _with_words(text: str, words: Sequence[str], chance: random.Random) -> str:
    plain, disguised = chance.choice(words), chance.choice(_NOISE).join(chance.choice(words))
    third = len(text) // 3
    return text[:third] + plain + text[third + len(plain) : 2 * third] + disguised + text[2 * third + len(disguised) :]


def _beside_others(words: Sequence[str], clean: Sequence[str], heavy: Sequence[str]) -> Iterator[str]:
    """Steward's scan finds disguises and gives the rule, the others find the words as they are written."""
    yield f"{len(words)} words, beside others: µs a message (clean, two words), memory, time to build"
    for name, make in (*ENGINES.items(), *_OURS.items()):
        began = time.perf_counter()
        find = make(words)
        took = time.perf_counter() - began
        began = time.perf_counter()
        make(words)
        again = time.perf_counter() - began
        figures = ", ".join(f"{_mean(find, texts) * 1e6:.1f}" for texts in (clean, heavy))
        yield f"  {name}: {figures} µs, {weigh(make, words):.0f} MB, built in {took:.2f} s, again in {again:.2f} s"


def _usual(words: Sequence[str]) -> Find:
    return _scanner(words, detectors=()).scan


def _every(words: Sequence[str]) -> Find:
    return _scanner(words, PASSES, ()).scan


_OURS: Mapping[str, Callable[[Sequence[str]], Find]] = {
    "Steward, the usual passes": _usual,
    "Steward, every pass": _every,
}


def _floods() -> Iterator[str]:
    rule = Rule(
        "r",
        "advertising",
        "五.2",
        words=("赌博", "代写论文", "加微信", "av", "天天彩票"),
        combinations=(("加", "微信"),),
        expressions=("滚.{0,2}蛋",),
        detectors=NAMES,
        passes=PASSES,
    )
    scanner = Scanner.from_rules([rule])
    took: dict[str, float] = {}
    for piece in _FLOODS:
        text = piece * (MEGABYTE // len(piece.encode()))
        began = time.perf_counter()
        scanner.scan(text)
        took[piece] = time.perf_counter() - began
    worst = max(took, key=lambda piece: took[piece])
    yield f"a text of 1 MB, {len(took)} kinds of floods, every pass: {took[worst]:.2f} s at the most, for {worst!r}"


def _mean(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Seconds a message in the quickest of a few rounds."""
    began = time.perf_counter()
    seen = 0
    for text in texts:
        work(text)
        seen += 1
        if time.perf_counter() - began > SECONDS / ROUNDS:
            break
    best = (time.perf_counter() - began) / seen
    for _ in range(ROUNDS - 1):
        began = time.perf_counter()
        for text in texts[:seen]:
            work(text)
        best = min(best, (time.perf_counter() - began) / seen)
    return best


def _line(name: str, work: Callable[[str], object], texts: Sequence[str]) -> str:
    """Of each message the quickest of a few calls, rounds apart: others use this machine too."""
    best = [float("inf")] * len(texts)
    for _ in range(ROUNDS):
        for at, text in enumerate(texts):
            began = time.perf_counter()
            work(text)
            best[at] = min(best[at], time.perf_counter() - began)
    p99 = statistics.quantiles(best, n=100)[98]
    return f"{name}: mean {statistics.mean(best) * 1e6:.1f} µs, p99 {p99 * 1e6:.1f} µs"
