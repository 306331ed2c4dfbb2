"""Markdown in which comments say where each article begins: for documents whose own numbering does not say it all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.policy.documents.marks import bare, escaped
from storage.policies import Article

_ANCHOR = re.compile(r"^<!-- 条款 ([^|｜]*)[|｜](.*) -->$")
_LEADING = re.compile(r"^\s*# ")


def read(text: str) -> tuple[str, list[Article]] | None:
    """The title and the articles; None where nothing is marked so."""
    title, found = "", list[tuple[str, str, list[str]]]()
    for raw in text.splitlines():
        if anchor := _ANCHOR.match(raw):
            found.append((anchor[1], anchor[2], []))
        elif not raw.strip():
            continue
        elif found:
            found[-1][2].append(bare(raw))
        elif _LEADING.match(raw):
            title = bare(raw)
    articles = [Article(number, "\n".join(lines) or number, heading) for number, heading, lines in found if number]
    return (title, articles) if articles else None


def write(title: str, articles: Sequence[Article]) -> str:
    """The articles so that `read` gives back the same."""
    blocks = [f"# {escaped(title)}"]
    for article in articles:
        blocks.append(f"<!-- 条款 {article.number}｜{article.heading} -->")
        blocks += [escaped(line) for line in article.text.split("\n")]
    return "\n\n".join(blocks) + "\n"
