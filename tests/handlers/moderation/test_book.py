"""Rules on their way from files into the database and back, and as they are written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation import book, detectors, passes
from handlers.moderation.checking import KINDS, check
from handlers.moderation.normalise import bare
from handlers.moderation.rule import CATEGORIES, SCOPE_ROLES, SEVERITIES, STATES, Examples, Rule, Scope
from handlers.moderation.rules import FromFile, RuleError, load_rule_files, read_rule_files, read_rule_text
from handlers.moderation.written import as_json, as_toml, from_json, table_of
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
RULE = Rule("adverts", "advertising", "五.2", words=("代写",))
OTHER = Rule("abuse", "abuse", "一.2", words=("骂人",))


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def follow(store: Store, *rules: Rule, file: str = "rules.toml") -> list[str]:
    return book.follow(store.rules, [FromFile(rule, file) for rule in rules], NOW)


def in_force(store: Store) -> tuple[Rule, ...]:
    return book.read(store.rules).rules


def change(store: Store, rule: Rule, *, is_removed: bool = False) -> None:
    """What a command does."""
    before = store.rules.get(rule.id)
    assert before is not None
    store.rules.put(replace(before, body=as_json(rule), by="li", follows=None, is_removed=is_removed))


def test_files_give_an_empty_database_its_rules_in_their_order(store: Store) -> None:
    shipped = read_rule_files([])
    book.follow(store.rules, shipped, NOW)
    assert in_force(store) == load_rule_files([])
    assert {one.stored.what for one in book.read(store.rules).known} == {"来自 内置"}
    revision = store.rules.revision()
    assert book.follow(store.rules, shipped, NOW) == []
    assert store.rules.revision() == revision


def test_a_rule_that_nobody_changed_follows_its_file(store: Store) -> None:
    follow(store, RULE, OTHER)
    changed = replace(RULE, words=("代写", "代考"))
    assert follow(store, changed, OTHER) == ["adverts"]
    assert in_force(store) == (changed, OTHER)
    assert follow(store, changed) == ["abuse"]
    assert in_force(store) == (changed,)
    assert follow(store, changed, OTHER) == ["abuse"]
    assert in_force(store) == (changed, OTHER)


def test_what_somebody_changed_stays_whatever_the_file_says(store: Store) -> None:
    follow(store, RULE, OTHER)
    mine = replace(RULE, words=("代考",))
    change(store, mine)
    change(store, OTHER, is_removed=True)
    assert follow(store, replace(RULE, words=("x",)), OTHER) == []
    assert in_force(store) == (mine,)
    assert follow(store) == []
    assert in_force(store) == (mine,)


def test_a_rule_may_move_to_another_file(store: Store) -> None:
    follow(store, RULE)
    assert follow(store, RULE, file="other.toml") == ["adverts"]
    assert [one.stored.follows for one in book.read(store.rules).known] == ["other.toml"]


def test_one_row_that_cannot_be_read_leaves_the_others_in_force(store: Store) -> None:
    follow(store, RULE, OTHER)
    store.database.execute("update rule_versions set body = replace(body, '代写', '*') where rule = 1")
    found = book.read(store.rules)
    assert found.rules == (OTHER,)
    assert "去掉空格和符号后是空的" in found.problems[0]


def test_a_file_that_was_sent_is_read_as_one_that_lies_there() -> None:
    assert read_rule_text("a.toml", as_toml([RULE, OTHER]).encode("utf-8-sig")) == (RULE, OTHER)
    for data in (b"\xff", b"[[rule]", b"rule = " + b"[" * 50_000, b"[[rule]]\nid = 1"):
        with pytest.raises(RuleError) as caught:
            read_rule_text("a.toml", data)
        assert all(line.startswith("a.toml") and "/ " in line for line in caught.value.problems)


TEXT = st.text(max_size=12)
LINE = st.text(st.characters(exclude_categories=["Zl", "Zp", "Cc", "Cs"]), max_size=20).map(str.strip)
WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(lambda word: bool(bare(word)))


def some(values: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=most, unique=True).map(tuple)


RULES = st.builds(
    Rule,
    id=st.from_regex(r"\A[\w.-]{1,20}\Z"),
    category=st.sampled_from(CATEGORIES),
    article=LINE.filter(bool),
    state=st.sampled_from(STATES),
    severity=st.sampled_from(SEVERITIES),
    words=st.lists(WORD, min_size=1, max_size=3).map(tuple),
    allow=some(WORD),
    detectors=some(st.sampled_from(detectors.ALL_NAMES)),
    passes=some(st.sampled_from(passes.NAMES)),
    boundary=st.booleans(),
    unless_harmless=st.booleans(),
    domains=some(st.sampled_from(["example.edu.cn", "a.cn"])),
    scope=st.builds(
        Scope,
        kinds=some(st.sampled_from(KINDS)),
        departments=some(st.sampled_from(["学院/教务处", "财务处"])),
        groups=some(LINE),
        roles=some(st.sampled_from(SCOPE_ROLES)),
        hours=st.sampled_from(["", "working-hours", "Mon-Fri 08:00-18:00"]),
    ),
    consequences=some(st.sampled_from(["sender", "owner", "head", "admins", "public"])),
    meaning=LINE,
    advice=LINE,
    examples=st.builds(Examples, fire=some(WORD), quiet=some(WORD)),
)


@given(
    RULES, st.lists(WORD.filter(lambda word: "|" not in word), min_size=2, max_size=4, unique=True), st.integers(0, 200)
)
def test_what_is_written_reads_the_same(rule: Rule, words: list[str], within: int) -> None:
    rule = replace(rule, combinations=(tuple(words),), within=within)
    assert from_json(as_json(rule)) == rule
    assert check("f", tomllib.loads(as_toml([rule])), ()) == ([rule], [])
    assert as_json(from_json(as_json(rule))) == as_json(rule)


def test_what_is_as_usual_is_not_written() -> None:
    assert table_of(RULE) == {
        "id": "adverts",
        "category": "advertising",
        "article": "五.2",
        "state": "observe",
        "words": ["代写"],
    }
