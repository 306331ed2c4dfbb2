"""The titles above articles, from what is stored of them: numbers and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.policy.documents.marks import division
from storage.policies import Article

_TITLES = re.compile(
    r" (?=第[〇零一二三四五六七八九十百千两\d]+(?:[编篇章节]|部分)(?: |$))| (?=[一二三四五六七八九十]{1,4}、)"
)
_ANNEX = re.compile(r"^附[件录表图](?:\d{1,3}|[〇零一二三四五六七八九十]{1,3}|[A-Z])?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A title, or an article with what stands above it."""

    depth: int
    label: str
    """Number of a title in its document: `二`, `第一章`; an article's own number."""
    title: str = ""
    article: Article | None = None


def entries(articles: Sequence[Article]) -> Iterator[Entry]:
    """Titles and articles in the order of the document."""
    numbers = {article.number for article in articles}
    shown: list[tuple[str, str]] = []
    for article in articles:
        chain = _chain(article, numbers)
        same = 0
        while same < min(len(chain), len(shown)) and chain[same] == shown[same]:
            same += 1
        for depth, (label, title) in enumerate(chain[same:], same):
            yield Entry(depth, label, title)
        shown = chain
        inner = _inner(article.number)
        above = len(path(inner)) - 1 - _titled(inner, chain) if not _is_clause(inner) and inner else 0
        yield Entry(len(chain) + max(above, 0), article.number, article=article)


def path(number: str) -> list[str]:
    """The labels in the number of an article that is numbered by levels: 二, 6, (三) for `二.6.(三)`."""
    return number.split("#")[0].split(".")


def annex_of(number: str) -> str:
    """`附件1` for `附件1.一.2`; nothing for an article of the document itself."""
    found = _ANNEX.match(number)
    return found[0] if found else ""


def _inner(number: str) -> str:
    return number.removeprefix(annex_of(number)).removeprefix(".")


def _is_clause(number: str) -> bool:
    return number.startswith("第")


def _titled(inner: str, chain: Sequence[tuple[str, str]]) -> int:
    """How many labels of the number are those of titles in the chain."""
    labels = {label for label, _ in chain}
    steps = path(inner)
    return sum(".".join(steps[: count + 1]) in labels for count in range(len(steps) - 1))


def _chain(article: Article, numbers: set[str]) -> list[tuple[str, str]]:
    """The titles above an article, each with its label."""
    annex = annex_of(article.number)
    heading, chain = article.heading, list[tuple[str, str]]()
    inner = _inner(article.number)
    if annex:
        name, heading = _annex_name(annex, heading, inner)
        chain.append((annex, name))
    if _is_clause(inner) and "." not in inner:
        for title in filter(None, _TITLES.split(heading)):
            found = division(title)
            label = found.label if found else title.split("、")[0]
            if label != inner.split("#")[0] or article.text != title:
                chain.append((label, title))
        if chain and chain[-1][0] == inner.split("#")[0]:
            del chain[-1]  # the article is what stands below this title, and shows it
        return chain
    steps = path(inner)
    prefixes = [".".join(steps[:count]) for count in range(1, len(steps))]
    joint = f"{annex}." if annex else ""
    missing = [prefix for prefix in prefixes if f"{joint}{prefix}" not in numbers]
    titles = heading.split(" ") if heading else []
    return chain + list(zip(missing[-len(titles) :] if titles else [], titles, strict=False))


def _annex_name(annex: str, heading: str, inner: str) -> tuple[str, str]:
    """The name of an annex, and what else is in the heading."""
    rest = heading.removeprefix(annex).removeprefix(" ")
    if not inner:
        return rest, ""
    name, _, below = rest.partition(" ")
    return name, below
