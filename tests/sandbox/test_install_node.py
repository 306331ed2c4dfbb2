"""`install-node`, as `make test` calls it, on machines that we make up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.machine import Machine

SCRIPT = Path(__file__).parent / "install-node"


@pytest.fixture
def somebody(tmp_path: Path) -> Machine:
    return Machine(tmp_path, user=1000)


@pytest.fixture
def root(tmp_path: Path) -> Machine:
    return Machine(tmp_path, user=0)


def test_nothing_is_said_where_node_is_there(somebody: Machine) -> None:
    somebody.put("node", "")
    somebody.put("npm", "")
    done = somebody.run(SCRIPT, CI="true")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_node_without_npm_is_not_enough(somebody: Machine) -> None:
    somebody.put("node", "")
    assert somebody.run(SCRIPT, CI="true").returncode != 0


def test_outside_ci_nothing_is_installed_and_one_line_says_what_is_left_out(root: Machine) -> None:
    log = root.put_apt("node", "npm")
    done = root.run(SCRIPT)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert "sudo apt-get install nodejs npm" in done.stdout
    assert not log.exists()


def test_ci_installs_it(root: Machine) -> None:
    log = root.put_apt("node", "npm")
    done = root.run(SCRIPT, CI="true")
    assert done.returncode == 0
    assert "nodejs npm" in log.read_text(encoding="utf-8")


def test_in_ci_its_lack_is_a_failure(root: Machine) -> None:
    root.put("apt-get", "exit 100")
    done = root.run(SCRIPT, CI="true")
    assert done.returncode != 0
    assert "sudo apt-get install nodejs npm" in done.stdout
