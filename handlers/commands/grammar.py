"""What somebody typed after a slash: which command it is, and its arguments."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from handlers.commands.command import Command

_SLASHES = "/／"
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|\'([^\']*)\'|(\S+)')
_SPACES = re.compile(r"\s+")
_SIGNS = re.compile(r"[\W_]+")
_LONGEST_NAME = 20
_CLOSE_ENOUGH = 0.6
_CLOSE_ENOUGH_IN_TWO = 0.5
"""For names of two characters: one of them is right."""


@dataclass(frozen=True, slots=True)
class Match:
    """A command and what was typed behind its words, as it was typed."""

    command: Command
    rest: str


def is_command(text: str) -> bool:
    """The text begins with `/` or `／`."""
    return text.lstrip()[:1] in tuple(_SLASHES)


def arguments(rest: str) -> tuple[str, ...]:
    """The arguments, split at white space; what stands in quotes of any kind is one. A lone quote is a character."""
    return tuple(next(part for part in found if part is not None) for found in _groups(rest))


def find(text: str, commands: Iterable[Command]) -> Match | None:
    """The command that the text begins with: the one of the most words where several fit.

    Words may be written without the space between them (`/清理状态`), English ones in any case. Where none fits so,
    the space behind them may be missing, too (`/确认0427`), and a sentence may end there (`/我是谁？`).
    """
    typed = _without_slash(text)
    known = list(commands)
    for ends in (_ends_apart, _ends_anyhow):
        found = [
            Match(command, typed[end:].strip())
            for command in known
            for words in (command.words, command.aliases)
            if (end := _length_of(words, typed)) is not None and ends(command, typed[end:])
        ]
        if found:
            return max(found, key=lambda match: len(match.command.words))
    return None


def named(text: str, commands: Iterable[Command]) -> Command | None:
    """The command of one word whose name the text is, without a slash and with nothing else: `自检`, `我是谁？`."""
    typed = _SIGNS.sub("", unicodedata.normalize("NFKC", text[:_LONGEST_NAME])).casefold()
    short = len(text.strip()) < _LONGEST_NAME
    return next(
        (
            one
            for one in commands
            if short and len(one.words) == 1 and typed in (one.words[0], one.aliases[0].casefold())
        ),
        None,
    )


def family_of(text: str, commands: Iterable[Command]) -> list[Command]:
    """The commands that share the first word which was typed: `/清理`, `/清理 什么`."""
    first = (_SPACES.split(_without_slash(text), maxsplit=1) or [""])[0].casefold()
    return [
        command
        for command in commands
        if len(command.words) > 1 and first in (command.words[0], command.aliases[0].casefold())
    ]


def nearest(text: str, commands: Iterable[Command]) -> Command | None:
    """The command whose name comes nearest to what was typed; None when none is near."""
    typed = "".join(_SPACES.split(_without_slash(text)[:40])).casefold()
    by_name: dict[str, Command] = {}
    for command in commands:
        for name in chain(("".join(command.words),), ("".join(command.aliases).casefold(),)):
            by_name.setdefault(name, command)
    longest = max(map(len, by_name), default=0)
    # The name may be followed by arguments: what is compared is no longer than a name can be.
    candidates = [typed, *(typed[:length] for length in range(min(longest, len(typed)), 1, -1))]
    scored = (
        (difflib.SequenceMatcher(None, candidate, name).ratio(), name)
        for candidate in dict.fromkeys(candidates)
        for name in by_name
    )
    score, name = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return by_name[name] if score >= (_CLOSE_ENOUGH_IN_TWO if len(name) == 2 else _CLOSE_ENOUGH) else None


def _groups(rest: str) -> Iterable[tuple[str | None, ...]]:
    return (found.groups() for found in _QUOTED.finditer(rest))


def _without_slash(text: str) -> str:
    return text.strip().lstrip(_SLASHES).strip()


def _length_of(words: tuple[str, ...], typed: str) -> int | None:
    """How many characters of `typed` these words take at its beginning; None where it begins otherwise."""
    between = r"\s+" if words[0].isascii() else r"\s*"
    found = re.match(between.join(re.escape(word) for word in words), typed, re.IGNORECASE)
    return found.end() if found else None


def _ends_apart(command: Command, rest: str) -> bool:
    return not rest or rest[0].isspace()


def _ends_anyhow(command: Command, rest: str) -> bool:
    """Only signs are left, or the command takes arguments and no longer English word goes on."""
    takes_arguments = " " in command.usage.removeprefix("/" + " ".join(command.words))
    return not re.search(r"\w", rest) or (takes_arguments and re.match(r"[A-Za-z_]", rest) is None)
