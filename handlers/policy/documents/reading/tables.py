"""A table as lines that can be read on a phone: each row says what its columns are."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_NAME = 16
"""Characters; the name of a column is not longer."""


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """A line a row: `岗位：教授；标准：300 元` below a first row that names the columns, else `教授｜300 元`."""
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    if not filled:
        return []
    names = filled[0]
    if len(filled) > 1 and len(names) > 1 and _are_names(names):
        return [_named(row, names) for row in filled[1:]]
    return [_plain(row) for row in filled]


def _are_names(row: Sequence[str]) -> bool:
    return (
        all(cell and len(cell) <= _LONGEST_NAME and cell[-1] not in "。；;" for cell in row)
        and len(set(row)) == len(row)
        and not any(cell.replace(".", "").isdecimal() for cell in row)
    )


def _named(row: Sequence[str], names: Sequence[str]) -> str:
    if not any(row[1:]) or len(row) > len(names):
        return _plain(row)  # a title over all columns, or cells that have no name
    pairs = zip(names, row, strict=False)
    return _joined([f"{name.rstrip('：:')}：{cell}" for name, cell in pairs if cell], "；")


def _plain(row: Sequence[str]) -> str:
    return _joined([cell for cell in row if cell], "｜")


def _joined(cells: Sequence[str], between: str) -> str:
    """Cells that end a sentence need nothing more between them and the next."""
    ended = [cell if between == "；" and cell[-1] in "。；;！？" else cell + between for cell in cells[:-1]]
    return "".join([*ended, *cells[-1:]])
