"""Documents with 第…条: whatever follows a clause belongs to it until the next clause or the next title."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.policy.marks import clause, division
from storage.policies import Article

_DIVISIONS = "编章节"


def has_clauses(lines: Sequence[str]) -> bool:
    """The document numbers its articles through."""
    return any(clause(line) for line in lines)


def read(lines: Sequence[str]) -> list[Article]:
    """The articles in order. What stands before the first has no number; a title with nothing below it stays as text."""
    articles: list[Article] = []
    headings: dict[str, str] = {}
    number, body = "", list[str]()
    for line in _without_contents(lines, body):
        if titled := division(line):
            level = _DIVISIONS.index(titled.level)
            if body or not _is_above(number, level):
                _finish(articles, number, body, headings)
            headings = {kept: text for kept, text in headings.items() if _DIVISIONS.index(kept) < level}
            headings[titled.level] = line
            number, body = titled.label, []
        elif numbered := clause(line):
            if body or not division(number):
                _finish(articles, number, body, headings)
            number, body = numbered.label, [numbered.rest] if numbered.rest else []
        else:
            body.append(line)
    _finish(articles, number, body, headings)
    return articles


def _is_above(number: str, level: int) -> bool:
    """The number is that of a division of a higher level."""
    return division(number) is not None and _DIVISIONS.index(number[-1]) < level


def _finish(articles: list[Article], number: str, body: list[str], headings: dict[str, str]) -> None:
    if number or body:
        heading = " ".join(headings.values())
        text = "\n".join(body) or (headings.get(number[-1:], number) if division(number) else number)
        articles.append(Article(number, text, heading))


def _without_contents(lines: Sequence[str], preamble: list[str]) -> list[str]:
    """The lines without a table of contents (目录), which goes into the preamble: its titles come again below."""
    bare = ["".join(line.split()) for line in lines]
    if "目录" not in bare:
        return list(lines)
    begin = bare.index("目录")
    listed: set[str] = set()
    end = begin + 1
    while end < len(lines) and division(lines[end]) and bare[end] not in listed:
        listed.add(bare[end])
        end += 1
    if not listed or not listed & set(bare[end:]):
        return list(lines)
    preamble += [*lines[:begin], *lines[begin:end]]
    return list(lines[end:])
