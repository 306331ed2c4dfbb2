"""How `steward run` ends when the bot fails by itself: in the log, without a secret, with a status that asks for a start."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import logs
from bot.app import Steward
from bot.cli import main

SECRET = "a-secret-of-the-application"


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Leave the log of this process as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*logs.OURS, "dingtalk_stream")}
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, value in levels.items():
        logging.getLogger(name).setLevel(value)


def test_an_error_of_its_own_is_told_in_the_log_without_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(steward: Steward) -> None:
        steward.close()
        raise RuntimeError(f"sent with {SECRET}")

    monkeypatch.setattr(Steward, "run", fail)
    config = tmp_path / "config.toml"
    config.write_text(
        f'[dingtalk]\nclient_id = "x"\nclient_secret = "{SECRET}"\n[log]\nformat = "json"\n', encoding="utf-8"
    )
    config.chmod(0o600)
    result = CliRunner().invoke(main, ["run", "-c", str(config)])
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["logger"]) == ("ERROR", "bot.cli.run")
    assert "RuntimeError: sent with ***" in entry["error"]
    assert SECRET not in result.output
