"""What a scan of an exported chat found, as a workbook for the office: counts by rule, the places, and what it rests on.

Written as it goes, so that a chat of a million lines takes no more memory than a short one. Whatever stands in the chat is
masked, and text stays text: no cell is a formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from bot.exports.files import put
from bot.exports.workbooks import put_text

_MOST_ROWS = 1_000_000
"""Excel takes 1,048,576 in a sheet."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the words that people have for it; `id` is what the rule file calls it."""

    id: str
    name: str
    category: str
    article: str
    severity: str
    state: str


@dataclass(frozen=True, slots=True)
class Place:
    """One rule that fired on one message. `excerpt` is masked."""

    line: int
    time: str
    group: str
    sender: str
    rule: RuleRow
    excerpt: str
    is_excused: bool = False
    """It looks like a question about the rules, a warning or a quotation: nobody would be reminded."""


@dataclass(slots=True)
class Basis:
    """What a report rests on."""

    file: str = ""
    made_at: datetime | None = None
    messages: int = 0
    flagged: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    groups: Counter[str] = field(default_factory=Counter)
    """Messages of each, masked; an empty name: the file says none."""


class ScanReport:
    """Takes places one by one; `write` makes the file."""

    def __init__(self, *, with_names: bool) -> None:
        self._with_names = with_names
        self._book = openpyxl.Workbook(write_only=True)
        self._counts = self._sheet(
            "按规则",
            ("规则", "类别", "依据", "程度", "状态", "命中条数", "其中像询问或提醒", "文件里的编号"),
            (36, 12, 12, 8, 10, 12, 18, 28),
        )
        head: tuple[str, ...] = (
            "行号",
            "时间",
            "群",
            "发送人",
            "规则",
            "类别",
            "依据",
            "程度",
            "片段（已打码）",
            "备注",
        )
        widths: tuple[int, ...] = (10, 20, 20, 14, 36, 12, 12, 8, 50, 24)
        if not with_names:
            head, widths = (*head[:3], *head[4:]), (*widths[:3], *widths[4:])
        self._places = self._sheet("命中明细", head, widths)
        self._basis = self._sheet("说明", ("项目", "内容"), (24, 80))
        self._rows = 0
        self._left_out = 0
        self._by_rule: Counter[RuleRow] = Counter()
        self._excused: Counter[RuleRow] = Counter()

    def add(self, place: Place) -> None:
        """One more place."""
        self._by_rule[place.rule] += 1
        self._excused[place.rule] += place.is_excused
        if self._rows >= _MOST_ROWS:
            self._left_out += 1
            return
        self._rows += 1
        names = (place.sender,) if self._with_names else ()
        rule = place.rule
        note = "像是在询问、提醒或引用" if place.is_excused else ""
        row = (
            place.line,
            place.time,
            place.group,
            *names,
            rule.name,
            rule.category,
            rule.article,
            rule.severity,
            place.excerpt,
            note,
        )
        self._places.append([self._cell(self._places, value) for value in row])

    def write(self, path: Path, basis: Basis, rules: Sequence[RuleRow]) -> None:
        """Write the workbook; what stood there before is whole until it is complete. Rules that did not fire stand there,
        too. Raises OSError."""
        for rule in sorted(rules, key=lambda one: (-self._by_rule[one], one.id)):
            told = (rule.name, rule.category, rule.article, rule.severity, rule.state)
            row = (*told, self._by_rule[rule], self._excused[rule], rule.id)
            self._counts.append([self._cell(self._counts, value) for value in row])
        self._counts.auto_filter.ref = f"A1:H{len(rules) + 1}"
        self._places.auto_filter.ref = f"A1:{get_column_letter(10 if self._with_names else 9)}{self._rows + 1}"
        for name, value in self._told(basis):
            self._basis.append([self._cell(self._basis, name), self._cell(self._basis, value)])
        target = BytesIO()
        self._book.save(target)
        put(path, target.getvalue())

    def discard(self) -> None:
        """There will be no workbook. After `write` it does nothing."""
        for sheet in (self._counts, self._places, self._basis):
            if not sheet.closed:
                sheet.close()

    def _told(self, basis: Basis) -> list[tuple[str, str | int]]:
        day = "%Y-%m-%d %H:%M"
        groups = "、".join(f"{name or '没写群名'}（{number} 条）" for name, number in basis.groups.most_common(20))
        told: list[tuple[str, str | int]] = [
            ("文件", basis.file),
            ("扫描时间", f"{basis.made_at:{day}}" if basis.made_at else ""),
            ("消息条数", basis.messages),
            ("命中条数", basis.flagged),
            (
                "消息时间",
                f"{basis.first_at:{day}} 到 {basis.last_at:{day}}"
                if basis.first_at and basis.last_at
                else "文件里没有写",
            ),
            ("群", groups if any(basis.groups) else "文件里没有写"),
            ("范围", "只看了这份导出文件里的消息；没有导出的、撤回了的、图片和语音里的看不到。"),
            ("说明", "只是对照规则找出来的线索，要请人看过才算数。片段已打码，原文请看导出文件对应的行。"),
        ]
        if not self._with_names:
            told.append(("发送人", "没有写进来。确需核对的，由有权限的人加 --names 重新扫描。"))
        if len(basis.groups) > 20:
            told.append(("群数", sum(map(bool, basis.groups))))
        if self._left_out:
            told.append(("没有列出的", f"明细还有 {self._left_out} 条，一张表放不下；按规则的条数是全的。"))
        return told

    def _sheet(self, title: str, header: Sequence[str], widths: Sequence[int]) -> Any:
        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        cells = [self._cell(sheet, name) for name in header]
        for cell in cells:
            cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center")
        sheet.append(cells)
        return sheet

    def _cell(self, sheet: Any, value: str | int) -> Any:
        cell = WriteOnlyCell(sheet)
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value = value
        return cell
