"""All that is stored about a person, as a file that they can read: JSON, or a ZIP with a table for each kind of thing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from bot.exports.cells import csv_bytes
from handlers.person_columns import COLUMNS
from handlers.persons import NOT_WHOLE
from storage.persons import Found
from storage.times import from_text


def as_data(person: str, found: Sequence[Found], at: datetime, zone: tzinfo) -> dict[str, Any]:
    """What `json.dumps` takes; times as people have them."""
    return {
        "person": person,
        "exported_at": f"{at.astimezone(zone):%Y-%m-%d %H:%M}",
        "holdings": [
            {
                "what": one.trace.label,
                "table": one.trace.table,
                "by_name_only": one.trace.is_by_name,
                "rows": [{name: _readable(value, zone) for name, value in row.items()} for row in one.rows],
            }
            for one in found
        ],
    }


def as_json(data: dict[str, Any]) -> bytes:
    """One JSON document, indented."""
    return json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def as_zip(data: dict[str, Any]) -> bytes:
    """The same as JSON, with a CSV table for each kind of thing and a page that says what is there."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("说明.txt", _page(data))
        archive.writestr("data.json", as_json(data))
        for number, holding in enumerate(data["holdings"], start=1):
            header = list(holding["rows"][0])
            rows = [["" if row[name] is None else str(row[name]) for name in header] for row in holding["rows"]]
            named = [COLUMNS[name] for name in header]
            archive.writestr(f"{number:02} {holding['what']}.csv", csv_bytes(named, rows))
    return target.getvalue()


def _page(data: dict[str, Any]) -> bytes:
    lines = [f"工号 {data['person']} 在群管家里存着的全部内容，{data['exported_at']} 导出。", ""]
    lines += [
        f"{number:02} {holding['what']}：{len(holding['rows'])} 条"
        for number, holding in enumerate(data["holdings"], start=1)
    ]
    return "\r\n".join([*lines, "", NOT_WHOLE, ""]).encode("utf-8-sig")


def _readable(value: Any, zone: tzinfo) -> Any:
    """A stored time as people have it; anything else as it is."""
    if isinstance(value, str) and len(value) == 24 and value.endswith("Z"):
        try:
            return f"{from_text(value).astimezone(zone):%Y-%m-%d %H:%M:%S}"
        except ValueError:
            return value
    return value
