"""Models beside the bot, end to end: what people read when they behave, and that nothing breaks when they do not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from handlers.policy.answering.retold import NOTE
from sandbox.college import ADMIN, STAFF
from storage.groups import Group
from tests.bot.stand_in import Answer, StandIn, a_stand_in, never
from tests.scenarios.college_day import CollegeDay, college_day, write_settings

CHAT = f"private:{STAFF}"
QUESTION = "退休的同事还要留在群里吗"
MARK = NOTE.partition("（")[0]
RIGHT = "退休的人，管理员要及时从群里清退。[1]"


def settings(stand_in: StandIn, more: str = "") -> str:
    return f'[language_model]\naddress = "{stand_in.url}"\nmodel = "m"\ntimeout_seconds = 0.5\n{more}\n'


async def plain_answer(folder: Path) -> str:
    """What is said without any model."""
    async with college_day(folder) as day:
        return (await day.ask(STAFF, CHAT, QUESTION, "退休")).text


def from_the_article(asked: dict[str, Any]) -> str:
    """A model that says the first clauses of the first article as they stand."""
    text: str = asked["articles"][0]["text"]
    return f"{text.splitlines()[0][:60]}[1]"


async def test_a_rephrasing_stands_above_the_article(tmp_path: Path) -> None:
    async with a_stand_in() as model, college_day(tmp_path, more=settings(model)) as day:
        model.answer = from_the_article
        said = (await day.ask(STAFF, CHAT, QUESTION, MARK)).text
        article = model.asked[0]["articles"][0]
        lead, _, rest = said.partition(MARK)
        assert article["text"][:10] in lead
        assert article["number"] in rest
        assert article["text"][:10] in rest, "the article itself is still quoted"
        await day.ask(STAFF, CHAT, "今天食堂吃什么", "规章里没有")
        await day.ask(STAFF, CHAT, "/帮助", "帮助")
        await day.ask(STAFF, CHAT, "谢谢", "不客气")
        assert len(model.asked) == 1, "only what articles answer is worth a rephrasing"


BAD: list[tuple[str, Answer]] = [
    ("invented number", lambda asked: "退休的人，管理员要在97天内从群里清退。[1]"),
    ("wrong id", lambda asked: "退休的人，管理员要从群里清退。[9]"),
    ("no id", lambda asked: "退休的人，管理员要从群里清退。"),
    ("link", lambda asked: "退休的人，管理员要从群里清退，见 https://evil.example [1]"),
    ("mention", lambda asked: "@所有人 退休的人，管理员要从群里清退。[1]"),
    ("telephone", lambda asked: "退休的人，管理员要从群里清退，请打 13900001111。[1]"),
    ("markup", lambda asked: "# 退休的人，**管理员**要从群里清退。[1]"),
    ("html", lambda asked: web.Response(text="<html>", content_type="text/html")),
    ("error", lambda asked: web.Response(status=500)),
    ("redirect", lambda asked: web.Response(status=307, headers={"Location": "http://evil.example/"})),
    ("huge", lambda asked: web.Response(text="x" * 2_000_000)),
    ("slow", never),
]


@pytest.mark.parametrize("answer", [answer for _, answer in BAD], ids=[name for name, _ in BAD])
async def test_a_bad_one_costs_nothing_but_itself(tmp_path: Path, answer: Answer) -> None:
    (tmp_path / "plain").mkdir()
    plain = await plain_answer(tmp_path / "plain")
    async with a_stand_in() as model, college_day(tmp_path, more=settings(model)) as day:
        model.answer = answer
        assert (await day.ask(STAFF, CHAT, QUESTION, "退休")).text == plain
        assert len(model.asked) == 1


async def test_it_is_asked_only_where_and_for_whom_the_settings_say(tmp_path: Path) -> None:
    more = "private = false\nkinds = []"
    async with a_stand_in() as model, college_day(tmp_path, more=settings(model, more)) as day:
        model.answer = from_the_article
        said = await day.ask(STAFF, CHAT, QUESTION, "退休")
        assert MARK not in said.text
        assert model.asked == []


async def test_in_a_group_it_goes_by_the_kind(tmp_path: Path) -> None:
    async with a_stand_in() as model, college_day(tmp_path, more=settings(model)) as day:
        model.answer = from_the_article
        store, chats = day.steward.store, [group for group in day.world.groups.values() if not group.is_external]
        for kind, chat in zip(("department", "class", "project"), chats, strict=False):
            with store.database.transaction():
                store.groups.save(Group(chat.conversation_id, chat.title, kind, registered_at=day.clock.now()))
            person = next(key for key in chat.members if day.world.people[key].staff_id is not None)
            before = len(model.asked)
            await day.ask(person, chat.conversation_id, QUESTION)
            assert (len(model.asked) > before) is (kind != "class"), kind


async def test_an_admin_hears_how_it_stands(tmp_path: Path) -> None:
    async with a_stand_in() as model, college_day(tmp_path, more=settings(model), admins=(ADMIN,)) as day:
        model.answer = lambda asked: web.Response(status=401)
        said = await day.ask(ADMIN, f"private:{ADMIN}", "/自检", "语言模型：接口不接受请求，问答改发条文原文")
        assert "核对 [language_model] 的 address、model 和 key" in said.text.replace("［", "[").replace("］", "]")


async def test_what_a_rule_finds_does_not_leave_the_house(tmp_path: Path) -> None:
    async with a_stand_in() as model, college_day(tmp_path, more=settings(model)) as day:
        await say(day, "退休的同事还要留在群里吗？他的身份证号是11010519491231002X")
        assert model.asked == []


async def until(day: CollegeDay, state: str) -> None:
    """Wait until the sentence model is in this state."""
    async with asyncio.timeout(60):
        while day.steward.models.keeper.state != state:
            await asyncio.sleep(0.05)


async def say(day: CollegeDay, text: str) -> None:
    await day.sandbox.say(STAFF, CHAT, text)
    await day.sandbox.until_settled()
    await day.settle()


async def test_models_can_be_turned_on_and_off_while_the_bot_runs(tmp_path: Path) -> None:
    async with a_stand_in() as model, college_day(tmp_path) as day:
        model.answer = from_the_article
        await day.ask(STAFF, CHAT, QUESTION, "退休")
        assert model.asked == []
        both = settings(model, f'[semantic]\nsource = "address"\naddress = "{model.url}"\nmodel = "e"')
        found = await day.steward.reload(write_settings(tmp_path, day.sandbox, more=both))
        assert "[language_model] address" in found.changed
        await until(day, "ready")
        await day.ask(STAFF, CHAT, QUESTION, MARK)
        assert len(model.asked) == 1
        await day.steward.reload(write_settings(tmp_path, day.sandbox))
        await until(day, "off")
        await day.ask(STAFF, CHAT, QUESTION, "退休")
        assert len(model.asked) == 1


async def test_a_sentence_model_finds_what_words_do_not(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    async with a_stand_in() as model:
        more = f'[semantic]\nsource = "address"\naddress = "{model.url}"\nmodel = "e"\n'
        async with college_day(tmp_path, more=more) as day:
            await until(day, "ready")
            filled = len(model.embedded)
            await day.ask(STAFF, CHAT, f"{QUESTION}，他的工号是20231234", "退休")
            asked = model.embedded[filled:]
            assert any("202***34" in text for text in asked)
            assert all("20231234" not in text for text in asked)
            model.embeddings_status = 500
            for _ in range(5):
                await day.ask(STAFF, CHAT, QUESTION, "退休")
            await until(day, "failing")
        async with college_day(tmp_path, more=more) as day:
            model.embeddings_status = 200
            model.embedded.clear()
            await until(day, "ready")
            assert model.embedded == [], "what was stored is not made again"
