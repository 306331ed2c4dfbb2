"""Whether a question is answered, and with which articles: the same for people in a chat and for `steward policy test`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handlers.policy.documents.naming import named_in
from handlers.policy.finding.elsewhere import Topic
from handlers.policy.finding.index import Hit, PolicyIndex

NEAR = 0.4
"""A refused article this share of the threshold high is still worth offering."""
Kind = Literal["found", "named", "refused", "no-such-number"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a question. `hits` are the articles, best first, also where none of them answers."""

    kind: Kind
    hits: tuple[Hit, ...] = ()
    number: str = ""
    """The number that the question names."""
    topic: Topic | None = None
    """What the question rather is about, though no regulation speaks of it."""
    read_as: str = ""
    """The question as it was understood, where words in it were typed by their sound."""

    @property
    def is_answered(self) -> bool:
        """The first hit answers the question."""
        return self.kind in ("found", "named")

    @property
    def score(self) -> float:
        """The confidence of the first hit, between 0 and 1; 0 where there is none."""
        return self.hits[0].confidence if self.hits else 0.0


def decide(question: str, index: PolicyIndex, threshold: float, limit: int = 3) -> Decision:
    """Answer when the question names an article, or one is likelier than `threshold` (0–1) to answer it."""
    number = named_in(question)
    if number is not None:
        named = index.named(number)
        hits = tuple(Hit(*one, score=0.0, confidence=1.0) for one in named)
        return Decision("named" if hits else "no-such-number", hits, number)
    found = index.look_up(question, limit)
    read_as = ""
    if found.confidence < threshold and (other := index.respelled(question)) is not None:
        again = index.look_up(other, limit)
        if again.confidence >= threshold:
            found, read_as = again, other
    is_sure = bool(found.hits) and found.confidence >= threshold
    return Decision("found" if is_sure else "refused", found.hits, topic=found.elsewhere, read_as=read_as)


def near(decision: Decision, threshold: float) -> tuple[Hit, ...]:
    """Of a refused question the two articles that may still be what was meant."""
    return tuple(hit for hit in decision.hits[:2] if hit.confidence > 0 and hit.confidence >= threshold * NEAR)
