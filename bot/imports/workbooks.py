"""Reading the filled sheets of an XLSX workbook as text."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.imports.wrong import TableError

MOST_BYTES = 200_000_000
"""Unpacked; a workbook of a college's whole staff has a few million."""
_ZEROS = re.compile(r"0{2,}")


def is_workbook(data: bytes) -> bool:
    """The file is a ZIP archive, as XLSX files are, whatever its name ends with."""
    return data.startswith(b"PK\x03\x04")


def read_workbook(path: Path, data: bytes) -> list[list[tuple[int, list[str]]]]:
    """Row numbers and texts of all rows that hold anything, a list for each sheet that has such rows.

    The sheet that was open when the workbook was saved comes first. Raises `TableError`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
        if size > MOST_BYTES:
            raise TableError(f"{path}：解开后超过 200 MB，请拆成几个文件 / larger than 200 MB unpacked: split it")
        return _sheets(data)
    except TableError:
        raise
    except Exception as error:
        raise _broken(path, error) from error


def _sheets(data: bytes) -> list[list[tuple[int, list[str]]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
        book = _opened(io.BytesIO(data))
        try:
            sheets = sorted(book.worksheets, key=lambda sheet: sheet is not book.active)
            found: list[list[tuple[int, list[str]]]] = []
            for sheet in sheets:
                # Some programs write a wrong size of the sheet, and openpyxl would believe it.
                sheet.reset_dimensions()
                numbered = enumerate(([_text(cell) for cell in cells] for cells in sheet.iter_rows()), start=1)
                rows = [(number, texts) for number, texts in numbered if any(text.strip() for text in texts)]
                found += [rows] if rows else []
            return found
        finally:
            book.close()


def stream_sheets(path: Path, progress: Callable[[int], None]) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The sheets, the one that was open first, each as its filled rows, read as they are asked for: for chats of a million
    lines. Times keep the hour. `progress` is told of about the bytes that were read. Raises `TableError`.

    What the sheets share, their texts, is held whole.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {item.filename: item.file_size for item in archive.infolist()}
        if sizes.get("xl/sharedStrings.xml", 0) > MOST_BYTES or sum(sizes.values()) > 20 * MOST_BYTES:
            raise TableError(f"{path}：太大了，请拆成几个文件，或另存为 CSV / too large: split it, or save it as CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = _opened(path)
    except TableError:
        raise
    except Exception as error:
        raise _broken(path, error) from error
    try:
        share = path.stat().st_size // max(1, len(book.worksheets))
        for sheet in sorted(book.worksheets, key=lambda sheet: sheet is not book.active):
            sheet.reset_dimensions()
            yield _stream(path, sheet)
            progress(share)
    finally:
        book.close()


def _opened(file: Path | io.BytesIO) -> Any:
    import openpyxl  # takes five megabytes, which the idle bot does without

    return openpyxl.load_workbook(file, read_only=True, data_only=True)


def _stream(path: Path, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = [_moment(cell) or _text(cell) for cell in cells]
            if any(text.strip() for text in texts):
                yield number, texts
    except Exception as error:
        raise _broken(path, error) from error


def _moment(cell: Any) -> str:
    return f"{cell.value:%Y-%m-%d %H:%M:%S}" if isinstance(cell.value, datetime) else ""


def _broken(path: Path, error: Exception) -> TableError:
    """A damaged file makes openpyxl and what is below it raise almost anything."""
    why = type(error).__name__
    return TableError(f"{path}：不是能打开的 XLSX（{why}），请重新另存 / cannot be opened as XLSX: save it anew")


def _text(cell: Any) -> str:
    """A cell as people see it: 00012 where the format fills up with zeros, a date as 2026-06-30."""
    value = cell.value
    if value is None or isinstance(value, time):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(str(cell.number_format)):
        return str(value).zfill(len(cell.number_format))
    return str(value)
