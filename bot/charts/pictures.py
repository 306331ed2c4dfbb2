"""From a chart to a picture that DingTalk knows: drawn in a process of its own, uploaded once (docs/platform.md §5.4).

A picture is an extra. Whatever goes wrong with it, the message goes out without, and the log says why.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections import OrderedDict
from dataclasses import replace

from bot.charts.data import to_data
from bot.environment import PREFIX
from bot.openapi import OpenAPI, OpenAPIError
from handlers.chart import Chart
from handlers.markdown import literal
from handlers.message import Body

logger = logging.getLogger(__name__)

DRAWING_SECONDS = 20.0
"""It takes a fifth of a second, but on a machine that is busy or just starting."""
_REMEMBERED = 4
"""A digest to more than twenty people goes out in several calls, and a failed one again: always the same picture."""


class Pictures:
    """Puts the pictures into messages. Between two messages nothing of what drawing takes stays in memory."""

    def __init__(self, openapi: OpenAPI) -> None:
        self._openapi = openapi
        self._uploaded: OrderedDict[str, str] = OrderedDict()
        self._turn = asyncio.Lock()

    async def put_into(self, body: Body) -> Body:
        """The body with its chart as a picture above the text; without, where there is none to be had."""
        if body.chart is None:
            return body
        async with self._turn:  # who wants the same one waits for it, and nobody draws two at a time
            media_id = await self._media_id(body.chart)
        plain = replace(body, chart=None)
        return plain if media_id is None else replace(plain, text=f"![{_alt(body.chart)}]({media_id})\n\n{body.text}")

    async def _media_id(self, chart: Chart) -> str | None:
        data = json.dumps(to_data(chart))
        if data in self._uploaded:
            return self._uploaded[data]
        try:
            picture = await asyncio.to_thread(drawn, data)
            media_id = await self._openapi.upload_picture("chart.png", picture)
        except OpenAPIError as error:
            logger.warning("图片没有传上去（%s），只发文字 / the picture was not uploaded: %s", error.code, error.code)
            return None
        except (OSError, subprocess.SubprocessError) as error:
            why = _last_line(error)
            logger.warning("图片没有画成（%s），只发文字 / the picture was not drawn: %s", why, why)
            return None
        self._uploaded[data] = media_id
        while len(self._uploaded) > _REMEMBERED:
            self._uploaded.popitem(last=False)
        return media_id


def drawn(data: str, seconds: float = DRAWING_SECONDS) -> bytes:
    """The PNG of a chart as JSON. Takes a moment. Raises OSError or SubprocessError."""
    # PDFium is not for threads, and may be reading somebody's PDF here at the same time.
    done = subprocess.run(
        [sys.executable, "-m", "bot.charts"],
        input=data.encode(),
        capture_output=True,
        timeout=seconds,
        check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},  # no secrets
    )
    return done.stdout


def _last_line(error: OSError | subprocess.SubprocessError) -> str:
    """What the drawing process said at its end, else the kind of trouble."""
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else b""
    lines = (said or b"").decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else type(error).__name__


def _alt(chart: Chart) -> str:
    return literal(chart.alt).replace("(", "（").replace(")", "）")
