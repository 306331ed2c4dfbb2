"""Importing people, groups and members: what a row must hold, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.imports.tables import BadRow, Row
from handlers.cleanup.roster import LABELS, status_code
from storage.groups import Group
from storage.members import Member
from storage.staff import StaffFact
from storage.store import Store

STAFF_COLUMNS: dict[str, Sequence[str]] = {
    "工号": ("userid", "staff_id", "staffid", "员工号", "职工号", "人员编号", "用户id", "学工号"),
    "姓名": ("name", "名字", "员工姓名", "职工姓名"),
    "部门": ("department", "所在部门", "单位", "所属部门", "科室"),
    "手机": ("mobile", "手机号", "手机号码", "电话", "联系电话", "phone"),
    "职务": ("title", "岗位", "职位", "职称"),
    "状态": ("status", "人员状态", "在职状态", "在岗状态"),
    "日期": ("date", "状态日期", "生效日期", "since"),
}
STAFF_REQUIRED = (("工号",), ("姓名",))
GROUP_COLUMNS: dict[str, Sequence[str]] = {
    "群ID": ("groupid", "group", "conversation", "openconversationid", "会话id", "conversation_id", "群id"),
    "群名": ("title", "name", "群名称"),
    "类型": ("kind", "群类型", "type"),
    "部门": ("department", "所属部门", "单位"),
    "群主": ("owner", "群主工号"),
    "管理员": ("admins", "群管理员"),
    "用途": ("purpose", "说明"),
}
GROUP_REQUIRED = (("群ID",), ("群名",))
MEMBER_COLUMNS: dict[str, Sequence[str]] = {
    "群ID": ("groupid", "group", "conversation", "openconversationid", "会话id", "conversation_id", "群id"),
    "工号": ("userid", "staff_id", "staffid", "员工号", "职工号", "用户id"),
    "姓名": ("name", "名字", "昵称", "群昵称"),
}
MEMBER_REQUIRED = (("群ID",), ("工号", "姓名"))

KIND_WORDS = {
    "部门群": "department",
    "项目群": "project",
    "班级群": "class",
    "外部群": "external",
    "department": "department",
    "project": "project",
    "class": "class",
    "external": "external",
}
"""How people write the kinds of groups, and our code words."""

_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?$")


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would do or did: rows that are good, and the bad ones with reasons."""

    good: int
    bad: tuple[BadRow, ...]


def parse_date(text: str) -> date | None:
    """`2026-06-30`, `2026/6/30`, `2026年6月30日`, `20260630`. None for an empty text. Raises ValueError."""
    text = text.strip()
    if not text:
        return None
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DATE.match(text)
    if not found:
        raise ValueError(text)
    return date(int(found[1]), int(found[2]), int(found[3]))


def import_staff(rows: Iterable[Row], store: Store, now: datetime, *, keep_good: bool = False) -> Import:
    """Take the personnel file. With bad rows nothing changes unless `keep_good`."""
    bad: list[BadRow] = []
    facts: dict[str, StaffFact] = {}
    for row in rows:
        fact = _staff_fact(row, bad)
        if fact is not None and fact.staff_id in facts:
            bad.append(BadRow(row.line, "工号", f"{fact.staff_id} 前面已经出现过 / appears twice"))
        elif fact is not None:
            facts[fact.staff_id] = fact
    if bad and not keep_good:
        return Import(len(facts), tuple(bad))
    with store.database.transaction():
        for fact in facts.values():
            store.staff.put(fact, now)
    return Import(len(facts), tuple(bad))


def _staff_fact(row: Row, bad: list[BadRow]) -> StaffFact | None:
    before = len(bad)
    if not row.get("工号"):
        bad.append(BadRow(row.line, "工号", "没有填 / is empty"))
    if not row.get("姓名"):
        bad.append(BadRow(row.line, "姓名", "没有填 / is empty"))
    status = status_code(row.get("状态")) if row.get("状态") else "serving"
    if status is None:
        allowed = "、".join(label for code, label in LABELS.items() if code != "unknown")
        bad.append(BadRow(row.line, "状态", f"认不出「{row.get('状态')}」，可写：{allowed} / unknown status"))
    since = None
    try:
        since = parse_date(row.get("日期"))
    except ValueError:
        bad.append(BadRow(row.line, "日期", f"认不出「{row.get('日期')}」，请写成 2026-06-30 / write it as 2026-06-30"))
    if len(bad) > before or status is None:
        return None
    return StaffFact(
        staff_id=row.get("工号"),
        source="personnel-file",
        name=row.get("姓名"),
        department=re.sub(r"\s*[/＞>\\]\s*", "/", row.get("部门")).strip("/"),
        mobile=row.get("手机"),
        title=row.get("职务"),
        status=status,
        status_since=since,
    )


def import_groups(rows: Iterable[Row], store: Store, now: datetime, *, keep_good: bool = False) -> Import:
    """Take the register of groups. With bad rows nothing changes unless `keep_good`."""
    bad: list[BadRow] = []
    groups: dict[str, Group] = {}
    for row in rows:
        group = _group(row, store, now, bad)
        if group is not None and group.conversation in groups:
            bad.append(BadRow(row.line, "群ID", f"{group.conversation} 前面已经出现过 / appears twice"))
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
    bad += [BadRow(row.line, column, "没有填 / is empty") for column in ("群ID", "群名") if not row.get(column)]
    kind = KIND_WORDS.get(row.get("类型").lower())
    if row.get("类型") and kind is None:
        bad.append(
            BadRow(
                row.line, "类型", f"认不出「{row.get('类型')}」，可写：部门群、项目群、班级群、外部群 / unknown kind"
            )
        )
    if len(bad) > before:
        return None
    known = store.groups.get(row.get("群ID")) or Group(row.get("群ID"))
    return replace(
        known,
        title=row.get("群名"),
        kind=kind or known.kind,
        department=row.get("部门") or known.department,
        owner=row.get("群主") or known.owner,
        admins=tuple(filter(None, re.split(r"[;；,，、\s]+", row.get("管理员")))) or known.admins,
        purpose=row.get("用途") or known.purpose,
        registered_at=now if kind else known.registered_at,
        registered_by="import" if kind else known.registered_by,
    )


def import_members(rows: Iterable[Row], store: Store, now: datetime, *, keep_good: bool = False) -> Import:
    """Take lists of members; each group's list replaces the one that was known."""
    bad: list[BadRow] = []
    lists: dict[str, list[Member]] = {}
    good = 0
    for row in rows:
        conversation = row.get("群ID")
        if not conversation:
            bad.append(BadRow(row.line, "群ID", "没有填 / is empty"))
        elif store.groups.get(conversation) is None:
            bad.append(
                BadRow(row.line, "群ID", f"没有 {conversation} 这个群，请先导入群 / unknown group: import groups first")
            )
        elif not row.get("工号") and not row.get("姓名"):
            bad.append(BadRow(row.line, "工号", "工号、姓名至少填一个 / staff id or name is needed"))
        else:
            good += 1
            lists.setdefault(conversation, []).append(
                Member(conversation, row.get("工号") or None, row.get("姓名"), source="file")
            )
    if bad and not keep_good:
        return Import(good, tuple(bad))
    with store.database.transaction():
        for conversation, members in lists.items():
            store.members.replace(conversation, members, "file", now)
    return Import(good, tuple(bad))
