"""The file that a message carries, fetched before its handler looks at it (docs/platform.md §3, §5.2)."""

from __future__ import annotations

import asyncio
import logging

import aiohttp

from bot import wire
from bot.openapi import OpenAPI
from bot.refusals import ErrorKind, OpenAPIError
from handlers.fetched import Fetched, FetchedFile
from handlers.message import Incoming
from handlers.policy.documents.reading.source import MOST_BYTES

logger = logging.getLogger(__name__)

SECONDS = 30.0
"""For address and file together; meanwhile the sender's conversation waits, and nobody else."""
_TOO_LARGE = f"这个文件超过 {MOST_BYTES // 1_000_000} MB，太大了。请去掉图片，或者另存为纯文字（.txt）再发。"
_NOT_GIVEN = "文件没能从钉钉下载下来，请再发一次。还不行的话，在服务器上用 steward policy import 导入。"
_NO_PERMISSION = "应用没有下载文件的权限（企业内机器人发送消息），请在钉钉开放平台开通后再发一次。"
_NO_QUOTA = "本月的接口调用次数用完了，文件下载不了。可以在服务器上用 steward policy import 导入。"
_SAID = {ErrorKind.PERMISSION: _NO_PERMISSION, ErrorKind.QUOTA: _NO_QUOTA}


class Files:
    """Fetches files. What goes wrong is said in `FetchedFile.trouble`, so that the sender hears of it."""

    def __init__(self, openapi: OpenAPI, http: aiohttp.ClientSession, seconds: float = SECONDS) -> None:
        """`http` comes from `wire.open_session`."""
        self._openapi = openapi
        self._http = http
        self._seconds = seconds

    async def of(self, message: Incoming) -> Fetched:
        """The file of this message."""
        try:
            async with asyncio.timeout(self._seconds):
                address = await self._openapi.file_address(message.download_code or "")
                data = await wire.fetch(self._http, address, MOST_BYTES, wire.timeout_of(self._seconds))
        except TimeoutError:
            return self._trouble(message, _NOT_GIVEN, "timeout")
        except OpenAPIError as error:
            return self._trouble(message, _SAID.get(error.kind, _NOT_GIVEN), error.code)
        if data is None:
            return self._trouble(message, _TOO_LARGE, "too large")
        return Fetched(file=FetchedFile(message.file_name, data))

    @staticmethod
    def _trouble(message: Incoming, trouble: str, why: str) -> Fetched:
        logger.warning("发来的文件没有下载成（%s）/ the file of a message was not fetched: %s", why, why)
        return Fetched(file=FetchedFile(message.file_name, trouble=trouble))
