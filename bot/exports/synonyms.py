"""Groups of words that stand for each other, as a file that people edit: TOML, or CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from bot.exports.cells import csv_bytes
from bot.imports.synonyms import COLUMNS
from handlers.policy.finding.synonyms import Group
from handlers.toml import text, texts

BETWEEN = "、"
_HEAD = """\
# 同义词：一组里的词查规章时可以互相代替，规章里的词写在最前面。写了 means 的，这些词只当作它来查，反过来不算。
# Words that stand for each other when a question is looked up. With `means`, they stand for it, and not it for them.
"""


def as_toml(groups: Iterable[Group]) -> bytes:
    """A file that `bot.imports.synonyms` reads, and the bot itself."""
    return "\n".join([_HEAD, *map(_entry, groups)]).encode()


def as_csv(groups: Iterable[Group]) -> bytes:
    """The same for a spreadsheet: the words of a group in one cell."""
    return csv_bytes(COLUMNS, ((BETWEEN.join(group.words), group.means) for group in groups))


def _entry(group: Group) -> str:
    means = f"means = {text(group.means)}\n" if group.means else ""
    return f"[[synonyms]]\nwords = {_line(group.words)}\n{means}"


def _line(words: tuple[str, ...]) -> str:
    """On one line, as people read groups."""
    return f"[{', '.join(map(text, words))}]" if words else texts(words)
