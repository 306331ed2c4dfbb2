"""What the styles of a Word document say of its paragraphs: headings, titles, numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.policy.documents.reading.xml import Element, value

_HEADING = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:toc|目录)\s*\d$", re.IGNORECASE)
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph has from its style, and from those that the style is based on."""

    heading: int = 0
    """1 to 9; 0 for text."""
    is_contents: bool = False
    """A line of an automatic table of contents."""
    list_id: str = ""
    level: int | None = None


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, root: Element | None = None) -> None:
        """`root` is the part `styles.xml`; without it every paragraph is text."""
        elements = () if root is None else root.findall("style")
        self._elements = {value(element, "styleId"): element for element in elements}
        self._found: dict[str, Style] = {}

    def of(self, name: str) -> Style:
        """The style with this id; a plain one where there is none."""
        if name not in self._found:
            self._found[name] = self._resolve(name)
        return self._found[name]

    def _resolve(self, name: str) -> Style:
        found = Style()
        for _ in range(_LONGEST_CHAIN):
            element = self._elements.get(name)
            if element is None:
                break
            written = value(element.find("name"))
            heading = _HEADING.match(written)
            outline = value(element.find("pPr/outlineLvl"))
            numbered = element.find("pPr/numPr")
            level = value(None if numbered is None else numbered.find("ilvl"))
            found = Style(
                heading=found.heading
                or (int(heading[1]) if heading else 1 if written.lower() in ("title", "标题") else _outline(outline)),
                is_contents=found.is_contents or bool(_CONTENTS.match(written)),
                list_id=found.list_id or value(None if numbered is None else numbered.find("numId")),
                level=found.level if found.level is not None else int(level) if level.isdecimal() else None,
            )
            name = value(element.find("basedOn"))
        return found


def _outline(level: str) -> int:
    """Outline level 0 is that of the first heading; 9 is text."""
    return int(level) + 1 if level.isdecimal() and int(level) < 9 else 0
