"""Where lines come from: standard input, or a named pipe that one program after the other may write to."""

from __future__ import annotations

import os
import select
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from bot.bridge.queue import LineQueue
from bot.bridge.splitting import Splitter

_PIECE = 65_536
_BETWEEN_LOOKS_SECONDS = 0.2
"""While no program has the pipe open."""


class PipeError(Exception):
    """The pipe cannot be used; one line says why and what to do."""


def read_into(queue: LineQueue, pieces: Iterator[bytes]) -> None:
    """Put all lines of a stream into the queue and end it; for a thread. An empty piece ends a line, complete or not."""
    splitter = Splitter()
    try:
        for piece in pieces:
            queue.put(splitter.feed(piece) if piece else splitter.end())
        queue.put(splitter.end())
    finally:
        queue.end()


def stream_pieces(descriptor: int) -> Iterator[bytes]:
    """What comes, as it comes, until its end.

    Not by way of `sys.stdin`: its buffer is locked by the thread that waits for it, and the process could not end.
    """
    while piece := os.read(descriptor, _PIECE):
        yield piece


def open_pipe(path: Path) -> int:
    """Open a named pipe for reading, made with mode 0600 where there is none; nobody need write to it yet.

    Raises `PipeError`.
    """
    make = getattr(os, "mkfifo", None)
    if make is None:
        raise PipeError(
            f"{path}：这个系统没有命名管道，请用 --stdin 或 --listen / no named pipes here: use --stdin or --listen"
        )
    try:
        if not path.exists():
            make(path, 0o600)
        if not stat.S_ISFIFO(path.stat().st_mode):
            raise PipeError(
                f"{path}：已经有一个不是管道的文件，请换个名字 / a file that is no pipe stands there: choose another name"
            )
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise PipeError(f"{path}：管道打不开（{error.strerror}）/ the pipe cannot be opened") from error


def pipe_pieces(descriptor: int) -> Iterator[bytes]:
    """What comes, without an end; an empty piece whenever the last program that wrote has gone.

    The pipe stays open in between, so that nothing is lost when the next program comes at that moment.
    """
    is_between = True
    while True:
        select.select([descriptor], [], [])
        piece = os.read(descriptor, _PIECE)
        if piece:
            is_between = False
            yield piece
            continue
        if not is_between:
            is_between = True
            yield b""
        time.sleep(_BETWEEN_LOOKS_SECONDS)
