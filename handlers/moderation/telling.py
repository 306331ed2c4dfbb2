"""Telling those who are to hear of a message: planned while it is only read, said when the flags have their numbers.

Everybody hears of each rule and sender once a day at most, whatever follows is recorded only. What is exposed should be
taken back soon, so these words wait neither for the morning nor for cheaper times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers import access
from handlers.context import Context
from handlers.message import Body, Button, Ding, Incoming, Outgoing, Priority, Private, Reply
from handlers.moderation import telling_texts as texts
from handlers.moderation.audience import name_of, standing_on
from handlers.moderation.consequences import merged
from handlers.moderation.ladder import PAUSE, RUNGS
from handlers.moderation.rule import Rule
from handlers.moderation.telling_texts import Told
from storage.groups import Group
from storage.tellings import Rung, Telling

_DING_IS_NEWS = timedelta(hours=2)
"""A DING that could not go out for so long only frightens people."""
_HEADS: tuple[Rung, ...] = ("owner", "head", "admins")


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that fired, with what is kept of the place, and what it matched there; all masked."""

    rule: Rule
    excerpt: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is to hear of what. `heads` goes by staff id; `sender` is empty where the sender is not told."""

    place: str
    who: str
    repeats: Mapping[str, int]
    sender: tuple[Found, ...] = ()
    is_sender_told: bool = False
    """Now, or of the same earlier today."""
    heads: Mapping[str, Mapping[Rung, tuple[Found, ...]]] | None = None
    dinged: tuple[str, ...] = ()
    ding: tuple[Found, ...] = ()
    public: frozenset[Rule] = frozenset()


def plan(found: Sequence[Found], message: Incoming, group: Group | None, context: Context) -> Plan:
    """Reads only."""
    repeats = _repeats(found, message, context)
    outcome = merged((one.rule for one in found), repeats)
    heard = _heard_today(found, message, context)
    sender = message.sender.staff_id

    def fresh(rung: str, person: str) -> tuple[Found, ...]:
        return tuple(one for one in found if one.rule in outcome.of(rung) and (person, rung) not in heard[one.rule])

    def unsaid(rung: str, person: str) -> tuple[Found, ...]:
        """Of what is said in private, somebody hears once, on whichever rung."""
        told = {rule for rule, pairs in heard.items() if any((person, any_rung) in pairs for any_rung in RUNGS)}
        return tuple(one for one in fresh(rung, person) if one.rule not in told)

    wanted = [rung for rung in (*_HEADS, "ding") if outcome.of(rung)]
    people = standing_on({"owner" if rung == "ding" else rung for rung in wanted}, group, sender, context)
    heads: dict[str, dict[Rung, tuple[Found, ...]]] = defaultdict(dict)
    for rung in _HEADS:
        for person in people.get(rung, ()) if rung in wanted else ():
            if mine := unsaid(rung, person):
                heads[person][rung] = mine
    dinged = () if group is None else tuple(filter(None, (sender, *people.get("owner", ()))))
    ding = tuple(dict.fromkeys(one for person in dinged for one in fresh("ding", person)))
    is_told = context.settings.moderation.tell_sender and (sender is not None or not message.is_group)
    to_sender = unsaid("sender", sender or "") if is_told else ()
    return Plan(
        place=_place(message, group),
        who=name_of(message.sender, context),
        repeats=repeats,
        sender=to_sender,
        is_sender_told=bool(to_sender) or any((sender, "sender") in pairs for pairs in heard.values()),
        heads=heads,
        dinged=dinged if ding else (),
        ding=ding,
        public=outcome.public if message.is_group else frozenset(),
    )


def tell(plan: Plan, numbers: Mapping[Rule, int], message: Incoming, context: Context) -> list[Outgoing]:
    """Say what was planned about the flags that are new, and note who heard. Writes only."""
    sent: list[Outgoing] = [*_to_sender(plan, numbers, message, context), *_to_heads(plan, numbers, message, context)]
    told = _told(plan.ding, numbers)
    if told and plan.dinged:
        _note(told, plan.dinged, "ding", context)
        text = texts.ding(told, plan.place)
        sent.append(Ding(plan.dinged, text, Priority.ANSWER, expires_at=context.now + _DING_IS_NEWS))
    return sent


def _to_sender(
    plan: Plan, numbers: Mapping[Rule, int], message: Incoming, context: Context
) -> Iterable[Private | Reply]:
    told = _told(plan.sender, numbers)
    if not told:
        return []
    sender = message.sender.staff_id
    _note(told, (sender or "",), "sender", context)
    contact = context.settings.policy.contact
    can_appeal = sender is not None
    text = texts.to_sender(told, plan.place, contact, can_appeal=can_appeal)
    buttons = (Button("可能是误会", texts.appeal_command(told)),) if can_appeal else ()
    body = Body(text, texts.TITLE_SENDER, buttons)
    return [Reply(body)] if not message.is_group else [Private((sender or "",), body, Priority.ANSWER)]


def _to_heads(plan: Plan, numbers: Mapping[Rule, int], message: Incoming, context: Context) -> Iterable[Private]:
    """Those who read the same get it in one message."""
    readers: dict[tuple[tuple[Told, ...], bool], list[str]] = {}
    for person, by_rung in (plan.heads or {}).items():
        mine: dict[Rule, Told] = {}
        for rung, found in by_rung.items():
            told = _told(found, numbers)
            _note(told, (person,), rung, context)
            mine.update({one.rule: one for one in told})
        if mine:
            ordered = tuple(sorted(mine.values(), key=lambda one: one.number))
            readers.setdefault((ordered, access.is_main_admin(person, context)), []).append(person)
    for (told, is_admin), people in readers.items():
        times = max(plan.repeats.get(one.rule.category, 0) for one in told) + 1
        text = texts.to_heads(
            told,
            plan.who,
            plan.place,
            times=times,
            days=context.settings.moderation.window_days,
            is_sender_told=plan.is_sender_told,
        )
        buttons = _review_buttons(told, plan.public) if is_admin else ()
        yield Private(tuple(people), Body(text, texts.TITLE_OWNER, buttons), Priority.ANSWER)


def _review_buttons(told: Sequence[Told], public: frozenset[Rule]) -> tuple[Button, ...]:
    number = told[0].number
    buttons = [Button("看看并复核", f"/复核 {number}")]
    offered = [one.number for one in told if one.rule in public]
    if offered:
        buttons.append(Button("在群里提醒大家", f"/复核 {offered[0]} 公开"))
    return tuple(buttons)


def _told(found: Iterable[Found], numbers: Mapping[Rule, int]) -> tuple[Told, ...]:
    return tuple(Told(numbers[one.rule], one.rule, one.excerpt, one.parts) for one in found if one.rule in numbers)


def _note(told: Iterable[Told], people: Iterable[str], rung: Rung, context: Context) -> None:
    for one in told:
        for person in people:
            context.store.tellings.add(Telling(one.number, person, rung, context.now))


def _repeats(found: Sequence[Found], message: Incoming, context: Context) -> Mapping[str, int]:
    """How many words the sender had about each category, within the window. In private nobody else has seen it."""
    sender = message.sender.staff_id
    if sender is None or not message.is_group:
        return {}
    since = context.now - timedelta(days=context.settings.moderation.window_days)
    categories = {one.rule.category for one in found if one.rule.state != "observe"}
    return {
        category: len(context.store.flags.held_before(sender, category, since, context.now - PAUSE))
        for category in categories
    }


def _heard_today(
    found: Sequence[Found], message: Incoming, context: Context
) -> Mapping[Rule, frozenset[tuple[str, str]]]:
    today = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        one.rule: context.store.tellings.heard_since(one.rule.id, message.sender.staff_id, message.conversation, today)
        for one in found
    }


def _place(message: Incoming, group: Group | None) -> str:
    if not message.is_group:
        return ""
    return message.title or (group.label if group is not None else message.conversation)
