"""A document as an indented tree, with what was doubtful, for whoever decides whether it is taken in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from handlers.policy.documents.corpus import PREAMBLE, Regulation, count_of
from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.parts import parts_of
from handlers.policy.documents.skeleton import Entry, entries
from storage.policies import Article

_GIST = 24
"""Characters of an article that are shown."""
_DROPPED = 4
_LONGEST_TITLE = 30


@dataclass(slots=True)
class _Row:
    """A title or an article with the doubts about it; a title counts the articles below it."""

    entry: Entry
    doubts: list[Doubt] = field(default_factory=list)
    count: int = 0


def tree(regulation: Regulation, limit: int | None = None, *, brief: bool = False) -> list[str]:
    """The lines of the tree: numbers, the beginning of each article, counts, doubts marked with ⚠.

    `brief`: without the first line, and with only the mark where something is doubtful, for who is told of it elsewhere.

    With a limit there are at most so many lines (but for the first one): first the items go, then the articles, then
    what is at the end; doubts stay as long as there is room.
    """
    rows = _rows(regulation)
    head = [] if brief else _head(regulation)
    titles = [row for row in rows if row.doubts or row.entry.article is None]
    outer = [row for row in rows if row.doubts or row.entry.article is None or not _is_item(row)]
    for kept in (rows, outer, titles):
        lines = [line for row in kept for line in _lines(row, brief=brief)]
        note = [_left_out(rows, kept)] if len(kept) < len(rows) else []
        if lines and (limit is None or len(head) + len(lines) + len(note) <= limit):
            return [*head, *lines, *note]
    assert limit is not None
    doubtful = [line for row in rows if row.doubts for line in _lines(row, brief=brief)]
    found = [*head, *(doubtful if doubtful and not brief else lines)]
    return [*found[: max(limit - 1, 1)], "…… 其余没有列出"]


def _rows(regulation: Regulation) -> list[_Row]:
    rows = [_Row(entry) for entry in entries(regulation.articles)]
    by_number = {row.entry.article.number: row for row in rows if row.entry.article is not None}
    for doubt in regulation.doubts:
        if doubt.number in by_number:
            by_number[doubt.number].doubts.append(doubt)
    above: list[_Row] = []
    for row in rows:
        del above[row.entry.depth :]
        if row.entry.article is not None:
            for title in above:
                title.count += 1
        else:
            above.append(row)
    return rows


def _is_item(row: _Row) -> bool:
    """An article that is an item of another one."""
    return "(" in row.entry.label.rpartition(".")[2]


def _head(regulation: Regulation) -> list[str]:
    """The title with counts, what was left out of the file, and doubts about all of it."""
    count = len(regulation.doubts)
    told = f"，{count} 处请看一看" if count else ""
    lines = [f"《{regulation.title}》{count_of(regulation.articles)} 条{told}"]
    if regulation.dropped:
        shown = "、".join(f"「{_cut(line, _GIST)}」" for line in regulation.dropped[:_DROPPED])
        lines.append(f"没有读进来的页眉、页码、菜单等：{shown}{' 等' * (len(regulation.dropped) > _DROPPED)}")
    return [*lines, *(_doubt(one, "") for one in regulation.doubts if not one.number)]


def _lines(row: _Row, *, brief: bool) -> Iterator[str]:
    indent = "　" * row.entry.depth
    mark = " ⚠" if brief and row.doubts else ""
    if row.entry.article is None:
        yield f"{indent}{_title(row.entry)}（{row.count} 条）{mark}"
    else:
        own = _own(row.entry.article)
        yield f"{indent}{row.entry.label}　{_gist(own.text)}{_counts(own)}{mark}"
    if not brief:
        yield from (_doubt(doubt, indent + "　") for doubt in row.doubts)


def _title(entry: Entry) -> str:
    title = entry.title if entry.title.startswith(entry.label) else f"{entry.label} {entry.title}".strip()
    return _cut(title, _LONGEST_TITLE)


def _gist(text: str) -> str:
    """The beginning; a line that leads to items says enough."""
    first = text.partition("\n")[0]
    return _cut(first if first[-1:] in ("：", ":") else " ".join(text.split()), _GIST)


def _own(article: Article) -> Article:
    """An item without the line that leads to it, and without its number, which stands before it."""
    lead, _, rest = article.text.partition("\n")
    bracket = article.number.rpartition(".")[2].replace("(", "（").replace(")", "）")
    is_led = lead[-1:] in ("：", ":") and rest.startswith(bracket) and "." in article.number
    return replace(article, text=rest.removeprefix(bracket).lstrip("、.． ")) if is_led else article


def _counts(article: Article) -> str:
    """How many paragraphs and items it has, where it has several."""
    parts = parts_of(article) if article.number != PREAMBLE else ()
    paragraphs = sum(not part.item for part in parts)
    items = sum(bool(part.item) and not part.point for part in parts)
    told = [f"{paragraphs} 款"] * (paragraphs > 1) + [f"{items} 项"] * (items > 0)
    return f"（{'，'.join(told)}）" if told else ""


def _doubt(doubt: Doubt, indent: str) -> str:
    place = f"第 {doubt.line} 行：" if doubt.line else ""
    return f"{indent}⚠ {place}{doubt.text}"


def _left_out(rows: Sequence[_Row], kept: Sequence[_Row]) -> str:
    left = _articles(rows) - _articles(kept)
    return f"…… 另有 {left} 条没有列出"


def _articles(rows: Sequence[_Row]) -> int:
    return count_of([row.entry.article for row in rows if row.entry.article is not None])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
