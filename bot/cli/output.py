"""Ending decently when what is written cannot be taken: a full disk, or a reader that has gone (`… | head`)."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.cli.options import BAD_INPUT

READER_GONE = 141
"""Exit status when the reader went away, as shells give it; none of our own means this."""


@contextmanager
def guarded_output() -> Iterator[None]:
    """Inside, all output is written before the end; where that fails, the program ends with a line instead of a trace."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        # An error of a file names the file; one of a stream names nothing.
        if error.filename is not None or error.errno not in (errno.EPIPE, errno.ENOSPC):
            raise
        # What is still in the buffer would fail again when the interpreter ends.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the process ends
        if error.errno == errno.EPIPE:
            sys.exit(READER_GONE)
        click.echo("输出写不下：磁盘满了，结果不完整 / the output could not be written: the disk is full", err=True)
        sys.exit(BAD_INPUT)
