"""A command that changes a lot shows its effect first and waits two minutes for `/确认 代码`."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import timedelta

from handlers.access import Role
from handlers.commands import texts
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.message import Body, Button, Incoming, Outgoing, Reply
from handlers.moderation.masking import mask
from handlers.policy.documents import drafts
from storage.audit import AuditEntry
from storage.confirmations import Waiting

GOOD_FOR = timedelta(minutes=2)
_LONGEST_SUBJECT = 100


def ask(message: Incoming, effect: str, context: Context) -> list[Outgoing]:
    """Remember the command of `message` and ask for its code. It replaces what waited in the same chat."""
    code = _code(message)
    context.store.confirmations.put(
        Waiting(code, message.sender.staff_id or "", message.conversation, message.text, context.now + GOOD_FOR)
    )
    buttons = (Button("确认", f"/确认 {code}"), Button("取消", "/取消"))
    return [Reply(Body(texts.ask_to_confirm(effect, code), texts.TITLE_CONFIRM, buttons))]


def confirmed(call: Call, context: Context) -> str | None:
    """The command that the code of this call releases, or None. To be forgotten when it has run, so that it cannot run
    twice. Raises `UsageError` when no code was given.
    """
    if not call.arguments:
        raise UsageError("请写确认代码")
    staff_id, conversation = call.message.sender.staff_id or "", call.message.conversation
    waiting = context.store.confirmations.get(staff_id, conversation)
    typed = re.sub(r"\D", "", unicodedata.normalize("NFKC", call.arguments[0]))
    if waiting is None or waiting.expires_at < context.now or waiting.code != typed:
        return None
    return waiting.command


def forget(command: str, call: Call, context: Context) -> None:
    """The command that waited here was confirmed. Not before it has run: it may read for long before it writes."""
    context.store.confirmations.drop(call.message.sender.staff_id or "", call.message.conversation)
    _audit("确认", command, call, context)


def _drop(call: Call, context: Context) -> list[Outgoing]:
    staff_id, conversation = call.message.sender.staff_id or "", call.message.conversation
    waiting = context.store.confirmations.get(staff_id, conversation)
    if waiting is None or waiting.expires_at < context.now:
        said = drafts.dropped(call.message, context)  # the file that was sent last, if one waits
        if said is not None:
            return [Reply(Body(said))]
    if waiting is None:
        return [Reply(Body(texts.NOTHING_WAITS))]
    context.store.confirmations.drop(staff_id, conversation)
    _audit("取消", waiting.command, call, context)
    return [Reply(Body(texts.DROPPED))]


def _audit(action: str, command: str, call: Call, context: Context) -> None:
    subject = mask(" ".join(command.split()))[:_LONGEST_SUBJECT]
    message = call.message
    entry = AuditEntry(context.now, message.sender.staff_id or "", action, subject, conversation=message.conversation)
    context.store.audit.add(entry)


def _never(call: Call, context: Context) -> list[Outgoing]:
    """`/确认` is carried out by `run.py`, which knows all commands."""
    return [Reply(Body(texts.CODE_DOES_NOT_FIT))]


def _code(message: Incoming) -> str:
    """Four digits that are the same whenever the same message is handled again."""
    digest = hashlib.blake2b(f"{message.id} {message.sender.staff_id}".encode(), digest_size=4).digest()
    return f"{int.from_bytes(digest, 'big') % 10_000:04d}"


CONFIRM = Command(
    words=("确认",),
    aliases=("confirm",),
    role=Role.STAFF,
    usage="/确认 代码",
    example="/确认 0427",
    summary="执行刚才等你确认的命令",
    run=_never,
)
COMMANDS = (
    CONFIRM,
    Command(
        words=("取消",),
        aliases=("cancel",),
        role=Role.STAFF,
        usage="/取消",
        example="/取消",
        summary="不执行刚才等你确认的命令",
        run=_drop,
    ),
)
