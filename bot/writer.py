"""The one thread that commits for the event loop, many small jobs at a time."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from bot.workers import raisable
from storage.database import Database

T = TypeVar("T")
_MOST_AT_ONCE = 500
"""Jobs in one transaction: what a disk takes at once, and what one bad job may spoil the speed of."""
_GATHER_SECONDS = 0.003
_MANY = 3
"""When so many came together, more are on their way: they are waited for, so that the handlers, who cannot write during a
flush, meet fewer of them. Whoever comes alone waits for nothing."""


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


class Writer:
    """Group commit: whatever waits when the disk is free is stored in one transaction, and told so after it.

    A flush to disk takes from a third of a millisecond to ten; on the event loop it would hold up every frame and ping,
    and each job would have to pay for one of its own (docs/decisions/0002-durability.md).
    """

    def __init__(self, database: Database) -> None:
        """`start`, or use it as a context."""
        self._database = database
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to take jobs."""
        self._thread.start()

    def stop(self) -> None:
        """Do what was asked for so far, then end; returns when the thread has."""
        self._jobs.put(None)
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """The thread runs."""
        return self._thread.is_alive()

    async def do(self, work: Callable[[], T]) -> T:
        """Run `work` in the writing thread and return its result when it is on disk.

        Jobs run in the order in which they were asked for. `work` must be short, and use the database and nothing of
        the loop. What it raises is raised here, and takes back its own changes only; `sqlite3.Error` when nothing
        could be stored. One that is cancelled before its turn is not run.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        self._jobs.put(job)
        result: T = await job.done
        return result

    def _run(self) -> None:
        is_busy, ended = False, 0.0
        while (job := self._jobs.get()) is not None:
            if is_busy and time.monotonic() - ended < _GATHER_SECONDS:
                time.sleep(_GATHER_SECONDS)
            jobs, is_last = [job], False
            while len(jobs) < _MOST_AT_ONCE and not is_last:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    is_last = True
                else:
                    jobs.append(following)
            self._carry_out(jobs)
            is_busy, ended = len(jobs) >= _MANY, time.monotonic()
            if is_last:
                return

    def _carry_out(self, jobs: list[_Job]) -> None:
        try:
            with self._database.transaction():
                for job in jobs:
                    if not job.done.cancelled():
                        self._run_one(job)
        except BaseException as error:  # noqa: BLE001 - handed to everyone who waits
            for job in jobs:
                job.error = job.error or raisable(error)
        by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        for job in jobs:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, its_jobs in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_tell, its_jobs)

    def _run_one(self, job: _Job) -> None:
        try:
            with self._database.transaction():
                job.result = job.work()
        except BaseException as error:
            job.error = raisable(error)
            if not self._database.connection.in_transaction:
                raise  # a full disk took the whole transaction: what the jobs before stored is gone as well

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _tell(jobs: list[_Job]) -> None:
    """In the loop: wake everyone who waits."""
    for job in jobs:
        if job.done.done():
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(job.result)
