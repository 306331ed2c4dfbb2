"""Chats as plain text: lines «name time» with the words below them, `[time] name: words`, or a message a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple, TextIO

from bot.imports.chat_times import STAMP

_LOOKED_AT = 400
"""Lines from which it is told how the text is built."""
_LONGEST_HEADER = 120
_NAME = r"[^\s:：。！？!?][^:：。！？!?\n]{0,39}?"
_NAME_FIRST = re.compile(rf"(?P<name>{_NAME})[ \t　]*[(（\[【]?(?P<time>{STAMP})[)）\]】]?[ \t]*[:：]?")
_TIME_FIRST = re.compile(rf"[(（\[【]?(?P<time>{STAMP})[)）\]】]?[ \t　]*(?P<name>{_NAME})[:：]?")
_IN_ONE_LINE = re.compile(
    rf"[(（\[【]?(?P<time>{STAMP})[)）\]】]?[ \t　]*(?P<name>{_NAME})[:：][ \t　]*(?P<text>\S.*)", re.DOTALL
)


class Said(NamedTuple):
    """Where it begins, the words, when and by whom as it stands there."""

    line: int
    text: str
    time: str = ""
    sender: str = ""


def read_text(file: TextIO, longest: int) -> Iterator[Said]:
    """The messages of a text. What is longer than `longest` characters comes in pieces."""
    numbered = enumerate(_lines(file, longest), start=1)
    first = list(islice(numbered, _LOOKED_AT))
    lines = chain(first, numbered)
    if any(_header(line) for _, line in first):
        yield from _below_headers(lines, longest)
    else:
        yield from (Said(number, line.strip()) for number, line in lines if line.strip())


def _lines(file: TextIO, longest: int) -> Iterator[str]:
    while line := file.readline(longest):
        yield line


def _below_headers(lines: Iterator[tuple[int, str]], longest: int) -> Iterator[Said]:
    head, words, size = Said(1, ""), list[str](), 0
    for number, line in lines:
        found = _header(line)
        if found is None and size + len(line) <= longest:
            words.append(line)
            size += len(line)
            continue
        yield from _complete(head, words)
        if found is None:
            head, words, size = head._replace(line=number), [line], len(line)
        else:
            head = Said(number, "", found["time"].strip(), found["name"].strip())
            same_line = found.groupdict().get("text") or ""
            words, size = [same_line + "\n"] if same_line else [], len(same_line)
    yield from _complete(head, words)


def _complete(head: Said, words: list[str]) -> Iterator[Said]:
    if text := "".join(words).strip():
        yield head._replace(text=text)


def _header(line: str) -> re.Match[str] | None:
    line = line.strip()
    if len(line) <= _LONGEST_HEADER:
        found = _NAME_FIRST.fullmatch(line) or _TIME_FIRST.fullmatch(line)
        if found is not None:
            return found
    # Of a message that begins in the same line only the beginning is looked at.
    found = _IN_ONE_LINE.match(line[:_LONGEST_HEADER])
    return found and _IN_ONE_LINE.fullmatch(line)
