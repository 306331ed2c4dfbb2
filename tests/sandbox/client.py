"""A client for tests that does nothing by itself: every frame and every acknowledgement is spelt out."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import websockets

from sandbox.frames import ROBOT_TOPIC

OPEN = "/v1.0/gateway/connections/open"
BOTH = [{"type": "EVENT", "topic": "*"}, {"type": "CALLBACK", "topic": ROBOT_TOPIC}]


class Stream:
    """One WebSocket to the gateway."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket

    async def frame(self) -> dict[str, Any]:
        """The next frame."""
        frame: dict[str, Any] = json.loads(await self.socket.recv())
        return frame

    async def message(self) -> tuple[str, dict[str, Any]]:
        """messageId and data of the next frame."""
        frame = await self.frame()
        return frame["headers"]["messageId"], json.loads(frame["data"])

    async def ack(self, message_id: str, data: Any = None, *, code: int = 200) -> None:
        """Acknowledge a frame; by default as a robot message is."""
        body = {"response": None} if data is None else data
        headers = {"contentType": "application/json", "messageId": message_id}
        await self.send({"code": code, "headers": headers, "message": "OK", "data": json.dumps(body)})

    async def send(self, frame: Any) -> None:
        """Send anything: a string as it is, all else as JSON."""
        await self.socket.send(frame if isinstance(frame, str) else json.dumps(frame))


class Client:
    """HTTP with a token, and any number of streams."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = aiohttp.ClientSession()
        self.token = ""
        self._streams: list[Stream] = []

    async def close(self) -> None:
        """End everything."""
        for stream in self._streams:
            await stream.socket.close()
        await self.http.close()

    async def open(self, **changes: Any) -> tuple[int, Any]:
        """Ask for a ticket; `changes` replace fields, None removes one."""
        body = {"clientId": "dingsandbox", "clientSecret": "sandbox-secret", "subscriptions": BOTH, **changes}
        body = {name: value for name, value in body.items() if value is not None}
        async with self.http.post(self.url + OPEN, json=body, headers={"Accept": "application/json"}) as answer:
            return answer.status, await answer.json()

    async def connect(self, **changes: Any) -> Stream:
        """A new stream connection."""
        status, opened = await self.open(**changes)
        assert status == 200, opened
        stream = Stream(await websockets.connect(f"{opened['endpoint']}?ticket={opened['ticket']}", proxy=None))
        self._streams.append(stream)
        return stream

    async def log_in(self) -> None:
        """Fetch an access token."""
        body = {"appKey": "dingsandbox", "appSecret": "sandbox-secret"}
        status, answer = await self.post("/v1.0/oauth2/accessToken", body)
        assert status == 200, answer
        self.token = answer["accessToken"]

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """POST to the new API."""
        headers = {"x-acs-dingtalk-access-token": self.token}
        async with self.http.post(self.url + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        """GET from the new API."""
        headers = {"x-acs-dingtalk-access-token": self.token}
        async with self.http.get(self.url + path, params=query, headers=headers) as answer:
            return answer.status, await answer.json()

    async def legacy(self, path: str, body: Any) -> Any:
        """POST to the legacy API, which always answers 200."""
        async with self.http.post(f"{self.url}{path}?access_token={self.token}", json=body) as answer:
            assert answer.status == 200
            return await answer.json()

    async def webhook(self, address: str, body: Any) -> Any:
        """POST to a session webhook, which always answers 200."""
        async with self.http.post(address, json=body) as answer:
            assert answer.status == 200
            return await answer.json()
