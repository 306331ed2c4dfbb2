"""What a self-check looks like in a chat, and what is said about rows that were put aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.doctor.check import Answer, Check, Question, Verdict
from handlers.doctor.check_texts import ago, moment
from handlers.doctor.diagnosis import all_checks, to_be_shown
from handlers.doctor.facts import Facts
from handlers.doctor.parked import Parked

TITLE = "自检"
TITLE_PARKED = "搁置的消息"

QUESTIONS = {
    Question.HEARING: ("收不到", "does it hear?"),
    Question.SENDING: ("发不出", "can it send?"),
    Question.ANSWERING: ("群里没反应", "does it act in groups?"),
    Question.TIMING: ("定时没来", "do plans come on time?"),
}
VERDICTS = {
    Verdict.WELL: ("正常", "well"),
    Verdict.WRONG: ("有问题", "something is wrong"),
    Verdict.UNSURE: ("不确定", "not sure"),
}
TITLES = {
    "running": ("程序", "process"),
    "configuration": ("配置", "configuration"),
    "database": ("数据库", "database"),
    "disk": ("磁盘", "disk"),
    "network": ("网络", "network"),
    "credentials": ("凭证", "credentials"),
    "clock": ("时钟", "clock"),
    "gateway": ("网关", "gateway"),
    "connections": ("连接", "connections"),
    "frames": ("动静", "last frame"),
    "silences": ("断线", "gaps"),
    "messages": ("消息", "messages"),
    "rivals": ("独占", "rivals"),
    "bridge": ("桥接", "bridge"),
    "backlog-in": ("收件积压", "inbox"),
    "sending": ("发送权限", "permission to send"),
    "parked-out": ("发件搁置", "parked, outgoing"),
    "retries": ("重发", "retries"),
    "backlog-out": ("发件积压", "outbox"),
    "held": ("夜间", "quiet hours"),
    "quota": ("调用额度", "quota"),
    "unreachable": ("可见范围", "visible scope"),
    "mentions": ("怎么叫我", "mentions"),
    "parked-in": ("收件搁置", "parked, incoming"),
    "retrying": ("重试", "handled again"),
    "documents": ("规章", "regulations"),
    "external": ("外部群", "external groups"),
    "rules": ("规则", "rules"),
    "groups": ("群", "groups"),
    "admins": ("管理员", "admins"),
    "semantic": ("句向量模型", "sentence model"),
    "language-model": ("语言模型", "language model"),
    "plans": ("计划", "plans"),
    "due": ("到点任务", "due tasks"),
    "registered": ("登记", "register"),
    "owners": ("群主", "owners"),
    "calendar": ("放假安排", "holidays"),
    "departments": ("部门权限", "permission: departments"),
    "members": ("成员权限", "permission: members"),
    "scene-groups": ("群权限", "permission: groups"),
}
"""What people call each check, in Chinese and English."""
MARKS = {"ok": "✅", "warning": "⚠️", "bad": "❌", "unknown": "❔"}

ALL_WELL = "**自检：一切正常**"
ASK_IN_PRIVATE = "我现在发不了私信。请在单聊里对我说 /自检，我在那里告诉你原因。"
NOTHING_PARKED = "没有搁置的消息，一切都处理和发出了。"
NOTHING_TO_RETRY = "没有可以重试的。"
NOTHING_TO_DROP = "没有可以丢弃的。"
MOST_SHOWN = 10
"""Rows that are named one by one."""


def short(answers: Sequence[Answer], facts: Facts) -> str:
    """Four verdicts, then only what somebody has to see to."""
    told, unknown = to_be_shown(answers)
    parts = [_head(answers, told), "\n".join(f"- {_answer(answer)}" for answer in answers)]
    parts += [_line(check) for check in told]
    if unknown:
        parts.append(f"{MARKS['unknown']} 没能检查：{'、'.join(map(_title, unknown))}")
    parts.append(_when(facts))
    return "\n\n".join(parts)


def full(answers: Sequence[Answer], facts: Facts) -> str:
    """Everything that was looked at: what all four rest on, then each question."""
    common = [check for check, questions in all_checks(answers) if len(questions) == len(answers)]
    parts = ["**自检明细**", "**共同的**\n\n" + _lines(common)]
    for answer in answers:
        own = [check for check in answer.checks if check not in common]
        parts.append(f"**{_answer(answer)}**\n\n{_lines(own)}")
    parts.append(_when(facts))
    return "\n\n".join(parts)


def _head(answers: Sequence[Answer], told: Sequence[Check]) -> str:
    if count := sum(check.status == "bad" for check in told):
        return f"**自检：发现 {count} 个问题**"
    if told:
        return "**自检：没有大问题，有几点留意**"
    is_sure = all(answer.verdict is Verdict.WELL for answer in answers)
    return ALL_WELL if is_sure else "**自检：没有发现问题，有几项没能检查**"


def _answer(answer: Answer) -> str:
    return f"{QUESTIONS[answer.question][0]}：{VERDICTS[answer.verdict][0]}"


def _lines(checks: Sequence[Check]) -> str:
    return "\n".join(f"- {_line(check)}" for check in checks)


def _line(check: Check) -> str:
    advice = f"。{check.advice}" if check.advice else ""
    return f"{MARKS[check.status]} {_title(check)}：{check.found}{advice}"


def _title(check: Check) -> str:
    return TITLES[check.name][0]


def _when(facts: Facts) -> str:
    looked = min((probe.at for probe in facts.probes.values()), default=None)
    if looked is None:
        return "联网的几项还没有检查过。"
    age = facts.now - looked
    when = "刚才" if age < timedelta(minutes=2) else f"{ago(age).strip()}前"
    return f"联网的几项是{when}检查的。"


# -- rows that were put aside ------------------------------------------------------------------------------------


def parked(rows: Sequence[Parked], total: int, zone: ZoneInfo) -> str:
    """The list, newest first."""
    lines = [
        f"- **{row.label}** {moment(row.at.astimezone(zone))} {row.about}：{row.error}"
        + ("（可能已办过）" if row.is_in_doubt else "")
        for row in rows
    ]
    more = f"\n\n只列了最近 {len(rows)} 条。" if total > len(rows) else ""
    example = next((row for row in rows if not row.is_in_doubt), rows[0]).label
    return (
        f"**搁置 {total} 条**\n\n"
        + "\n".join(lines)
        + more
        + f"\n\n原因排除后：/自检 重试 {example}，或 /自检 重试 全部。"
        f"不要了：/自检 丢弃 {example}"
    )


def may_come_twice(rows: Sequence[Parked]) -> str:
    """What sending rows in doubt could do."""
    listed = "\n".join(f"- {row.label} {row.about}" for row in rows[:MOST_SHOWN])
    more = f"\n- ……共 {len(rows)} 条" if len(rows) > MOST_SHOWN else ""
    return f"下面这些没弄清上次有没有办成，再来一遍的话对方可能收到两遍：\n\n{listed}{more}"


def would_drop(rows: Sequence[Parked], total: int) -> str:
    """What dropping would do. `rows` are the first of `total`."""
    listed = "\n".join(f"- {row.label} {row.about}" for row in rows[:MOST_SHOWN])
    more = f"\n- ……共 {total} 条" if total > MOST_SHOWN else ""
    return f"丢弃后不再处理、不再发送，不能恢复：\n\n{listed}{more}"


def retried(taken: Sequence[str], missing: Sequence[str], expired: Sequence[str], doubtful: int) -> str:
    """What is tried again, and what is not."""
    parts = [
        f"好，{len(taken)} 条重新来过：{_named(taken)}。过一会儿发 /自检 搁置 看结果。" if taken else NOTHING_TO_RETRY
    ]
    if expired:
        parts.append(f"{_named(expired)} 已经过了有效时间，再发没有意义，没有动。")
    if missing:
        parts.append(_missing(missing))
    if doubtful:
        parts.append(
            f"另有 {doubtful} 条可能已经办过，没有动；确实没收到的，发 /自检 搁置 看编号，再逐条 /自检 重试 编号。"
        )
    return "\n\n".join(parts)


def dropped(taken: Sequence[str], missing: Sequence[str]) -> str:
    """What is given up."""
    parts = [f"已丢弃 {len(taken)} 条：{_named(taken)}。" if taken else NOTHING_TO_DROP]
    if missing:
        parts.append(_missing(missing))
    return "\n\n".join(parts)


def _missing(labels: Sequence[str]) -> str:
    return f"{_named(labels)} 不在搁置之列，没有动。"


def _named(labels: Sequence[str]) -> str:
    return "、".join(labels[:MOST_SHOWN]) + (" 等" if len(labels) > MOST_SHOWN else "")
