"""The permissions of the application, by the names under which the console lists them (docs/platform.md §11)."""

from __future__ import annotations

import re

SEND = "qyapi_robot_sendmsg"
DEPARTMENTS = "qyapi_get_department_list"
MEMBERS = "qyapi_get_member"
GROUPS = "qyapi_chat_read"

_LABELS = {
    SEND: "企业内机器人发送消息",
    DEPARTMENTS: "通讯录部门信息读",
    MEMBERS: "成员信息读",
    "qyapi_get_department_member": "通讯录部门成员读",
    GROUPS: "群会话信息读",
}
_POINT = re.compile(r"\b(?:qyapi_\w+|[A-Z]\w*(?:\.[A-Z]\w*)+)\b", re.ASCII)


def named_in(message: str, otherwise: str) -> tuple[str, ...]:
    """The permission points that an error of the platform names; `otherwise`, which the call is known to need, if none."""
    return tuple(dict.fromkeys(_POINT.findall(message))) or (otherwise,)


def label(point: str) -> str:
    """`企业内机器人发送消息（qyapi_robot_sendmsg）`; the bare code where we know no name."""
    return f"{_LABELS[point]}（{point}）" if point in _LABELS else point
