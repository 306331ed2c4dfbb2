"""`install-chromium`, as `make test` calls it, on machines that we make up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.machine import Machine

SCRIPT = Path(__file__).parent / "install-chromium"


@pytest.fixture
def somebody(tmp_path: Path) -> Machine:
    return Machine(tmp_path, user=1000)


@pytest.fixture
def root(tmp_path: Path) -> Machine:
    return Machine(tmp_path, user=0)


def test_nothing_is_said_where_chromium_is_there(somebody: Machine) -> None:
    somebody.put("chromium-browser", "")
    done = somebody.run(SCRIPT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_rights_one_line_says_how_to_have_it(somebody: Machine) -> None:
    log = somebody.put_apt("chromium")
    done = somebody.run(SCRIPT)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert "sudo apt-get install chromium fonts-noto-cjk" in done.stdout
    assert done.stderr == ""
    assert not log.exists()


def test_in_ci_its_lack_is_a_failure(somebody: Machine) -> None:
    done = somebody.run(SCRIPT, CI="true")
    assert done.returncode != 0
    assert "apt-get install chromium" in done.stdout


def test_root_installs_it(root: Machine) -> None:
    log = root.put_apt("chromium")
    done = root.run(SCRIPT, CI="true")
    assert done.returncode == 0
    assert "chromium fonts-noto-cjk" in log.read_text(encoding="utf-8")
    assert done.stdout.count("\n") == 1


def test_a_failed_installation_is_no_failure_outside_ci(root: Machine) -> None:
    root.put("apt-get", "exit 100")
    assert root.run(SCRIPT).returncode == 0
    assert root.run(SCRIPT, CI="1").returncode != 0
