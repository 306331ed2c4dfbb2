"""What the bot says about the person who asks, and about itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.access import Role
from handlers.cleanup.roster import LABELS, Person
from handlers.markdown import literal

TITLE_PERSON = "你的身份"
TITLE_HERE = "本群登记"
TITLE_STATUS = "群管家状态"
OUTSIDER = "你不是本组织的成员，我不掌握你的信息。"
ONLY_IN_GROUP = "请在群里 @我 发送 /本群。想看某个群：/群 查看 群名"
_MOST_GROUPS = 10
_LONGEST_ERROR = 80


@dataclass(frozen=True, slots=True)
class Facts:
    """What an admin sees of the bot's state. Times are local."""

    documents: int
    groups: int
    people: int
    flags: int
    owed: int
    inbox: Mapping[str, int]
    outbox: Mapping[str, int]
    calls: int
    most_calls: int
    last_heard_at: datetime | None
    problems: Sequence[tuple[str, str]]


def person(staff_id: str, person: Person | None, role: Role, owned: Sequence[str]) -> str:
    """Somebody's own entry in the roster; the number is masked all the same."""
    if person is None:
        return f"工号：{staff_id}\n\n身份：{role.label}\n\n名册里还没有你的资料，请联系人事部门。"
    lines = [
        f"- 姓名：{literal(person.name) or '未填'}",
        f"- 工号：{staff_id}",
        f"- 部门：{literal(person.department) or '未填'}",
        f"- 状态：{LABELS.get(person.status, person.status)}",
        f"- 身份：{role.label}",
    ]
    if person.title:
        lines.insert(3, f"- 职务：{literal(person.title)}")
    if len(person.mobile) >= 7:
        # Full-width stars: four plain ones are the frame of bold type to some clients.
        lines.append(f"- 手机：{person.mobile[:3]}＊＊＊＊{person.mobile[-4:]}")
    if owned:
        more = f" 等 {len(owned)} 个" if len(owned) > _MOST_GROUPS else ""
        lines.append(f"- 你是群主：{'、'.join(map(literal, owned[:_MOST_GROUPS]))}{more}")
    return "\n".join(lines) + "\n\n资料不对请联系人事部门更正（二.2、二.5）。"


def status(documents: int) -> str:
    """For everybody."""
    return f"我在线。可以答 {documents} 份规章里的问题，直接 @我 提问就行。"


def status_for_admins(facts: Facts) -> str:
    """For admins: what I know, what waits, what went wrong."""
    heard = "还没有" if facts.last_heard_at is None else f"{facts.last_heard_at:%m-%d %H:%M}"
    waiting = max(0, facts.inbox.get("new", 0) - 1)  # the command itself is being answered
    to_send = facts.outbox.get("queued", 0) + facts.outbox.get("sending", 0)
    parked = facts.inbox.get("parked", 0) + facts.outbox.get("parked", 0)
    lines = [
        "**群管家在线**",
        "",
        f"- 最近听到消息：{heard}",
        f"- 规章 {facts.documents} 份，群 {facts.groups} 个，人员 {facts.people} 名",
        f"- 内容提醒累计 {facts.flags} 条，清理待答复 {facts.owed} 项",
        f"- 待处理 {waiting} 条，待发送 {to_send} 条，出错搁置 {parked} 条",
        f"- 本月调用钉钉接口 {facts.calls:,} 次（额度 {facts.most_calls:,} 次），明细：/配额",
    ]
    if facts.problems:
        lines += ["", "最近搁置的：", ""]
        lines += [f"- {literal(name)}：{literal(_last_line(error))}" for name, error in facts.problems]
        lines += ["", "看全部、重试或丢弃：/自检 搁置"]
    return "\n".join(lines)


def _last_line(error: str) -> str:
    """Of a traceback the last line says what it was."""
    return (error.strip().splitlines() or ["原因不明"])[-1][:_LONGEST_ERROR]
