"""The repository stands on any machine: what packages need is packed, nothing points at where it was written."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.__main__ import BENCHES
from tests.docs.pages import ROOT, read
from tests.machine import Machine

PACKAGES = ("bot", "handlers", "storage", "sandbox")
NOT_OURS = re.compile(r"\.(?!ci$).*|__pycache__|node_modules|build|dist|.*\.egg-info")
"""Folders that git does not hold."""
ELSEWHERE = re.compile(r"/(?:work|root|tmp|home/\w+)/[\w.]|index[-]url|/simple\b|registry\.npmjs|find-links")
UNIX_ONLY = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
SYSTEM = "/usr/local/bin:/usr/bin:/bin"


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not NOT_OURS.fullmatch(name)]
        yield from (Path(where) / name for name in names)


def test_every_file_that_is_read_at_run_time_is_packed() -> None:
    patterns = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]["package-data"]["*"]
    unpacked = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in _files(ROOT / package)
        if path.suffix != ".py" and not any(path.match(pattern) for pattern in patterns)
    ]
    assert unpacked == []


def test_nothing_at_run_time_needs_unix() -> None:
    found = []
    for package in PACKAGES:
        for path in (path for path in _files(ROOT / package) if path.suffix == ".py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                found += [(path.name, name) for name in names if name.partition(".")[0] in UNIX_ONLY]
    assert found == []


def test_nothing_points_at_a_machine_or_a_registry() -> None:
    found = []
    for path in _files(ROOT):
        if path == Path(__file__) or path.suffix not in (".py", ".md", ".toml", ".txt", ".json", ".js", ".cjs", ""):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if ELSEWHERE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_every_bench_is_printed() -> None:
    measured = {
        path.stem
        for path in (ROOT / "bench").glob("*.py")
        if re.search(r"^def run\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert measured == set(BENCHES)


@pytest.mark.parametrize("red", ["test", "faults", "lint", "type"])
def test_ci_runs_all_four_and_is_red_when_one_is(red: str, tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0)
    machine.put("make", f'echo "$CI $1"; [ "$1" != {red} ]')
    done = machine.run(ROOT / ".ci" / "run", PATH=f"{tmp_path}:{SYSTEM}")
    assert done.stdout.split("\n") == ["true test", "true faults", "true lint", "true type", ""]
    assert done.returncode != 0


def test_ci_is_green_when_all_are(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0)
    machine.put("make", "exit 0")
    assert machine.run(ROOT / ".ci" / "run", PATH=f"{tmp_path}:{SYSTEM}").returncode == 0
