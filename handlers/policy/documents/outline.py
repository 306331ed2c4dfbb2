"""Documents numbered by levels: each level is as deep as the document first nests it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.policy.documents.back import lists
from handlers.policy.documents.clauses import squeezed
from handlers.policy.documents.lines import Line, Numbered, Reading
from handlers.policy.documents.marks import Mark, level, plain_arabic, plain_chinese
from handlers.policy.documents.numbers import parts
from storage.policies import Article

_LONGEST_TITLE = 30
"""Characters; a longer numbered line that has articles below it is an article itself."""


_LONGEST_LABEL = 12
"""Characters of a heading without a number that becomes part of the numbers below it."""


@dataclass(slots=True)
class _Node:
    """A numbered line with what stands below it."""

    level: str = ""
    label: str = ""
    text: str = ""
    at: int = 0
    """Its line."""
    lines: list[str] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)

    @property
    def is_decimal(self) -> bool:
        """1.1, 1.1.1: its label is its whole path."""
        return self.level.startswith("decimal")

    @property
    def is_title(self) -> bool:
        """A short line without a full stop, with articles below it."""
        return (
            bool(self.children)
            and not self.lines
            and len(self.text) <= _LONGEST_TITLE
            and self.text[-1:] not in "：:。；;"
        )

    @property
    def leads(self) -> bool:
        """The line is unfinished without the items below it, and they without it."""
        return self.text[-1:] in ("：", ":")


def read(lines: Sequence[Line]) -> Reading:
    """The articles in order; what stands before the first number has none."""
    found = Reading()
    root = _Node(at=lines[0].at if lines else 0)
    path = [root]
    marks = _marks(lines)
    parted = _headings_that_part(lines, marks)
    for at, (line, numbered) in enumerate(zip(lines, marks, strict=True)):
        if at in parted:
            node = _Node("heading", _label(line.text), line.text, line.at)
            root.children.append(node)
            path = [root, node]
            found.headings.add(line.at)
        elif numbered is None:
            path[-1].lines.append(line.text)
        else:
            kind = _kind(numbered)
            node = _Node(kind, numbered.label, numbered.rest, line.at)
            del path[_depth(path, kind, numbered.label) :]
            path[-1].children.append(node)
            group = _decimal_group(numbered.label) if node.is_decimal else (path[-1].at, kind)
            found.numbered.append(Numbered(line.at, group, numbered.label, _spoken(node).strip(" 、.")))
            path.append(node)
    if root.lines:
        found.articles.append((root.at, Article("", "\n".join(root.lines))))
    for child in root.children:
        _flatten(child, (), (), "", found.articles)
    return found


def _marks(lines: Sequence[Line]) -> list[Mark | None]:
    """The number of each line. In a document with 1.1 `1 总则` is numbered too: where 1.1 follows, or in sequence."""
    listed = lists(lines)
    marks = [None if at in listed else level(line.text) for at, line in enumerate(lines)]
    _mark_plain_chinese(lines, marks)
    heads = {mark.label.partition(".")[0] for mark in marks if mark is not None and mark.level == "decimal"}
    if not heads:
        return marks
    following: list[str] = [""] * len(marks)
    for at in range(len(marks) - 2, -1, -1):
        mark = marks[at + 1]
        following[at] = following[at + 1] if mark is None else mark.label
    before = 0
    for at, line in enumerate(lines):
        titled = plain_arabic(line.text) if marks[at] is None else None
        if titled is None or int(titled.label) != before + 1:
            continue
        is_head = following[at].startswith(f"{titled.label}.")
        if is_head or titled.label not in heads:
            marks[at], before = titled, int(titled.label)
    return marks


def _headings_that_part(lines: Sequence[Line], marks: Sequence[Mark | None]) -> frozenset[int]:
    """The places of headings without a number below each of which the numbers begin anew: they become part of the numbers.

    None where the numbers go on from one to the next, or something is numbered before the first.
    """
    places = [at for at, line in enumerate(lines) if line.is_heading and marks[at] is None and _may_be_label(line.text)]
    if len(places) < 2 or any(mark is not None for mark in marks[: places[0]]):
        return frozenset()
    firsts = [
        next((mark for mark in marks[at:end] if mark is not None), None)
        for at, end in zip(places, [*places[1:], len(lines)], strict=True)
    ]
    labels = {_label(lines[at].text) for at in places}
    begin_anew = all(
        first is not None and first.level == (firsts[0] or first).level and parts(first.label) == (1,)
        for first in firsts
    )
    return frozenset(places) if begin_anew and len(labels) == len(places) else frozenset()


def _may_be_label(text: str) -> bool:
    return len(_label(text)) <= _LONGEST_LABEL and text[-1] not in "。；;：:，," and not text[:1].isdecimal()


def _label(title: str) -> str:
    """A title as part of a number: 总则.1."""
    return "".join(character for character in title if character not in " .#\u3000\u00a0|｜")


def _mark_plain_chinese(lines: Sequence[Line], marks: list[Mark | None]) -> None:
    """`一 总则` is numbered where `二 …` and so on stand so too, and nothing else is numbered with 一、."""
    if any(mark is not None and mark.level == "chinese" for mark in marks):
        return
    found: list[tuple[int, Mark]] = []
    for at, line in enumerate(lines):
        titled = plain_chinese(line.text) if marks[at] is None else None
        if titled is not None and parts(titled.label) == (len(found) + 1,):
            found.append((at, titled))
    if len(found) > 1:
        for at, titled in found:
            marks[at] = titled


def _kind(mark: Mark) -> str:
    """The level of a mark; 1.1 and 1.1.1 are two."""
    return mark.level + "." * mark.label.count(".") if mark.level == "decimal" else mark.level


def _depth(path: Sequence[_Node], kind: str, label: str) -> int:
    """How much of the path stays above a node: what is above the last one of its kind; and 3.1 is below no 2."""
    depth = next((at for at, node in enumerate(path) if node.level == kind), len(path))
    if kind.startswith("decimal"):
        for at, node in enumerate(path[:depth]):
            if (node.is_decimal or node.level == "arabic") and not label.startswith(f"{node.label}."):
                return at
    return depth


def _decimal_group(label: str) -> tuple[object, ...]:
    """1.2.3 counts among the numbers below 1.2."""
    return ("decimal", label.rpartition(".")[0])


def _flatten(
    node: _Node,
    above: tuple[str, ...],
    headings: tuple[str, ...],
    lead: str,
    articles: list[tuple[int, Article]],
) -> None:
    """Every node that is no title is an article; below one that leads (…：) the items are articles too."""
    path = (node.label,) if node.is_decimal else (*above, node.label)
    if node.is_title:
        headings = (*headings, squeezed(node.text))
        lead = ""
    else:
        own = "\n".join(filter(None, (f"{_spoken(node)}{node.text}" if lead else node.text, *node.lines)))
        items = [f"{_spoken(child)}{child.text}" for child in node.children]
        text = "\n".join(filter(None, (lead, own, *items))) or node.label
        articles.append((node.at, Article(".".join(path), text, " ".join(filter(None, headings)))))
        lead = node.text if node.leads else ""
    for child in node.children:
        _flatten(child, path, headings, lead, articles)


def _spoken(node: _Node) -> str:
    if node.is_decimal:
        return f"{node.label} "
    if node.label.startswith("("):
        return node.label.replace("(", "（").replace(")", "）")
    return {"chinese": f"{node.label}、", "arabic": f"{node.label}. ", "half-bracketed": f"{node.label}）"}.get(
        node.level, node.label
    )
