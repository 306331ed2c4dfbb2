"""The least that a client can do: acknowledge and post at once, without a look. Shows what the platform itself can take.

DINGTALK_OPENAPI_ENDPOINT=http://127.0.0.1:… python -m bench.load.reflex
"""

from __future__ import annotations

import asyncio
import os
import re
from urllib.parse import urlsplit

import aiohttp

from bot.gateway.opening import PATH

_NUMBER = re.compile(r'"messageId": "m(\d+)"')
_WEBHOOK = re.compile(r"(http://127[^?]*)\?session=")
_ACK = (
    '{"code": 200, "headers": {"contentType": "application/json", "messageId": "m%s"}, "message": "OK", "data": "{}"}'
)
_POST = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s"


async def main() -> None:
    """Until killed."""
    async with aiohttp.ClientSession() as http:
        async with http.post(os.environ["DINGTALK_OPENAPI_ENDPOINT"] + PATH) as response:
            opened = await response.json()
        posting: asyncio.StreamWriter | None = None
        async with http.ws_connect(f"{opened['endpoint']}?ticket=t", max_msg_size=0) as socket:
            async for message in socket:
                found = _NUMBER.search(message.data)
                if found is None:
                    continue
                await socket.send_str(_ACK % found[1])
                if posting is None:
                    webhook = _WEBHOOK.search(message.data)
                    assert webhook is not None
                    address = urlsplit(webhook[1])
                    reading, posting = await asyncio.open_connection(address.hostname, address.port)
                    swallowing = asyncio.create_task(_swallow(reading))
                body = b"msg%s==" % found[1].encode()
                posting.write(_POST % (len(body), body))
        swallowing.cancel()


async def _swallow(reading: asyncio.StreamReader) -> None:
    while await reading.read(65_536):
        pass


if __name__ == "__main__":
    asyncio.run(main())
