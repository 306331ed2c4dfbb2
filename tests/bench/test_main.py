"""One bench that fails does not cost the figures of the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

import bench.memory
import bench.soak
import bench.window
from bench.__main__ import main


def _breaks() -> Iterator[str]:
    yield "so far so good"
    raise RuntimeError("the bot ended by itself")


def test_the_others_are_printed_and_the_end_names_what_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench.memory, "run", _breaks)
    monkeypatch.setattr(bench.window, "run", lambda: ["narrow"])
    monkeypatch.setattr(sys, "argv", ["bench", "memory", "window"])
    with pytest.raises(SystemExit, match="failed: memory"):
        main()
    said = capsys.readouterr()
    assert "so far so good" in said.out
    assert "narrow" in said.out
    assert "the bot ended by itself" in said.err


def test_what_is_asked_for_reaches_those_that_take_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench.soak, "run", lambda seconds=600.0, seed=None: [f"soaked {seconds} {seed}"])
    monkeypatch.setattr(bench.window, "run", lambda: ["narrow"])
    monkeypatch.setattr(sys, "argv", ["bench", "soak", "window", "--seconds", "7", "--seed", "3"])
    main()
    assert "soaked 7.0 3" in capsys.readouterr().out
