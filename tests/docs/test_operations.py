"""docs/operations.md names what the program has: figures, reasons, fields, sections that take effect."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from bot.monitoring import health
from bot.monitoring.exposition import Listening, Metrics
from bot.monitoring.figures import Figures
from bot.reloading import AT_START
from bot.settings import sections
from storage.backlog import Waiting
from tests.docs.pages import inline_code, read

PAGE = "docs/operations.md"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
NOTHING = Figures(
    at=NOW,
    inbox={},
    to_handle=Waiting(),
    outbox={},
    answers_to_send=Waiting(),
    calls={},
    calls_counted=0,
    calls_limit=1,
    fires=(),
    gaps=0,
    gap_seconds=0,
    database_bytes=0,
)


def _part(heading: str) -> str:
    found = re.search(rf"^## {heading}.*?$(.*?)(?=^## |\Z)", read(PAGE), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def _rows(part: str, first_cell: str) -> list[list[str]]:
    """The cells of the table whose first heading begins so."""
    lines = part.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_cell}"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_every_figure_is_explained_and_no_other() -> None:
    page = Metrics().text(Listening(1, 1.0), NOTHING).decode()
    there = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(page)
    }
    explained = {f"steward_{name}" for row in _rows(_part("看着它"), "名字") for name in inline_code(row[0])}
    assert {name for name in there if not name.startswith("process_")} == explained


def test_what_is_worth_an_alarm_exists() -> None:
    page = Metrics().text(Listening(1, 1.0), NOTHING).decode()
    for name in re.findall(r"steward_\w+", _part("看着它")):
        if name != "steward_":
            assert f"# TYPE {name} " in page, name


def test_every_reason_for_not_being_ready_is_explained() -> None:
    source = read("bot/monitoring/health.py")
    reasons = set(re.findall(r'"((?:not|database|inbox|answers)[a-z-]*)"(?::|\]|,)', source)) - {"inbox", "outbox"}
    explained = {code for row in _rows(_part("看着它"), "原因") for code in inline_code(row[0])}
    assert explained == reasons
    part = _part("看着它")
    assert f"{health.LOOK_SECONDS:.0f} 秒内" in part
    assert f"{health.MOST_TO_HANDLE:,}" in part


def test_the_fields_of_the_log_are_explained() -> None:
    explained = [code for row in _rows(_part("日志"), "字段") for code in inline_code(row[0])]
    assert explained == ["at", "level", "logger", "correlation", "message", "error"]


def test_every_section_is_said_to_take_effect_at_once_or_at_the_next_start() -> None:
    at_once, at_start = (
        next(line for line in _part("改设置").splitlines() if word in line)
        for word in ("/ at once", "/ at the next start")
    )
    named = {word: set(re.findall(r"\[(\w+)\]", line)) for word, line in (("now", at_once), ("start", at_start))}
    without_keys = {name for name, model in sections().items() if not model.model_fields}
    assert named["start"] == set(AT_START)
    assert named["now"] == set(sections()) - set(AT_START) - without_keys
