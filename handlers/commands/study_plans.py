"""`/学习 计划` and what admins do with plans: pause, resume, send now, end (article 五.4)."""

from __future__ import annotations

from handlers.access import Role
from handlers.cleanup.hours import first_permitted, is_permitted
from handlers.cleanup.when import next_fires, trigger
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.study import a_number
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.settings import StudySchedule
from handlers.study import plan_texts, texts
from handlers.study.people import scope_of
from handlers.study.posting import Round, next_round, send
from storage.audit import AuditEntry


def _named(call: Call, context: Context) -> StudySchedule:
    """The plan that the call names, or the only one. Raises `UsageError`."""
    plans = context.settings.study.schedules
    name = call.rest.strip()
    if not plans:
        raise UsageError("现在没有学习计划")
    found = next((plan for plan in plans if plan.name == name), plans[0] if len(plans) == 1 and not name else None)
    if found is None:
        raise UsageError(f"请写计划名：{'、'.join(plan.name for plan in plans)}")
    return found


def _list(call: Call, context: Context) -> list[Outgoing]:
    zone, cleanup, study = context.settings.scheduler.timezone, context.settings.cleanup, context.store.study
    parts = []
    for schedule in context.settings.study.schedules:
        moments = [
            first_permitted(moment, zone, cleanup, schedule.on_holiday).astimezone(zone)
            for moment in next_fires(trigger(schedule.when, zone, schedule.on_holiday), context.now)
        ]
        planned = next_round(schedule, context)
        rows = [
            (one.unit, study.position(schedule.name, one.unit), one.lesson, len(one.groups), len(one.people))
            for one in planned.sendings
        ]
        parts.append(plan_texts.plan(schedule, moments, is_paused=study.is_paused(schedule.name)))
        parts.append(plan_texts.standing(rows, planned.homeless) if planned.lessons else plan_texts.NO_LESSONS)
    return [Reply(Body("\n\n".join(parts) or plan_texts.NONE, texts.TITLE_PLANS))]


def _pause(call: Call, context: Context) -> list[Outgoing]:
    name = _named(call, context).name
    if context.store.study.is_paused(name):
        return [Reply(Body(plan_texts.PAUSED_ALREADY.format(name=name)))]
    context.store.study.pause(name, call.message.sender.staff_id or "", context.now)
    _audit("学习 暂停", name, call, context)
    return [Reply(Body(plan_texts.PAUSED.format(name=name)))]


def _resume(call: Call, context: Context) -> list[Outgoing]:
    name = _named(call, context).name
    if not context.store.study.is_paused(name):
        return [Reply(Body(plan_texts.NOT_PAUSED.format(name=name)))]
    context.store.study.resume(name)
    _audit("学习 恢复", name, call, context)
    return [Reply(Body(plan_texts.RESUMED.format(name=name)))]


def _round(call: Call, context: Context) -> tuple[StudySchedule, Round]:
    schedule = _named(call, context)
    return schedule, next_round(schedule, context, scope_of(call.message.sender.staff_id or "", context) or ())


def _effect(call: Call, context: Context) -> str | None:
    schedule, planned = _round(call, context)
    if not planned.to_send:
        return None
    groups = sum(len(one.groups) for one in planned.to_send)
    people = sum(len(one.people) for one in planned.to_send)
    return plan_texts.effect(schedule.name, len(planned.to_send), groups, people, after_work(context))


def _send(call: Call, context: Context) -> list[Outgoing]:
    schedule, planned = _round(call, context)
    if not planned.to_send:
        return [Reply(Body(plan_texts.NOTHING_TO_SEND.format(name=schedule.name)))]
    sent = send(schedule, planned, call.message.sender.staff_id or "", context)
    return [Reply(Body(plan_texts.sent(len(planned.to_send), len(sent), after_work(context)))), *sent]


def after_work(context: Context) -> str:
    """What an admin should know who sends something outside working hours."""
    is_at_work = is_permitted(context.now, context.settings.scheduler.timezone, context.settings.cleanup)
    return "" if is_at_work else "现在不是工作时间，夜里的会等到早上再发。"


def _close(call: Call, context: Context) -> list[Outgoing]:
    number = a_number(call, "编号")
    task = context.store.study.task(number)
    scope = scope_of(call.message.sender.staff_id or "", context) or ()
    departments = {duty.department for duty in context.store.study.duties((number,))}
    if task is None:
        return [Reply(Body(texts.NO_TASK.format(number=number)))]
    if scope and not all(any(one == limit or one.startswith(f"{limit}/") for limit in scope) for one in departments):
        raise UsageError(f"{number} 号还发给了你管理范围以外的部门，请找主管理员")
    if not task.is_open:
        return [Reply(Body(texts.CLOSED_ALREADY.format(number=number)))]
    context.store.study.close(number, context.now)
    _audit("学习 结束", str(number), call, context)
    return [Reply(Body(texts.CLOSED.format(number=number)))]


def _audit(action: str, subject: str, call: Call, context: Context) -> None:
    by = call.message.sender.staff_id or ""
    context.store.audit.add(AuditEntry(context.now, by, action, subject, conversation=call.message.conversation))


COMMANDS = (
    Command(
        words=("学习", "计划"),
        aliases=("study", "plans"),
        role=Role.OWNER,
        usage="/学习 计划",
        example="/学习 计划",
        summary="看学习计划、接下来三次时间和各部门学到哪一条",
        run=_list,
    ),
    Command(
        words=("学习", "暂停"),
        aliases=("study", "pause"),
        role=Role.SUB_ADMIN,
        usage="/学习 暂停 [计划名]",
        example="/学习 暂停 rules-weekly",
        summary="先不发学习内容",
        run=_pause,
    ),
    Command(
        words=("学习", "恢复"),
        aliases=("study", "resume"),
        role=Role.SUB_ADMIN,
        usage="/学习 恢复 [计划名]",
        example="/学习 恢复 rules-weekly",
        summary="接着上次的条款往下发",
        run=_resume,
    ),
    Command(
        words=("学习", "发送"),
        aliases=("study", "send"),
        role=Role.SUB_ADMIN,
        usage="/学习 发送 [计划名]",
        example="/学习 发送 rules-weekly",
        summary="不等时间到，现在就发下一条",
        run=_send,
        effect=_effect,
    ),
    Command(
        words=("学习", "结束"),
        aliases=("study", "close"),
        role=Role.SUB_ADMIN,
        usage="/学习 结束 编号",
        example="/学习 结束 12",
        summary="结束一项学习或测验，不再提醒",
        run=_close,
    ),
)
