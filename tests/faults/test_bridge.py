"""`steward bridge` as a process: killed, cut off in the midst of a line, flooded; and the bot that handles what it brings."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.rig import GROUP
from tests.faults.stage import SECONDS, stage, write_config

CONFIG = f"""
[bridge]
enabled = true
groups = ["{GROUP}"]
pipe = "bridge.pipe"
[roles]
main_admins = ["0001"]
"""
ROOT = Path(__file__).parents[2]
STEWARD = (sys.executable, "-m", "bot", "bridge", "-c")


def line(number: int, text: str = "大家好", group: str = GROUP) -> bytes:
    value = {
        "type": "user_im_message_receive_group",
        "event_id": f"e{number}",
        "message_id": f"b{number}",
        "conversation_id": group,
        "sender": "老师5",
        "sender_open_dingtalk_id": "open-5",
        "sender_staff_id": "0005",
        "content": text,
    }
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "steward.db", timeout=10)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def until(folder: Path, sql: str, wanted: object) -> None:
    ends = time.monotonic() + SECONDS
    found: object = None
    while time.monotonic() < ends:
        try:
            found = rows(folder, sql)[0][0]
        except (sqlite3.Error, IndexError):
            found = None
        if found == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"{sql}: {found}, not {wanted}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_config(tmp_path, "http://127.0.0.1:1", more=CONFIG)
    return tmp_path


class Bridge:
    """The process, what it is told, and what it said."""

    def __init__(self, folder: Path, door: str = "--stdin") -> None:
        self._log = (folder / "bridge.log").open("wb+")
        command = [*STEWARD, str(folder / "config.toml"), door]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=self._log, stderr=self._log)

    def tell(self, lines: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(lines)
        self.process.stdin.flush()

    def end(self) -> int:
        """The source ends; the exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(SECONDS)

    def said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def close(self) -> None:
        self.process.kill()
        self.process.wait(SECONDS)
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self._log.close()


Start = Callable[..., Bridge]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Each call starts one more; all have ended when the test has."""
    started: list[Bridge] = []

    def one_more(door: str = "--stdin") -> Bridge:
        started.append(Bridge(folder, door))
        return started[-1]

    yield one_more
    for one in started:
        one.close()


TAKEN = "select count(*) from inbox where key like 'bridge:%'"


def test_from_the_first_line_to_the_last(folder: Path, start: Start) -> None:
    exited = "[event] exited — received 3 event(s) in 1s (reason: signal)\n".encode()
    bridge = start()
    bridge.tell(b"[event] ready\n" + line(1) + line(1) + line(2, group="cidOther") + exited)
    assert bridge.end() == 0, bridge.said()
    assert "收到 3 行：新的 1，重复 1，不用看 1，读不懂 0" in bridge.said()
    assert rows(folder, TAKEN) == [(1,)]


def test_killed_it_loses_nothing_that_was_stored_and_takes_nothing_twice(folder: Path, start: Start) -> None:
    bridge = start()
    bridge.tell(b"".join(line(number) for number in range(300)))
    until(folder, TAKEN, 300)
    bridge.process.kill()
    bridge.process.wait(SECONDS)
    again = start()
    again.tell(b"".join(line(number) for number in range(310)))
    assert again.end() == 0, again.said()
    assert "收到 310 行：新的 10，重复 300" in again.said()
    assert rows(folder, TAKEN) == [(310,)]
    assert rows(folder, "select ended_at is null from bridge_runs order by id") == [(1,), (0,)]


def test_half_a_line_is_counted_and_the_next_run_is_not_spoilt(folder: Path, start: Start) -> None:
    bridge = start()
    bridge.tell(line(1) + line(2)[:-30])
    assert bridge.end() == 1
    assert "读不懂 1" in bridge.said()
    assert "大家好" not in bridge.said()
    again = start()
    again.tell(line(2))
    assert again.end() == 0
    assert rows(folder, TAKEN) == [(2,)]


def test_told_to_stop_it_stores_what_it_has_read(folder: Path, start: Start) -> None:
    bridge = start()
    bridge.tell(line(1) + line(2))
    until(folder, TAKEN, 2)
    bridge.process.send_signal(signal.SIGTERM)
    assert bridge.process.wait(SECONDS) == 0, bridge.said()
    assert rows(folder, "select ended_at is not null, taken from bridge_runs") == [(1, 2)]


def test_a_flood_loses_nothing_and_takes_little_memory(folder: Path, start: Start) -> None:
    bridge = start()
    for first in range(0, 9_000, 1_000):
        bridge.tell(b"".join(line(n, "很长的一段话" * 50) for n in range(first, first + 1_000)))
    until(folder, TAKEN, 9_000)
    status = Path(f"/proc/{bridge.process.pid}/status")
    if status.exists():
        peak = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        assert int(peak.split()[1]) < 250_000
    assert bridge.end() == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_one_program_after_the_other_writes_to_the_pipe(folder: Path, start: Start) -> None:
    bridge = start("--pipe")
    ends = time.monotonic() + SECONDS
    while not (folder / "bridge.pipe").exists() and time.monotonic() < ends:
        time.sleep(0.02)
    assert (folder / "bridge.pipe").stat().st_mode & 0o777 == 0o600
    for number in range(3):
        with (folder / "bridge.pipe").open("wb") as pipe:
            pipe.write(line(number) + (line(9)[:-30] if number == 1 else b""))
        until(folder, TAKEN, number + 1)
    bridge.process.send_signal(signal.SIGTERM)
    assert bridge.process.wait(SECONDS) == 1, "half a line was lost"
    assert rows(folder, "select taken, bad from bridge_runs") == [(3, 1)], "and spoilt no other"


def test_an_address_of_this_machine_as_a_process(folder: Path, start: Start) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    config = folder / "config.toml"
    token = "a-token-of-some-length"
    config.write_text(
        config.read_text(encoding="utf-8").replace("[bridge]", f'[bridge]\nport = {port}\ntoken = "{token}"'),
        encoding="utf-8",
    )
    bridge = start("--listen")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/messages", data=line(1), headers={"Authorization": f"Bearer {token}"}
    )
    ends = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                assert json.loads(answer.read())["taken"] == 1
            break
        except OSError:
            assert time.monotonic() < ends, bridge.said()
            time.sleep(0.1)
    bridge.process.send_signal(signal.SIGTERM)
    assert bridge.process.wait(SECONDS) == 0, bridge.said()
    assert rows(folder, "select door, taken, ended_at is not null from bridge_runs") == [("address", 1, 1)]
    assert token not in bridge.said()


def test_off_or_without_a_door_it_says_what_to_do(folder: Path) -> None:
    done = subprocess.run([*STEWARD, str(folder / "config.toml")], capture_output=True, check=False)
    assert (done.returncode, "--stdin" in done.stderr.decode()) == (2, True)
    (folder / "config.toml").write_text("", encoding="utf-8")
    done = subprocess.run([*STEWARD, str(folder / "config.toml"), "--stdin"], capture_output=True, check=False)
    assert (done.returncode, "enabled = true" in done.stderr.decode()) == (2, True)
    (folder / "config.toml").write_text('[bridge]\nenabled = true\ntoken = "short"\n', encoding="utf-8")
    done = subprocess.run([*STEWARD, str(folder / "config.toml"), "--listen"], capture_output=True, check=False)
    assert (done.returncode, "token" in done.stderr.decode()) == (2, True)
    assert "short" not in done.stderr.decode()


SOURCE = r"""#!/bin/bash
[ -n "$QUIET" ] && exec sleep 60
read -r -t 0.3; [ $? -gt 128 ] || { echo "my standard input is closed"; exit 3; }
cat "$LINES"
echo "[event] exited — received 1 event(s) in 1s (reason: timeout)" >&2
"""
"""Stands for the official command line: needs its standard input open, says one line, ends."""


def written_in_the_unit() -> list[str]:
    unit = (ROOT / "deploy/steward-bridge.service").read_text(encoding="utf-8")
    return shlex.split(unit.split("ExecStart=")[1].splitlines()[0])


def written_in_the_docs() -> list[str]:
    page = (ROOT / "docs/bridge.md").read_text(encoding="utf-8")
    found = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return ["/bin/bash", "-c", found[1]]


def run_as_written(folder: Path, command: list[str], *, is_quiet: bool = False) -> tuple[int, str]:
    """Run a command line of ours with a source that is no real one; its exit status, and what was said."""
    (folder / "lines").write_bytes(line(1))
    venv = folder / ".venv/bin"
    venv.mkdir(parents=True)
    (folder / "dws").write_text(SOURCE, encoding="utf-8")
    (venv / "steward").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bot "$@"\n', encoding="utf-8")
    for program in (folder / "dws", venv / "steward"):
        program.chmod(0o700)
    here = {
        "PATH": f"{folder}:{venv}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "GROUP": GROUP,
        "LINES": str(folder / "lines"),
        "QUIET": "1" if is_quiet else "",
    }
    with (folder / "said.log").open("wb+") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **here}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            status = process.wait(SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the sleep that held the source's standard input open
            process.wait()
        log.seek(0)
        return status, log.read().decode()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize("written", [written_in_the_unit, written_in_the_docs])
def test_as_it_is_written_down_it_ends_when_the_source_does(folder: Path, written: Callable[[], list[str]]) -> None:
    status, said = run_as_written(folder, written())
    assert status == 0, said
    assert "收到 1 行：新的 1" in said
    assert rows(folder, "select groups from bridge_runs") == [(json.dumps([GROUP]),)]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_unit_ends_with_the_bridge_however_quiet_the_source_is(folder: Path) -> None:
    (folder / "config.toml").write_text("", encoding="utf-8")
    status, said = run_as_written(folder, written_in_the_unit(), is_quiet=True)
    assert (status, "enabled = true" in said) == (2, True), said


async def test_the_bot_looks_at_what_the_bridge_brings_and_says_nothing_in_the_group(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(
        '[[rule]]\nid = "own"\ncategory = "advertising"\narticle = "五.2"\nstate = "remind"\nwords = ["代写论文"]\n',
        encoding="utf-8",
    )
    async with stage(tmp_path) as it:
        write_config(tmp_path, it.sandbox.url, more=CONFIG + '[moderation]\nrules = ["rules.toml"]\n')
        await it.launch(("-m", "bot", "run", "-c", str(it.config)))
        await it.sandbox.until_connected(timeout=SECONDS)
        process = await asyncio.create_subprocess_exec(*STEWARD, str(it.config), "--stdin", stdin=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write(line(1, "早上好") + line(2, "专业代写论文，包过"))
        await process.stdin.drain()
        private = "private:0005"
        await it.sandbox.until(lambda: len(it.sandbox.world.in_chat(private)) > 0, timeout=SECONDS)
        process.stdin.close()
        assert await process.wait() == 0
        assert it.rows("select source, sender, message_key from flags") == [("bridge", "0005", "b2")]
        assert it.rows("select distinct body from inbox where key like 'bridge:%'") == [("",)]
        assert [m for m in it.sandbox.world.in_chat(GROUP) if m.author == "robot"] == []
        assert await it.stop() == 0
        assert "代写" not in it.log()
