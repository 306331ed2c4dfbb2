"""Names and details do not belong in a group: they go to whoever asked."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.message import Body, Incoming, Outgoing, Priority, Private, Reply

SENT = "已私下发给你。"


def privately(message: Incoming, body: Body) -> list[Outgoing]:
    """The body as a reply in a private chat; in a group as a private word, with a line in the group that says so.

    Somebody of another organisation cannot be written to in private and gets the line alone.
    """
    if not message.is_group:
        return [Reply(body)]
    staff_id = message.sender.staff_id
    if staff_id is None:
        return [Reply(Body("这条内容只能私下看，请联系群主。"))]
    return [Private((staff_id,), body, priority=Priority.ANSWER), Reply(Body(SENT), at_sender=True)]


def replies_privately(message: Incoming, sent: Sequence[Outgoing]) -> list[Outgoing]:
    """The same for what a handler has already put together: its replies move to the private chat, the rest stays."""
    moved: list[Outgoing] = []
    for one in sent:
        moved += privately(message, one.body) if isinstance(one, Reply) else [one]
    return moved
