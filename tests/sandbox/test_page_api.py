"""What the page's API under /sandbox/ gives and refuses, beside the platform's paths."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import college
from sandbox.platform import Sandbox
from sandbox.web.controls import NextJob
from sandbox.web.routes import add_page
from sandbox.world import SandboxClock, World


class NoBot:
    """The page's controls where no bot runs."""

    def robot_is_online(self) -> bool:
        return False

    def next_job(self) -> NextJob | None:
        return None

    async def advance(self) -> NextJob | None:
        return None

    async def reset(self) -> None:
        return None


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    world = World(SandboxClock())
    college.build(world)
    sandbox = Sandbox(world)
    add_page(sandbox.app, world, sandbox.say, NoBot(), roles=college.ROLES, robot_name="群管家")
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=sandbox.url) as session:
        yield session


async def read_event(response: aiohttp.ClientResponse) -> tuple[str, Any]:
    name = (await response.content.readline()).decode().removeprefix("event: ").strip()
    data = (await response.content.readline()).decode().removeprefix("data: ")
    await response.content.readline()
    return name, json.loads(data)


async def test_the_state_has_the_college_and_no_phone_numbers(http: aiohttp.ClientSession) -> None:
    async with http.get("/sandbox/state") as response:
        text = await response.text()
    state = json.loads(text)
    assert len(state["people"]) > 100
    assert len(state["groups"]) > 12
    assert state["clock"]["next"] is None
    assert state["clock"]["isOnline"] is False
    assert all(entry.mobile not in text for entry in college.people.ENTRIES.values())


async def test_every_role_is_in_its_chat(http: aiohttp.ClientSession) -> None:
    async with http.get("/sandbox/state") as response:
        state = await response.json()
    members = {group["id"]: group["members"] for group in state["groups"]}
    for role in state["roles"]:
        assert role["chat"] == f"private:{role['person']}" or role["person"] in members[role["chat"]]
        assert len(role["samples"]) == 3


async def test_what_is_said_is_in_the_world_and_told_to_open_pages(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    async with http.get("/sandbox/events") as events:
        assert (await read_event(events))[0] == "clock"
        asked = {"person": college.STAFF, "chat": college.STAFF_GROUP, "text": "在吗", "at": False}
        async with http.post("/sandbox/say", json=asked) as response:
            message_id = (await response.json())["messageId"]
        name, data = await read_event(events)
        while name != "message":
            name, data = await read_event(events)
    assert (data["id"], data["author"], data["text"]) == (message_id, college.STAFF, "在吗")
    assert sandbox.world.messages[-1].message_id == message_id


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"person": "nobody", "chat": college.STAFF_GROUP, "text": "在吗"}, "没有这个人"),
        ({"person": college.STAFF, "chat": college.SCENE_GROUP, "text": "在吗"}, "不在这个会话里"),
        ({"person": college.STAFF, "chat": f"private:{college.ADMIN}", "text": "在吗"}, "不在这个会话里"),
        ({"person": college.OUTSIDER, "chat": f"private:{college.OUTSIDER}", "text": "在吗"}, "不在这个会话里"),
        ({"person": college.STAFF, "chat": college.STAFF_GROUP, "text": "  \n"}, "空"),
        ({"person": college.STAFF, "chat": college.STAFF_GROUP, "text": "字" * 1_200_000}, "太长"),
        ({"person": college.STAFF, "chat": college.STAFF_GROUP, "text": "在吗", "quotes": "msgNone"}, "引用"),
        ({"person": college.STAFF, "chat": college.STAFF_GROUP, "text": "在吗", "kind": "hologram"}, "这种消息"),
        ({}, "没有这个人"),
    ],
)
async def test_what_cannot_be_said_is_refused_with_a_reason(
    sandbox: Sandbox, http: aiohttp.ClientSession, asked: dict[str, str], reason: str
) -> None:
    body = io.BytesIO(json.dumps(asked).encode())
    async with http.post("/sandbox/say", data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
        assert reason in (await response.json())["error"]
    assert sandbox.world.messages == []


async def test_a_file_is_sent_with_its_bytes(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    asked = {"person": college.ADMIN, "chat": f"private:{college.ADMIN}", "text": "办法.txt", "kind": "file"}
    async with http.post("/sandbox/say", json={**asked, "data": base64.b64encode(b"abc").decode()}) as response:
        assert response.status == 200
    [stored] = sandbox.core.files.values()
    assert (stored.name, stored.data) == ("办法.txt", b"abc")
    large = io.BytesIO(json.dumps({**asked, "data": "A" * 30_000_000}).encode())
    async with http.post("/sandbox/say", data=large, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
        assert "文件太大了" in (await response.json())["error"]
    async with http.post("/sandbox/say", json={**asked, "data": "no base64"}) as response:
        assert response.status == 200
    assert [one.data for one in sandbox.core.files.values()] == [b"abc", b""]


async def test_a_message_of_another_chat_cannot_be_quoted(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    elsewhere = await sandbox.say(college.OWNER, college.SCENE_GROUP, "别的群里的话", at_robot=False)
    asked = {"person": college.STAFF, "chat": college.STAFF_GROUP, "text": "举报", "quotes": elsewhere}
    async with http.post("/sandbox/say", json=asked) as response:
        assert response.status == 400
        assert "引用" in (await response.json())["error"]


async def test_only_json_objects_are_taken(http: aiohttp.ClientSession) -> None:
    """A page of another origin can only post forms and plain text, so it cannot speak here."""
    async with http.post("/sandbox/say", data={"person": college.STAFF}) as response:
        assert response.status == 415
    for body in ("{", "[]", '"text"'):
        async with http.post("/sandbox/say", data=body, headers={"Content-Type": "application/json"}) as response:
            assert response.status == 400


async def test_a_reset_makes_a_new_epoch_and_tells_open_pages(http: aiohttp.ClientSession) -> None:
    async with http.get("/sandbox/state") as response:
        before = (await response.json())["epoch"]
    async with http.get("/sandbox/events") as events:
        await read_event(events)
        await (await http.post("/sandbox/reset", json={})).read()
        name, _ = await read_event(events)
        while name == "clock":
            name, _ = await read_event(events)
        assert name == "reset"
    async with http.get("/sandbox/state") as response:
        assert (await response.json())["epoch"] != before


async def test_advancing_without_a_schedule_changes_nothing(http: aiohttp.ClientSession) -> None:
    async with http.post("/sandbox/advance", json={}) as response:
        assert (await response.json())["ran"] is None


async def test_an_open_page_does_not_hold_up_the_end(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    async with http.get("/sandbox/events") as events:
        await read_event(events)
        await asyncio.wait_for(sandbox.stop(), 5)
        rest = [line async for line in events.content]
    assert all(line.startswith((b"event: clock", b"data:", b"\n")) for line in rest)


async def test_the_page_is_no_breach_of_the_platforms_protocol(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    for path in ("/", "/sandbox/state", "/sandbox/static/app.js", "/sandbox/static/icon.svg"):
        async with http.get(path) as response:
            assert response.status == 200, path
            if not path.endswith("state"):
                assert response.headers["Cache-Control"] == "no-cache", "an older Steward's page must not stay"
    assert sandbox.violations == []
    assert sandbox.calls == []
