"""`/自检`: why nothing is heard, sent, answered or on time; and what became of messages that were put aside."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import access
from handlers.access import Role
from handlers.cleanup.roster import Roster
from handlers.commands import grammar
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.doctor import parked, texts
from handlers.doctor.diagnosis import diagnose
from handlers.doctor.facts import Asked, Facts
from handlers.doctor.gathering import gather
from handlers.message import Body, Button, Incoming, Outgoing, Reply
from handlers.settings import HandlerSettings
from storage.audit import AuditEntry
from storage.store import Store

_MOST_LISTED = 10
_LONGEST_SUBJECT = 200


def needs_probes(message: Incoming) -> bool:
    """Before this message is handled the network should be tried: it asks for a self-check.

    Whether the sender may ask is not looked at; see `may_check`.
    """
    if not grammar.is_command(message.text):
        return grammar.named(message.text, _CHECKING) is not None
    found = grammar.find(message.text, COMMANDS)
    return found is not None and found.command in _CHECKING and not _has_words(found.rest)


def may_check(message: Incoming, settings: HandlerSettings, store: Store) -> bool:
    """The sender may ask for a self-check. Each costs calls that are counted, so nobody else may set one off."""
    return access.may(_CHECKING[0].role, _CHECKING[0].words[0], message, access.Ground(settings, store))


def _check(call: Call, context: Context) -> list[Outgoing]:
    if _has_words(call.rest):
        raise UsageError(f"/自检 后面可以写：{'、'.join(one.words[1] for one in COMMANDS if len(one.words) > 1)}")
    facts = _facts(context)
    buttons = [Button("看明细", "/自检 详情")]
    if facts.parked_in.count or facts.parked_out:
        buttons.append(Button("看搁置的", "/自检 搁置"))
    return _told(call, Body(texts.short(diagnose(facts), facts), texts.TITLE, tuple(buttons)), facts)


def _details(call: Call, context: Context) -> list[Outgoing]:
    facts = _facts(context)
    return _told(call, Body(texts.full(diagnose(facts), facts), texts.TITLE), facts)


def _told(call: Call, body: Body, facts: Facts) -> list[Outgoing]:
    """In private, and where a private word from a group would not arrive, how to get one."""
    if call.message.is_group and not facts.can_write:
        return [Reply(Body(texts.ASK_IN_PRIVATE), at_sender=True)]
    return privately(call.message, body)


def _facts(context: Context) -> Facts:
    return gather(
        context.store,
        context.settings,
        context.now,
        Asked.CHAT,
        context.store.probes.all(),
        documents=len(context.policies.documents),
        rules=len(context.scanner.rules),
    )


# -- rows that were put aside ------------------------------------------------------------------------------------


def _parked(call: Call, context: Context) -> list[Outgoing]:
    store = context.store
    roster = Roster.load(store.staff)
    rows = [parked.received(row, store) for row in store.inbox.parked(_MOST_LISTED)]
    rows += [parked.to_be_sent(row, store, roster) for row in store.outbox.parked(_MOST_LISTED)]
    if not rows:
        return privately(call.message, Body(texts.NOTHING_PARKED, texts.TITLE_PARKED))
    rows.sort(key=lambda row: row.at, reverse=True)
    total = store.inbox.counts()["parked"] + store.outbox.counts()["parked"]
    text = texts.parked(rows[:_MOST_LISTED], total, context.settings.scheduler.timezone)
    buttons = (Button("全部重试", "/自检 重试 全部"),)
    return privately(call.message, Body(text, texts.TITLE_PARKED, buttons))


def _would_retry(call: Call, context: Context) -> str | None:
    """Only what may come twice has to be confirmed."""
    wanted = _wanted(call, context)
    doubtful = [] if wanted.is_all else [row for row in _described(wanted, context) if row.is_in_doubt]
    return texts.may_come_twice(doubtful) if doubtful else None


def _retry(call: Call, context: Context) -> list[Outgoing]:
    store, wanted = context.store, _wanted(call, context)
    taken: list[str] = []
    missing: list[str] = []
    expired: list[str] = []
    for row_id in wanted.inbox:
        (taken if store.inbox.requeue(row_id) else missing).append(f"收{row_id}")
    for row_id in wanted.outbox:
        row = store.outbox.parked_row(row_id)
        if row is not None and row.draft.expires_at is not None and row.draft.expires_at <= context.now:
            expired.append(f"发{row_id}")
        else:
            (taken if store.outbox.requeue(row_id) else missing).append(f"发{row_id}")
    if taken:
        _audit("自检 重试", taken, call, context)
    left = store.inbox.counts()["parked"] + store.outbox.counts()["parked"] - len(expired)
    text = texts.retried(taken, missing, expired, left if wanted.is_all else 0)
    return privately(call.message, Body(text, texts.TITLE_PARKED))


def _would_drop(call: Call, context: Context) -> str | None:
    wanted = _wanted(call, context, with_doubtful=True)
    rows = _described(parked.first(wanted, texts.MOST_SHOWN) if wanted.is_all else wanted, context)
    total = len(wanted.inbox) + len(wanted.outbox) if wanted.is_all else len(rows)
    return texts.would_drop(rows, total) if rows else None


def _drop(call: Call, context: Context) -> list[Outgoing]:
    store, wanted = context.store, _wanted(call, context, with_doubtful=True)
    taken: list[str] = []
    missing: list[str] = []
    for row_id in wanted.inbox:
        (taken if store.inbox.discard(row_id, context.now) else missing).append(f"收{row_id}")
    for row_id in wanted.outbox:
        (taken if store.outbox.discard(row_id) else missing).append(f"发{row_id}")
    if taken:
        _audit("自检 丢弃", taken, call, context)
    return privately(call.message, Body(texts.dropped(taken, missing), texts.TITLE_PARKED))


def _wanted(call: Call, context: Context, *, with_doubtful: bool = False) -> parked.Targets:
    try:
        return parked.resolve(parked.targets(call.rest), context.store, with_doubtful=with_doubtful)
    except parked.TargetError as error:
        raise UsageError(str(error)) from error


def _described(wanted: parked.Targets, context: Context) -> list[parked.Parked]:
    """Those of the rows that are there."""
    store = context.store
    roster = Roster.load(store.staff)
    received = [store.inbox.parked_row(row_id) for row_id in wanted.inbox]
    to_send = [store.outbox.parked_row(row_id) for row_id in wanted.outbox]
    return [
        *(parked.received(row, store) for row in received if row is not None),
        *(parked.to_be_sent(one, store, roster) for one in to_send if one is not None),
    ]


def _audit(action: str, labels: Sequence[str], call: Call, context: Context) -> None:
    subject = " ".join(labels)[:_LONGEST_SUBJECT]
    message = call.message
    entry = AuditEntry(
        context.now, message.sender.staff_id or "", action, subject, f"{len(labels)} 条", message.conversation
    )
    context.store.audit.add(entry)


def _has_words(rest: str) -> bool:
    return any(map(str.isalnum, rest))


_CHECKING = (
    Command(
        words=("自检",),
        aliases=("doctor",),
        role=Role.SUB_ADMIN,
        usage="/自检",
        example="/自检",
        summary="查收不到、发不出、群里没反应、定时没来的原因",
        run=_check,
    ),
    Command(
        words=("自检", "详情"),
        aliases=("doctor", "details"),
        role=Role.SUB_ADMIN,
        usage="/自检 详情",
        example="/自检 详情",
        summary="自检的每一项：查了什么、查到什么、怎么办",
        run=_details,
    ),
)
COMMANDS = (
    *_CHECKING,
    Command(
        words=("自检", "搁置"),
        aliases=("doctor", "parked"),
        role=Role.SUB_ADMIN,
        usage="/自检 搁置",
        example="/自检 搁置",
        summary="看处理出错或发不出去、被搁置的消息",
        run=_parked,
    ),
    Command(
        words=("自检", "重试"),
        aliases=("doctor", "retry"),
        role=Role.SUB_ADMIN,
        usage="/自检 重试 编号或全部",
        example="/自检 重试 收12 发34",
        summary="把搁置的重新处理或重新发送；可能发两遍的先问一句",
        run=_retry,
        effect=_would_retry,
    ),
    Command(
        words=("自检", "丢弃"),
        aliases=("doctor", "drop"),
        role=Role.SUB_ADMIN,
        usage="/自检 丢弃 编号或全部",
        example="/自检 丢弃 收12 发34",
        summary="搁置的不要了，不再处理也不再发送",
        run=_drop,
        effect=_would_drop,
    ),
)
