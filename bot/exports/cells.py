"""CSV for spreadsheets: a byte order mark, so that Excel reads UTF-8, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_WOULD_RUN = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as a file. `plain` reads back what `rows` held."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula; before one that is there already, too."""
    return f"'{cell}" if _WOULD_RUN.match(cell) else cell


def plain(cell: str) -> str:
    """What was guarded."""
    return cell[1:] if cell.startswith("'") and _WOULD_RUN.match(cell[1:]) else cell
