"""How fast an article is found among 5,000, beside reading every article for every question."""

from __future__ import annotations

import gc
import random
import re
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from bench.evaluation.sets import of_the_digest
from bench.processes import resident_megabytes
from handlers.policy.finding.decision import decide
from handlers.policy.finding.elsewhere import topics
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.normalise import core, fold, grams
from handlers.policy.shipped import digest
from storage.policies import Article, Document

Regulation: TypeAlias = tuple[Document, Sequence[Article]]

ARTICLES = 5_000
DOCUMENTS = 100
BAR_MS = 10.0
_SLOW = 10
"""Of so many questions the plain alternative is asked one."""
_CLAUSE = re.compile(r"[^，。；：\n]{3,}")


def run() -> Iterator[str]:
    """The lines for `make bench`. Look-ups are measured in processor time: they wait for nothing."""
    yield from _figures(_documents(with_questions=True), "with questions")
    yield from _figures(_documents(with_questions=False), "without questions")


def _figures(documents: list[Regulation], kind: str) -> Iterator[str]:
    articles = [article for _, found in documents for article in found]
    size = sum(len(text) for article in articles for text in (article.text, *article.questions))
    yield f"{len(articles):,} articles {kind} in {DOCUMENTS} documents, {size:,} characters in all"
    gc.collect()
    resident = resident_megabytes()
    index, built = _built(documents)
    more = resident_megabytes() - resident
    yield f"  index: built in {built:.2f} s, {_megabytes(documents):.0f} MB, resident memory {more:+.0f} MB"
    (document, found), *others = documents
    changed = (replace(document, content_revision=1), [*found[1:], found[0]])
    _, updated = _built([changed, *others], index)
    yield f"  one document of {len(found)} articles changed: {updated * 1000:.0f} ms, {built / updated:.0f} times as fast as anew"
    asked = [question.text for question in of_the_digest("test")]
    ours = _times(lambda question: decide(question, index, 0.5), asked)
    long = _times(lambda question: decide(question, index, 0.5), [_long(asked[n:]) for n in range(0, 90, 3)])
    plain = _times(_plain(articles), asked[::_SLOW])
    p99 = _percentile(ours, 99)
    yield (
        f"  look-up of {len(ours)} questions: p50 {statistics.median(ours):.2f} ms, p99 {p99:.2f} ms "
        f"(bar: {BAR_MS:g} ms, {'held' if p99 < BAR_MS else 'MISSED'})"
    )
    yield (
        f"  look-up of {len(long)} messages of 300 characters: p50 {statistics.median(long):.2f} ms, "
        f"p99 {_percentile(long, 99):.2f} ms"
    )
    yield (
        f"  every article read for every question, shared grams counted: p50 {statistics.median(plain):.1f} ms "
        f"({statistics.median(plain) / statistics.median(ours):.0f} times as long)"
    )


def _long(asked: Sequence[str]) -> str:
    """A message in which many things are asked one after the other."""
    return "".join(asked[:30])[:300]


def _built(documents: list[Regulation], before: PolicyIndex | None = None) -> tuple[PolicyIndex, float]:
    begin = time.thread_time()
    index = PolicyIndex(documents, before=before)
    return index, time.thread_time() - begin


def _documents(*, with_questions: bool = True) -> list[Regulation]:
    """Regulations made of clauses of the digest and of what people ask, in an order that is always the same."""
    chance = random.Random(20261125)
    clauses = [clause for article in digest().articles for clause in _CLAUSE.findall(article.text)]
    asked = [question for article in digest().articles for question in article.questions]
    asked += [question for topic in topics() for question in topic.questions]
    each = ARTICLES // DOCUMENTS
    return [
        (
            Document(f"办法{number}", id=number),
            [
                Article(
                    number=f"第{position}条",
                    text="，".join(chance.choices(clauses, k=5) + chance.choices(asked, k=2)) + "。",
                    questions=tuple(chance.sample(asked, k=3)) if with_questions else (),
                )
                for position in range(1, each + 1)
            ],
        )
        for number in range(1, DOCUMENTS + 1)
    ]


def _plain(articles: Sequence[Article]) -> Callable[[str], object]:
    """What needs no index: fold each article and count the grams of the question in it."""
    texts = [fold("\n".join((article.text, *article.questions))) for article in articles]

    def look_up(question: str) -> object:
        wanted = {gram.replace("\x1f", "") for gram in grams(core(question))}
        return max(range(len(texts)), key=lambda number: sum(gram in texts[number] for gram in wanted))

    return look_up


def _times(look_up: Callable[[str], object], asked: Sequence[str]) -> list[float]:
    """Milliseconds of each question, after one round to warm up."""
    look_up(asked[0])
    times = []
    for question in asked:
        begin = time.thread_time()
        look_up(question)
        times.append((time.thread_time() - begin) * 1000)
    return times


def _percentile(times: Sequence[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def _megabytes(documents: list[Regulation]) -> float:
    """What the index takes beside the articles themselves."""
    gc.collect()
    tracemalloc.start()
    index = PolicyIndex(documents)
    current, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del index
    return current / 1_000_000
