"""What the bot says about groups."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.groups.register import KIND_LABELS
from handlers.hearing.coverage import MENTIONS, Coverage, line
from handlers.markdown import literal
from storage.groups import Group

SOURCES = {
    "scene-group": "钉钉接口",
    "file": "导入的名单",
    "owner": "群主提供",
    "event": "入群退群通知",
    "bridge": "消息桥接",
}

ONLY_IN_GROUP = "请到要登记的群里 @我 发送这条命令。"
NOT_YOURS = "这个群已有群主，登记要由群主或管理员来做。"
NONE_HERE = "还没有已知的群。在群里 @我 说句话，我就认识它了。"


def _label(group: Group) -> str:
    return literal(group.label)


def kind(group: Group) -> str:
    """What people call the kind."""
    return KIND_LABELS.get(group.kind or "", "未登记")


def registered(group: Group, owner: str) -> str:
    """After registering."""
    lines = [f"**已登记：{_label(group)}**", "", f"- 类型：{kind(group)}"]
    if group.department:
        lines.append(f"- 部门：{literal(group.department)}")
    lines += [f"- 群主：{literal(owner)}", "", "谁建群谁负责，谁管理谁负责（五.5）。"]
    return "\n".join(lines)


def registered_for_admins(group: Group, by: str) -> str:
    """To the main admins."""
    return f"{literal(by)} 登记了「{_label(group)}」（{kind(group)}，{literal(group.department) or '未填部门'}）。"


def listing(groups: list[Group], owners: dict[str, str], most: int = 30) -> str:
    """A list of groups."""
    lines = [f"**共 {len(groups)} 个群**", ""]
    for group in groups[:most]:
        owner = owners.get(group.owner or "", "群主未知")
        lines.append(f"- {_label(group)}（{kind(group)}，{literal(owner)}）")
    if len(groups) > most:
        lines.append(f"- ……另有 {len(groups) - most} 个，可用 /群 查看 群名")
    return "\n".join(lines)


def several(groups: list[Group]) -> str:
    """When a name fits more than one group."""
    names = "\n".join(f"- {_label(group)}（{group.conversation}）" for group in groups[:10])
    return f"有几个群都符合，请写全群名或群 ID：\n\n{names}"


def detail(
    group: Group, owner: str, admins: list[str], members: int, zone: ZoneInfo, coverage: Coverage = MENTIONS
) -> str:
    """One group, for its owner and for admins."""
    lines = [
        f"**{_label(group)}**",
        "",
        f"- 类型：{kind(group)}",
        f"- 部门：{literal(group.department) or '未填'}",
        f"- 群主：{literal(owner)}",
        f"- 管理员：{'、'.join(map(literal, admins)) or '没有'}",
        f"- 用途：{literal(group.purpose) or '未填'}",
        f"- {members_line(group, members, zone)}",
        f"- 最近动静：{_day(group.last_heard_at, zone)}",
        f"- {line(coverage, zone)}",
        f"- 群 ID：{group.conversation}",
    ]
    return "\n".join(lines)


def here(group: Group, owner: str, members: int, zone: ZoneInfo, coverage: Coverage = MENTIONS) -> str:
    """The group that the question comes from, for its members: nothing that they could not see in the group."""
    lines = [
        f"**{_label(group)}**",
        "",
        f"- 类型：{kind(group)}",
        f"- 部门：{literal(group.department) or '未填'}",
        f"- 群主：{literal(owner) if group.owner else '还不知道'}",
        f"- 用途：{literal(group.purpose) or '未填'}",
        f"- {members_line(group, members, zone)}",
        f"- {line(coverage, zone)}",
        f"- 群 ID：{group.conversation}",
    ]
    if not group.is_registered:
        lines += ["", "本群还没有登记，请群主发送：/群 登记 类型 部门 用途"]
    return "\n".join(lines)


def for_outsiders(group: Group, zone: ZoneInfo, coverage: Coverage = MENTIONS) -> str:
    """The same for people of other organisations, who are told no names."""
    return f"**{_label(group)}**\n\n- 类型：{kind(group)}\n- {line(coverage, zone)}"


def members_line(group: Group, members: int, zone: ZoneInfo) -> str:
    """How many members are known, from where, how old."""
    if group.members_read_at is None:
        return "成员名单：还没有（普通群要由群主提供名单）"
    source = SOURCES.get(group.members_source or "", group.members_source or "")
    return f"成员名单：{members} 人，来自{source}，{_day(group.members_read_at, zone)}"


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return "还没有记录" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
