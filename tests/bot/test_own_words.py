"""The admins' own words are in use with the next message, in the bot that runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.desk import Desk
from bot.settings import Settings
from handlers.message import ChatKind, Incoming, Outgoing, Reply, Sender
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner
from handlers.policy import shipped
from handlers.policy.documents.corpus import parse
from handlers.policy.documents.importing import take_in
from storage.database import Database
from storage.store import Store
from tests.bot.rig import START
from tests.handlers.policy.desk import CARS_TEXT

WORDS = '[[synonyms]]\nwords = ["公务用车", "大黄蜂"]\n'


def test_a_word_of_the_college_is_understood_from_the_next_message_on(tmp_path: Path) -> None:
    with Database(tmp_path / "steward.db", is_owner=True) as database:
        store = Store(database)
        with database.transaction():
            shipped.install(store.policies, START)
            take_in(parse(CARS_TEXT), store.policies, START, START.date())
        desk = Desk(Settings(base=tmp_path), store, Scanner.from_rules(load_rule_files([])))
        asked = 0

        def ask(question: str) -> str:
            nonlocal asked
            asked += 1
            message = Incoming(f"m{asked}", "private-p", ChatKind.PRIVATE, Sender("p"), question)
            sent: list[Outgoing] = desk.handle(message, START + timedelta(hours=asked))
            [body] = [one.body for one in sent if isinstance(one, Reply)]
            return body.text

        question = "大黄蜂可以用于私事吗"
        before = desk.index(START)
        assert desk.index(START) is before
        (tmp_path / "synonyms.toml").write_text(WORDS, encoding="utf-8")
        assert desk.index(START) is not before
        assert desk.index(START) is desk.index(START)
        assert "第四条" in ask(question)
        (tmp_path / "synonyms.toml").write_text("broken", encoding="utf-8")
        assert "第四条" in ask(question)
