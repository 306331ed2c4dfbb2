"""Pushes messages down the stream connections at a rate that does not depend on how the bot gets on."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from datetime import UTC, datetime, timedelta

from aiohttp import ClientError, WSMsgType, web

from bench.load.tally import Tally, message_id
from bench.stage import QUESTIONS

PING_SECONDS = 25.0
_TURN_SECONDS = 0.005
_ACK = re.compile(r'"messageId": ?"m(\d+)"')
_OK = re.compile(r'"code": ?200\b')


def conversation(person: int) -> str:
    """The id of the private chat with this person."""
    return f"cid{person:06}=="


def staff_id(person: int) -> str:
    """The staff id of this person."""
    return f"b{person:05}"


class Pushing:
    """The open connections. One message goes to one of them, chosen at random, and never again (docs/platform.md §1.4)."""

    def __init__(self, tally: Tally, people: int, webhook: str) -> None:
        self._tally = tally
        self._people = people
        self._webhook = webhook
        self._expires_at = int((datetime.now(UTC) + timedelta(minutes=90)).timestamp() * 1000)
        self._random = random.Random(20261125)
        self._lines: list[asyncio.Queue[str]] = []
        """What waits to be written, a queue for each open connection: a bot that does not read holds up nobody else."""
        self.news = asyncio.Event()
        """Set at every change of the connections."""

    @property
    def connected(self) -> int:
        """How many connections are open."""
        return len(self._lines)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, until either side ends it; what waits for it then is lost."""
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        line: asyncio.Queue[str] = asyncio.Queue()
        self._lines.append(line)
        self.news.set()
        helpers = [asyncio.create_task(self._write(socket, line)), asyncio.create_task(self._ping(line))]
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(message.data)
        finally:
            self._lines.remove(line)
            self.news.set()
            for helper in helpers:
                helper.cancel()
        return socket

    async def _write(self, socket: web.WebSocketResponse, line: asyncio.Queue[str]) -> None:
        try:
            while True:
                await socket.send_str(await line.get())
        except (ConnectionError, RuntimeError, ClientError):
            return  # the connection has ended; its reader sees that too

    async def _ping(self, line: asyncio.Queue[str]) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            headers = {"topic": "ping", "messageId": "ping", "contentType": "application/json"}
            line.put_nowait(json.dumps({"type": "SYSTEM", "headers": headers, "data": '{"opaque":"1"}'}))

    def _heard(self, text: str) -> None:
        found = _ACK.search(text)
        if found is not None and _OK.search(text):
            self._tally.acknowledged.setdefault(int(found[1]), time.perf_counter())

    async def push(self, a_second: float, seconds: float) -> None:
        """Push so many messages a second for so long. Where no connection is open a message is pushed to nobody."""
        total = round(a_second * seconds)
        first = len(self._tally.pushed)
        began, began_busy = time.perf_counter(), time.process_time()
        while (done := len(self._tally.pushed) - first) < total:
            due = min(total, int((time.perf_counter() - began) * a_second) + 1)
            for _ in range(due - done):
                self._one()
            await asyncio.sleep(_TURN_SECONDS)
        await asyncio.sleep(max(0.0, began + seconds - time.perf_counter()))
        self._tally.ended_at = time.perf_counter()
        self._tally.busy = (time.process_time() - began_busy) / (self._tally.ended_at - began)

    def _one(self) -> None:
        number = len(self._tally.pushed)
        self._tally.pushed.append(time.perf_counter())
        if self._lines:
            self._random.choice(self._lines).put_nowait(self._frame(number))

    def _frame(self, number: int) -> str:
        """A question that somebody asks the robot in private."""
        person = number % self._people
        data = {
            "msgId": message_id(number),
            "conversationId": conversation(person),
            "conversationType": "1",
            "msgtype": "text",
            "text": {"content": QUESTIONS[number % len(QUESTIONS)]},
            "senderStaffId": staff_id(person),
            "senderId": f"$:LWCP_v1:${person}",
            "senderNick": "张老师",
            "senderCorpId": "dingbench",
            "createAt": int(time.time() * 1000),
            "sessionWebhook": f"{self._webhook}?session={number}",
            "sessionWebhookExpiredTime": self._expires_at,
        }
        headers = {"topic": "/v1.0/im/bot/messages/get", "messageId": f"m{number}", "contentType": "application/json"}
        return json.dumps({"specVersion": "1.0", "type": "CALLBACK", "headers": headers, "data": json.dumps(data)})
