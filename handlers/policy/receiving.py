"""From a file to what an admin confirms: the regulation in it, its structure as a tree, and what was doubtful."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from handlers.policy.corpus import PREAMBLE, CorpusError, Regulation, parse
from handlers.policy.doubts import Doubt

__all__ = ["READABLE", "CorpusError", "Received", "is_readable", "outline", "receive"]

READABLE = (".txt", ".md")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that could be read."""

    regulation: Regulation
    doubts: tuple[Doubt, ...] = ()


def is_readable(name: str) -> bool:
    """The name ends like that of a file which can be imported."""
    return name.lower().endswith(READABLE)


def receive(name: str, data: bytes, title: str = "") -> Received:
    """Read a file. `title` goes before the text's own. Raises `CorpusError`."""
    return Received(parse(data.decode("utf-8-sig"), title))


def outline(found: Received, most: int) -> list[str]:
    """The structure in at most so many lines."""
    counts = Counter(one.heading for one in found.regulation.articles if one.number != PREAMBLE)
    lines = [f"{heading or '正文'}：{count} 条" for heading, count in counts.items()]
    return lines if len(lines) <= most else [*lines[: most - 1], f"还有 {len(lines) - most + 1} 部分"]
