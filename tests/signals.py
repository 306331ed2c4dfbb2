"""Processes that hear Ctrl-C and the closing of a terminal, whatever the tests were started by."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hearing_signals() -> Iterator[None]:
    """What is started inside takes SIGINT and SIGHUP; a shell that runs the tests in the background, or under nohup, lets
    them ignore these, and so their children."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    before = [signal.signal(number, lambda *_: None) for number in numbers]  # a handler becomes the default in a child
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
