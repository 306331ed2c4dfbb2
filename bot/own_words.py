"""The admins' own groups of words (`[policy] synonyms`): read again as soon as the file has changed.

A file with something wrong in it changes nothing: what held before holds on, and the log says what to mend.
"""

from __future__ import annotations

import logging
from pathlib import Path

from bot.imports.synonyms import Read, read, wrong
from bot.imports.tables import TableError
from handlers.policy.finding.synonyms import Group, Synonyms, shipped, with_shipped

logger = logging.getLogger(__name__)

Mark = tuple[int, int, int]
"""What differs when a file has changed: time, size, and which file it is."""


class OwnWords:
    """The groups of words in use. Asked in one thread at a time."""

    def __init__(self, path: Path | None) -> None:
        """`path` is the admins' file, which may be absent; None: there is none."""
        self._path = path
        self._mark: Mark | None = None
        self._words = shipped()

    def current(self) -> Synonyms:
        """Those that ship and the admins' own. The same object as long as nothing has changed."""
        mark = None if self._path is None else _mark(self._path)
        if mark != self._mark:
            self._mark = mark
            self._look(mark)
        return self._words

    def _look(self, mark: Mark | None) -> None:
        if mark is None or self._path is None:
            self._words = shipped()
            return
        groups, problems = look_at(self._path)
        if problems:
            more = f"（还有 {len(problems) - 1} 处 / and more）" if len(problems) > 1 else ""
            logger.warning(
                "同义词有错，先用原来的 / wrong synonyms, going on with those before: %s%s", problems[0], more
            )
        else:
            self._words = with_shipped(groups) if groups else shipped()


def look_at(path: Path) -> tuple[tuple[Group, ...], list[str]]:
    """The groups in a file, and a line for each thing that is wrong with it."""
    try:
        found = read(path)
    except TableError as error:
        return (), [str(error)]
    return found.groups, wrong_in(path, found)


def wrong_in(path: Path, found: Read) -> list[str]:
    """A line for each thing that is wrong with what was read from a file."""
    return [f"{path} {line}" for line in wrong(found)]


def wrong_words(path: Path | None) -> list[str]:
    """A line for each thing that is wrong with the admins' file; none where there is no file."""
    return [] if path is None or _mark(path) is None else look_at(path)[1]


def _mark(path: Path) -> Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
