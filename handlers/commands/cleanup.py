"""`/清理`: the membership clean-up (article 五.8)."""

from __future__ import annotations

from handlers import access
from handlers.access import Role
from handlers.cleanup import texts
from handlers.cleanup.cycle import Plan, buttons_for, open_cycle, plan, titles_of
from handlers.cleanup.replies import Understood, record, understand
from handlers.cleanup.roster import Roster
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.groups.register import KINDS
from handlers.message import Body, Outgoing, Private, Reply
from storage.audit import AuditEntry

ALL_KINDS = tuple(KINDS.values())
BY_HAND = "手动"
"""Name of the schedule of cycles that an admin starts."""


def _kinds(call: Call) -> tuple[str, ...]:
    if not call.arguments or call.arguments[0] in ("全部", "all"):
        return ALL_KINDS
    kinds = []
    for word in call.arguments:
        kind = KINDS.get(word) or KINDS.get(word + "群") or (word if word in ALL_KINDS else None)
        if kind is None:
            raise UsageError(f"没有「{word}」这种群，可写：{'、'.join(KINDS)}、全部")
        kinds.append(kind)
    return tuple(kinds)


def _counts(planned: Plan) -> tuple[int, int, int]:
    return len(planned.groups), len(planned.owners), len(planned.found)


def _effect(call: Call, context: Context) -> str:
    return texts.effect(*_counts(plan(_kinds(call), context)))


def _start(call: Call, context: Context) -> list[Outgoing]:
    kinds = _kinds(call)
    planned = plan(kinds, context)
    by = call.message.sender.staff_id or ""
    sent = open_cycle(planned, BY_HAND, kinds, by, context)
    context.store.audit.add(
        AuditEntry(context.now, by, "清理 发起", BY_HAND, " ".join(kinds), call.message.conversation)
    )
    return [Reply(Body(texts.started(*_counts(planned)))), *sent]


def _status(call: Call, context: Context) -> list[Outgoing]:
    staff_id = call.message.sender.staff_id or ""
    findings = context.store.findings
    last = findings.last_cycle()
    if last is None:
        return [Reply(Body(texts.NO_CYCLE))]
    sees_all = access.role_of(call.message, context) >= Role.SUB_ADMIN
    roster = Roster.load(context.store.staff)
    owes: dict[str, tuple[str, int, int]] = {}
    for ask in findings.asks():
        if sees_all or ask.owner == staff_id:
            owed = len(findings.owed_by(ask.owner))
            if owed:
                owes[ask.owner] = (roster.name_of(ask.owner), owed, ask.reminders)
    rows = [
        finding
        for cycle in findings.open_cycles()
        for finding in findings.in_cycle(cycle.id)
        if sees_all or finding.owner == staff_id
    ]
    opened = f"{last.opened_at.astimezone(context.settings.scheduler.timezone):%m月%d日}发起"
    done = sum(finding.state != "open" for finding in rows)
    return _privately(call, Body(texts.status(opened, list(owes.values()), done, len(rows)), "清理进度"))


def _list(call: Call, context: Context) -> list[Outgoing]:
    owed = context.store.findings.owed_by(call.message.sender.staff_id or "")
    if not owed:
        return [Reply(Body(texts.NOTHING_OWED))]
    titles = titles_of(context.store.groups.all(active_only=False))
    text = f"{texts.by_group(owed, titles)}\n\n{texts.HOW_TO_ANSWER}"
    return _privately(call, Body(text, "待核对名单", buttons_for(owed)))


def _privately(call: Call, body: Body) -> list[Outgoing]:
    staff_id = call.message.sender.staff_id
    if call.message.is_group and staff_id is not None:
        return [Private((staff_id,), body), Reply(Body(texts.SENT_PRIVATELY), at_sender=True)]
    return [Reply(body)]


def _removed(call: Call, context: Context) -> list[Outgoing]:
    return _answer(call, context, "已移出")


def _unknown(call: Call, context: Context) -> list[Outgoing]:
    return _answer(call, context, "不清楚")


def _keep(call: Call, context: Context) -> list[Outgoing]:
    return _answer(call, context, "保留")


def _answer(call: Call, context: Context, verdict: str) -> list[Outgoing]:
    """The command says the verdict first and the numbers after it; a typed answer the other way round."""
    if not call.arguments:
        raise UsageError("请写编号，或写「全部」")
    owner = call.message.sender.staff_id or ""
    if not context.store.findings.asked_of(owner):
        return [Reply(Body(texts.NOTHING_OWED))]
    words = " ".join(call.arguments)
    text = f"全部{words.removeprefix('全部').removeprefix('all')}{verdict}" if words.startswith(("全部", "all")) else ""
    if not text:
        numbers = []
        rest = list(call.arguments)
        while rest and rest[0].strip("，,、-~至").replace("-", "").isdigit():
            numbers.append(rest.pop(0))
        text = f"{' '.join(numbers)} {verdict}{''.join(rest)}" if numbers else ""
    understood = understand(text, context.today) if text else Understood((), ())
    if not understood.answers:
        raise UsageError(f"没看懂「{words}」")
    return record(understood, owner, context)


def _command(
    name: str, alias: str, role: Role, usage: str, example: str, summary: str, run: object, effect: object = None
) -> Command:
    return Command(("清理", name), ("cleanup", alias), role, usage, example, summary, run, effect)  # type: ignore[arg-type]


COMMANDS = (
    _command(
        "发起", "start", Role.SUB_ADMIN, "/清理 发起 [类型]", "/清理 发起 部门群", "现在就核对群成员", _start, _effect
    ),
    _command("状态", "status", Role.OWNER, "/清理 状态", "/清理 状态", "看谁还没有处理完", _status),
    _command("名单", "list", Role.OWNER, "/清理 名单", "/清理 名单", "看自己待处理的名单（私下发送）", _list),
    _command("已移出", "removed", Role.STAFF, "/清理 已移出 编号", "/清理 已移出 1 3", "答复：已移出", _removed),
    _command(
        "保留", "keep", Role.STAFF, "/清理 保留 编号 原因 到期日", "/清理 保留 2 返聘 到2027-06-30", "答复：保留", _keep
    ),
    _command("不清楚", "unknown", Role.STAFF, "/清理 不清楚 编号", "/清理 不清楚 4", "答复：不清楚", _unknown),
)
