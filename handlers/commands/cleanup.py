"""`/清理`: the membership clean-up (article 五.8)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable

from handlers import access
from handlers.access import Role
from handlers.cleanup import texts
from handlers.cleanup.answers import Verdict, understand_command
from handlers.cleanup.cycle import Plan, buttons_for, is_in_scope, open_cycle, plan, titles_of
from handlers.cleanup.hours import is_permitted
from handlers.cleanup.replies import names_in, record, take_back
from handlers.cleanup.roster import Roster
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately, replies_privately
from handlers.context import Context
from handlers.groups.register import KINDS
from handlers.message import Body, Outgoing, Reply
from handlers.quiet_hours import QuietHours
from storage.audit import AuditEntry
from storage.findings import Finding

ALL_KINDS = tuple(KINDS.values())
BY_HAND = "手动"
"""What stands before the kinds in the name of a cycle that an admin starts; the same again replaces the one before."""


def _kinds(call: Call) -> tuple[str, ...]:
    words = [word for argument in call.arguments for word in argument.replace("、", " ").replace("，", " ").split()]
    if not words or words[0] in ("全部", "all"):
        return ALL_KINDS
    kinds = []
    for word in words:
        kind = KINDS.get(word) or KINDS.get(word + "群") or (word.lower() if word.lower() in ALL_KINDS else None)
        if kind is None:
            raise UsageError(f"没有「{word}」这种群，可写：{'、'.join(KINDS)}、全部")
        kinds.append(kind)
    return tuple(dict.fromkeys(kinds))


def _scope(call: Call, context: Context) -> tuple[str, ...]:
    """The departments that the sender is confined to; empty: all (article 五.1)."""
    staff_id = call.message.sender.staff_id or ""
    grant = None if access.is_main_admin(staff_id, context) else context.store.roles.get(staff_id)
    return grant.departments if grant is not None else ()


def _plan(call: Call, context: Context) -> tuple[str, tuple[str, ...], Plan]:
    """Name of the cycle, kinds of groups, and what it would ask."""
    kinds, departments = _kinds(call), _scope(call, context)
    name = f"{BY_HAND}:{','.join((*sorted(kinds), *departments))}"
    return name, kinds, plan(kinds, context, name, departments)


def _effect(call: Call, context: Context) -> str:
    _, _, planned = _plan(call, context)
    return texts.effect(
        len(planned.groups),
        len(planned.owners),
        len(planned.found),
        len(planned.orphans),
        planned.pending,
        context.settings.cleanup.post_count_in_group,
        _night(context) or _after_work(context),
    )


def _night(context: Context) -> str:
    """When people will hear what is sent now, where that is in the morning; else nothing."""
    until = QuietHours.of(context.settings).until(context.now)
    zone = context.settings.scheduler.timezone
    return "" if until is None else texts.after_the_night(f"{until.astimezone(zone):%H:%M}")


def _after_work(context: Context) -> str:
    is_at_work = is_permitted(context.now, context.settings.scheduler.timezone, context.settings.cleanup)
    return "" if is_at_work else texts.AFTER_WORK


def _start(call: Call, context: Context) -> list[Outgoing]:
    name, kinds, planned = _plan(call, context)
    by = call.message.sender.staff_id or ""
    sent = open_cycle(planned, name, kinds, by, context)
    detail = f"{' '.join(kinds)}: {len(planned.found)} findings, {len(planned.owners)} owners"
    context.store.audit.add(AuditEntry(context.now, by, "清理 发起", name, detail, call.message.conversation))
    counts = (len(planned.groups), len(planned.owners), len(planned.found), planned.waiting, planned.pending)
    return [Reply(Body(texts.started(*counts, _night(context)))), *sent]


def _status(call: Call, context: Context) -> list[Outgoing]:
    staff_id = call.message.sender.staff_id or ""
    findings = context.store.findings
    sees_all = access.role_of(call.message, context) >= Role.SUB_ADMIN
    scope = _scope(call, context)
    groups = {group.conversation for group in context.store.groups.all(active_only=False) if is_in_scope(group, scope)}

    def is_visible(finding: Finding) -> bool:
        return finding.owner == staff_id or (sees_all and finding.conversation in groups)

    rows = [one for cycle in findings.open_cycles() for one in findings.in_cycle(cycle.id) if is_visible(one)]
    last = findings.last_cycle()
    if last is None or not rows:
        return [Reply(Body(texts.NO_CYCLE if last is None else texts.NOBODY_OWES))]
    roster = Roster.load(context.store.staff)
    reminders = Counter[str]()
    for ask in findings.asks():
        # The step after the last reminder is a word to the main admins.
        sent = min(ask.reminders, context.settings.cleanup.max_reminders)
        reminders[ask.owner] = max(reminders[ask.owner], sent)
    owed = Counter(one.owner for one in findings.all_open() if one.owner is not None and is_visible(one))
    owes = [(roster.name_of(owner), count, reminders[owner]) for owner, count in owed.most_common()]
    opened = f"{last.opened_at.astimezone(context.settings.scheduler.timezone):%m月%d日}发起"
    counts: dict[str, int] = dict(Counter[str](finding.state for finding in rows))
    return privately(call.message, Body(texts.status(opened, owes, counts), texts.TITLE_STATUS))


def _list(call: Call, context: Context) -> list[Outgoing]:
    owed = context.store.findings.owed_by(call.message.sender.staff_id or "")
    if not owed:
        return [Reply(Body(texts.NOTHING_OWED))]
    titles = titles_of(context.store.groups.all(active_only=False))
    text = f"{texts.by_group(owed, titles)}\n\n{texts.how_to_answer(owed)}"
    return privately(call.message, Body(text, texts.TITLE_LIST, buttons_for(owed)))


def _next(call: Call, context: Context) -> list[Outgoing]:
    owed = context.store.findings.owed_by(call.message.sender.staff_id or "")
    if not owed:
        return [Reply(Body(texts.NOTHING_OWED))]
    titles = titles_of(context.store.groups.all(active_only=False))
    text = texts.one_by_one(owed[0], len(owed), titles)
    return privately(call.message, Body(text, texts.TITLE_LIST, buttons_for(owed[:1], len(owed))))


def _answer(verdict: Verdict) -> Callable[[Call, Context], list[Outgoing]]:
    def run(call: Call, context: Context) -> list[Outgoing]:
        if not call.rest.strip():
            raise UsageError("请写编号，或写「全部」")
        owner = call.message.sender.staff_id or ""
        asked = context.store.findings.asked_of(owner)
        if not asked:
            return [Reply(Body(texts.NOTHING_OWED))]
        understood = understand_command(verdict, call.rest, context.today, names_in(asked))
        if not understood.answers:
            raise UsageError(f"没看懂「{call.rest.strip()[:40]}」，请写编号，日期要在今天以后")
        return replies_privately(call.message, record(understood, owner, context))

    return run


def _take_back(call: Call, context: Context) -> list[Outgoing]:
    owner = call.message.sender.staff_id or ""
    words = unicodedata.normalize("NFKC", call.rest)
    understood = understand_command("removed", words, context.today, names_in(context.store.findings.asked_of(owner)))
    numbers = [number for answer in understood.answers for number in answer.numbers]
    if not numbers:
        raise UsageError("请写要撤回的编号")
    return replies_privately(call.message, take_back(numbers, owner, context))


def _command(
    name: str,
    alias: str,
    role: Role,
    usage: str,
    example: str,
    summary: str,
    run: Callable[[Call, Context], list[Outgoing]],
    effect: Callable[[Call, Context], str] | None = None,
) -> Command:
    return Command(("清理", name), ("cleanup", alias), role, f"/清理 {name}{usage}", example, summary, run, effect)


COMMANDS = (
    _command(
        "发起",
        "start",
        Role.SUB_ADMIN,
        " [部门群|项目群|班级群|外部群|全部]",
        "/清理 发起 部门群",
        "现在就核对群成员",
        _start,
        _effect,
    ),
    _command("状态", "status", Role.STAFF, "", "/清理 状态", "看谁还没有处理完", _status),
    _command("名单", "list", Role.STAFF, "", "/清理 名单", "看自己待处理的名单（私下发送）", _list),
    _command("逐个", "next", Role.STAFF, "", "/清理 逐个", "一项一项处理自己的名单", _next),
    _command("已移出", "removed", Role.STAFF, " 编号", "/清理 已移出 1 3", "答复：已移出", _answer("removed")),
    _command(
        "保留",
        "keep",
        Role.STAFF,
        " 编号 原因 到期日",
        "/清理 保留 2 返聘 2027-06-30",
        "答复：保留，写明原因和期限",
        _answer("kept"),
    ),
    _command("不清楚", "unknown", Role.STAFF, " 编号", "/清理 不清楚 4", "答复：不清楚", _answer("unknown")),
    _command("撤回", "undo", Role.STAFF, " 编号", "/清理 撤回 2", "撤回自己的答复", _take_back),
)
