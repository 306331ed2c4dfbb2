"""The numbers that Word writes before paragraphs: its documents hold the rule, not the number (ISO/IEC 29500-1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from handlers.policy.documents.reading.counting import counted
from handlers.policy.documents.reading.xml import Element, is_on, value

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    style: str = "decimal"
    text: str = ""
    start: int = 1
    is_legal: bool = False
    """All numbers in it are Arabic."""
    restarts_below: int | None = None
    """It begins anew below each number of a level above this one; None: of any level above its own."""
    is_tight: bool = False
    """Nothing stands between the number and the text."""


@dataclass(slots=True)
class _List:
    """A list definition (`w:abstractNum`); all lists made from it count together."""

    levels: dict[int, Level] = field(default_factory=dict)
    by_style: dict[str, int] = field(default_factory=dict)
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)
    link: str = ""


@dataclass(slots=True)
class _Instance:
    """A list in the document (`w:num`): a definition, with what this list has otherwise."""

    definition: _List
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    """Levels that begin anew where this list is first used."""


class Numbering:
    """Counts the numbered paragraphs of one document, in order."""

    def __init__(self, root: Element | None = None) -> None:
        """`root` is the part `numbering.xml`; without it nothing is numbered."""
        self._lists: dict[str, _Instance] = {}
        definitions: dict[str, _List] = {}
        for element in () if root is None else root.findall("abstractNum"):
            found = definitions[value(element, "abstractNumId")] = _List(link=value(element.find("numStyleLink")))
            for level in element.findall("lvl"):
                at = _number(value(level, "ilvl"), 0)
                found.levels[at] = _level(level)
                if style := value(level.find("pStyle")):
                    found.by_style[style] = at
        named = {
            value(element.find("styleLink")): definitions[value(element, "abstractNumId")]
            for element in (() if root is None else root.findall("abstractNum"))
            if element.find("styleLink") is not None
        }
        for element in () if root is None else root.findall("num"):
            definition = definitions.get(value(element.find("abstractNumId")))
            if definition is None:
                continue
            instance = _Instance(named.get(definition.link, definition))
            for override in element.findall("lvlOverride"):
                at = _number(value(override, "ilvl"), 0)
                if (level_of := override.find("lvl")) is not None:
                    instance.levels[at] = _level(level_of)
                if (start := override.find("startOverride")) is not None:
                    instance.starts[at] = _number(value(start), 1)
            self._lists[value(element, "numId")] = instance

    def level_of(self, list_id: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style."""
        instance = self._lists.get(list_id)
        return 0 if instance is None else instance.definition.by_style.get(style, 0)

    def next(self, list_id: str, at: int) -> str:
        """Count a paragraph of this list at this level; its number with a space behind it, or nothing."""
        instance = self._lists.get(list_id)
        if instance is None or not 0 <= at < LEVELS:
            return ""
        counts = instance.definition.counts
        for level, start in instance.starts.items():
            if 0 <= level < LEVELS:
                counts[level] = start - 1
                for below in range(level + 1, LEVELS):
                    counts[below] = None
        instance.starts = {}
        current = counts[at]
        counts[at] = _rule(instance, at).start if current is None else current + 1
        for above in range(at):
            if counts[above] is None:
                counts[above] = _rule(instance, above).start
        for below in range(at + 1, LEVELS):
            restarts_below = _rule(instance, below).restarts_below
            if restarts_below is None or at < restarts_below:
                counts[below] = None
        return _written(instance, at, counts)


def _rule(instance: _Instance, at: int) -> Level:
    return instance.levels.get(at) or instance.definition.levels.get(at) or Level()


def _written(instance: _Instance, at: int, counts: list[int | None]) -> str:
    rule = _rule(instance, at)
    if rule.style == "bullet":
        return ""

    def place(found: re.Match[str]) -> str:
        level = int(found[1]) - 1
        style = "decimal" if rule.is_legal else _rule(instance, level).style
        return counted(counts[level] or 0, style)

    label = _PLACE.sub(place, rule.text).strip()
    return f"{label}{'' if rule.is_tight else ' '}" if label else ""


def _level(element: Element) -> Level:
    style = value(element.find("numFmt")) or "decimal"
    if style == "custom":
        style = "decimal"
    found = Level(
        style=style,
        text=value(element.find("lvlText")),
        start=_number(value(element.find("start")), 0),
        is_legal=is_on(element.find("isLgl")),
        is_tight=value(element.find("suff")) == "nothing",
    )
    restart = element.find("lvlRestart")
    return found if restart is None else replace(found, restarts_below=_number(value(restart), 0))


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else otherwise
