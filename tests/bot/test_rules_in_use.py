"""Changed rules are in force with the next message, in the bot that runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import rules_in_use
from bot.app import Steward
from bot.clock import SystemClock
from bot.desk import Desk
from bot.rules_in_use import RulesInUse
from bot.settings import Settings
from handlers.moderation import book
from handlers.moderation.building import scanner_for
from handlers.moderation.rule import Rule
from handlers.moderation.rules import FromFile
from handlers.moderation.scanner import Scanner
from handlers.moderation.written import as_json
from handlers.settings import ModerationSettings
from storage.database import Database
from storage.store import Store
from tests.bot.rig import START

RULE = Rule("r", "abuse", "一.2", words=("坏词",))
FILE = '[[rule]]\nid = "mine"\ncategory = "abuse"\narticle = "一.2"\nwords = ["坏词"]\n'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Database(tmp_path / "steward.db", is_owner=True) as database:
        made = Store(database)
        with database.transaction():
            book.follow(made.rules, [FromFile(RULE, "rules.toml")], START)
        yield made


def put(store: Store, rule: Rule) -> None:
    before = store.rules.get(rule.id)
    assert before is not None
    with store.database.transaction():
        store.rules.put(replace(before, body=as_json(rule), follows=None))


def in_use(store: Store) -> RulesInUse:
    settings = ModerationSettings()
    return RulesInUse(store.rules, rules_in_use.scanner_of(store.rules, settings), settings)


def test_a_desk_takes_the_new_rules_with_the_next_message(tmp_path: Path, store: Store) -> None:
    settings = Settings(base=tmp_path)
    desk = Desk(settings, store, rules_in_use.scanner_of(store.rules, settings.moderation))
    before = desk.context(START).scanner
    assert before.scan("坏词") and not before.scan("丑话")
    assert desk.context(START).scanner is before
    put(store, replace(RULE, words=("丑话",)))
    after = desk.context(START).scanner
    assert after.scan("丑话") and not after.scan("坏词")
    assert desk.context(START).scanner is after


def test_what_cannot_be_built_leaves_the_old_one_and_is_tried_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found = in_use(store)
    before = found.current()
    tried: list[None] = []

    def build(rules: object, settings: object) -> Scanner:
        tried.append(None)
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(rules_in_use, "scanner_for", build)
        put(store, replace(RULE, words=("丑话",)))
        assert found.current() is found.current() is before
    assert len(tried) == 1
    assert "going on with those before" in caplog.text
    put(store, replace(RULE, words=("新词",)))
    assert found.current().scan("新词")


def test_while_one_thread_builds_the_others_wait_for_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    found = in_use(store)
    begun, go_on = threading.Event(), threading.Event()
    built: list[None] = []

    def slowly(rules: tuple[Rule, ...], settings: ModerationSettings) -> Scanner:
        built.append(None)
        begun.set()
        assert go_on.wait(10)
        return scanner_for(rules, settings)

    monkeypatch.setattr(rules_in_use, "scanner_for", slowly)
    put(store, replace(RULE, words=("丑话",)))
    got: list[Scanner] = []
    threads = [threading.Thread(target=lambda: got.append(found.current())) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(built) == 1
    assert len(got) == 3
    assert all(scanner.scan("丑话") for scanner in got)


def test_very_many_words_are_built_beside_and_no_message_waits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    found = in_use(store)
    before = found.current()
    go_on = threading.Event()

    def slowly(rules: tuple[Rule, ...], settings: ModerationSettings) -> Scanner:
        assert go_on.wait(10)
        return scanner_for(rules, settings)

    monkeypatch.setattr(rules_in_use, "scanner_for", slowly)
    monkeypatch.setattr(rules_in_use, "MOST_AT_ONCE", 1)
    put(store, replace(RULE, words=("丑话", "脏话")))
    assert found.current() is before
    put(store, replace(RULE, words=("丑话", "脏话", "新词")))
    assert found.current() is before
    go_on.set()
    deadline = threading.Event()
    for _ in range(1000):
        if found.current().scan("新词"):
            break
        deadline.wait(0.01)
    assert found.current().scan("新词") and found.current().scan("脏话")


def test_a_change_while_other_settings_are_taken_is_not_lost_and_no_message_waits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = in_use(store)
    before = found.current()
    begun, go_on = threading.Event(), threading.Event()

    def slowly(rules: tuple[Rule, ...], settings: ModerationSettings) -> Scanner:
        begun.set()
        assert go_on.wait(10)
        return scanner_for(rules, settings)

    monkeypatch.setattr(rules_in_use, "scanner_for", slowly)
    monkeypatch.setattr(rules_in_use, "PATIENCE", 60)
    put(store, replace(RULE, words=("丑话",)))
    obeying = threading.Thread(target=lambda: found.obey(ModerationSettings(student_number="20########")))
    obeying.start()
    assert begun.wait(10)
    put(store, replace(RULE, words=("新词",)))
    assert found.current() is before
    go_on.set()
    obeying.join(10)
    assert found.current().scan("新词")


def test_what_did_not_change_is_not_read_again(store: Store) -> None:
    first = book.read(store.rules)
    second = book.read(store.rules, first)
    assert second.known[0] is first.known[0]
    put(store, replace(RULE, words=("丑话",)))
    assert book.read(store.rules, first).rules == (replace(RULE, words=("丑话",)),)


def test_a_bot_that_opens_follows_its_files_and_keeps_what_was_changed(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(FILE, encoding="utf-8")
    settings = Settings(base=tmp_path, moderation=ModerationSettings(rules=("mine.toml",)))

    def rules() -> tuple[Rule, ...]:
        steward = Steward.open(settings, SystemClock())
        try:
            return book.read(steward.store.rules).rules
        finally:
            steward.close()

    [first] = rules()
    assert first.words == ("坏词",)
    file.write_text(FILE.replace("坏词", "丑话"), encoding="utf-8")
    assert [rule.words for rule in rules()] == [("丑话",)]
    with Database(tmp_path / "steward.db") as database:
        put(Store(database), replace(first, words=("我的",)))
    file.write_text(FILE.replace("坏词", "别的"), encoding="utf-8")
    assert [rule.words for rule in rules()] == [("我的",)]
