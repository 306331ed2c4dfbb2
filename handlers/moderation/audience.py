"""Who hears of a flag, and under which name the one it is about."""

from __future__ import annotations

from handlers import access
from handlers.cleanup.roster import merge
from handlers.context import Context
from handlers.message import Sender
from storage.groups import Group


def owner_and_admins(group: Group | None, besides: str | None, context: Context) -> tuple[str, ...]:
    """Staff ids of the group's owner and the main admins, without the one that it is about (or who reported)."""
    admins = access.main_admins(context)
    heads = admins if group is None or group.owner is None else (group.owner, *admins)
    return tuple(dict.fromkeys(staff_id for staff_id in heads if staff_id != besides))


def name_of(sender: Sender, context: Context) -> str:
    """The name in the roster; of somebody whom no source knows the id, of an outsider the nick, marked as such."""
    if sender.staff_id is None:
        return f"外部人员（{sender.nick[:20] or '没有昵称'}）"
    facts = list(context.store.staff.facts_of(sender.staff_id))
    return (merge(facts, context.today).name if facts else "") or sender.staff_id
