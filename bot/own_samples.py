"""The admins' own samples (`[moderation] samples`): read again as soon as the file has changed.

A file with something wrong in it gives none, and the log says what to mend.
"""

from __future__ import annotations

import logging
from pathlib import Path

from bot.imports.samples import read
from bot.imports.tables import TableError
from handlers.moderation.samples import MOST_OWN

logger = logging.getLogger(__name__)

MOST_BYTES = 5_000_000
"""Of a larger file no bot should hold the texts; `steward rules replay FILE` reads it."""


class OwnSamples:
    """For all handler threads: two that read the file at once read the same."""

    def __init__(self, path: Path | None) -> None:
        """`path` is the admins' file, which may be absent; None: there is none."""
        self.path = path
        self._found: tuple[tuple[int, int], tuple[str, ...]] | None = None

    def current(self) -> tuple[str, ...]:
        """The texts; the same object as long as nothing has changed."""
        mark = self._mark()
        if mark is None:
            return ()
        if self._found is None or self._found[0] != mark:
            self._found = (mark, self._read(mark))
        return self._found[1]

    def _mark(self) -> tuple[int, int] | None:
        if self.path is None:
            return None
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self, mark: tuple[int, int]) -> tuple[str, ...]:
        assert self.path is not None
        if mark[1] > MOST_BYTES:
            logger.warning("样本文件太大，没有读 / the file of samples is too large and was not read: %s", self.path)
            return ()
        try:
            return tuple(read(self.path)[:MOST_OWN])
        except TableError as error:
            logger.warning("样本文件有错，先不用 / the file of samples is wrong and is left out: %s", error)
            return ()
