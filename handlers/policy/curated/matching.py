"""Answers that people gave and reviewed: which one a question gets, and which ones have to be looked at again.

An answer holds as long as the articles that it rests on read as they did when it was reviewed. When one has changed or
is gone, the answer is given no more until whoever answers for its document has looked at it (`/规章 问答 复核`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from handlers.policy.curated.likeness import Gist, gist, likeness
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.normalise import fold
from storage.curated import CuratedAnswer, CuratedAnswers, Link
from storage.policies import Article, Document

DIGEST_MARK = "（要点）"
"""Stands in the title of a digest, but not in that of the official text."""

Standing = Literal["same", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Linked:
    """An article that an answer rests on, as it stands today; `article` and `document` are None where it is gone."""

    link: Link
    standing: Standing
    document: Document | None = None
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with its articles of today."""

    answer: CuratedAnswer
    linked: tuple[Linked, ...] = ()

    @property
    def is_current(self) -> bool:
        """Every article that it rests on reads as it did."""
        return all(one.standing == "same" for one in self.linked)

    @property
    def articles(self) -> tuple[tuple[Document, Article], ...]:
        """The articles that are still there."""
        return tuple((one.document, one.article) for one in self.linked if one.document and one.article)


class CuratedIndex:
    """All curated answers over the articles in force on one day. Never changed after it was built."""

    def __init__(
        self,
        answers: Iterable[CuratedAnswer] = (),
        policies: PolicyIndex | None = None,
        before: CuratedIndex | None = None,
    ) -> None:
        """`before` is an older index, from which what it knows of phrasings is taken over."""
        self._policies = policies or PolicyIndex()
        is_of_these = before is not None and before._policies is self._policies
        self._hashes: dict[tuple[int, str], str] = before._hashes if before is not None and is_of_these else {}
        self.given: tuple[Given, ...] = tuple(self.stand(answer) for answer in answers if answer.state == "given")
        """What has not been stopped, whether current or not."""
        self._by_key: dict[str, list[tuple[Gist, Given]]] = {}
        self._gists: dict[str, Gist] = {}
        known = {} if before is None else before._gists
        for one in self.given:
            if one.is_current:
                for phrasing in one.answer.phrasings:
                    asked = known.get(phrasing) or gist(phrasing)
                    self._gists[phrasing] = asked
                    self._by_key.setdefault(asked.key, []).append((asked, one))

    @classmethod
    def load(cls, curated: CuratedAnswers, policies: PolicyIndex, before: CuratedIndex | None = None) -> CuratedIndex:
        """All answers of the database."""
        return cls(curated.all(), policies, before)

    def match(self, question: str) -> Given | None:
        """The answer to a question that asks the same; the nearest phrasing's, of equals the newest. None: there is none.

        Strict (`likeness.py`): a question that only comes near is for the look-up in the regulations.
        """
        asked = gist(question)
        found = [(likeness(asked, known), one) for known, one in self._by_key.get(asked.key, ())]
        near = [(alike, one.answer.reviewed_at, one.answer.id, one) for alike, one in found if alike > 0]
        return max(near, key=lambda each: each[:3])[3] if near else None

    @property
    def outdated(self) -> tuple[Given, ...]:
        """What is not given any more because an article has changed, oldest first."""
        return tuple(one for one in self.given if not one.is_current)

    def stand(self, answer: CuratedAnswer) -> Given:
        """An answer with its articles as they stand today."""
        return Given(answer, tuple(map(self._linked, answer.links)))

    def _linked(self, link: Link) -> Linked:
        found = article_named(link.article, link.document, self._policies)
        if found is None:
            return Linked(link, "gone")
        document, article = found
        name = (document.id, article.number)
        now = self._hashes.get(name) or content_hash(article)
        self._hashes[name] = now
        return Linked(link, "same" if now == link.content_hash else "changed", document, article)


NO_ANSWERS = CuratedIndex()
"""Where nothing was curated."""


def article_named(number: str, title: str, policies: PolicyIndex) -> tuple[Document, Article] | None:
    """The article of this number in the document of this title, or in the one that a digest of this title is of."""
    named = policies.named(number)
    exact = [one for one in named if one[0].title == title]
    alike = [one for one in named if _bare(one[0].title) == _bare(title)]
    return next(iter(exact or alike), None)


def link_to(document: Document, article: Article) -> Link:
    """A link to an article as it reads now."""
    return Link(document.title, article.number, content_hash(article))


def content_hash(article: Article) -> str:
    """The same as long as the article says the same; white space and width of characters say nothing."""
    return hashlib.blake2b("".join(fold(article.text).split()).encode(), digest_size=16).hexdigest()


def _bare(title: str) -> str:
    return title.replace(DIGEST_MARK, "").strip()
