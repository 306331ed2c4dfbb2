"""Ending on Ctrl-C, SIGTERM or a closed terminal, on every system."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable


def on_stop_signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Call `stop` in the loop on SIGINT, SIGTERM and, unless it is ignored as under nohup, SIGHUP.

    On Windows, where loops take no signals, Python's own handlers pass them on; SIGTERM cannot be sent to a process
    there, so Ctrl-C is what counts.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is None or signal.getsignal(number) is signal.SIG_IGN:
            continue
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
