"""The Makefile on machines that we make up: which Python it takes, and what it says when there is none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.machine import Machine

PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14", "python3", "python")
TOO_OLD = "exit 1"
"""To be asked whether it is new enough, and to say no; a shim without a Python behind it does the same."""
SYSTEM = "/usr/bin:/bin"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One on which every Python is too old."""
    folder = tmp_path / "programs"
    folder.mkdir()
    machine = Machine(folder, user=1000)
    for name in PYTHONS:
        machine.put(name, TOO_OLD)
    return machine


def _make(machine: Machine, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), *arguments],
        env={"PATH": f"{machine.folder}:{SYSTEM}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _environment(machine: Machine) -> Path:
    return machine.folder.parent / "venv"


def _make_environment(machine: Machine, *more: str) -> subprocess.CompletedProcess[str]:
    venv = _environment(machine)
    return _make(machine, f"VENV={venv}", *more, f"{venv}/bin/python")


def test_without_a_new_enough_python_one_line_says_so(machine: Machine) -> None:
    done = _make_environment(machine)
    assert done.returncode != 0
    assert done.stdout == "需要 Python 3.11 或更新 / Python 3.11 or newer is needed\n"
    assert not _environment(machine).exists()


def test_one_that_is_asked_for_is_looked_at_too(machine: Machine) -> None:
    machine.put("python3.12", "exit 0")
    done = _make_environment(machine, "PYTHON=python3")
    assert done.returncode != 0
    assert "3.11" in done.stdout


def test_the_first_that_is_new_enough_is_taken(machine: Machine) -> None:
    log = machine.folder.parent / "log"
    for name in ("python3.13", "python3"):
        machine.put(name, f'[ "$1" = -c ] || echo {name} "$@" >> {log}')
    assert _make_environment(machine).returncode == 0
    assert log.read_text(encoding="utf-8").startswith("python3.13 -m venv")


def test_an_environment_that_cannot_be_made_leaves_nothing_and_says_what_to_install(machine: Machine) -> None:
    venv = _environment(machine)
    machine.put("python3.11", f'[ "$1" = -c ] && exit 0; mkdir -p {venv}/bin; touch {venv}/bin/python; exit 1')
    done = _make_environment(machine)
    assert done.returncode != 0
    assert "sudo apt-get install python3-venv" in done.stdout
    assert not venv.exists()


def test_make_alone_lists_what_there_is(machine: Machine) -> None:
    done = _make(machine)
    listed = [line.split()[1] for line in done.stdout.splitlines()]
    assert listed == ["help", "run", "sandbox", "test", "faults", "lint", "type", "bench", "eval", "docs", "clean"]


@pytest.mark.parametrize("target", ["run", "sandbox", "bench", "eval", "docs"])
def test_what_people_run_waits_for_no_package_of_the_tests(machine: Machine, target: str) -> None:
    planned = _make(machine, "-n", f"VENV={_environment(machine)}", target).stdout
    assert "--editable ." in planned
    assert "[test]" not in planned
