"""The shipped rules find what is meant and leave colleagues in peace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.evaluation.flags.measure import measure
from bench.evaluation.flags.sets import negatives, positives
from handlers.moderation.excused import serious
from handlers.moderation.rule import CATEGORIES, Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Hit, Scanner
from tests.handlers.moderation.corpus import BENIGN, FIRING

RULES = load_rule_files([])
SCANNER = Scanner.from_rules(RULES)
ARTICLES = {"一.2", "一.4", "四.(三).2", "五.2", "五.3"}
"""Those by which the regulation asks for a flag."""


def found(text: str) -> list[Hit]:
    return serious(text, SCANNER.scan(text))


@pytest.mark.parametrize("text", BENIGN)
def test_everyday_messages_are_left_in_peace(text: str) -> None:
    assert [(hit.rule.id, hit.matched) for hit in found(text)] == []


@pytest.mark.parametrize(("category", "text"), FIRING)
def test_what_does_not_belong_is_found(category: str, text: str) -> None:
    assert category in {hit.rule.category for hit in found(text)}


def test_there_is_enough_to_judge_by() -> None:
    assert len(set(BENIGN)) >= 150
    assert len(set(FIRING)) >= 150
    assert {category for category, _ in FIRING} == set(CATEGORIES)


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_has_its_rules(category: str) -> None:
    assert 6 <= sum(rule.category == category for rule in RULES) <= 15


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_only_observes_and_says_what_it_is_about(rule: Rule) -> None:
    assert rule.state == "observe"
    assert rule.article in ARTICLES
    assert rule.meaning
    assert rule.advice.endswith("。")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_keeps_its_examples(rule: Rule) -> None:
    assert len(set(rule.examples.fire)) >= 5
    assert len(set(rule.examples.quiet)) >= 5
    for text in rule.examples.fire:
        assert rule.id in {hit.rule.id for hit in found(text)}, text
    for text in rule.examples.quiet:
        assert rule.id not in {hit.rule.id for hit in SCANNER.scan(text)}, text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_word_of_a_rule_is_found_by_itself(rule: Rule) -> None:
    """A word that its own allow-words always cover would be dead; one that stands there twice is one too many."""
    assert len(set(rule.words)) == len(rule.words)
    scanner = Scanner.from_rules([replace(rule, unless_harmless=False)])
    for word in rule.words:
        assert scanner.scan(word), word


def test_the_corpus_that_rules_are_tuned_on_is_found_and_left_in_peace() -> None:
    measured = measure(SCANNER, positives("dev"), negatives("dev"))
    assert len(measured.positives) >= 330
    assert len(measured.negatives) >= 330
    assert measured.recall >= 0.97
    assert measured.flagged <= 0.01
