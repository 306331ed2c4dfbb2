"""A file that a main admin sends in private becomes a draft, and with their word a document (articles 五.1, 一.3)."""

from __future__ import annotations

from datetime import date, timedelta

from handlers import access
from handlers.access import Ground
from handlers.context import Context
from handlers.message import Body, Button, Incoming, MessageKind, Outgoing, Reply
from handlers.policy.documents import texts
from handlers.policy.documents.corpus import Regulation
from handlers.policy.documents.importing import Imported, carry_out, plan
from handlers.policy.documents.receiving import CorpusError, Received, is_readable, outline, receive
from storage.audit import AuditEntry
from storage.drafts import Draft

KEPT = timedelta(days=3)
"""So long a draft waits."""
OUTLINE_LINES = 25
"""Of the tree in a chat."""
_OLD = (".doc", ".wps", ".rtf", ".odt")
"""What Word and WPS can save as .docx."""


def wants_file(message: Incoming, ground: Context | Ground) -> bool:
    """The file of this message is worth fetching: a main admin sent it in private, and it may be a regulation."""
    return _is_admins_file(message, ground) and message.download_code is not None and is_readable(message.file_name)


def received(message: Incoming, context: Context) -> list[Outgoing] | None:
    """What a file of a main admin leads to; None for every other message."""
    if not _is_admins_file(message, context):
        return None
    if not is_readable(message.file_name):
        is_old = message.file_name.lower().endswith(_OLD)
        return [Reply(Body(texts.OLD_FORMAT if is_old else texts.READABLE))]
    file = context.fetched.file
    if file is None or file.trouble:
        return [Reply(Body(texts.NOT_FETCHED if file is None else file.trouble))]
    try:
        found = receive(message.file_name, file.data)
    except CorpusError as error:
        return [Reply(Body(texts.cannot_read(message.file_name, str(error))))]
    return _kept(found, message, context)


def _is_admins_file(message: Incoming, ground: Context | Ground) -> bool:
    staff_id = message.sender.staff_id
    is_file = message.kind is MessageKind.FILE and not message.is_group
    return is_file and staff_id is not None and access.is_main_admin(staff_id, ground)


def _kept(found: Received, message: Incoming, context: Context) -> list[Outgoing]:
    regulation = found.regulation
    planned = plan(regulation, context.store.policies, context.today, source_name=message.file_name)
    number = context.store.drafts.put(
        Draft(
            staff_id=message.sender.staff_id or "",
            conversation=message.conversation,
            file_name=message.file_name,
            title=regulation.title,
            articles=regulation.articles,
            created_at=context.now,
            expires_at=context.now + KEPT,
        )
    )
    text = texts.draft(number, planned, outline(found, OUTLINE_LINES), found.doubts, context.today)
    buttons = (Button("导入", f"/规章 导入 {number}"), Button("不导入", "/取消"))
    return [Reply(Body(text, texts.TITLE_DRAFT, buttons))]


def take_in_draft(
    draft: Draft, message: Incoming, context: Context, effective: date | None = None, title: str = ""
) -> Imported:
    """Import a draft as it was shown; `effective` and `title` go before what the text says."""
    planned = plan(
        Regulation(title or draft.title, draft.articles),
        context.store.policies,
        context.today,
        effective=effective,
        source_name=draft.file_name,
    )
    done = carry_out(planned, context.store.policies, context.now, context.today)
    context.store.drafts.drop(draft.id)
    detail = f"version {done.document.version}, {done.count} articles, {len(done.inherited)} inherited"
    actor = message.sender.staff_id or ""
    context.store.audit.add(
        AuditEntry(context.now, actor, "规章 导入", done.document.title, detail, message.conversation)
    )
    return done


def dropped(message: Incoming, context: Context) -> str | None:
    """Forget the newest draft of the sender in this chat, and say so; None where there is none."""
    draft = context.store.drafts.latest_of(message.sender.staff_id or "", message.conversation, context.now)
    if draft is None:
        return None
    context.store.drafts.drop(draft.id)
    actor = message.sender.staff_id or ""
    context.store.audit.add(
        AuditEntry(context.now, actor, "规章 不导入", draft.title, conversation=message.conversation)
    )
    return texts.DRAFT_DROPPED.format(title=draft.title)
