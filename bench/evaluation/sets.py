"""The questions that answers are measured with, and the regulations that they are about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from handlers.policy.documents.corpus import parse
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.shipped import digest
from storage.policies import Article, Document

Kind = Literal["in_scope", "near_miss", "out_of_scope"]
Part = Literal["tuned", "held_out", "later"]
DIGEST = "digest"
_HERE = Path(__file__).parent
_FOLDERS: dict[Part, Path] = {"tuned": _HERE / "dev", "held_out": _HERE / "held_out", "later": _HERE / "later"}
_OF_THE_DIGEST = Path(__file__).parent.parent.parent / "tests" / "handlers" / "policy"
_KINDS: dict[str, Kind] = {"in_scope": "in_scope", "near_misses": "near_miss", "out_of_scope": "out_of_scope"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody would type it. `articles`: the numbers of all articles of `document` that answer it."""

    text: str
    document: str
    kind: Kind
    articles: tuple[str, ...] = ()
    style: str = ""


def questions(part: Part, document: str) -> list[Question]:
    """The questions of a part about one document; those out of scope are asked beside any."""
    path = _FOLDERS[part] / "questions.jsonl"
    return [
        Question(row["question"], row["document"], row["kind"], tuple(row.get("articles", ())), row.get("style", ""))
        for row in map(json.loads, _lines(path))
        if row["document"] == document
    ]


def of_the_digest(*halves: str) -> list[Question]:
    """The questions over the digest that were written with it, by their halves `tune`, `test` and `fresh`."""
    return [
        Question(row["question"], DIGEST, kind, tuple(row.get("articles", ())))
        for name, kind in _KINDS.items()
        for row in map(json.loads, _lines(_OF_THE_DIGEST / f"questions_{name}.jsonl"))
        if row["half"] in halves
    ]


def documents(part: Part) -> dict[str, tuple[Document, Sequence[Article]]]:
    """The regulations of a part without questions of their own, by the names that `questions` knows them by."""
    found: dict[str, tuple[Document, Sequence[Article]]] = {}
    for number, path in enumerate(sorted(_FOLDERS[part].glob("*.md")), 2):
        regulation = parse(path.read_text(encoding="utf-8"))
        found[path.stem] = Document(regulation.title, id=number), regulation.articles
    return found


def shipped() -> tuple[Document, Sequence[Article]]:
    """The digest, with its questions."""
    regulation = digest()
    return Document(regulation.title, is_digest=True, id=1), regulation.articles


def shipped_index() -> PolicyIndex:
    """The index of a fresh installation."""
    return PolicyIndex([shipped()])


def _lines(path: Path) -> Iterator[str]:
    if path.exists():
        yield from filter(None, path.read_text(encoding="utf-8").splitlines())
