"""docs/rules.md speaks of everything that a rule may hold, and its example is a good rule file."""

from __future__ import annotations

from pathlib import Path

from handlers.moderation import checking, detectors, passes
from handlers.moderation.rule import CATEGORIES, CONSEQUENCES, DEFAULT_WITHIN, SCOPE_ROLES, SEVERITIES, STATES
from handlers.moderation.rules import load_rule_files
from tests.docs.pages import blocks, inline_code, read

PAGE = "docs/rules.md"


def test_every_key_and_every_word_for_one_is_explained() -> None:
    named = set(inline_code(read(PAGE)))
    keys = (*checking._KEYS, *checking.SCOPE_KEYS, *checking.EXAMPLE_KEYS)
    assert [key for key in keys if key not in named] == []
    allowed = (*CATEGORIES, *STATES, *SEVERITIES, *CONSEQUENCES, *SCOPE_ROLES, *passes.NAMES, *detectors.NAMES)
    assert [word for word in allowed if word not in named] == []
    assert f"12）/ characters between the words of a group at most (default {DEFAULT_WITHIN})" in read(PAGE)


def test_the_example_is_a_good_rule_file(tmp_path: Path) -> None:
    [example] = [text for language, text in blocks(read(PAGE)) if language == "toml"]
    file = tmp_path / "rules.toml"
    file.write_text(example, encoding="utf-8")
    rules = load_rule_files([file])
    assert {
        key
        for rule in rules
        for key in ("words", "allow", "detectors", "combinations", "expressions")
        if getattr(rule, key)
    } == {
        "words",
        "allow",
        "detectors",
        "combinations",
        "expressions",
    }
    assert any(rule.scope.kinds for rule in rules)
