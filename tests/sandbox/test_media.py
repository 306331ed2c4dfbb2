"""Pictures that the robot lays down and shows (docs/platform.md §5.4)."""

from __future__ import annotations

import io
import json
from typing import Any

import aiohttp

from sandbox.platform import Sandbox
from tests.sandbox.client import Client
from tests.sandbox.college_of_three import GROUP

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


async def upload(client: Client, data: bytes, kind: str = "image", *, name: str | None = "a.png") -> Any:
    form = aiohttp.FormData({"type": kind})
    form.add_field("media", io.BytesIO(data), filename=name)
    async with client.http.post(f"{client.url}/media/upload?access_token={client.token}", data=form) as response:
        return await response.json()


async def test_what_was_uploaded_is_shown_by_its_id(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    answer = await upload(client, PNG)
    assert (answer["errcode"], answer["type"]) == (0, "image")
    media_id = answer["media_id"]
    body = {
        "robotCode": "dingsandbox",
        "openConversationId": GROUP,
        "msgKey": "sampleMarkdown",
        "msgParam": json.dumps({"title": "图", "text": f"![图]({media_id})\n\n看图"}),
    }
    await client.post("/v1.0/robot/groupMessages/send", body)
    async with client.http.get(f"{client.url}/sandbox/media/{media_id}") as response:
        assert (response.content_type, await response.read()) == ("image/png", PNG)
    assert sandbox.violations == []
    assert sandbox.record.calls_to("/media/upload")[0].body["media"] == {"filename": "a.png", "size": len(PNG)}


async def test_a_picture_that_was_never_uploaded_is_a_breach(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    body = {
        "robotCode": "dingsandbox",
        "openConversationId": GROUP,
        "msgKey": "sampleMarkdown",
        "msgParam": json.dumps({"title": "图", "text": "![图](@lALnowhere)"}),
    }
    await client.post("/v1.0/robot/groupMessages/send", body)
    assert sandbox.violations == ["a message shows '@lALnowhere', which was not uploaded"]


async def test_it_needs_a_token_and_a_picture(sandbox: Sandbox, client: Client) -> None:
    assert (await upload(client, PNG))["errcode"] != 0
    await client.log_in()
    for data, kind, name in ((b"text", "image", "a.png"), (PNG, "poster", "a.png"), (b"", "image", "a.png")):
        assert (await upload(client, data, kind, name=name))["errcode"] == 40035
    assert (await upload(client, b"0" * 2_000_001, "voice"))["errcode"] == 40006
    assert len(sandbox.violations) == 5


async def test_json_is_not_a_form(sandbox: Sandbox, client: Client) -> None:
    await client.log_in()
    _, answer = await client.post(f"/media/upload?access_token={client.token}", {"type": "image"})
    assert answer["errcode"] == 40035
    assert len(sandbox.violations) == 1
