"""From what a handler returns to rows of the outbox: addressed, split, in the order in which they are to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.charts.data import from_data, to_data
from bot.outbox.shape import split, with_links
from handlers.message import Body, Button, Ding, Due, Event, GroupPost, Incoming, Outgoing, Private, Reply
from storage.outbox import Draft

PEOPLE_PER_CALL = 20
"""`oToMessages/batchSend` takes no more (docs/platform.md §9)."""


def drafts_of(message: Outgoing, item: Incoming | Event | Due, now: datetime, inbox_id: int | None) -> Iterator[Draft]:
    """The rows that `message`, returned for `item`, becomes. Raises ValueError for a reply to nobody."""
    if isinstance(message, Reply):
        if not isinstance(item, Incoming):
            raise ValueError("only a message can be replied to")
        yield from _replies(message, item, now, inbox_id)
    elif isinstance(message, GroupPost):
        for part in split(message.body):
            yield Draft(
                kind="group",
                body=body_to_json(part),
                priority=message.priority,
                created_at=now,
                conversation=message.conversation,
                not_before=message.not_before,
                expires_at=message.expires_at,
                inbox_id=inbox_id,
            )
    elif isinstance(message, Private):
        for people in _chunks(message.to):
            for part in split(message.body):
                yield Draft(
                    kind="private",
                    body=body_to_json(part),
                    priority=message.priority,
                    created_at=now,
                    recipients=people,
                    not_before=message.not_before,
                    expires_at=message.expires_at,
                    inbox_id=inbox_id,
                )
    else:
        yield from _dings(message, now, inbox_id)


def _replies(message: Reply, item: Incoming, now: datetime, inbox_id: int | None) -> Iterator[Draft]:
    staff_id = item.sender.staff_id
    mentions = message.at_sender and item.is_group and staff_id is not None
    # Who asked hears of the answer only when it is Markdown, where buttons are links.
    for number, part in enumerate(split(with_links(message.body) if mentions else message.body)):
        yield Draft(
            kind="reply",
            body=body_to_json(part),
            priority=message.priority,
            created_at=now,
            # Where the webhook has gone stale a private answer needs the person, a group's needs the conversation;
            # somebody outside the organisation can be reached by the webhook alone.
            conversation=item.conversation if item.is_group or staff_id is not None else None,
            recipients=() if item.is_group or staff_id is None else (staff_id,),
            webhook=item.webhook,
            webhook_expires_at=item.webhook_expires_at,
            at_staff_ids=(staff_id,) if number == 0 and mentions and staff_id is not None else (),
            inbox_id=inbox_id,
        )


def _dings(message: Ding, now: datetime, inbox_id: int | None) -> Iterator[Draft]:
    for people in _chunks(message.to):
        yield Draft(
            kind="ding",
            body=body_to_json(Body(message.text)),
            priority=message.priority,
            created_at=now,
            recipients=people,
            expires_at=message.expires_at,
            inbox_id=inbox_id,
        )


def _chunks(people: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    unique = tuple(dict.fromkeys(people))
    for start in range(0, len(unique), PEOPLE_PER_CALL):
        yield unique[start : start + PEOPLE_PER_CALL]


def body_to_json(body: Body) -> str:
    """A body as the outbox keeps it."""
    stored: dict[str, Any] = {
        "title": body.title,
        "text": body.text,
        "buttons": [[button.label, button.says] for button in body.buttons],
    }
    if body.chart is not None:
        stored["chart"] = to_data(body.chart)
    return json.dumps(stored, ensure_ascii=False)


def body_from_json(text: str) -> Body:
    """The body that `body_to_json` wrote. Raises ValueError for anything else."""
    try:
        found = json.loads(text)
        return Body(
            text=found["text"],
            title=found["title"],
            buttons=tuple(Button(label, says) for label, says in found["buttons"]),
            chart=from_data(found["chart"]) if "chart" in found else None,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a stored body: {error!r}") from error
