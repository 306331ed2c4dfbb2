"""From the tables of a rule file to rules, with one line for every mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final, get_args

from handlers.moderation import detectors, passes
from handlers.moderation.combinations import alternatives
from handlers.moderation.expressions import ExpressionError, compile_expression
from handlers.moderation.hours import HoursError, read_hours
from handlers.moderation.normalise import bare
from handlers.moderation.rule import (
    CATEGORIES,
    CONSEQUENCES,
    DEFAULT_WITHIN,
    SCOPE_ROLES,
    SEVERITIES,
    STATES,
    Examples,
    Rule,
    Scope,
)
from handlers.moderation.values import Values, nearest
from handlers.settings import GroupKind

KINDS: Final[tuple[str, ...]] = get_args(GroupKind)
MATCHERS = ("words", "detectors", "all", "expressions")
_KEYS = (
    *("id", "category", "article", "state", "severity", *MATCHERS, "allow", "within", "at_least", "passes"),
    *("boundary", "unless_harmless", "domains", "scope", "consequences", "meaning", "advice", "examples"),
)
SCOPE_KEYS = ("kinds", "departments", "groups", "roles", "hours")
EXAMPLE_KEYS = ("fire", "quiet")
_ID = re.compile(r"[\w.-]{1,60}")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,10}[\w-]{2,63}")
_MOST_WITHIN = 200
_MOST_AT_LEAST = 20
LONGEST_SENTENCE = 200
"""Characters of `meaning` and `advice`, which people read on a phone."""
_EXAMPLES = {"id": '，如 "secrecy-words"', "article": '（依据的条款），如 "五.2"'}


def check(file: str, tables: Mapping[str, Any], taken: Collection[str]) -> tuple[list[Rule], list[str]]:
    """The rules of a file that are in order, and a line for each mistake. `taken` are the ids of earlier files."""
    problems = [
        f"{file} {key}：顶层只能写 [[rule]]{nearest(key, ('rule',))} / only [[rule]] may stand at the top"
        for key in tables
        if key != "rule"
    ]
    written = tables.get("rule", [])
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        return [], [*problems, f"{file} rule：要写成 [[rule]] / must be written as [[rule]]"]
    if not written:
        problems.append(f"{file}：一条 [[rule]] 也没有 / holds no [[rule]]")
    rules: list[Rule] = []
    ids = set(taken)
    for number, values in enumerate(written, start=1):
        reading = _Reading(file, number, values)
        rule = reading.rule()
        if isinstance(values.get("id"), str):
            if values["id"] in ids:
                reading.wrong("id", "这个编号已经用过，请换一个 / is used already, choose another", values["id"])
                rule = None
            ids.add(values["id"])
        problems += reading.problems
        if rule is not None:
            rules.append(rule)
    return rules, problems


class _Reading:
    """One `[[rule]]` table on its way to a rule."""

    def __init__(self, file: str, number: int, values: Mapping[str, Any]) -> None:
        name = values.get("id")
        self._where = f"{file} 规则 {name}" if isinstance(name, str) and name else f"{file} 第 {number} 条规则"
        self._values = Values(values, self.wrong)
        self.problems: list[str] = []

    def wrong(self, key: str, said: str, value: object) -> None:
        """Note a mistake; `value` is what was written, None where nothing was."""
        written = "" if value is None else f" = {value!r}"
        self.problems.append(f"{self._where} {key}{written}：{said}")

    def rule(self) -> Rule | None:
        """The rule, or None when there are mistakes."""
        values = self._values
        values.only(_KEYS)
        identity, article = values.text("id", _EXAMPLES["id"]), values.text("article", _EXAMPLES["article"])
        if identity and not _ID.fullmatch(identity):
            values.wrong("id", "只能用字母、数字、点、横线，至多 60 个 / letters, digits, dots and dashes, 60 at most")
        combinations = self._combinations()
        rule = Rule(
            id=identity,
            category=values.choice("category", CATEGORIES),  # type: ignore[arg-type]
            article=article,
            state=values.choice("state", STATES) if "state" in values else "observe",  # type: ignore[arg-type]
            severity=values.choice("severity", SEVERITIES) if "severity" in values else "medium",  # type: ignore[arg-type]
            words=self._words("words"),
            allow=self._words("allow"),
            detectors=values.choices("detectors", detectors.ALL_NAMES),
            combinations=combinations,
            within=self._of_combinations("within", DEFAULT_WITHIN, 0, _MOST_WITHIN),
            at_least=self._at_least(combinations),
            expressions=self._expressions(),
            passes=values.choices("passes", passes.NAMES),
            boundary=values.yes_or_no("boundary"),
            unless_harmless=values.yes_or_no("unless_harmless"),
            domains=self._domains(),
            scope=self._scope(),
            consequences=values.choices("consequences", CONSEQUENCES),
            meaning=values.optional("meaning", LONGEST_SENTENCE),
            advice=values.optional("advice", LONGEST_SENTENCE),
            examples=self._examples(),
        )
        if not any(values.get(key) for key in MATCHERS) and not self.problems:
            values.wrong("words", "规则是空的，请写 words、detectors、all 或 expressions 中的一种 / the rule is empty")
        if "ding" in rule.consequences and (rule.category != "secrecy" or rule.severity != "high"):
            said = "打钉只用于轻重为 high 的涉密规则 / only for rules on secrecy whose severity is high"
            values.wrong("consequences", said, "ding")
        return None if self.problems else rule

    def _words(self, key: str) -> tuple[str, ...]:
        words = self._values.texts(key)
        for word in words:
            self._check_word(key, word)
        return words

    def _check_word(self, key: str, word: str) -> None:
        if not bare(word):
            self._values.wrong(key, "去掉空格和符号后是空的，请写文字 / has neither letter nor digit", word)

    def _combinations(self) -> tuple[tuple[str, ...], ...]:
        value = self._values.get("all", [])
        if not isinstance(value, list) or not all(
            isinstance(words, list) and len(words) > 1 and all(isinstance(word, str) for word in words)
            for words in value
        ):
            self._values.wrong(
                "all", '要写成 [["代写", "论文"], …]，每组至少两个词 / must be lists of two words or more'
            )
            return ()
        for words in value:
            for word in words:
                for alternative in alternatives(word):
                    self._check_word("all", alternative)
        return tuple(tuple(words) for words in value)

    def _of_combinations(self, key: str, default: int, least: int, most: int) -> int:
        if key in self._values and "all" not in self._values:
            self._values.wrong(key, "只和 all 一起用 / goes with all only")
            return default
        return self._values.whole(key, default, least, most)

    def _at_least(self, combinations: tuple[tuple[str, ...], ...]) -> int:
        least = self._of_combinations("at_least", 0, 2, _MOST_AT_LEAST)
        fewest = min((len(set(words)) for words in combinations), default=0)
        if combinations and least > fewest:
            said = f"有一组只有 {fewest} 个词，要不了这么多 / a group has fewer words than that"
            self._values.wrong("at_least", said)
        return least

    def _expressions(self) -> tuple[str, ...]:
        patterns = self._values.texts("expressions")
        for pattern in patterns:
            try:
                compile_expression(pattern)
            except ExpressionError as error:
                self._values.wrong("expressions", str(error), pattern)
        return patterns

    def _domains(self) -> tuple[str, ...]:
        domains = self._values.texts("domains")
        for domain in domains:
            if not _DOMAIN.fullmatch(domain):
                self._values.wrong("domains", '要写域名，如 "example.edu.cn" / must be a domain', domain)
        return tuple(domain.lower() for domain in domains)

    def _scope(self) -> Scope:
        scope = self._values.table("scope")
        scope.only(SCOPE_KEYS)
        hours = scope.optional("hours", 100)
        try:
            if hours:
                read_hours(hours)
        except HoursError as error:
            scope.wrong("hours", str(error))
        return Scope(
            kinds=scope.some_of("kinds", KINDS),
            departments=tuple(filter(None, (path.strip(" /") for path in scope.texts("departments")))),
            groups=scope.texts("groups"),
            roles=scope.some_of("roles", SCOPE_ROLES),
            hours=hours,
        )

    def _examples(self) -> Examples:
        examples = self._values.table("examples")
        examples.only(EXAMPLE_KEYS)
        return Examples(examples.texts("fire"), examples.texts("quiet"))
