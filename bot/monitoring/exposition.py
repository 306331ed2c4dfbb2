"""What Prometheus reads under `/metrics`: what was counted since the start, and the figures of the moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector

from bot.metrics import Meter
from bot.monitoring.figures import GAP_DAYS, Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds: handlers and calls."""
_PATIENT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600, 43_200)
"""Seconds: from queued to sent; a night is twelve hours."""


@dataclass(frozen=True, slots=True)
class Listening:
    """How the gateway stands."""

    connections: int
    quiet_seconds: float | None
    """Since the last frame; None before the first connection."""


class Metrics(Meter):
    """Counts in a registry of its own, and writes it all down. May be used from any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._opened = self._counter("connections_opened", "Stream connections opened.")
        self._left = self._counter("connections_left", "Stream connections given up, by reason.", "reason")
        self._frames = self._counter("frames", "Frames received, by type.", "type")
        self._taken = self._counter("received", "Messages, events and due tasks stored in the inbox.", "kind")
        self._duplicates = self._counter("duplicates", "Deliveries of what was in the inbox already.", "kind")
        self._acknowledged = self._counter("acknowledgements", "Acknowledgements written, by code.", "code")
        self._handled = self._histogram("handler_seconds", "Time of a handler with its transaction.", _QUICK, "kind")
        self._failed = self._counter("handler_failures", "Handlers that raised.", "kind")
        self._parked = self._counter("parked", "Rows parked since the start, by box and reason.", "box", "kind", "why")
        self._calls = self._counter("calls", "Calls to DingTalk, by API and outcome.", "api", "outcome")
        self._call_time = self._histogram("call_seconds", "Time of a call to DingTalk.", _QUICK, "api")
        self._sent = self._histogram(
            "send_delay_seconds", "From when a message might go until it went.", _PATIENT, "kind"
        )
        self._put_off = self._counter("put_off", "Messages that had to wait, by reason.", "kind", "why")
        self._rephrased = self._counter("rephrasings", "Questions for the language model, by outcome.", "outcome")
        self._embedded = self._counter("vectors", "Questions for the sentence model, by outcome.", "outcome")
        self._model_time = self._histogram("model_seconds", "Time of a call to a model.", _QUICK, "model")
        ProcessCollector(registry=self._registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, namespace="steward", registry=self._registry)

    def _histogram(self, name: str, what: str, buckets: Iterable[float], *labels: str) -> Histogram:
        return Histogram(name, what, labels, namespace="steward", registry=self._registry, buckets=tuple(buckets))

    def opened(self) -> None:
        """See `Meter`, as of all below."""
        self._opened.inc()

    def left(self, reason: str) -> None:
        """Given up."""
        self._left.labels(reason).inc()

    def frame(self, kind: str) -> None:
        """Came."""
        self._frames.labels(kind).inc()

    def took(self, kind: str, *, is_new: bool) -> None:
        """On disk."""
        (self._taken if is_new else self._duplicates).labels(kind).inc()

    def acknowledged(self, code: int) -> None:
        """Written."""
        self._acknowledged.labels(str(code)).inc()

    def handled(self, kind: str, seconds: float) -> None:
        """Done."""
        self._handled.labels(kind).observe(seconds)

    def failed(self, kind: str, *, is_parked: bool) -> None:
        """Raised."""
        self._failed.labels(kind).inc()
        if is_parked:
            self._parked.labels("inbox", kind, "raised").inc()

    def called(self, api: str, outcome: str, seconds: float) -> None:
        """Ended."""
        self._calls.labels(api, outcome).inc()
        self._call_time.labels(api).observe(seconds)

    def sent(self, kind: str, seconds: float) -> None:
        """Went out."""
        self._sent.labels(kind).observe(max(0.0, seconds))

    def put_off(self, kind: str, why: str) -> None:
        """Waits."""
        self._put_off.labels(kind, why).inc()

    def parked(self, kind: str, why: str) -> None:
        """Parked."""
        self._parked.labels("outbox", kind, why).inc()

    def rephrased(self, outcome: str, seconds: float) -> None:
        """By the language model."""
        self._rephrased.labels(outcome).inc()
        if seconds:
            self._model_time.labels("language").observe(seconds)

    def embedded(self, outcome: str, seconds: float) -> None:
        """By the sentence model."""
        self._embedded.labels(outcome).inc()
        if seconds:
            self._model_time.labels("sentence").observe(seconds)

    def text(self, listening: Listening, figures: Figures) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(_Page(self._registry, listening, figures))


class _Page:
    """One scrape. The moments at which counters were made are left out: they double the page and say nothing here."""

    def __init__(self, registry: CollectorRegistry, listening: Listening, figures: Figures) -> None:
        self._registry = registry
        self._listening = listening
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """The families, as the library asks for them."""
        for family in self._registry.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family
        yield from _gauges(self._listening, self._figures)


def _gauges(listening: Listening, figures: Figures) -> Iterator[Metric]:
    yield _gauge("connections", "Open stream connections.", listening.connections)
    if listening.quiet_seconds is not None:
        yield _gauge("quiet_seconds", "Since the last frame on any connection.", listening.quiet_seconds)
    yield _labelled("inbox_rows", "Rows of the inbox by state.", "state", figures.inbox)
    yield _gauge("inbox_oldest_seconds", "Age of the oldest row to handle.", _age(figures.to_handle.since, figures.at))
    yield _labelled("outbox_rows", "Rows of the outbox by state.", "state", figures.outbox)
    yield _gauge("answers_waiting", "Answers that could go out now.", figures.answers_to_send.count)
    yield _gauge(
        "answers_oldest_seconds", "Age of the oldest of them.", _age(figures.answers_to_send.since, figures.at)
    )
    yield _labelled("month_calls", "Calls of this month by API, as the ledger has them.", "api", figures.calls)
    yield _gauge("quota_used", "Calls of this month that count against the quota.", figures.calls_counted)
    yield _gauge("quota_limit", "Calls that the organisation has a month.", figures.calls_limit)
    last = {fire.name: fire.last.timestamp() for fire in figures.fires if fire.last is not None}
    following = {fire.name: fire.next.timestamp() for fire in figures.fires if fire.next is not None}
    yield _labelled("schedule_last_fire", "When each schedule fired last, Unix time.", "schedule", last)
    yield _labelled("schedule_next_fire", "When each schedule fires next, Unix time.", "schedule", following)
    yield _gauge("gaps", f"Times without a connection that ended within {GAP_DAYS} days.", figures.gaps)
    yield _gauge("gap_seconds", "Their length in all.", figures.gap_seconds)
    yield _gauge("database_bytes", "Size of the database with its log.", figures.database_bytes)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"steward_{name}", what, value=value)


def _labelled(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"steward_{name}", what, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
