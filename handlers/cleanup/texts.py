"""What the bot says about the clean-up: short, kind, readable on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from handlers.markdown import literal
from handlers.message import Button
from handlers.moderation.masking import mask
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

VERDICTS = {"removed": "已移出", "kept": "保留", "unknown": "不清楚"}

TITLE_ASK = "请核对群成员"
TITLE_COUNT = "群成员核对"
TITLE_REMIND = "群成员待核对"
TITLE_RECORDED = "已记录"
TITLE_ASK_BACK = "没看明白"
TITLE_UNKNOWN = "群主不清楚的成员"
TITLE_SILENT = "群主未答复"
TITLE_STATUS = "清理进度"
TITLE_LIST = "待核对名单"

ALL_DONE = Button("全部已移出", "/清理 已移出 全部")
ALL_UNKNOWN = Button("都不清楚", "/清理 不清楚 全部")
ONE_BY_ONE = Button("逐个处理", "/清理 逐个")
LIST = Button("看我的名单", "/清理 名单")

DEFAULT_REASON = "工作需要"
UNKNOWN_SAID = "不清楚，已转管理员核对"
NOTHING_OWED = "你名下没有待处理的清理事项，谢谢！"
NOBODY_OWES = "目前没有待处理的清理事项。"
NO_CYCLE = "还没有发起过清理。管理员可以发送：/清理 发起"
NOT_UNDERSTOOD = "这些我没看懂："
NOTHING_TO_TAKE_BACK = "这些编号没有可以撤回的答复。"


def how_to_answer(findings: Sequence[Finding]) -> str:
    """Examples of answers with the numbers of this very list, so that copying one never answers for somebody else."""
    first, *others = [finding.number for finding in findings[:4]]
    if not others and not _is_about_membership(findings[0]):
        return f"处理完直接回复我：{first} 已处理"
    second = others[0] if others else first
    examples = ["全部已移出"] if others else [f"{first} 已移出"]
    if len(others) == 3:
        examples += [f"{first} {others[1]} 已移出，{second} 返聘保留到6月30日", f"{others[2]} 不清楚"]
    else:
        examples += [f"{second} 返聘保留到6月30日", f"{first} 不清楚"]
    return "处理完直接回复我，例如：\n\n" + "\n".join(f"- {example}" for example in examples)


def buttons(finding: Finding) -> tuple[Button, Button, Button]:
    """The three answers to one finding."""
    number = finding.number
    return (
        Button(f"{number} {_done(finding)}", f"/清理 已移出 {number}"),
        Button(f"{number} 保留", f"/清理 保留 {number} {DEFAULT_REASON}"),
        Button(f"{number} 不清楚", f"/清理 不清楚 {number}"),
    )


def in_group(count: int, to_owner: bool, late: str) -> str:
    """The bare count; names go to the owner in private."""
    whom = "群主" if to_owner else "负责人"
    return f"{late}本群有 **{count}** 项成员信息需要核对，名单已私下发给{whom}。谢谢大家配合！"


def late_note(planned_at: datetime) -> str:
    """What a late run says first."""
    return f"（原定 {planned_at:%m月%d日 %H:%M}，因停机补发）\n\n"


def _who(finding: Finding) -> str:
    return literal(finding.name) or "本群"


def _title(conversation: str, titles: Mapping[str, str]) -> str:
    return literal(titles.get(conversation, conversation))


def _is_about_membership(finding: Finding) -> bool:
    return finding.member is not None and finding.reason != "name-form"


def _done(finding: Finding) -> str:
    return "已移出" if _is_about_membership(finding) else "已处理"


def line(finding: Finding) -> str:
    """One finding as the owner reads it. Not a Markdown list: that would count anew where a number is missing."""
    detail = f"，{literal(finding.detail)}" if finding.detail else ""
    to_do = "" if finding.recommendation == "请移出本群" else f"，{finding.recommendation}"
    return f"{finding.number}、{_who(finding)}：{REASON_LABELS[finding.reason]}{detail}（{finding.article}）{to_do}"


def by_group(findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    """The list, group by group."""
    parts: list[str] = []
    for conversation in dict.fromkeys(finding.conversation for finding in findings):
        mine = [finding for finding in findings if finding.conversation == conversation]
        lines = "\n".join(f"{line(finding)}  " for finding in mine)
        parts.append(f"**{_title(conversation, titles)}**（{len(mine)} 项）\n\n{lines}")
    return "\n\n".join(parts)


def ask(
    findings: Sequence[Finding],
    titles: Mapping[str, str],
    clean: int,
    stood_in: Sequence[str],
    late: str,
    ages: Sequence[str],
) -> str:
    """The private message to an owner: one for all groups (article 五.8). `stood_in` are groups of somebody else."""
    groups = len({finding.conversation for finding in findings})
    head = (
        f"{late}你管理的 {groups} 个群里有 **{len(findings)}** 项要核对"
        "（五.8：群成员限在职教职工，定期清理）。没有另外说明的，请移出本群。"
    )
    tail = [how_to_answer(findings)]
    if stood_in:
        tail.insert(0, f"「{'」「'.join(map(literal, stood_in))}」没有在岗的群主，所以请你核对。")
    if clean:
        tail.insert(0, f"另有 {clean} 个群没有问题。")
    return "\n\n".join([head, by_group(findings, titles), *tail, *ages])


def age(title: str, source: str, day: date | None) -> str:
    """Where a list of members comes from and how old it is."""
    when = "还没有名单" if day is None else f"{source}，{day:%m月%d日}"
    return f"「{literal(title)}」成员依据：{when}"


def remind(findings: Sequence[Finding], titles: Mapping[str, str], reminders: int, late: str) -> str:
    """The next word to an owner who has not finished."""
    head = f"{late}还有 **{len(findings)}** 项群成员没有核对（第 {reminders} 次提醒）。没有另外说明的，请移出本群。"
    return "\n\n".join([head, by_group(findings, titles), how_to_answer(findings)])


def handed_over(findings: Sequence[Finding], titles: Mapping[str, str], late: str) -> str:
    """To somebody who is asked from now on, because the group has a new owner or its owner has gone."""
    head = f"{late}这些群现在请你来核对，还有 **{len(findings)}** 项（五.8）。没有另外说明的，请移出本群。"
    return "\n\n".join([head, by_group(findings, titles), how_to_answer(findings)])


def recorded(
    answered: Sequence[tuple[Finding, str]],
    left: Sequence[Finding],
    not_understood: Sequence[str],
    no_such: Sequence[int],
    titles: Mapping[str, str],
) -> str:
    """What was recorded, what was not (`no_such`: numbers that the owner was not asked about), and what comes next."""
    parts: list[str] = []
    if answered:
        lines = "\n".join(f"- {finding.number} {_who(finding)}：{said}" for finding, said in answered)
        parts.append(f"已记录：\n\n{lines}")
    if not_understood:
        parts.append(_not_read(not_understood))
    if no_such:
        parts.append(f"没有这样的编号：{'、'.join(map(str, no_such))}。")
    if left:
        parts.append(f"还剩 {len(left)} 项。下一项：\n\n{one(left[0], titles)}")
    else:
        parts.append("全部处理完了，谢谢！" if answered else NOTHING_OWED)
    return "\n\n".join(parts)


def one(finding: Finding, titles: Mapping[str, str]) -> str:
    """A single finding with its group."""
    return f"「{_title(finding.conversation, titles)}」{line(finding)}"


def one_by_one(finding: Finding, left: int, titles: Mapping[str, str]) -> str:
    """The first of those that are left."""
    return f"还剩 {left} 项，先看这一项：\n\n{one(finding, titles)}"


def not_understood(parts: Sequence[str], owed: Sequence[Finding]) -> str:
    """Nothing could be recorded."""
    return f"{_not_read(parts)}\n\n还没有记录任何答复。{how_to_answer(owed)}"


def _not_read(parts: Sequence[str]) -> str:
    return NOT_UNDERSTOOD + "、".join(f"「{literal(mask(part))}」" for part in parts)


def taken_back(findings: Sequence[Finding], left: int) -> str:
    """Answers that no longer hold."""
    lines = "\n".join(f"- {finding.number} {_who(finding)}" for finding in findings)
    return f"已撤回答复，请重新核对：\n\n{lines}\n\n还剩 {left} 项。"


def removed(finding: Finding) -> str:
    """An answer: removed, or dealt with."""
    return _done(finding)


def kept(reason: str, until: date) -> str:
    """An answer: stays, why, until when."""
    return f"保留（{literal(reason)}）到 {until:%Y-%m-%d}"


def unknown_for_admins(owner: str, findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    """To the main admins: what an owner could not say."""
    lines = "\n".join(
        f"- {_title(finding.conversation, titles)}：{_who(finding)}（{REASON_LABELS[finding.reason]}）"
        for finding in findings
    )
    return f"{literal(owner)}对下面几项不清楚，请核对：\n\n{lines}"


def never_answered(owners: Sequence[tuple[str, int]]) -> str:
    """To the main admins: who has not answered after the last reminder."""
    lines = "\n".join(f"- {literal(name)}：{count} 项" for name, count in owners)
    return f"下面几位多次提醒后仍未答复，请联系：\n\n{lines}"


def status(opened: str, owes: Sequence[tuple[str, int, int]], counts: Mapping[str, int]) -> str:
    """Who owes what (name, open items, reminders), and how many findings stand in each state."""
    lines = "\n".join(
        f"- {literal(name)}：还欠 {count} 项" + (f"，已提醒 {n} 次" if n else "") for name, count, n in owes
    )
    total = sum(counts.values())
    done = "、".join(f"{label} {counts[state]}" for state, label in VERDICTS.items() if counts.get(state))
    answered = total - counts.get("open", 0)
    share = f"已处理 {answered}/{total} 项" + (f"（{done}）" if done else "")
    return f"**清理进度**（{opened}）\n\n{share}。\n\n{lines or NOBODY_OWES}"


def effect(groups: int, owners: int, findings: int, orphaned: int, pending: int, posts: bool, when: str) -> str:
    """What starting a cycle would do; `when` it is heard, where that is not plain."""
    text = f"将核对 {groups} 个群，向 {owners} 位群主或负责人私下发送共 {findings} 项"
    text += "，并在有问题的群里发一条只含项数的提示。" if posts else "。"
    if pending:
        text += _pending(pending)
    if orphaned:
        text += f"有 {orphaned} 个群找不到负责人，这次不问：请在群里登记，或在配置里写上主管理员。"
    return text + when


AFTER_WORK = "现在不是工作时间，对方会马上收到消息。"


def after_the_night(until: str) -> str:
    """What is said now is heard in the morning."""
    return f"现在是夜间，对方会在早上 {until} 以后收到消息。"


def _pending(count: int) -> str:
    return f"另有 {count} 项正在处理，不重复询问。"


def started(groups: int, owners: int, findings: int, waiting: int, pending: int, when: str = "") -> str:
    """After starting a cycle."""
    text = f"已发起：{groups} 个群，{findings} 项，通知了 {owners} 位。{when}"
    if waiting:
        text += f"\n\n另有 {waiting} 项群主已答复移出，名单还没有重新读取，这次不再问。"
    if pending:
        text += f"\n\n{_pending(pending)}"
    return f"{text}\n\n进度请看：/清理 状态"
