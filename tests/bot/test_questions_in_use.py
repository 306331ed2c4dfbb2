"""A question that is added to an article is in use with the next message, in the bot that runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.desk import Desk
from bot.settings import Settings
from handlers.message import Body, ChatKind, Incoming, Reply, Sender
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner
from handlers.policy import shipped
from handlers.policy.documents.corpus import parse
from handlers.policy.documents.importing import take_in
from storage.database import Database
from storage.store import Store
from tests.bot.rig import START
from tests.handlers.policy.desk import CARS, CARS_TEXT

QUESTION = "周末能不能开回家"


def test_a_question_counts_from_the_next_message_on_and_no_longer_than_it_is_there(tmp_path: Path) -> None:
    with Database(tmp_path / "steward.db", is_owner=True) as database:
        store = Store(database)
        with database.transaction():
            shipped.install(store.policies, START)
            take_in(parse(CARS_TEXT), store.policies, START, START.date())
        settings = Settings.model_validate({"base": tmp_path, "roles": {"main_admins": ["chief"]}})
        desk = Desk(settings, store, Scanner.from_rules(load_rule_files([])))
        said = 0

        def say(text: str, person: str = "p") -> Body:
            nonlocal said
            said += 1
            message = Incoming(f"m{said}", f"private-{person}", ChatKind.PRIVATE, Sender(person), text)
            with database.transaction():
                sent = desk.handle(message, START + timedelta(minutes=said))
            [body] = [one.body for one in sent if isinstance(one, Reply)]
            return body

        assert "第四条" not in say(QUESTION).text
        added = say(f"/规章 问法 添加 第四条\n{QUESTION}？\n能开去买菜吗", "chief")
        assert f"已加到 《{CARS}》第四条" in added.text
        before = desk.index(START)
        assert "第四条" in say(QUESTION, "q").text
        assert desk.index(START) is before, "nothing else has changed"
        code = say("/规章 问法 删除 第四条 1", "chief").text.split("/确认 ")[1][:4]
        [back] = say(f"/确认 {code}", "chief").buttons
        assert desk.index(START) is not before
        assert "已加到" in say(back.says, "chief").text
        [(_, article)] = desk.index(START).named("第四条")
        assert set(article.questions) == {f"{QUESTION}？", "能开去买菜吗"}
