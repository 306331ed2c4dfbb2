"""`steward sandbox` as a process: one line with the address, a page behind it, and a clean end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.sandbox import Playground, PortTakenError, free_port
from tests.signals import hearing_signals

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_passed_over(taken: int) -> None:
    assert taken < free_port(taken) < taken + 50


async def test_a_port_that_somebody_takes_at_the_last_moment_is_one_line(taken: int, tmp_path: Path) -> None:
    playground = Playground(taken, tmp_path)
    try:
        with pytest.raises(PortTakenError, match=f"端口 {taken} 用不了.*--port"):
            await playground.start()
    finally:
        await playground.stop()


def test_it_says_where_the_page_is_and_ends_on_ctrl_c(taken: int, tmp_path: Path) -> None:
    """The wanted port is taken, so the next one is used and named; the database goes with the process."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    with (
        hearing_signals(),
        subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", str(taken)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = ADDRESS.search(line)
            assert found, (line, process.poll())
            assert int(found[1]) > taken
            with urllib.request.urlopen(found[0], timeout=10) as page:
                assert "群管家" in page.read().decode()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert list(tmp_path.glob("steward-*")) == []


def test_closing_the_terminal_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    with (
        hearing_signals(),
        subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", str(free_port(8890))],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            process.stdout.readline()
            assert list(tmp_path.glob("steward-*"))
            process.send_signal(signal.SIGHUP)
            process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert list(tmp_path.glob("steward-*")) == []


def test_the_database_stays_in_the_folder_that_was_named(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--port", str(free_port(8870)), "--data", str(tmp_path / "kept")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            assert ADDRESS.search(process.stdout.readline())
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert (tmp_path / "kept" / "sandbox.db").exists()
