"""Both READMEs say the same, and what they say about files, states, events and the sandbox is what the program has."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.sandbox import free_port
from bot.imports import rosters
from handlers import events
from handlers.cleanup.roster import LABELS
from handlers.policy.shipped import digest
from tests.docs.pages import READMES, ROOT, blocks, read
from tests.signals import hearing_signals


def _shape(path: str) -> list[str]:
    """The levels of the headings, one after the other."""
    return re.findall(r"^(#+) ", read(path), re.MULTILINE)


def _links(path: str) -> list[str]:
    return sorted(set(re.findall(r"\]\(([^)\s]+)\)", read(path))) - set(READMES))


def test_both_languages_have_the_same_parts() -> None:
    english, chinese = READMES
    assert _shape(english) == _shape(chinese)
    assert _links(english) == _links(chinese)
    assert [language for language, _ in blocks(read(english))] == [language for language, _ in blocks(read(chinese))]


@pytest.mark.parametrize("path", READMES)
def test_the_two_commands_come_first_and_ci_begins_with_the_second(path: str) -> None:
    first, _, second, *_ = (text.strip() for _, text in blocks(read(path)))
    assert (first, second) == ("make sandbox", "make test")
    called = re.findall(r"^(make \w+)", read(".ci/run"), re.MULTILINE)
    assert called[0] == second


@pytest.mark.parametrize("path", READMES)
@pytest.mark.parametrize(
    "columns",
    [rosters.STAFF_COLUMNS, rosters.GROUP_COLUMNS, rosters.MEMBER_COLUMNS],
    ids=["staff", "groups", "members"],
)
def test_every_column_is_named(path: str, columns: dict[str, object]) -> None:
    [row] = [line for line in read(path).splitlines() if line.startswith(f"| `{_kind(columns)}`")]
    assert [column for column in columns if column not in row] == []


def _kind(columns: dict[str, object]) -> str:
    return {"职务": "staff", "群主": "groups"}.get(next((c for c in columns if c in ("职务", "群主")), ""), "members")


@pytest.mark.parametrize("path", READMES)
def test_every_state_and_kind_of_group_is_named(path: str) -> None:
    words = [label for code, label in LABELS.items() if code != "unknown"]
    words += [word for word in rosters.KIND_WORDS if not word.isascii()]
    assert [word for word in words if word not in read(path)] == []


@pytest.mark.parametrize("path", READMES)
def test_every_event_that_is_understood_is_to_be_ticked(path: str) -> None:
    assert set(re.findall(r"`((?:user|chat)_\w+)`", read(path))) == set(events._CHANGES)


@pytest.mark.parametrize("path", READMES)
def test_the_official_text_is_imported_under_the_title_of_the_digest(path: str) -> None:
    assert f"--title {digest().title.removesuffix('（要点）')} " in read(path)


@pytest.mark.parametrize("path", READMES)
def test_what_the_sandbox_prints_is_quoted(path: str, tmp_path: Path) -> None:
    [quoted] = [text for language, text in blocks(read(path)) if language == "console"]
    command, *said = quoted.splitlines()
    assert command == "$ steward sandbox"
    port = free_port(8800)
    with (
        hearing_signals(),
        subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", str(port), "--data", str(tmp_path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
            cwd=ROOT,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        try:
            assert process.stdout is not None
            heard = [process.stdout.readline().rstrip("\n") for _ in said]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
    assert [re.sub(r":\d+/", ":8800/", line) for line in heard] == said
