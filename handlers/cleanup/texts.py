"""What the bot says about the clean-up: short, kind, readable on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from handlers.message import Button
from storage.findings import Finding

REASON_LABELS = {
    "departed": "已离职",
    "retired": "已退休",
    "early-retired": "已内退",
    "moved": "已调走",
    "not-serving": "不是在职教职工",
    "outsider": "外部人员",
    "unknown-person": "名册里查不到",
    "name-form": "群昵称不规范",
    "owner-wrong": "群主不是部门负责人",
    "owner-gone": "群主已不在岗",
    "no-admin": "没有设管理员",
    "dormant": "长期没有动静",
    "unregistered": "还没有登记",
}
"""What people call each reason."""

DONE = Button("全部已移出", "/清理 已移出 全部")
UNKNOWN = Button("都不清楚", "/清理 不清楚 全部")
LIST = Button("看我的名单", "/清理 名单")

HOW_TO_ANSWER = "处理完回复我就行，例如：\n\n- 全部已移出\n- 1 3 已移出，2 返聘保留到6月30日\n- 4 不清楚"
NOTHING_OWED = "你名下没有待处理的清理事项，谢谢！"
NOBODY_OWES = "目前没有待处理的清理事项。"
NO_CYCLE = "还没有发起过清理。主管理员可以发送：/清理 发起"
NOT_UNDERSTOOD = "我没看懂这几项："
SENT_PRIVATELY = "名单已私下发给你。"


def in_group(count: int, late: str) -> str:
    """The bare count; names go to the owner in private (design §5)."""
    return f"{late}本群有 **{count}** 项成员信息需要核对，名单已私下发给群主。谢谢大家配合！"


def late_note(planned_at: datetime) -> str:
    """What a late run says first."""
    return f"（原定 {planned_at:%m月%d日 %H:%M}，因停机补发）\n\n"


def line(finding: Finding) -> str:
    """One finding as the owner reads it."""
    detail = f"，{finding.detail}" if finding.detail else ""
    who = finding.name or "本群"
    return f"{finding.number}. {who}：{REASON_LABELS[finding.reason]}{detail}（{finding.article}）{_todo(finding)}"


def _todo(finding: Finding) -> str:
    return f"，{finding.recommendation}" if finding.member is None or finding.reason == "name-form" else ""


def by_group(findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    """The list, group by group."""
    parts: list[str] = []
    for conversation in dict.fromkeys(finding.conversation for finding in findings):
        mine = [finding for finding in findings if finding.conversation == conversation]
        lines = "\n".join(f"{line(finding)}  " for finding in mine)
        parts.append(f"**{titles.get(conversation, conversation)}**（{len(mine)} 项）\n\n{lines}")
    return "\n\n".join(parts)


def ask(findings: Sequence[Finding], titles: Mapping[str, str], clean: int, late: str, ages: Sequence[str]) -> str:
    """The private message to an owner: one for all groups (article 五.8)."""
    groups = len({finding.conversation for finding in findings})
    head = f"{late}你管理的 {groups} 个群里有 **{len(findings)}** 项要核对（五.8：群成员限在职教职工，定期清理）。"
    tail = [HOW_TO_ANSWER]
    if clean:
        tail.insert(0, f"另有 {clean} 个群没有问题。")
    tail += ages
    return "\n\n".join([head, by_group(findings, titles), *tail])


def age(title: str, source: str, day: date | None) -> str:
    """Where a list of members comes from and how old it is."""
    when = "还没有名单" if day is None else f"{day:%m月%d日}的{source}"
    return f"「{title}」成员依据：{when}"


def remind(findings: Sequence[Finding], titles: Mapping[str, str], reminders: int, late: str) -> str:
    """The next word to an owner who has not finished."""
    head = f"{late}还有 **{len(findings)}** 项群成员没有核对（第 {reminders} 次提醒）。"
    return "\n\n".join([head, by_group(findings, titles), HOW_TO_ANSWER])


def recorded(answered: Sequence[tuple[Finding, str]], left: int, not_understood: Sequence[str]) -> str:
    """What was recorded, and what is left."""
    parts: list[str] = []
    if answered:
        lines = "\n".join(f"- {finding.number} {finding.name or '本群'}：{said}" for finding, said in answered)
        parts.append(f"已记录：\n\n{lines}")
    if not_understood:
        parts.append(NOT_UNDERSTOOD + "、".join(f"「{text}」" for text in not_understood))
    parts.append(f"还剩 {left} 项。" if left else "全部处理完了，谢谢！")
    return "\n\n".join(parts)


def removed() -> str:
    """An answer: removed."""
    return "已移出"


def kept(reason: str, until: date) -> str:
    """An answer: stays, why, until when."""
    return f"保留（{reason}）到 {until:%Y-%m-%d}"


def unknown() -> str:
    """An answer: doesn't know."""
    return "不清楚，已转管理员核对"


def unknown_for_admins(owner: str, lines: Sequence[str]) -> str:
    """To the main admins: what an owner could not say."""
    return f"{owner}对下面几项不清楚，请核对：\n\n" + "\n".join(f"- {line}" for line in lines)


def never_answered(owners: Sequence[tuple[str, int]]) -> str:
    """To the main admins: who has not answered after the last reminder."""
    lines = "\n".join(f"- {name}：{count} 项" for name, count in owners)
    return f"下面几位群主多次提醒后仍未答复，请联系：\n\n{lines}"


def status(opened: str, owes: Sequence[tuple[str, int, int]], done: int, total: int) -> str:
    """Who owes what; name, open items, reminders."""
    lines = "\n".join(f"- {name}：还欠 {count} 项" + (f"，已提醒 {n} 次" if n else "") for name, count, n in owes)
    return f"**清理进度**（{opened}）\n\n已处理 {done}/{total} 项。\n\n{lines or NOBODY_OWES}"


def effect(groups: int, owners: int, findings: int) -> str:
    """What starting a cycle would do."""
    return f"将核对 {groups} 个群，向 {owners} 位群主私下发送共 {findings} 项，并在有问题的群里发一条人数提示。"


def started(groups: int, owners: int, findings: int) -> str:
    """After starting a cycle."""
    return f"已发起：{groups} 个群，{findings} 项，通知了 {owners} 位群主。\n\n进度请看：/清理 状态"


def schedules(lines: Sequence[tuple[str, str, Sequence[datetime]]], uncovered: Sequence[int]) -> str:
    """The schedules with their next three moments."""
    parts = ["**定时计划**"]
    for name, when, moments in lines:
        following = "、".join(f"{moment:%m月%d日 %H:%M}" for moment in moments)
        parts.append(f"- {name}：{when}\n\n  接下来：{following or '没有'}")
    if uncovered:
        years = "、".join(str(year) for year in uncovered)
        parts.append(f"提醒：{years} 年的放假安排还没有收录，暂按周一至周五计算，请更新 chinesecalendar。")
    return "\n\n".join(parts)
