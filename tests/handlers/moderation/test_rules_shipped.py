"""The shipped rules find what is meant and leave colleagues in peace."""

from __future__ import annotations

import pytest

from handlers.moderation.rule import CATEGORIES
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner
from tests.handlers.moderation.corpus import BENIGN, FIRING

RULES = load_rule_files([])
SCANNER = Scanner.from_rules(RULES)


@pytest.mark.parametrize("text", BENIGN)
def test_everyday_messages_are_left_in_peace(text: str) -> None:
    assert [(hit.rule.id, hit.matched) for hit in SCANNER.scan(text)] == []


@pytest.mark.parametrize(("rule", "text"), FIRING)
def test_what_does_not_belong_is_found(rule: str, text: str) -> None:
    assert rule in {hit.rule.id for hit in SCANNER.scan(text)}


def test_there_is_enough_to_judge_by() -> None:
    assert len(set(BENIGN)) >= 150
    assert len(set(FIRING)) >= 150
    assert {rule for rule, _ in FIRING} == {rule.id for rule in RULES}


def test_every_category_has_a_rule_and_nothing_is_enforced_unasked() -> None:
    assert {rule.category for rule in RULES} == set(CATEGORIES)
    assert {rule.state for rule in RULES} == {"observe", "remind"}
    for category in ("advertising", "privacy", "secrecy"):
        assert {rule.state for rule in RULES if rule.category == category} == {"remind"}


def test_every_word_of_a_rule_is_found_by_itself() -> None:
    """A word that its own allow-words always cover would be dead."""
    for rule in RULES:
        scanner = Scanner.from_rules([rule])
        for text in (*rule.words, *("".join(words) for words in rule.combinations)):
            assert scanner.scan(text), (rule.id, text)
