"""The lead of an answer in the words of a language model, when there is one and it holds."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.fetched import Fetched
from handlers.markdown import literal
from handlers.policy.answering.rephrasing import MOST_ARTICLES, Dropped, verify
from handlers.policy.finding.index import Hit

NOTE = "以上由语言模型转述，以条文为准（{articles}）。"


def hits_of(answers: Sequence[Hit], others: Sequence[Hit]) -> tuple[Hit, ...]:
    """The articles that a rephrasing may rest on, in the order by which it cites them."""
    return (*answers, *others)[:MOST_ARTICLES]


def retold(question: str, answers: Sequence[Hit], retrieved: Sequence[Hit], fetched: Fetched) -> str:
    """What may stand above the quotation instead of the usual lead; empty where nothing may.

    What was fetched is verified here once more: articles may have changed since, and the question was perhaps understood
    otherwise. Of the articles that it cites one at least has to be quoted below, which is what `answers` are.
    """
    said = fetched.rephrased
    if said is None or said.question != question:
        return ""
    found = verify(said.text, retrieved)
    if isinstance(found, Dropped):
        return ""
    cited = [retrieved[place] for place in found.cited]
    if not any(hit.article is answer.article for hit in cited for answer in answers):
        return ""
    several = len({hit.document.title for hit in cited}) > 1
    names = (
        f"《{literal(hit.document.title)}》{hit.article.number}" if several else hit.article.number for hit in cited
    )
    return f"{found.text}\n\n{NOTE.format(articles='、'.join(names))}"
