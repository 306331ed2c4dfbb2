"""From a file to what an admin confirms: the regulation in it, its structure as a tree, and what was doubtful."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.policy.documents.corpus import CorpusError, Regulation, parse_source
from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.reading import FORMATS, read
from handlers.policy.documents.tree import tree

__all__ = ["READABLE", "CorpusError", "Received", "is_readable", "outline", "receive"]

READABLE = FORMATS


@dataclass(frozen=True, slots=True)
class Received:
    """A file that could be read."""

    regulation: Regulation
    doubts: tuple[Doubt, ...] = ()


def is_readable(name: str) -> bool:
    """The name ends like that of a file which can be imported."""
    return name.lower().endswith(READABLE)


def receive(name: str, data: bytes, title: str = "") -> Received:
    """Read a file. `title` goes before the text's own. Raises `CorpusError`, which does not name the file."""
    try:
        regulation = parse_source(read(name, data), title, name)
    except CorpusError as error:
        raise CorpusError(str(error).removeprefix(name).lstrip("： ")) from error
    return Received(regulation, regulation.doubts)


def outline(found: Received, most: int) -> list[str]:
    """The structure in at most so many lines; ⚠ stands where something is doubtful."""
    return tree(found.regulation, most, brief=True)
