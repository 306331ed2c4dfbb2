"""The regulation that comes with Steward: a digest in our own words, with the questions that people ask about it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from handlers.policy.documents.corpus import Regulation, parse
from storage.policies import Article, Document, Policies
from storage.store import Store

EFFECTIVE = date(2023, 11, 28)
SOURCE = "digest.md"


def install_if_empty(store: Store, now: datetime) -> None:
    """A database without any regulation gets the digest, so that the bot can answer from the first day."""
    if not store.policies.documents():
        with store.database.transaction():
            install(store.policies, now)


def install(policies: Policies, now: datetime) -> Document:
    """Store the digest with its questions as a document in force since 2023-11-28."""
    regulation = digest()
    document = Document(regulation.title, effective=EFFECTIVE, is_digest=True, source_name=SOURCE)
    return policies.add(document, regulation.articles, now)


@cache
def digest() -> Regulation:
    """The digest, parsed like any other document, with the summary and the questions of each article."""
    regulation = parse(_read(SOURCE))
    asked = json.loads(_read("questions.json"))
    return replace(
        regulation,
        articles=tuple(_with_questions(article, asked.get(article.number)) for article in regulation.articles),
    )


def _with_questions(article: Article, asked: dict[str, list[str] | str] | None) -> Article:
    if asked is None:
        return article
    return replace(article, summary=str(asked["summary"]), questions=tuple(asked["questions"]))


def _read(name: str) -> str:
    return files("handlers.policy").joinpath(name).read_text(encoding="utf-8")
