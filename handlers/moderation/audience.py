"""Who hears of a flag, and under which name the one it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers import access
from handlers.cleanup.roster import Roster, called
from handlers.context import Context
from handlers.message import Sender
from storage.groups import Group

_UPWARDS = ("owner", "head", "admins")


def owner_and_admins(group: Group | None, besides: str | None, context: Context) -> tuple[str, ...]:
    """Staff ids of the group's owner and the main admins, without the one that it is about (or who reported)."""
    admins = access.main_admins(context)
    heads = admins if group is None or group.owner is None else (group.owner, *admins)
    return tuple(dict.fromkeys(staff_id for staff_id in heads if staff_id != besides))


def standing_on(
    rungs: Iterable[str], group: Group | None, sender: str | None, context: Context
) -> Mapping[str, tuple[str, ...]]:
    """Who hears on each of these rungs (`owner`, `head`, `admins`); the sender never does.

    Where nobody stands on a rung, whoever stands on the next one hears in their place. A message that was written to
    the bot in private concerns nobody but the main admins.
    """
    wanted = set(rungs)
    if group is None:
        return {"admins": _without(sender, access.main_admins(context))} if "admins" in wanted else {}
    people: dict[str, tuple[str, ...]] = {}
    found: dict[str, tuple[str, ...]] = {}
    for at, rung in enumerate(_UPWARDS):
        if rung not in wanted:
            continue
        for above in _UPWARDS[at:]:
            if above not in found:
                found[above] = _without(sender, _on(above, group, sender, context))
            if found[above]:
                people[rung] = found[above]
                break
    return people


def _on(rung: str, group: Group, sender: str | None, context: Context) -> tuple[str, ...]:
    if rung == "owner":
        return () if group.owner is None else (group.owner,)
    if rung == "admins":
        return access.main_admins(context)
    roster = Roster.load(context.store.staff, context.today)
    of_group = roster.head_of(group.department) if group.department else ()
    if of_group or group.department:
        return of_group
    person = None if sender is None else roster.get(sender)
    return () if person is None else roster.head_of(person.department)


def _without(sender: str | None, people: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in people if one != sender))


def name_of(sender: Sender, context: Context) -> str:
    """The name in the roster; of somebody whom no source knows the id, of an outsider the nick, marked as such."""
    if sender.is_unmatched:
        return f"{sender.nick[:20] or '没有昵称'}（群里显示的名字）"
    if sender.staff_id is None:
        return f"外部人员（{sender.nick[:20] or '没有昵称'}）"
    return called(sender.staff_id, context.store.staff, context.today)
