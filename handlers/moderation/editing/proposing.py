"""A change that needs a second main admin: whom it is put to, and what becomes of it."""

from __future__ import annotations

from handlers.cleanup.roster import called
from handlers.context import Context
from handlers.message import Body, Incoming, Priority, Private
from handlers.moderation.book import known_of
from handlers.moderation.editing import texts
from handlers.moderation.editing.changing import Change
from handlers.moderation.editing.fields import EditError
from handlers.moderation.written import WrittenError, from_json
from storage.rule_waiting import Proposal


def asked(number: int, effect: str, to: tuple[str, ...], message: Incoming, context: Context) -> Private:
    """The word to the other main admins."""
    who = name_of(message.sender.staff_id or "", context)
    body = Body(texts.ask_second(number, who, effect), texts.TITLE_PROPOSED, texts.second_buttons(number))
    return Private(to, body, Priority.ANSWER)


def proposed(number: str, message: Incoming, context: Context) -> tuple[Proposal, Change]:
    """The proposal of this number and its change, where the sender may agree to it. Raises `EditError`."""
    typed = number.strip().lstrip("#")
    found = context.store.rule_proposals.get(int(typed[:9]), context.now) if typed.isdecimal() else None
    if found is None:
        raise EditError(texts.NO_PROPOSAL)
    if found.staff_id == message.sender.staff_id:
        raise EditError(texts.OWN_PROPOSAL)
    stored = context.store.rules.get(found.rule)
    if (0 if stored is None else stored.version) != found.version:
        raise EditError(texts.OUTDATED)
    try:
        after = from_json(found.body)
    except WrittenError as error:
        raise EditError(texts.OUTDATED) from error
    return found, Change(None if stored is None else known_of(stored), after, found.why)


def name_of(staff_id: str, context: Context) -> str:
    """The name in the roster, else the id."""
    return called(staff_id, context.store.staff, context.today)
