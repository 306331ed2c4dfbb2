"""Output that cannot be taken ends the program decently: real processes, a real full device, a real closed pipe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCAN = (sys.executable, "-m", "bot", "scan", "--json", "messages.jsonl")
LINES = 20_000
"""Far more than a pipe or a buffer holds."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    line = json.dumps({"text": "明天上午九点开会"}, ensure_ascii=False) + "\n"
    (tmp_path / "messages.jsonl").write_text(line * LINES, encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("lines", [1, LINES])
def test_a_full_disk_is_one_line_and_bad_input(folder: Path, lines: int) -> None:
    """One line fails only when the buffer is written at the end."""
    file = folder / "messages.jsonl"
    file.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:lines]), encoding="utf-8")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(SCAN, cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False)
    said = ended.stderr.decode()
    assert ended.returncode == 2
    assert "磁盘满了" in said
    assert said.count("\n") == 1


def test_a_reader_that_has_gone_is_told_apart_from_findings_and_bad_input(folder: Path) -> None:
    with subprocess.Popen(SCAN, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["flagged"] is False
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141
