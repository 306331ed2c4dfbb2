"""Which articles of a new version go on with the questions and the summary of those before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handlers.policy.documents.corpus import PREAMBLE
from handlers.policy.documents.overlaps import pairs
from handlers.policy.documents.quantities import quantities
from handlers.policy.normalise import fold, tokens
from storage.policies import Article

LEAST_SHARED = 0.3
"""Share of the shorter text's pairs of characters that the other has to have, to speak of the same matter."""

REWORDED = 0.2
SAME_CHARACTERS = 0.6
"""Shares of the pairs and of the characters that tell the same: in other words, with the same characters."""
SUMMARY_SHARED = 0.4
"""Share of the pairs from which on a summary may go on."""
NEARLY_EQUAL = 0.75
"""Share of the pairs from which on one «not» more or less turns the sense round."""
_DENIALS = re.compile("[不未无非禁勿免]")


def inherit(articles: Sequence[Article], before: Iterable[Sequence[Article]]) -> tuple[list[Article], list[str]]:
    """The articles with the questions of those before them whose number and matter agree, and their numbers.

    The summary goes on only where the old one still is true of the new text, as far as that can be told. An introduction
    inherits nothing: what people ask about a digest's is not true of the official text.
    """
    matters = [{old.number: old for old in document} for document in before]
    found: list[Article] = []
    inherited: list[str] = []
    for article in articles:
        old = next((one for matter in matters if (one := _same_matter(article, matter)) is not None), None)
        if old is None or not (old.questions or old.summary):
            found.append(article)
            continue
        questions = tuple(dict.fromkeys((*article.questions, *old.questions)))
        summary = article.summary or (old.summary if _is_still_true(old, article) else "")
        found.append(replace(article, questions=questions, summary=summary))
        inherited.append(article.number)
    return found, inherited


def _same_matter(article: Article, before: Mapping[str, Article]) -> Article | None:
    old = before.get(article.number)
    if old is None or article.number.startswith(PREAMBLE):
        return None
    share = _shared(pairs(article.text), pairs(old.text))
    is_same = share >= LEAST_SHARED or (
        share >= REWORDED and _shared(_characters(article.text), _characters(old.text)) >= SAME_CHARACTERS
    )
    return old if is_same else None


def _is_still_true(old: Article, new: Article) -> bool:
    """The summary of the old text can stand before the new one: it is worded much the same, the numbers of the summary are
    still in it, and it denies as often as the old one where the two are nearly equal.
    """
    share = _shared(pairs(old.text), pairs(new.text))
    told = quantities(old.summary)
    if share < SUMMARY_SHARED or (quantities(new.text).lacks(told) and not quantities(old.text).lacks(told)):
        return False
    return share < NEARLY_EQUAL or len(_DENIALS.findall(old.text)) == len(_DENIALS.findall(new.text))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that the other has too."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _characters(text: str) -> frozenset[str]:
    return frozenset(token for run in tokens(fold(text)) for token in run)
