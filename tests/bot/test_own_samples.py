"""The admins' own samples, in the formats that people have them in, and seen as soon as the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from bot import own_samples
from bot.imports.samples import read
from bot.imports.tables import TableError
from bot.own_samples import OwnSamples


def test_a_line_a_text(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeff代写论文\r\n\n 下午开会 \n".encode())
    assert read(file) == ["代写论文", "下午开会"]


def test_a_column_of_a_table(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("时间,消息\n1,代写论文\n2,下午开会\n3,\n".encode("gbk"))
    assert read(file) == ["代写论文", "下午开会"]
    book = Workbook()
    assert book.active is not None
    book.active.append(["text"])
    book.active.append(["代写论文"])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == ["代写论文"]


def test_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "代写论文"}\n\n{"text": "下午开会", "at": 1}\n', encoding="utf-8")
    assert read(file) == ["代写论文", "下午开会"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", b"x"),
        ("a.txt", b"\xff\xfe"),
        ("a.jsonl", b"{"),
        ("a.jsonl", b'{"words": 1}'),
        ("a.csv", b"a,b\n1,2"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(TableError) as caught:
        read(file)
    assert "\n" not in str(caught.value)
    with pytest.raises(TableError):
        read(tmp_path / "none.txt")


def test_a_changed_file_is_seen_and_a_wrong_one_gives_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "samples.txt"
    samples = OwnSamples(file)
    assert samples.current() == OwnSamples(None).current() == ()
    file.write_text("代写", encoding="utf-8")
    found = samples.current()
    assert found == ("代写",)
    assert samples.current() is found
    file.write_text("代考\n代写", encoding="utf-8")
    assert samples.current() == ("代考", "代写")
    file.write_bytes(b"\xff\xfe")
    assert samples.current() == ()
    assert "is wrong and is left out" in caplog.text
    file.write_text("代写", encoding="utf-8")
    monkeypatch.setattr(own_samples, "MOST_BYTES", 1)
    assert samples.current() == ()
    file.unlink()
    assert samples.current() == ()
