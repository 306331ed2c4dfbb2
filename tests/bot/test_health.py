"""What watchers are told: alive, ready and why not, and everything that was counted."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.monitoring import health
from bot.monitoring.exposition import Metrics
from bot.monitoring.health import Watch
from bot.settings import Settings
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import Draft
from storage.schedules import ScheduleRow
from storage.store import Store
from storage.times import to_text

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
HOST = "127.0.0.1"


class Stopped:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Ears:
    """The gateway as a watcher sees it."""

    connected: int = 2
    quiet: float | None = 1.5

    def quiet_seconds(self) -> float | None:
        return self.quiet


@dataclass
class Scene:
    store: Store
    http: aiohttp.ClientSession
    url: str
    ears: Ears = field(default_factory=Ears)
    metrics: Metrics = field(default_factory=Metrics)
    dead: list[str] = field(default_factory=list)

    async def get(self, path: str, host: str | None = None) -> tuple[int, dict[str, Any]]:
        async with self.http.get(self.url + path, headers={} if host is None else {"Host": host}) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else {}

    async def reasons(self) -> set[str]:
        """Why it is not ready."""
        status, body = await self.get("/readyz")
        assert (status == 200) == body["ready"] == (not body["reasons"]), body
        return set(body["reasons"])

    async def families(self) -> dict[str, Metric]:
        """The page of metrics as Prometheus' own parser reads it."""
        async with self.http.get(f"{self.url}/metrics") as answer:
            assert answer.status == 200
            assert answer.content_type == "text/plain"
            return {family.name: family for family in text_string_to_metric_families(await answer.text())}

    async def value(self, name: str, **labels: str) -> float:
        """One sample, of which there must be exactly one."""
        [found] = [
            sample.value
            for family in (await self.families()).values()
            for sample in family.samples
            if sample.name == name and sample.labels == labels
        ]
        return float(found)


def unused_port() -> int:
    """One that nobody listens on; any, so that tests that run side by side choose differently."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def scene(folder: Path, host: str = HOST) -> AsyncIterator[Scene]:
    port = unused_port()
    settings = Settings(base=folder)
    with Database(settings.database_path) as database:
        async with aiohttp.ClientSession() as http:
            made = Scene(Store(database), http, f"http://{HOST}:{port}")
            watch = Watch(
                made.store,
                Stopped(),
                made.ears,
                made.metrics,
                settings=lambda: settings,
                dead_parts=lambda: made.dead,
            )
            serving = asyncio.create_task(watch.serve(host, port))
            async with asyncio.timeout(10):
                while True:
                    try:
                        await made.get("/healthz")
                    except aiohttp.ClientConnectionError:
                        await asyncio.sleep(0.01)
                    else:
                        break
            yield made
            assert not serving.done()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


def take(store: Store, at: datetime, *keys: str, kind: Any = "message") -> None:
    store.inbox.take(Arrival(key, kind, key, "{}", at) for key in keys)


async def test_it_lives_as_long_as_its_threads_do(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        assert await it.get("/healthz") == (200, {"status": "ok", "dead": []})
        it.dead.append("writer")
        assert await it.get("/healthz") == (503, {"status": "dead", "dead": ["writer"]})


async def test_it_is_ready_when_it_hears_stores_and_keeps_up(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        status, body = await it.get("/readyz")
        assert (status, body["ready"], body["reasons"]) == (200, True, {})
        assert (body["connections"], body["quiet_seconds"]) == (2, 1.5)
        assert body["inbox"] == {"new": 0, "parked": 0}
        assert body["outbox"] == {"queued": 0, "sending": 0, "parked": 0}


async def test_every_reason_is_named_at_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        it.ears.connected, it.ears.quiet = 0, None
        take(it.store, NOW - timedelta(seconds=health.OLDEST_TO_HANDLE_SECONDS + 1), "message:1")
        long_ago = NOW - timedelta(seconds=health.OLDEST_ANSWER_SECONDS + 1)
        it.store.outbox.add(Draft("reply", "{}", 0, long_ago, conversation="cid"))
        assert await it.reasons() == {"not-connected", "inbox-old", "answers-old"}
        async with it.http.get(f"{it.url}/readyz") as answer:
            assert "与钉钉没有连接" in await answer.text(), "whoever asks with curl reads it"


async def test_what_may_wait_is_no_reason(tmp_path: Path) -> None:
    """A due task waits for the directory; a reminder for the morning; an answer for its next try."""
    async with scene(tmp_path) as it:
        long_ago = NOW - timedelta(hours=9)
        take(it.store, long_ago, "due:1", kind="due")
        it.store.outbox.add(Draft("private", "{}", 1, long_ago, recipients=("0001",)))
        tried = it.store.outbox.add(Draft("reply", "{}", 0, long_ago, conversation="cid"))
        it.store.database.execute("update outbox set error_code = 'network' where id = ?", (tried,))
        it.store.outbox.add(
            Draft("reply", "{}", 0, long_ago, conversation="cid", not_before=NOW + timedelta(minutes=1))
        )
        take(it.store, NOW - timedelta(seconds=health.OLDEST_TO_HANDLE_SECONDS - 1), "message:1")
        assert await it.reasons() == set()


async def test_a_long_queue_is_a_reason_though_it_is_young(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        with it.store.database.transaction():
            take(it.store, NOW, *(f"message:{n}" for n in range(health.MOST_TO_HANDLE)))
        assert await it.reasons() == set()
        take(it.store, NOW, "message:one more")
        assert await it.reasons() == {"inbox-long"}


async def test_a_database_that_somebody_holds_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LOOK_SECONDS", 0.2)
    async with scene(tmp_path) as it:
        with closing(sqlite3.connect(tmp_path / "steward.db", isolation_level=None)) as other:
            other.execute("begin immediate")
            assert await it.reasons() == {"database-slow"}
            assert (await it.get("/healthz"))[0] == 200, "the loop goes on"
            other.execute("rollback")
        async with asyncio.timeout(10):
            while await it.reasons():
                await asyncio.sleep(0.05)


async def test_a_database_that_cannot_be_written_is_a_reason(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        it.store.database.execute("drop table inbox")
        assert await it.reasons() == {"database"}
        async with it.http.get(f"{it.url}/metrics") as answer:
            assert answer.status == 503


async def test_a_full_disk_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database would hold a small change back in memory; the disk itself is asked."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    async with scene(tmp_path) as it:
        assert await it.reasons() == set()
        monkeypatch.setattr("tempfile.TemporaryFile", full)
        assert await it.reasons() == {"database"}


async def test_looking_leaves_nothing_behind(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        before = sorted(path.name for path in tmp_path.iterdir())
        tables = it.store.database.rows("select name from sqlite_master order by name")
        for _ in range(3):
            assert await it.reasons() == set()
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        assert it.store.database.rows("select name from sqlite_master order by name") == tables


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:9", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1", 200),
        ("10.1.2.3:80", 200),
        ("[::1]:9100", 200),
        ("evil.example", 403),
        ("evil.example:80", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("", 403),
    ],
)
async def test_who_asks_by_a_strange_name_is_refused(host: str, status: int, tmp_path: Path) -> None:
    """A page's name that was made to point here (DNS rebinding)."""
    async with scene(tmp_path) as it:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await it.get(path, host))[0] == status


async def test_a_port_that_is_taken_costs_the_addresses_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with scene(tmp_path) as it:
        port = int(it.url.rpartition(":")[2])
        watch = Watch(it.store, Stopped(), it.ears, it.metrics, settings=Settings, dead_parts=list)
        async with asyncio.timeout(10):
            await watch.serve(HOST, port)
        assert str(port) in caplog.text
        assert "[http] port" in caplog.text


async def test_all_that_is_told_can_be_read(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        metrics = it.metrics
        metrics.opened()
        metrics.left("mute")
        metrics.frame("callback")
        metrics.took("message", is_new=True)
        metrics.took("message", is_new=True)
        metrics.took("message", is_new=False)
        metrics.acknowledged(200)
        metrics.handled("message", 0.004)
        metrics.failed("message", is_parked=False)
        metrics.failed("message", is_parked=True)
        metrics.called("sessionWebhook", "ok", 0.02)
        metrics.called("sessionWebhook", "throttled", 0.02)
        metrics.sent("reply", -0.001)
        metrics.put_off("group", "window")
        metrics.parked("ding", "permission")
        assert await it.value("steward_connections_opened_total") == 1
        assert await it.value("steward_connections_left_total", reason="mute") == 1
        assert await it.value("steward_frames_total", type="callback") == 1
        assert await it.value("steward_received_total", kind="message") == 2
        assert await it.value("steward_duplicates_total", kind="message") == 1
        assert await it.value("steward_acknowledgements_total", code="200") == 1
        assert await it.value("steward_handler_seconds_count", kind="message") == 1
        assert await it.value("steward_handler_seconds_bucket", kind="message", le="0.005") == 1
        assert await it.value("steward_handler_failures_total", kind="message") == 2
        assert await it.value("steward_parked_total", box="inbox", kind="message", why="raised") == 1
        assert await it.value("steward_calls_total", api="sessionWebhook", outcome="throttled") == 1
        assert await it.value("steward_call_seconds_count", api="sessionWebhook") == 2
        assert await it.value("steward_send_delay_seconds_sum", kind="reply") == 0
        assert await it.value("steward_put_off_total", kind="group", why="window") == 1
        assert await it.value("steward_parked_total", box="outbox", kind="ding", why="permission") == 1


async def test_the_figures_of_the_moment(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        store = it.store
        take(store, NOW - timedelta(seconds=30), "message:1")
        take(store, NOW - timedelta(seconds=10), "message:2")
        store.outbox.add(Draft("reply", "{}", 0, NOW - timedelta(seconds=5), conversation="cid"))
        store.quota.count(date(2026, 11, 25), "sessionWebhook", 7)
        store.quota.count(date(2026, 11, 3), "robot/groupMessages/send", 5)
        store.quota.count(date(2026, 10, 31), "robot/groupMessages/send", 100)
        store.schedules.put(ScheduleRow("department-monthly", "when", None, NOW + timedelta(days=1)))
        for days, seconds in ((1, 200), (40, 500)):
            began = NOW - timedelta(days=days)
            store.database.execute(
                "insert into gaps (began_at, ended_at, reason) values (?, ?, 'offline')",
                (to_text(began), to_text(began + timedelta(seconds=seconds))),
            )
        assert await it.value("steward_connections") == 2
        assert await it.value("steward_quiet_seconds") == 1.5
        assert await it.value("steward_inbox_rows", state="new") == 2
        assert await it.value("steward_inbox_oldest_seconds") == 30
        assert await it.value("steward_outbox_rows", state="queued") == 1
        assert await it.value("steward_answers_waiting") == 1
        assert await it.value("steward_answers_oldest_seconds") == 5
        assert await it.value("steward_month_calls", api="sessionWebhook") == 7
        assert await it.value("steward_quota_used") == 5
        assert await it.value("steward_quota_limit") == 10_000
        assert await it.value("steward_schedule_next_fire", schedule="department-monthly") == NOW.timestamp() + 86_400
        assert (await it.families())["steward_schedule_last_fire"].samples == []
        assert await it.value("steward_gaps") == 1
        assert await it.value("steward_gap_seconds") == 200
        assert await it.value("steward_database_bytes") > 4096
        it.ears.quiet = None
        assert "steward_quiet_seconds" not in await it.families()


async def test_every_family_says_what_it_is_and_nothing_is_told_twice(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        async with it.http.get(f"{it.url}/metrics") as answer:
            page = await answer.text()
        families = list(text_string_to_metric_families(page))
        names = [family.name for family in families]
        assert len(names) == len(set(names))
        assert all(family.documentation for family in families)
        assert not [name for name in names if not name.startswith(("steward_", "process_"))]
        assert "_created" not in page


@pytest.fixture
def threads() -> Iterator[Sequence[threading.Thread]]:
    before = threading.enumerate()
    yield before


async def test_the_reading_thread_ends_with_the_server(tmp_path: Path, threads: Sequence[threading.Thread]) -> None:
    async with scene(tmp_path) as it:
        await it.reasons()
        assert [t.name for t in threading.enumerate() if t not in threads] == ["watch-1"]
    assert [t.name for t in threading.enumerate() if t not in threads] == []


def test_label_names_hold_no_room_for_people() -> None:
    """Whatever is told, only words from our own sets stand in labels: those below are all there are."""
    allowed = {"reason", "type", "kind", "code", "box", "why", "api", "outcome", "le"}
    metrics = Metrics()
    found: Mapping[str, object] = {
        name: None for metric in metrics._registry.collect() for sample in metric.samples for name in sample.labels
    }
    assert set(found) <= allowed
