"""What is wrong in a group, member by member: each finding with article, reason and recommendation. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from handlers.cleanup.departments import is_within
from handlers.cleanup.names import masked, parts_missing, people_meant
from handlers.cleanup.plain import plain
from handlers.cleanup.roster import GONE, LABELS, Person, Roster
from handlers.settings import CleanupSettings
from storage.groups import Group
from storage.members import Member

REASONS = {
    "departed": ("二.6.(一)", "已离职", "请移出本群"),
    "retired": ("二.6.(二)", "已退休", "请移出本群"),
    "early-retired": ("二.6.(三)", "已内退", "请移出本群"),
    "transferred-out": ("二.6.(四)", "已调离学院", "请移出本群"),
    "changed-department": ("二.5", "已调到其他部门", "请核对后移出"),
    "not-serving": ("五.8", "不是在职教职工", "请移出，或写明保留原因和期限"),
    "outsider": ("五.8", "外部人员", "请移出，或写明保留原因和期限"),
    "unknown-person": ("五.8", "名册里查不到", "请核对身份"),
    "name-form": ("二.3", "群昵称不规范", "请提醒改为「部门-姓名-电话」"),
    "owner-wrong": ("五.7", "群主不是部门负责人", "请把群主转给部门主要负责人"),
    "owner-gone": ("五.7", "群主已不在岗", "请部门负责人指定新群主"),
    "no-admin": ("五.7", "没有设管理员", "请至少设一名管理员"),
    "dormant": ("五.6", "长期没有动静", "请考虑合并或解散"),
    "unregistered": ("五.5", "还没有登记", "请在群里 @我 发送：/群 登记 类型 部门"),
}
"""Article, reason in people's words, recommendation. The two kinds of moving share the reason `moved` outside."""
_OPEN_KINDS = ("class", "external")
"""Groups that people of no organisation of ours may be in (article 五.9)."""
_NAMELESS = "未显示名字的外部人员"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `member` is a staff id, a pasted or shown name, or None where it is about the group itself."""

    conversation: str
    kind: str | None
    member: str | None
    name: str
    reason: str
    article: str
    recommendation: str
    source: str
    detail: str = ""


class Exempt(Protocol):
    """Whether somebody may stay in a group."""

    def __call__(self, conversation: str, member: str) -> bool: ...


def find(
    groups: Iterable[Group],
    members_of: Callable[[str], Sequence[Member]],
    roster: Roster,
    exempt: Exempt,
    today: date,
    settings: CleanupSettings,
) -> list[Found]:
    """All findings of these groups, group by group, those about the group itself first; each thing once."""
    found: list[Found] = []
    for group in groups:
        found += _about_group(group, roster, today, settings)
        said: set[tuple[str | None, str]] = set()
        for member in members_of(group.conversation):
            one = _about_member(group, member, roster)
            if one is None or (one.member, one.reason) in said:
                continue
            if one.member is None or not exempt(group.conversation, one.member):
                said.add((one.member, one.reason))
                found.append(one)
    return found


def _found(group: Group, key: str, source: str, member: str | None = None, name: str = "", detail: str = "") -> Found:
    article, _, recommendation = REASONS[key]
    reason = "moved" if key in ("transferred-out", "changed-department") else key
    return Found(group.conversation, group.kind, member, name, reason, article, recommendation, source, detail)


def _about_group(group: Group, roster: Roster, today: date, settings: CleanupSettings) -> list[Found]:
    found: list[Found] = []
    if not group.is_registered:
        found.append(_found(group, "unregistered", "register"))
    since = group.last_heard_at or group.first_heard_at or group.registered_at
    if since is not None:
        quiet = today - since.date()
        if quiet > timedelta(days=settings.dormant_after_days):
            # The robot hears no more than its coverage, and must not claim more (docs/platform.md §3).
            what = "没有消息" if group.coverage == "bridge" else "没人 @我"
            found.append(_found(group, "dormant", "register", detail=f"{quiet.days} 天{what}"))
    owner = None if group.owner is None else roster.get(group.owner)
    if owner is not None and owner.status in GONE:
        found.append(_found(group, "owner-gone", "roster", detail=f"{owner.name}，{LABELS[owner.status]}"))
    elif group.kind == "department" and group.owner is not None:
        department = roster.departments.path_of(group.department)
        heads = roster.heads_at(department)
        if heads and group.owner not in roster.heads_over(group.department):
            names = "、".join(roster.name_of(head) for head in heads)
            source = "roster" if roster.knows_head_by_post(department) else "directory"
            found.append(_found(group, "owner-wrong", source, detail=f"负责人是{names}"))
    if _needs_an_admin(group) and not set(group.admins) - {group.owner}:
        found.append(_found(group, "no-admin", "scene-group" if group.is_scene_group else "register"))
    return found


def _needs_an_admin(group: Group) -> bool:
    """Groups of departments and below them do (article 五.7), class groups have rules of their own (五.9).

    Who manages an ordinary group cannot be read, and somebody who registers one by command names no admins: then
    nothing is known.
    """
    is_known = group.is_scene_group or bool(group.admins) or group.registered_by in (None, "import")
    return group.kind in ("department", "project", "external") and group.owner is not None and is_known


def _about_member(group: Group, member: Member, roster: Roster) -> Found | None:
    """The most telling thing about one member, or None when there is nothing to say."""
    if member.is_outsider:
        return _about_outsider(group, member)
    if member.staff_id is not None:
        person = roster.get(member.staff_id)
        if person is None:
            name = masked(member.name) or member.staff_id
            return _found(group, "unknown-person", member.source, member.staff_id, name)
        return _about_person(group, member, person, roster)
    same = people_meant(member.name, roster)
    if len(same) == 1:
        return _about_person(group, member, same[0], roster)
    if group.kind in _OPEN_KINDS and not any(person.status in GONE for person in same):
        return None  # parents and guests have names that no roster knows, or that some teacher has as well
    detail = f"可能是 {len(same)} 个人，请核对" if same else ""
    name = masked(member.name)
    return _found(group, "unknown-person", member.source, name, name, detail)


def _about_outsider(group: Group, member: Member) -> Found | None:
    """People of no organisation of ours: fine in external groups, and as parents in class groups (article 五.9)."""
    if group.kind in _OPEN_KINDS:
        return None
    name = masked(member.name)
    return _found(group, "outsider", member.source, name or member.union_id or _NAMELESS, name or _NAMELESS)


def _about_person(group: Group, member: Member, person: Person, roster: Roster) -> Found | None:
    key = _personal_reason(group, person, roster)
    if key is not None:
        since = f"{person.status_since.isoformat()} 起" if person.status_since else ""
        detail = {
            "changed-department": f"现在{'、'.join(person.departments)}",
            "not-serving": " ".join(filter(None, (LABELS[person.status], since))),
        }.get(key, since)
        return _found(group, key, member.source, person.staff_id, person.name, detail)
    if group.kind not in ("department", "project") or not _shows_display_name(member, person):
        return None
    missing = parts_missing(member.name, person)
    if not missing:
        return None
    return _found(group, "name-form", member.source, person.staff_id, person.name, f"缺{'、'.join(missing)}")


def _shows_display_name(member: Member, person: Person) -> bool:
    """A list that gives the bare name beside the id says nothing about how the person is called in the group."""
    if member.source in ("file", "owner") and plain(member.name) == plain(person.name):
        return False
    return bool(member.name)


def _personal_reason(group: Group, person: Person, roster: Roster) -> str | None:
    if person.status in GONE:
        return person.status
    if group.kind == "class":
        return None
    if person.status == "student":  # class groups only (article 二.1)
        return "not-serving"
    if group.kind == "external":
        return None
    if person.status == "seconded":
        return "not-serving"
    if group.kind == "department" and _has_moved_away(group, person, roster):
        return "changed-department"
    return None


def _has_moved_away(group: Group, person: Person, roster: Roster) -> bool:
    """A member of a department's group who belongs to other departments, and does not own or manage the group.

    Says nothing where the group's department is not known to be one.
    """
    department = roster.departments.path_of(group.department)
    if not department or not person.departments or person.is_leader:
        return False
    if person.staff_id == group.owner or person.staff_id in group.admins:
        return False
    return not any(is_within(one, department) or is_within(department, one) for one in person.departments)
