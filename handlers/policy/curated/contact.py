"""Whom people are sent to about a document: its owner by name where names may be said, else the office of the settings."""

from __future__ import annotations

from handlers.cleanup.roster import GONE, merge
from handlers.context import Context
from handlers.message import Incoming
from storage.policies import Document

_NAMES_IN = ("department", "project")
"""Kinds of groups with people of the organisation alone."""


def contact_for(document: Document | None, message: Incoming, context: Context) -> str:
    """The owner's name, never a number; `[policy] contact` where there is no owner in the roster, where they have left,
    and where people of other organisations read along."""
    owner = None if document is None else document.owner
    if owner is None or not _may_read_names(message, context):
        return context.settings.policy.contact
    facts = context.store.staff.facts_of(owner)
    person = merge(facts, context.today) if facts else None
    if person is None or not person.name or person.status in GONE:
        return context.settings.policy.contact
    return person.name


def _may_read_names(message: Incoming, context: Context) -> bool:
    if message.sender.staff_id is None:
        return False
    if not message.is_group:
        return True
    group = context.store.groups.get(message.conversation)
    return group is not None and group.kind in _NAMES_IN
