"""What the bot forgets at night (`[privacy]`)."""

from __future__ import annotations

from datetime import timedelta

from handlers.context import Context
from handlers.message import Outgoing
from storage.audit import AuditEntry


def forget(context: Context) -> list[Outgoing]:
    """Delete what is older than the settings say, and note in the audit how much that was. Nobody is told."""
    privacy = context.settings.privacy
    forgotten = context.store.retention.forget(
        context.now - timedelta(days=privacy.retention_days), context.now - timedelta(days=privacy.flag_retention_days)
    )
    if forgotten:
        detail = f"{forgotten.messages} messages, {forgotten.flags} flags"
        context.store.audit.add(AuditEntry(context.now, "schedule", "保留期限", detail=detail))
    return []
