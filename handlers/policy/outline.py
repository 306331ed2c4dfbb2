"""Documents numbered by levels: each level is as deep as the document first nests it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.policy.clauses import squeezed
from handlers.policy.lines import Line, Numbered, Reading
from handlers.policy.marks import Mark, level, plain_arabic
from storage.policies import Article

_LONGEST_TITLE = 30
"""Characters; a longer numbered line that has articles below it is an article itself."""


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
    for line, numbered in zip(lines, _marks(lines), strict=True):
        if numbered is None:
            path[-1].lines.append(line.text)
            continue
        depth = next((at for at, node in enumerate(path) if node.level == numbered.level), len(path))
        node = _Node(numbered.level, numbered.label, numbered.rest, line.at)
        del path[depth:]
        path[-1].children.append(node)
        group = _decimal_group(numbered.label) if numbered.level == "decimal" else (path[-1].at, numbered.level)
        found.numbered.append(Numbered(line.at, group, numbered.label, _spoken(node).strip(" 、.")))
        path.append(node)
    if root.lines:
        found.articles.append((root.at, Article("", "\n".join(root.lines))))
    for child in root.children:
        _flatten(child, (), (), "", found.articles)
    return found


def _marks(lines: Sequence[Line]) -> list[Mark | None]:
    """The number of each line. `1 总则` is numbered where a line `1.1 …` follows."""
    marks = [level(line.text) for line in lines]
    below = ""
    for at in range(len(lines) - 1, -1, -1):
        found = marks[at]
        if found is None and below and (titled := plain_arabic(lines[at].text)) and titled.label == below:
            marks[at] = found = titled
        if found is not None:
            below = found.label.split(".")[0] if found.level == "decimal" else ""
    return marks


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
    path = (node.label,) if node.level == "decimal" else (*above, node.label)
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
    if node.label.startswith("("):
        return node.label.replace("(", "（").replace(")", "）")
    return {"chinese": f"{node.label}、", "arabic": f"{node.label}. ", "half-bracketed": f"{node.label}）"}.get(
        node.level, node.label
    )
