"""Reading JSON lines: every bad file ends in one line, whatever it holds."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli.options import json_lines, open_or_exit, write_json
from bot.settings import Settings, StorageSettings
from storage.database import Database


def lines_of(path: Path, data: bytes) -> list[tuple[int, str]]:
    path.write_bytes(data)
    return list(json_lines(path, "text"))


def test_lines_are_counted_and_empty_ones_passed_over(tmp_path: Path) -> None:
    data = '\ufeff{"text": "甲"}\r\n\n  \n{"more": 1, "text": "乙\\n丙\u2028"}\n'.encode()
    assert lines_of(tmp_path / "x.jsonl", data) == [(1, "甲"), (4, "乙\n丙\u2028")]
    assert lines_of(tmp_path / "x.jsonl", b"") == []
    assert lines_of(tmp_path / "x.jsonl", "\ufeff".encode()) == []


@pytest.mark.parametrize(
    "data",
    [
        b"text",
        b"[]",
        b"null",
        b'{"text": 5}',
        b'{"question": "x"}',
        b'{"text": "x"',
        b"[" * 200_000,
        b'{"text": ' + b"9" * 10_000 + b"}",
        "{'text': '甲'}".encode(),
        '{"text": "甲"}'.encode("gb18030"),
    ],
)
def test_a_bad_line_ends_with_status_two_and_one_line(
    tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        lines_of(tmp_path / "x.jsonl", data)
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert "x.jsonl" in said.err


def test_the_line_that_is_not_utf8_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        lines_of(tmp_path / "x.jsonl", b'{"text": "a"}\n' * 700 + b'{"text": "\xff"}\n')
    assert "第 701 行：不是 UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        list(json_lines(tmp_path / name, "text"))
    assert len(capsys.readouterr().err.splitlines()) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(), max_size=5))
def test_what_is_written_is_read(tmp_path: Path, texts: list[str]) -> None:
    data = "\n".join(json.dumps({"text": text}, ensure_ascii=True) for text in texts).encode()
    assert [text for _, text in lines_of(tmp_path / "x.jsonl", data)] == texts


@given(text=st.text(st.characters() | st.characters(categories=["Cs"])))
def test_every_text_comes_out_as_it_came_in(text: str) -> None:
    text = json.loads(json.dumps(text))  # two halves side by side are one whole
    with pytest.MonkeyPatch.context() as patch:
        out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        patch.setattr("sys.stdout", out)
        write_json({"text": text})
    data = out.buffer.getvalue()
    assert data.count(b"\n") == 1
    assert json.loads(data.decode("utf-8")) == {"text": text}


def test_a_database_that_another_process_writes_to_ends_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "steward.db"
    settings = Settings(storage=StorageSettings(path=str(path)))
    with Database(path) as other, pytest.raises(SystemExit) as caught, open_or_exit(settings) as database:
        database.execute("pragma busy_timeout = 0")
        with other.transaction(), database.transaction():
            raise AssertionError("both write at once")
    assert caught.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(path) in line and "database is locked" in line
