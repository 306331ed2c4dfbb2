"""Work in threads: in order, one at a time, and not behind something that takes long."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest

from bot.workers import Workers

SECONDS = 10.0
word: ContextVar[str] = ContextVar("word", default="")


async def test_short_work_is_done_in_order_by_one_thread() -> None:
    done: list[int] = []
    threads: set[str] = set()

    def work(number: int) -> int:
        done.append(number)
        threads.add(threading.current_thread().name)
        return number * 2

    with Workers(4, "test") as workers:
        results = await asyncio.gather(*(workers.do(lambda n=n: work(n)) for n in range(200)))  # type: ignore[misc]
        assert workers.alive == 4
    assert results == [n * 2 for n in range(200)]
    assert done == list(range(200))
    assert threads == {"test-1"}


async def test_nothing_waits_behind_what_takes_long_though_there_is_more_of_it() -> None:
    go = threading.Event()
    with Workers(4, "test") as workers:
        slow = [asyncio.create_task(workers.do(lambda: go.wait(SECONDS))) for _ in range(3)]
        async with asyncio.timeout(SECONDS):
            quick = await asyncio.gather(*(workers.do(lambda n=n: n) for n in range(50)))  # type: ignore[misc]
        assert quick == list(range(50))
        assert not any(task.done() for task in slow)
        go.set()
        assert await asyncio.gather(*slow) == [True, True, True]
        assert await workers.do(lambda: threading.current_thread().name) == "test-1", "the first one goes on"


async def test_what_work_raises_is_raised_to_whoever_asked() -> None:
    def fail() -> None:
        raise LookupError("of its own")

    with Workers(2, "test") as workers:
        with pytest.raises(LookupError, match="of its own"):
            await workers.do(fail)
        assert await workers.do(lambda: "next") == "next"


class Panic(BaseException):
    """What an error in Rust code comes as."""


@pytest.mark.parametrize("error", [StopIteration, Panic])
async def test_whatever_work_raises_it_is_raised_and_the_thread_goes_on(error: type[BaseException]) -> None:
    def fail() -> None:
        raise error("of its own")

    with Workers(1, "test") as workers:
        async with asyncio.timeout(SECONDS):
            with pytest.raises(RuntimeError, match=f"{error.__name__}: of its own"):
                await workers.do(fail)
            assert await workers.do(lambda: "next") == "next"


async def test_work_has_the_context_of_whoever_asked() -> None:
    with Workers(2, "test") as workers:
        word.set("in-7")
        assert await workers.do(word.get) == "in-7"


async def test_a_thread_that_never_comes_back_does_not_keep_it_from_stopping() -> None:
    go = threading.Event()
    workers = Workers(2, "test")
    workers.start()
    stuck = asyncio.create_task(workers.do(lambda: go.wait(SECONDS)))
    await workers.do(lambda: "others go on")
    workers.stop(seconds=0.01)
    assert workers.alive == 1
    stuck.cancel()
    go.set()
