"""What tests of the door out do: put messages into the outbox, wait, and read what arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.dispatch import Item
from bot.outbox.drafts import drafts_of
from bot.outbox.texts import BETWEEN
from handlers.message import (
    ChatKind,
    Incoming,
    Outgoing,
)
from handlers.message import (
    Sender as Author,
)
from storage.outbox import OutboxRow
from tests.bot.rig import GROUP, Rig

GROUP_SEND = "/v1.0/robot/groupMessages/send"
PRIVATE_SEND = "/v1.0/robot/oToMessages/batchSend"
DING = "/v1.0/robot/ding/send"
WEBHOOK = "/robot/sendBySession"
TOKEN = "/v1.0/oauth2/accessToken"
PRIVATE = "private:0001"
BUSY = {"code": "ServiceUnavailable", "message": "later"}
QPS = {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "message": "slow down"}
NOBODY = Incoming("m0", "c0", ChatKind.PRIVATE, Author(None))


def queue(it: Rig, *messages: Outgoing) -> list[int]:
    """Put messages into the outbox as dispatch would."""
    with it.store.database.transaction():
        drafts = [draft for one in messages for draft in drafts_of(one, NOBODY, it.clock.now(), None)]
        ids = [it.store.outbox.add(draft) for draft in drafts]
    it.sender.wake()
    return ids


def state(it: Rig, row_id: int) -> str:
    row = it.store.database.row("select state from outbox where id = ?", (row_id,))
    assert row is not None
    return str(row["state"])


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds in our own database."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def done(it: Rig) -> None:
    """Nothing waits any more; what is left is sent, parked or expired."""
    async with asyncio.timeout(10):
        while it.is_anything_to_send():
            await asyncio.sleep(0.005)


async def ask(it: Rig, text: str = "x", chat: str = GROUP, who: str = "0001") -> None:
    """Somebody says something, and it is dealt with."""
    await it.connected()
    await it.sandbox.say(who, chat, text)
    await it.settle()


def texts(it: Rig, chat: str, via: str | None = None) -> list[str]:
    found = [m for m in it.sandbox.world.in_chat(chat) if m.author == "robot"]
    return [m.text for m in found if via is None or m.via == via]


def parts(it: Rig, chat: str) -> list[str]:
    """What was read in a chat, merged messages taken apart."""
    return [part for text in texts(it, chat) for part in text.split(BETWEEN)]


def parked(it: Rig) -> OutboxRow:
    [row] = it.store.outbox.parked()
    return row


def answering(*messages: Outgoing) -> Any:
    def handle(item: Item, now: datetime) -> Sequence[Outgoing]:
        return list(messages)

    return handle
