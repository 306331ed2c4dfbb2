"""Who answers for a document: its owner, as long as they serve; where there is none, the main admins."""

from __future__ import annotations

from handlers import access
from handlers.cleanup.roster import GONE, merge
from handlers.context import Context
from handlers.message import Incoming
from handlers.policy.curated.matching import DIGEST_MARK
from storage.policies import Document


def owner_of(title: str | None, context: Context) -> str | None:
    """Staff id of the owner of a document in force; None where it has none, or where the owner has left."""
    document = None if title is None else document_of(title, context)
    if document is None or document.owner is None:
        return None
    return document.owner if _serves(document.owner, context) else None


def document_of(title: str, context: Context) -> Document | None:
    """The document in force of this title, or the one that a digest of this title is of."""
    found = [document for document, _ in context.policies.documents]
    exact = [one for one in found if one.title == title]
    bare = title.replace(DIGEST_MARK, "").strip()
    alike = [one for one in found if one.title.replace(DIGEST_MARK, "").strip() == bare]
    return next(iter(exact or alike), None)


def recipients(title: str | None, context: Context) -> tuple[str, ...]:
    """Whom to write to about a document: its owner, else all main admins; empty where there is nobody."""
    owner, admins = owner_of(title, context), access.main_admins(context)
    if owner is None:
        return admins
    # Whom no message reaches would never hear of it; they may answer all the same.
    is_reached = all(one.staff_id != owner for one in context.store.unreachable.all())
    return (owner,) if is_reached or not admins else admins


def may_answer(title: str | None, message: Incoming, context: Context) -> bool:
    """The sender may answer, change and review what belongs to this document."""
    return access.answers_for(owner_of(title, context), message, context)


def answers_for_any(message: Incoming, context: Context) -> bool:
    """The sender may do so for some document."""
    staff_id = message.sender.staff_id
    owned = any(document.owner == staff_id for document, _ in context.policies.documents)
    return staff_id is not None and (owned or access.answers_for(None, message, context))


def _serves(staff_id: str, context: Context) -> bool:
    facts = context.store.staff.facts_of(staff_id)
    return not facts or merge(facts, context.today).status not in GONE
