"""Reading exported chats, message by message and however long they are: JSON lines, CSV, XLSX and plain text.

Nothing prescribes how a chat is exported, so headers and encodings are taken as people have them: 时间, 发送人, 内容, 群 under many names,
UTF-8 with or without a mark, UTF-16, GBK; and plain text in the usual ways (`chat_texts.py`).
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from zoneinfo import ZoneInfo

from bot.imports.chat_texts import read_text
from bot.imports.chat_times import moment
from bot.imports.tables import columns_in
from bot.imports.workbooks import is_workbook, stream_sheets
from bot.imports.wrong import TableError

LONGEST = 50_000
"""Characters of one message; the rest of a longer one is another message."""
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_HEADER_WITHIN = 10
_DELIMITERS = ",\t;，；|"
_PIECE = 1_048_576
COLUMNS: Mapping[str, Sequence[str]] = {
    "text": (
        "内容",
        "消息内容",
        "消息",
        "聊天内容",
        "聊天记录",
        "正文",
        "文本",
        "text",
        "content",
        "message",
        "msg",
        "body",
    ),
    "time": (
        "时间",
        "发送时间",
        "消息时间",
        "日期时间",
        "日期",
        "create_time",
        "createTime",
        "event_time",
        "timestamp",
        "time",
        "date",
        "sent_at",
    ),
    "sender": (
        "发送人",
        "发送者",
        "发言人",
        "姓名",
        "昵称",
        "用户",
        "sender",
        "senderNick",
        "from",
        "name",
        "nick",
        "user",
    ),
    "group": ("群", "群名", "群名称", "群聊", "会话", "会话名称", "群ID", "conversation_id", "group", "chat", "title"),
}
"""Our names, and what stands above such columns or before such values; the most telling first."""
_ALIASES = {name: (*spellings, name) for name, spellings in COLUMNS.items()}

Cells = tuple[int, Sequence[str]]
Progress = Callable[[int], None]
"""Told of the bytes that have just been read."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message. `line` is where it begins in the file, in a table its row; the rest is as it stands there."""

    line: int
    text: str
    time: str = ""
    sender: str = ""
    group: str = ""
    at: datetime | None = None
    """The time, where it can be read."""


def read_chat(path: Path, zone: ZoneInfo, progress: Progress = lambda done: None) -> Iterator[ChatMessage]:
    """The messages of a file in its order; only a few are held at a time. Raises `TableError`, perhaps after some."""
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
        if beginning.startswith(_OLD_OR_LOCKED):
            raise TableError(
                f"{path}：是旧版 .xls 或加了密码的文件，请另存为 .xlsx / an old .xls, or locked: save it as .xlsx"
            )
        if is_workbook(beginning):
            yield from _workbook(path, zone, progress)
        elif path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
            yield from _json_lines(path, zone, progress)
        else:
            with _text(path, _encoding(path), progress) as text:
                if path.suffix.lower() in (".csv", ".tsv"):
                    yield from _csv(path, text, zone)
                else:
                    for said in read_text(text, LONGEST):
                        yield ChatMessage(said.line, said.text, said.time, said.sender, at=moment(said.time, zone))
    except OSError as error:
        raise TableError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error


def _json_lines(path: Path, zone: ZoneInfo, progress: Progress) -> Iterator[ChatMessage]:
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            progress(len(raw))
            where, place = f"{path} 第 {number} 行", f"line {number}"
            if line := _decoded(raw, where, place).strip():
                try:
                    found = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise TableError(f"{where}：不是 JSON（{error}）/ {place} is not JSON") from None
                yield from _cut(_from_object(number, found, where, place, zone))


def _decoded(raw: bytes, where: str, place: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(f"{where}：不是 UTF-8 编码，请另存为 UTF-8 / {place} is not UTF-8")


def _from_object(number: int, found: Any, where: str, place: str, zone: ZoneInfo) -> ChatMessage:
    values = {name: _value(found, names) for name, names in _ALIASES.items()} if isinstance(found, dict) else {}
    text = values.get("text")
    if not isinstance(text, str):
        raise TableError(f'{where}：要写 {{"text": "…"}} / {place} needs a text under "text"')
    time, sender, group = (str(values.get(name) or "") for name in ("time", "sender", "group"))
    return ChatMessage(number, text, time, sender, group, moment(time, zone))


def _value(found: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((found[name] for name in names if isinstance(found.get(name), str | int)), None)


def _csv(path: Path, text: TextIO, zone: ZoneInfo) -> Iterator[ChatMessage]:
    first = list(islice(text, _HEADER_WITHIN))
    fitting = max(_DELIMITERS, key=lambda delimiter: _header(_cells(first, delimiter))[1])
    yield from _table(path, _cells(chain(first, text), fitting), zone)


def _cells(lines: Any, delimiter: str) -> Iterator[Cells]:
    reader = csv.reader(lines, delimiter=delimiter)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(f"第 {begins} 行：不是合格的 CSV（{error}）/ line {begins} is not valid CSV") from error
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _workbook(path: Path, zone: ZoneInfo, progress: Progress) -> Iterator[ChatMessage]:
    """All sheets that have such columns; where none has, the first is taken for one."""
    is_any = False
    missing: TableError | None = None
    for rows in stream_sheets(path, progress):
        try:
            for message in _table(path, rows, zone):
                is_any = True
                yield message
        except _NoColumnError as error:
            missing = missing or error
    if missing is not None and not is_any:
        raise missing


class _NoColumnError(TableError):
    """A table without the words."""


def _table(path: Path, rows: Iterator[Cells], zone: ZoneInfo) -> Iterator[ChatMessage]:
    first = list(islice(rows, _HEADER_WITHIN))
    at, found, places = _header(iter(first))
    if not found and first and all(len(cells) == 1 for _, cells in first):
        at, places = -1, {"text": 0}  # nothing but messages
    elif "text" not in places:
        shown = "、".join(cell.strip() for cell in first[max(at, 0)][1])[:100] if first else ""
        raise _NoColumnError(
            f"{path}：缺少列「内容」，表头是：{shown} / there is no column with the words (内容 or content)"
        )
    for line, cells in chain(first[at + 1 :], rows):
        values = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        if text := values["text"]:
            time = values.get("time", "")
            sender, group = values.get("sender", ""), values.get("group", "")
            yield from _cut(ChatMessage(line, text, time, sender, group, moment(time, zone)))


def _cut(message: ChatMessage) -> Iterator[ChatMessage]:
    """The message, or its pieces where it is longer than `LONGEST`."""
    if len(message.text) <= LONGEST:
        yield message
        return
    for start in range(0, len(message.text), LONGEST):
        yield replace(message, text=message.text[start : start + LONGEST])


def _header(rows: Iterator[Cells]) -> tuple[int, int, dict[str, int]]:
    """Which row has the headers, how well it fits, and which place has which of our columns."""
    best: tuple[int, int, dict[str, int]] = (-1, 0, {})
    try:
        for at, (_, cells) in enumerate(islice(rows, _HEADER_WITHIN)):
            places = {name: place for place, name in columns_in(cells, COLUMNS).items()}
            fits = len(places) + ("text" in places)
            if fits > best[1]:
                best = (at, fits, places)
    except TableError:
        pass  # with another delimiter, or said when it is read
    return best


def _encoding(path: Path) -> str:
    """UTF-8 if all of the file is, else GBK in its widest form; a mark at the beginning says UTF-16. Raises `TableError`."""
    with path.open("rb") as file:
        mark = file.read(2)
    if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise TableError(f"{path}：认不出文字编码，请另存为 UTF-8 / its encoding is not known: save it as UTF-8")


@contextmanager
def _text(path: Path, encoding: str, progress: Progress) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        counted = io.BufferedReader(_Counted(raw, progress), _PIECE)
        yield io.TextIOWrapper(counted, encoding=encoding, errors="replace", newline=None)


class _Counted(io.RawIOBase):
    """Tells how far a file has been read."""

    def __init__(self, raw: BinaryIO, progress: Progress) -> None:
        self._raw = raw
        self._progress = progress

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there is something."""
        found = self._raw.read(len(buffer))
        buffer[: len(found)] = found
        self._progress(len(found))
        return len(found)
