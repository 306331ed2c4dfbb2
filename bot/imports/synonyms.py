"""Reading groups of words that stand for each other, from TOML, CSV or XLSX, and what is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.exports.cells import plain
from bot.imports.tables import TableError, read_table
from bot.imports.toml import read_toml
from bot.mistakes import nearest
from handlers.policy.finding.synonyms import Group
from handlers.policy.normalise import fold

COLUMNS = ("词", "指")
_HEADERS = {"词": ("words", "同义词", "词语", "一组词"), "指": ("means", "意思", "含义")}
_KEYS = ("words", "means")
_BETWEEN = re.compile(r"[、,，;；\n\r/]+")
SHORTEST, LONGEST = 2, 20
"""Characters of a word: one alone means too much."""
MOST_GROUPS = 3
"""In which one word may stand."""
MOST_WORDS = 40
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """The groups of a file, and where each of them stands: `第 3 行 / line 3`."""

    groups: tuple[Group, ...]
    places: tuple[str, ...]
    columns: tuple[str, str]
    """What the file calls the words and what they mean."""


def read(path: Path) -> Read:
    """The groups in a file. Raises `TableError` with one line that says what is wrong."""
    suffix = path.suffix.lower()
    if suffix == ".toml":
        return _from_toml(path)
    if suffix not in (".csv", ".xlsx"):
        raise TableError(f"{path}：只认 .toml、.csv 和 .xlsx / only .toml, .csv and .xlsx are read")
    rows = read_table(path, _HEADERS, [("词",)])
    groups = tuple(
        Group(
            tuple(word for one in _BETWEEN.split(plain(row.get("词"))) if (word := one.strip())),
            plain(row.get("指")).strip(),
        )
        for row in rows
    )
    return Read(groups, tuple(f"第 {row.line} 行 / line {row.line}" for row in rows), COLUMNS)


def wrong(found: Read) -> Iterator[str]:
    """A line for each thing that is wrong: where, in which column, why."""
    columns = dict(zip(COLUMNS, found.columns, strict=True))
    counted: Counter[str] = Counter()
    for group, place in zip(found.groups, found.places, strict=True):
        chinese, _, english = place.partition(" / ")
        for column, reason in _wrong_in(group, counted):
            yield f"{chinese}「{columns[column]}」：{reason} / {english}, {columns[column]}"


def _wrong_in(group: Group, counted: Counter[str]) -> Iterator[tuple[str, str]]:
    folded = [fold(word) for word in group.words]
    if len(set(folded)) < (1 if group.means else 2):
        yield "词", "至少要两个不同的词" if not group.means else "没有填"
    if len(group.words) > MOST_WORDS:
        yield "词", f"一组最多 {MOST_WORDS} 个词"
    for word in group.words:
        if not SHORTEST <= len(word) <= LONGEST:
            yield "词", f"「{word[:30]}」要 {SHORTEST} 到 {LONGEST} 个字"
        elif not any(character.isalnum() for character in word):
            yield "词", f"「{word}」里没有字"
    if len(set(folded)) < len(folded):
        yield "词", "同一个词写了两次"
    if group.means and not SHORTEST <= len(group.means) <= LONGEST:
        yield "指", f"「{group.means[:30]}」要 {SHORTEST} 到 {LONGEST} 个字"
    for word in set(folded):
        counted[word] += 1
        if counted[word] == MOST_GROUPS + 1:
            yield "词", f"「{word}」已经在 {MOST_GROUPS} 组里了，再多就说不准了"


def _from_toml(path: Path) -> Read:
    found = read_toml(path, MOST_BYTES)
    entries = found.pop("synonyms", None)
    if found or not isinstance(entries, list):
        unknown = f"不认识「{next(iter(found))}」，" if found else ""
        raise TableError(f"{path}：{unknown}每组词写成一个 [[synonyms]] 小节 / each group is a [[synonyms]] table")
    groups = tuple(_group(f"{path} 第 {number} 个 [[synonyms]]", one) for number, one in enumerate(entries, start=1))
    numbers = range(1, len(groups) + 1)
    places = tuple(f"第 {number} 个 [[synonyms]] / [[synonyms]] number {number}" for number in numbers)
    return Read(groups, places, ("words", "means"))


def _group(where: str, entry: object) -> Group:
    if not isinstance(entry, dict):
        raise TableError(f"{where}：要写成 [[synonyms]] 小节 / must be a table")
    for key in entry:
        if key not in _KEYS:
            raise TableError(f"{where}：没有「{key}」这一项{nearest(key, _KEYS)} / unknown key")
    words: Sequence[object] | object = entry.get("words", [])
    means = entry.get("means", "")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise TableError(f"{where}「words」：要写成文字的列表 / words must be a list of texts")
    if not isinstance(means, str):
        raise TableError(f"{where}「means」：要写带引号的文字 / means must be a text")
    return Group(tuple(str(word).strip() for word in words), means.strip())
