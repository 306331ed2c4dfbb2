"""`/规章 转交|有用|没用`, which buttons say, and `/规章 待答|回答|不答|撤回` for whoever answers for a document."""

from __future__ import annotations

import re

from handlers import access
from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Reply
from handlers.policy import texts
from handlers.policy.curated import owners, queue, queue_texts, settling
from storage.policy_queue import AskedRow, Entry

_NUMBER = re.compile(r"\s*(?:问\s*)?(\d{1,9})(?!\d)[\s:：,，、]*(.*)", re.DOTALL)


def _pass_on(call: Call, context: Context) -> list[Outgoing]:
    if not access.may_ask(call.message, context):
        return [Reply(Body(texts.NOT_HERE))]
    return queue.pass_on(_asked(call, context), call.message, context)


def _useful(call: Call, context: Context) -> list[Outgoing]:
    return queue.rate(_asked(call, context), "", call.message, context, is_useful=True)


def _useless(call: Call, context: Context) -> list[Outgoing]:
    return queue.rate(_asked(call, context), _rest(call), call.message, context, is_useful=False)


def _waiting(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    numbers = [int(one) for one in re.findall(r"\d{1,9}", call.rest)]
    if len(numbers) > 1:
        return [Reply(Body(queue_texts.several_quoted(numbers)))]
    if numbers:
        return [Reply(queue.body_for(_entry(call, context), context))]
    mine = [one for one in context.store.policy_queue.open() if owners.may_answer(one.document, call.message, context)]
    if not mine:
        return [Reply(Body(queue_texts.NOTHING_WAITS))]
    return [Reply(Body(queue_texts.waiting(mine), queue_texts.TITLE_LIST))]


def _preview(call: Call, context: Context) -> str | None:
    if call.message.is_group:
        return None
    entry = _entry(call, context)
    return settling.preview(entry, _written(call, entry, context), context)


def _answer(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    entry = _entry(call, context)
    return settling.settle(entry, _written(call, entry, context), _who(call), context)


def _close(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    entry = _entry(call, context)
    if entry.state != "open":
        return [Reply(Body(queue_texts.SETTLED_ALREADY))]
    return settling.close(entry, _rest(call), _who(call), context)


def _about_to_withdraw(call: Call, context: Context) -> str | None:
    if call.message.is_group:
        return None
    entry = _entry(call, context)
    if entry.state != "answered":
        return None
    return queue_texts.about_to_withdraw(entry, len(context.store.policy_queue.askers(entry.id)))


def _withdraw(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    entry = _entry(call, context)
    if entry.state != "answered":
        return [Reply(Body(queue_texts.NOTHING_TO_WITHDRAW))]
    return settling.withdraw(entry, _who(call), context)


def _asked(call: Call, context: Context) -> AskedRow:
    """The question that this is about; only one of this very chat, whose number nobody else can use. Raises `UsageError`."""
    asked = context.store.policy_queue.asked(_number(call))
    if asked is None or asked.conversation != call.message.conversation:
        raise UsageError("这里没有问过这个编号的问题；也可能时间太久，已经清掉了")
    return asked


def _entry(call: Call, context: Context) -> Entry:
    """The question of the queue that this person answers for. Raises `UsageError`."""
    number = _number(call)
    entry = context.store.policy_queue.get(number)
    if entry is None or not owners.may_answer(entry.document, call.message, context):
        raise UsageError(queue_texts.no_such(number))
    return entry


def _written(call: Call, entry: Entry, context: Context) -> settling.Written:
    rest = _rest(call)
    if not rest:
        raise UsageError("请写答复内容")
    if len(rest) > settling.LONGEST_ANSWER:
        raise UsageError(f"答复太长了（{len(rest)} 字），请压到 {settling.LONGEST_ANSWER} 字以内")
    return settling.written(rest, entry.document, context)


def _number(call: Call) -> int:
    found = _NUMBER.match(call.rest)
    if found is None:
        raise UsageError("请写编号")
    return int(found[1])


def _rest(call: Call) -> str:
    found = _NUMBER.match(call.rest)
    return "" if found is None else found[2].strip()


def _who(call: Call) -> str:
    return call.message.sender.staff_id or ""


def _to_nobody(message: Incoming, context: Context) -> bool:
    """Buttons say it; nobody needs to learn it."""
    return False


COMMANDS = (
    Command(
        words=("规章", "转交"),
        aliases=("policy", "pass"),
        role=Role.OUTSIDER,
        usage="/规章 转交 编号",
        example="/规章 转交 108",
        summary="把没答上来的问题转给文件负责人（点回答下面的按钮即可）",
        run=_pass_on,
        is_offered=_to_nobody,
    ),
    Command(
        words=("规章", "有用"),
        aliases=("policy", "useful"),
        role=Role.OUTSIDER,
        usage="/规章 有用 编号",
        example="/规章 有用 108",
        summary="说这个回答有用（点回答下面的按钮即可）",
        run=_useful,
        is_offered=_to_nobody,
    ),
    Command(
        words=("规章", "没用"),
        aliases=("policy", "useless"),
        role=Role.OUTSIDER,
        usage="/规章 没用 编号 [原因]",
        example="/规章 没用 108 我问的是外聘老师",
        summary="说这个回答没用，可以写原因（点回答下面的按钮即可）",
        run=_useless,
        is_offered=_to_nobody,
    ),
    Command(
        words=("规章", "待答"),
        aliases=("policy", "queue"),
        role=Role.STAFF,
        usage="/规章 待答 [编号]",
        example="/规章 待答",
        summary="文件负责人：看等你答的问题",
        run=_waiting,
        is_offered=owners.answers_for_any,
    ),
    Command(
        words=("规章", "回答"),
        aliases=("policy", "answer"),
        role=Role.STAFF,
        usage="/规章 回答 编号 [条款] 答复内容",
        example="/规章 回答 12 五.8 退休当月由群主移出",
        summary="文件负责人：答一个问题，提问的人会收到；再答一次就是更正",
        run=_answer,
        effect=_preview,
        is_offered=owners.answers_for_any,
    ),
    Command(
        words=("规章", "不答"),
        aliases=("policy", "close"),
        role=Role.STAFF,
        usage="/规章 不答 编号 [原因]",
        example="/规章 不答 12 这不归本办法管",
        summary="文件负责人：这个问题不答，提问的人会知道",
        run=_close,
        is_offered=owners.answers_for_any,
    ),
    Command(
        words=("规章", "撤回"),
        aliases=("policy", "withdraw"),
        role=Role.STAFF,
        usage="/规章 撤回 编号",
        example="/规章 撤回 12",
        summary="文件负责人：撤回给过的答复，收到的人会知道",
        run=_withdraw,
        effect=_about_to_withdraw,
        is_offered=owners.answers_for_any,
    ),
)
