"""Documents numbered by levels: each level is as deep as the document first nests it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.policy.marks import level
from storage.policies import Article

_LONGEST_TITLE = 30
"""Characters; a longer numbered line that has articles below it is an article itself."""


@dataclass(slots=True)
class _Node:
    """A numbered line with what stands below it."""

    level: str = ""
    label: str = ""
    text: str = ""
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


def read(lines: Sequence[str]) -> list[Article]:
    """The articles in order; what stands before the first number has none."""
    root = _Node()
    path = [root]
    for line in lines:
        numbered = level(line)
        if numbered is None:
            path[-1].lines.append(line)
            continue
        depth = next((at for at, node in enumerate(path) if node.level == numbered.level), len(path))
        node = _Node(numbered.level, numbered.label, numbered.rest)
        del path[depth:]
        path[-1].children.append(node)
        path.append(node)
    articles = [Article("", "\n".join(root.lines))] if root.lines else []
    for child in root.children:
        _flatten(child, (), (), "", articles)
    return articles


def _flatten(
    node: _Node, above: tuple[str, ...], headings: tuple[str, ...], lead: str, articles: list[Article]
) -> None:
    """Every node that is no title is an article; below one that leads (…：) the items are articles too."""
    path = (node.label,) if node.level == "decimal" else (*above, node.label)
    if node.is_title:
        headings = (*headings, node.text)
        lead = ""
    else:
        own = "\n".join(filter(None, (f"{_spoken(node)}{node.text}" if lead else node.text, *node.lines)))
        items = [f"{_spoken(child)}{child.text}" for child in node.children]
        articles.append(
            Article(".".join(path), "\n".join(filter(None, (lead, own, *items))) or node.label, " ".join(headings))
        )
        lead = node.text if node.leads else ""
    for child in node.children:
        _flatten(child, path, headings, lead, articles)


def _spoken(node: _Node) -> str:
    if node.label.startswith("("):
        return node.label.replace("(", "（").replace(")", "）")
    return {"chinese": f"{node.label}、", "arabic": f"{node.label}. ", "half-bracketed": f"{node.label}）"}.get(
        node.level, node.label
    )
