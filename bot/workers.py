"""A few threads for work that would hold up the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    context: contextvars.Context
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]


class Workers:
    """Threads that take one piece of work after the other. Unlike the standard library's pool they do not keep a process
    from ending when one of them never comes back."""

    def __init__(self, count: int, name: str) -> None:
        """`start`, or use it as a context."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(1, count + 1)
        ]

    def start(self) -> None:
        """Begin to take work."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 1.0) -> None:
        """Take no more work; wait so long for each thread that has not ended."""
        for _ in self._threads:
            self._jobs.put(None)
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
        result: T = await job.done
        return result

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.done.cancelled():
                continue
            result, error = None, None
            try:
                result = job.context.run(job.work)
            except Exception as raised:  # noqa: BLE001 - handed to the one who waits
                error = raised
            if not job.loop.is_closed():
                job.loop.call_soon_threadsafe(_tell, job.done, result, error)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _tell(done: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)
