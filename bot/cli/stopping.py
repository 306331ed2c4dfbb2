"""What signals mean: Ctrl-C and SIGTERM end the bot, SIGHUP has it read its settings anew; on every system."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable


def on_stop_signals(
    loop: asyncio.AbstractEventLoop, stop: Callable[[], None], reload: Callable[[], None] | None = None
) -> None:
    """Call `stop` in the loop on SIGINT and SIGTERM; the second of them ends the process at once, however busy it is.

    SIGHUP calls `reload`. In a terminal it means that the terminal is being closed, and without `reload` there is
    nothing else that it could mean: then it stops, too. Where it is ignored, as under nohup, it stays so.

    On Windows, where loops take no signals, Python's own handlers pass them on; SIGTERM cannot be sent to a process
    there and SIGHUP does not exist, so Ctrl-C is what counts.
    """

    def first() -> None:
        become(signal.SIGINT, signal.SIG_DFL)
        become(signal.SIGTERM, signal.SIG_DFL)
        if hangup is not None:
            # Of a closed terminal kernel and shell both tell; and there are no settings to read any more.
            become(hangup, signal.SIG_IGN)
        stop()

    def on(number: signal.Signals, call: Callable[[], None]) -> None:
        if signal.getsignal(number) is signal.SIG_IGN:
            return
        try:
            loop.add_signal_handler(number, call)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(call))

    def become(number: signal.Signals, meaning: signal.Handlers) -> None:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(number)
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, meaning)

    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)
    on(signal.SIGINT, first)
    on(signal.SIGTERM, first)
    if hangup is not None:
        on(hangup, first if reload is None or _has_terminal() else reload)


def _has_terminal() -> bool:
    """Somebody sits in front of it."""
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
