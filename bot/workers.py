"""Threads for work that would hold up the event loop: one at a time, but nobody waits behind one that takes long."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

T = TypeVar("T")
LONG_SECONDS = 0.02
"""Work that takes longer than this is left to itself, and another thread goes on with the rest."""


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    context: contextvars.Context
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]


class Workers:
    """One thread does the work, in the order in which it was asked for; others step in while it is busy with one thing.

    Python runs one thread at a time, so that more of them would do no more, and only get in each other's way. Unlike the
    standard library's pool they do not keep a process from ending when one of them never comes back.
    """

    def __init__(self, count: int, name: str) -> None:
        """`count` threads, so that as many as that, less one, may take long at the same time. `start` it, or use it as a
        context."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._busy_since: float | None = None
        """When the first thread began what it does now; None: it waits for work."""
        self._calls = threading.Semaphore(0)
        """For one of the others to step in."""
        self._is_stopping = False
        self._is_watched = False
        self._threads = [threading.Thread(target=self._work, name=f"{name}-1", daemon=True)]
        for number in range(2, count + 1):
            self._threads.append(threading.Thread(target=self._step_in, name=f"{name}-{number}", daemon=True))

    def start(self) -> None:
        """Begin to take work."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 1.0) -> None:
        """Take no more work; wait so long for each thread that has not ended."""
        self._is_stopping = True
        self._jobs.put(None)
        self._calls.release(len(self._threads))
        for thread in self._threads:
            thread.join(seconds)

    @property
    def alive(self) -> int:
        """How many threads run."""
        return sum(thread.is_alive() for thread in self._threads)

    async def do(self, work: Callable[[], T]) -> T:
        """Run `work` in one of the threads, with the context of the caller; its result, or what it raised.

        Work that is cancelled before its turn is not run; what has begun goes on by itself.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, contextvars.copy_context(), loop, loop.create_future())
        self._jobs.put(job)
        self._watch(loop)
        result: T = await job.done
        return result

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """See to it, while there is work, that it goes on."""
        if not self._is_watched and not self._is_stopping:
            self._is_watched = True
            loop.call_later(LONG_SECONDS, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_watched = False
        if self._jobs.empty():
            return
        if self._is_stuck():
            self._calls.release()
        self._watch(loop)

    def _is_stuck(self) -> bool:
        since = self._busy_since
        return since is not None and time.monotonic() - since > LONG_SECONDS

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._busy_since = time.monotonic()
            _carry_out(job)
            self._busy_since = None

    def _step_in(self) -> None:
        while not self._is_stopping:
            self._calls.acquire()
            while self._is_stuck() and not self._is_stopping:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    self._jobs.put(None)  # it is for the first thread
                    break
                _carry_out(job)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _carry_out(job: _Job) -> None:
    if job.done.cancelled():
        return
    result, error = None, None
    try:
        result = job.context.run(job.work)
    except BaseException as raised:  # noqa: BLE001 - handed to the one who waits; a panic in Rust code must not end us
        error = raisable(raised)
    if not job.loop.is_closed():
        job.loop.call_soon_threadsafe(_tell, job.done, result, error)


def raisable(error: BaseException) -> Exception:
    """The error as a future takes it, which refuses `StopIteration`, and as whoever waits may catch it."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    wrapped = RuntimeError(f"{type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped


def _tell(done: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)
