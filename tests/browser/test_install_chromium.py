"""`install-chromium`, as `make test` calls it, on machines that we make up with a folder of programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "install-chromium"


class Machine:
    """A machine with only the programs that were put on it."""

    def __init__(self, folder: Path, user: int) -> None:
        self.folder = folder
        self.put("id", f"echo {user}")

    def put(self, name: str, does: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/bash\n{does}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", str(SCRIPT)],
            env={"PATH": str(self.folder), **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def somebody(tmp_path: Path) -> Machine:
    return Machine(tmp_path, user=1000)


@pytest.fixture
def root(tmp_path: Path) -> Machine:
    return Machine(tmp_path, user=0)


def test_nothing_is_said_where_chromium_is_there(somebody: Machine) -> None:
    somebody.put("chromium-browser", "")
    assert (somebody.run().returncode, somebody.run().stdout) == (0, "")


def test_without_rights_one_line_says_how_to_have_it(somebody: Machine) -> None:
    somebody.put("apt-get", "echo tried >&2; exit 1")
    done = somebody.run()
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert "sudo apt-get install chromium fonts-noto-cjk" in done.stdout
    assert done.stderr == ""


def test_in_ci_its_lack_is_a_failure(somebody: Machine) -> None:
    done = somebody.run(CI="true")
    assert done.returncode != 0
    assert "apt-get install chromium" in done.stdout


def test_root_installs_it(root: Machine) -> None:
    log = root.folder / "log"
    root.put(
        "apt-get",
        f'echo "$@" >> {log}; [ "$1" = install ] && echo > {root.folder}/chromium\n'
        f"/bin/chmod +x {root.folder}/chromium 2>/dev/null; exit 0",
    )
    done = root.run(CI="true")
    assert done.returncode == 0
    assert "chromium fonts-noto-cjk" in log.read_text(encoding="utf-8")
    assert done.stdout.count("\n") == 1


def test_a_failed_installation_is_no_failure_outside_ci(root: Machine) -> None:
    root.put("apt-get", "exit 100")
    assert root.run().returncode == 0
    assert root.run(CI="1").returncode != 0
