"""A rule as it is written: the table of a rule file, the JSON that is stored, and TOML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from handlers import toml
from handlers.moderation.checking import check
from handlers.moderation.rule import DEFAULT_WITHIN, Rule


class WrittenError(ValueError):
    """What was written is no rule. `problems` holds one line for each mistake."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def table_of(rule: Rule) -> dict[str, Any]:
    """The `[[rule]]` table that says this rule; what is as usual is left out."""
    table: dict[str, Any] = {"id": rule.id, "category": rule.category, "article": rule.article, "state": rule.state}
    if rule.severity != "medium":
        table["severity"] = rule.severity
    table |= _filled(
        meaning=rule.meaning,
        advice=rule.advice,
        words=list(rule.words),
        all=[list(words) for words in rule.combinations],
        within=rule.within if rule.combinations and rule.within != DEFAULT_WITHIN else None,
        at_least=rule.at_least if rule.combinations else 0,
        detectors=list(rule.detectors),
        domains=list(rule.domains),
        expressions=list(rule.expressions),
        allow=list(rule.allow),
        passes=list(rule.passes),
        boundary=rule.boundary,
        unless_harmless=rule.unless_harmless,
        consequences=list(rule.consequences),
    )
    scope = rule.scope
    table |= _filled(
        scope=_filled(
            kinds=list(scope.kinds),
            departments=list(scope.departments),
            groups=list(scope.groups),
            roles=list(scope.roles),
            hours=scope.hours,
        ),
        examples=_filled(fire=list(rule.examples.fire), quiet=list(rule.examples.quiet)),
    )
    return table


def _filled(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value or (key == "within" and value == 0)}


def rule_of(table: Mapping[str, Any]) -> Rule:
    """The rule that a table says. Raises `WrittenError`."""
    rules, problems = check("", {"rule": [dict(table)]}, ())
    if problems:
        raise WrittenError(line.strip() for line in problems)
    return rules[0]


def as_json(rule: Rule) -> str:
    """What is stored: the same text for the same rule."""
    return json.dumps(table_of(rule), ensure_ascii=False)


def from_json(body: str) -> Rule:
    """The rule that was stored. Raises `WrittenError`."""
    return rule_of(json.loads(body))


def as_toml(rules: Iterable[Rule]) -> str:
    """A rule file."""
    return "\n".join(map(_toml, rules))


def _toml(rule: Rule) -> str:
    table = table_of(rule)
    sections = {key: table.pop(key) for key in ("scope", "examples") if key in table}
    lines = ["[[rule]]", *_lines(table)]
    for name, values in sections.items():
        lines += [f"[rule.{name}]", *_lines(values)]
    return "\n".join(lines) + "\n"


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return toml.text(value)
    if value and isinstance(value[0], list):
        return "[\n" + "".join(f"  [{', '.join(map(toml.text, words))}],\n" for words in value) + "]"
    return toml.texts(value)
