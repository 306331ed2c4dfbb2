"""Importing people, groups and members: what a row must hold, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.imports.tables import BadRow, Row
from bot.imports.values import (
    department_path,
    identifier,
    is_mangled,
    is_written_in_han,
    mobile,
    parse_date,
    person_name,
)
from handlers.cleanup.roster import LABELS, status_code
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from storage.store import Store

_GROUP_ID = ("conversation_id", "openconversationid", "群id", "groupid", "会话id", "conversation", "group")
# DingTalk's own export has a 工号 of the college's beside the userid that everything here goes by.
_STAFF_ID = (
    *("员工userid", "userid", "用户id", "staff_id", "工号", "员工号", "员工工号", "职工号", "职工工号", "教工号"),
    *("教职工号", "教职工工号", "教师工号", "学工号"),
)
STAFF_COLUMNS: dict[str, Sequence[str]] = {
    "工号": (*_STAFF_ID, "人员编号"),
    "姓名": ("姓名", "name", "名字", "员工姓名", "职工姓名", "教职工姓名", "教师姓名"),
    "部门": ("部门", "department", "所在部门", "所属部门", "部门名称", "单位", "所在单位", "单位名称", "科室"),
    "手机": ("手机", "mobile", "手机号", "手机号码", "phone", "联系电话", "电话"),
    "职务": ("职务", "title", "职位", "岗位", "职称"),
    "状态": ("状态", "status", "人员状态", "员工状态", "在职状态", "在岗状态"),
    "日期": ("日期", "date", "状态日期", "生效日期", "since"),
}
STAFF_REQUIRED = (("工号",), ("姓名",))
GROUP_COLUMNS: dict[str, Sequence[str]] = {
    "群ID": _GROUP_ID,
    "群名": ("群名", "群名称", "群聊名称", "群组名称", "title", "name"),
    "类型": ("类型", "群类型", "kind", "type"),
    "部门": ("部门", "department", "所属部门", "单位"),
    "群主": ("群主工号", "群主", "群主姓名", "owner"),
    "管理员": ("管理员工号", "管理员", "admins", "群管理员"),
    "用途": ("用途", "purpose", "说明"),
}
GROUP_REQUIRED = (("群ID",), ("群名",))
MEMBER_COLUMNS: dict[str, Sequence[str]] = {
    "群ID": _GROUP_ID,
    "工号": _STAFF_ID,
    "姓名": ("群昵称", "昵称", "群名片", "姓名", "name", "名字", "成员", "成员姓名", "成员名称", "群成员"),
}
MEMBER_REQUIRED = (("群ID",), ("工号", "姓名"))

_KIND_LABELS = {"部门群": "department", "项目群": "project", "班级群": "class", "外部群": "external"}
KIND_WORDS = {
    **_KIND_LABELS,
    **{label.removesuffix("群"): code for label, code in _KIND_LABELS.items()},
    **{code: code for code in _KIND_LABELS.values()},
}
"""How people write the kinds of groups, and our code words."""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would do or did: rows that are good, and the bad ones with reasons."""

    good: int
    bad: tuple[BadRow, ...]


def _empty(line: int, column: str) -> BadRow:
    return BadRow(line, column, "没有填 / is empty")


def _broken(row: Row, *columns: str) -> list[BadRow]:
    """What a spreadsheet has spoilt in this row."""
    bad = [
        BadRow(
            row.line,
            column,
            f"「{row.get(column)}」已被表格软件改坏，请把这一列设为文本再填 / spoilt by the spreadsheet",
        )
        for column in columns
        if is_mangled(row.get(column))
    ]
    if row.has_surplus:
        bad.append(
            BadRow(
                row.line, "最后一列", "比表头多出内容，可能有一格里含分隔符 / more values than columns: quote the text"
            )
        )
    return bad


def _twice(line: int, column: str, what: str) -> BadRow:
    return BadRow(line, column, f"{what} 前面已经出现过 / appears twice")


def import_staff(rows: Iterable[Row], store: Store, now: datetime, *, keep_good: bool = False) -> Import:
    """Take the personnel file. With bad rows nothing changes unless `keep_good`.

    People whom the file does not name stay as they are, and so does what a file without that column does not say.
    """
    bad: list[BadRow] = []
    facts: dict[str, StaffFact] = {}
    for row in rows:
        fact = _staff_fact(row, store, bad)
        if fact is not None and fact.staff_id in facts:
            bad.append(_twice(row.line, "工号", fact.staff_id))
        elif fact is not None:
            facts[fact.staff_id] = fact
    if bad and not keep_good:
        return Import(len(facts), tuple(bad))
    with store.database.transaction():
        for fact in facts.values():
            store.staff.put(fact, now)
    return Import(len(facts), tuple(bad))


def _staff_fact(row: Row, store: Store, bad: list[BadRow]) -> StaffFact | None:
    before = len(bad)
    bad += [_empty(row.line, column) for column in ("工号", "姓名") if not row.get(column)]
    bad += _broken(row, "工号", "姓名", "部门", "手机", "职务")
    staff_id = identifier(row.get("工号"))
    known = next((fact for fact in store.staff.facts_of(staff_id) if fact.source == "personnel-file"), None)
    if known is None:
        known = StaffFact(staff_id, "personnel-file", "")
    status, since = (_status(row, bad), _date(row, bad)) if row.has("状态") else (known.status, known.status_since)
    if len(bad) > before:
        return None
    return StaffFact(
        staff_id=staff_id,
        source="personnel-file",
        name=person_name(row.get("姓名")),
        department=department_path(row.get("部门")) if row.has("部门") else known.department,
        mobile=mobile(row.get("手机")) if row.has("手机") else known.mobile,
        title=row.get("职务") if row.has("职务") else known.title,
        status=status,
        status_since=since,
    )


def _status(row: Row, bad: list[BadRow]) -> str:
    """The code word; an empty cell means serving."""
    word = row.get("状态")
    status = status_code(person_name(word)) if word else "serving"
    if status is None:
        allowed = "、".join(label for code, label in LABELS.items() if code != "unknown")
        bad.append(BadRow(row.line, "状态", f"认不出「{word}」，可写：{allowed} / unknown status"))
    return status or "unknown"


def _date(row: Row, bad: list[BadRow]) -> date | None:
    try:
        return parse_date(row.get("日期"))
    except ValueError:
        bad.append(BadRow(row.line, "日期", f"认不出「{row.get('日期')}」，请写成 2026-06-30 / write it as 2026-06-30"))
        return None


def import_groups(rows: Iterable[Row], store: Store, now: datetime, *, keep_good: bool = False) -> Import:
    """Take the register of groups. With bad rows nothing changes unless `keep_good`."""
    bad: list[BadRow] = []
    groups: dict[str, Group] = {}
    for row in rows:
        group = _group(row, store, now, bad)
        if group is not None and group.conversation in groups:
            bad.append(_twice(row.line, "群ID", group.conversation))
        elif group is not None:
            groups[group.conversation] = group
    if bad and not keep_good:
        return Import(len(groups), tuple(bad))
    with store.database.transaction():
        for group in groups.values():
            store.groups.save(group)
    return Import(len(groups), tuple(bad))


def _group(row: Row, store: Store, now: datetime, bad: list[BadRow]) -> Group | None:
    before = len(bad)
    bad += [_empty(row.line, column) for column in ("群ID", "群名") if not row.get(column)]
    bad += _broken(row, *GROUP_COLUMNS)
    kind = KIND_WORDS.get(person_name(row.get("类型")).lower())
    if row.get("类型") and kind is None:
        allowed = "、".join(_KIND_LABELS)
        bad.append(BadRow(row.line, "类型", f"认不出「{row.get('类型')}」，可写：{allowed} / unknown kind"))
    owner = _staff_id(row.line, "群主", row.get("群主"), store, bad)
    admins = [
        _staff_id(row.line, "管理员", one, store, bad) for one in re.split(r"[;；,，、\s]+", row.get("管理员")) if one
    ]
    if len(bad) > before:
        return None
    known = store.groups.get(row.get("群ID")) or Group(row.get("群ID"))
    is_new = kind is not None and known.kind != kind
    return replace(
        known,
        title=row.get("群名"),
        kind=kind or known.kind,
        department=department_path(row.get("部门")) or known.department,
        owner=owner or known.owner,
        admins=tuple(dict.fromkeys(admins)) or known.admins,
        purpose=row.get("用途") or known.purpose,
        registered_at=now if is_new else known.registered_at,
        registered_by="import" if is_new else known.registered_by,
    )


def _staff_id(line: int, column: str, text: str, store: Store, bad: list[BadRow]) -> str:
    """The id of whom a cell means. A name will do where exactly one person has it."""
    if not is_written_in_han(text):
        return identifier(text)
    named = store.staff.named(person_name(text))
    if len(named) != 1:
        why = f"有 {len(named)} 位「{text}」" if named else f"人员里没有「{text}」"
        bad.append(BadRow(line, column, f"{why}，请写工号 / write the staff id"))
    return named[0] if named else ""


def import_members(rows: Iterable[Row], store: Store, now: datetime, *, keep_good: bool = False) -> Import:
    """Take lists of members; each group's list replaces the one that was known. Somebody listed twice counts once."""
    bad: list[BadRow] = []
    lists: dict[str, dict[str, Member]] = {}
    good = 0
    for row in rows:
        before = len(bad)
        conversation, staff_id = row.get("群ID"), identifier(row.get("工号"))
        if not conversation:
            bad.append(_empty(row.line, "群ID"))
        elif store.groups.get(conversation) is None:
            bad.append(
                BadRow(row.line, "群ID", f"没有 {conversation} 这个群，请先导入群 / unknown group: import groups first")
            )
        if not staff_id and not row.get("姓名"):
            bad.append(BadRow(row.line, "工号", "工号、姓名至少填一个 / staff id or name is needed"))
        bad += _broken(row, *MEMBER_COLUMNS)
        if len(bad) == before:
            good += 1
            # As it was written, since the findings say it back; who it is, is worked out there.
            member = Member(conversation, staff_id or None, row.get("姓名"), source="file")
            lists.setdefault(conversation, {}).setdefault(staff_id or f"姓名 {person_name(member.name)}", member)
    if bad and not keep_good:
        return Import(good, tuple(bad))
    with store.database.transaction():
        for conversation, members in lists.items():
            store.members.replace(conversation, members.values(), "file", now)
    return Import(good, tuple(bad))
