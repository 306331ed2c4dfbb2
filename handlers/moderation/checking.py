"""From the tables of a rule file to rules, with one line for every mistake."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, get_args

from handlers.moderation import detectors
from handlers.moderation.expressions import ExpressionError, compile_expression
from handlers.moderation.normalise import bare
from handlers.moderation.rule import DEFAULT_WITHIN, Category, Rule, State
from handlers.settings import GroupKind

CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
STATES: Final[tuple[str, ...]] = get_args(State)
_KINDS: Final[tuple[str, ...]] = get_args(GroupKind)

_REQUIRED = ("id", "category", "article")
_MATCHERS = ("words", "detectors", "all", "expressions")
_KEYS = (*_REQUIRED, "state", *_MATCHERS, "allow", "within", "scope")
_ID = re.compile(r"[\w.-]{1,60}")
_MOST_WITHIN = 200


def check(file: str, tables: Mapping[str, Any], taken: Collection[str]) -> tuple[list[Rule], list[str]]:
    """The rules of a file that are in order, and a line for each mistake. `taken` are the ids of earlier files."""
    problems = [
        f"{file} {key}：顶层只能写 [[rule]]{_nearest(key, ('rule',))} / only [[rule]] may stand at the top"
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
                reading.wrong("id", "这个编号已经用过，请换一个 / is used already, choose another")
                rule = None
            ids.add(values["id"])
        problems += reading.problems
        if rule is not None:
            rules.append(rule)
    return rules, problems


class _Reading:
    """One `[[rule]]` table on its way to a rule."""

    def __init__(self, file: str, number: int, values: Mapping[str, Any]) -> None:
        self._values = values
        name = values.get("id")
        self._where = f"{file} 规则 {name}" if isinstance(name, str) and name else f"{file} 第 {number} 条规则"
        self.problems: list[str] = []

    def wrong(self, key: str, said: str, *, value: object = None) -> None:
        """Note a mistake; `value` is what was written, the key's own value when not given."""
        shown = self._values.get(key) if value is None else value
        written = "" if shown is None else f" = {shown!r}"
        self.problems.append(f"{self._where} {key}{written}：{said}")

    def rule(self) -> Rule | None:
        """The rule, or None when there are mistakes."""
        for key in self._values:
            if key not in _KEYS:
                self.wrong(key, f"没有这一项{_nearest(key, _KEYS)} / unknown key")
        identity, article = self._text("id"), self._text("article")
        if identity and not _ID.fullmatch(identity):
            self.wrong("id", "只能用字母、数字、点、横线，至多 60 个 / letters, digits, dots and dashes, 60 at most")
        rule = Rule(
            id=identity,
            category=self._choice("category", CATEGORIES),  # type: ignore[arg-type]
            article=article,
            state=self._choice("state", STATES) if "state" in self._values else "observe",  # type: ignore[arg-type]
            words=self._words("words"),
            allow=self._words("allow"),
            detectors=self._detectors(),
            combinations=self._combinations(),
            within=self._within(),
            expressions=self._expressions(),
            kinds=self._kinds(),
        )
        if not any(self._values.get(key) for key in _MATCHERS) and not self.problems:
            self.wrong("words", "规则是空的，请写 words、detectors、all 或 expressions 中的一种 / the rule is empty")
        return None if self.problems else rule

    def _text(self, key: str) -> str:
        value = self._values.get(key)
        if key not in self._values:
            self.wrong(key, f"缺少这一项{_EXAMPLES[key]} / is missing")
        elif not isinstance(value, str) or not value.strip():
            self.wrong(key, f"要写带引号的文字{_EXAMPLES[key]} / must be text in quotes")
        else:
            return value.strip()
        return ""

    def _choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._values.get(key)
        if isinstance(value, str) and value in allowed:
            return value
        if key not in self._values:
            self.wrong(key, f"缺少这一项，可写 {'、'.join(allowed)} / is missing")
        else:
            self.wrong(key, f"只能是 {'、'.join(allowed)}{_nearest(value, allowed)} / must be one of these")
        return allowed[0]

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.wrong(key, '要写文字列表，如 ["…", "…"] / must be a list of texts')
        return ()

    def _words(self, key: str) -> tuple[str, ...]:
        words = self._texts(key)
        for word in words:
            self._check_word(key, word)
        return words

    def _check_word(self, key: str, word: str) -> None:
        if not bare(word):
            self.wrong(key, "去掉空格和符号后是空的，请写文字 / has neither letter nor digit", value=word)

    def _detectors(self) -> tuple[str, ...]:
        names = self._texts("detectors")
        for name in names:
            if name not in detectors.NAMES:
                near = _nearest(name, detectors.NAMES)
                self.wrong("detectors", f"只能是 {'、'.join(detectors.NAMES)}{near} / must be one of these", value=name)
        return names

    def _combinations(self) -> tuple[tuple[str, ...], ...]:
        value = self._values.get("all", [])
        if not isinstance(value, list) or not all(
            isinstance(words, list) and len(words) > 1 and all(isinstance(word, str) for word in words)
            for words in value
        ):
            self.wrong("all", '要写成 [["代写", "论文"], …]，每组至少两个词 / must be lists of two words or more')
            return ()
        for words in value:
            for word in words:
                self._check_word("all", word)
        return tuple(tuple(words) for words in value)

    def _within(self) -> int:
        if "within" not in self._values:
            return DEFAULT_WITHIN
        value = self._values["within"]
        if "all" not in self._values:
            self.wrong("within", "只和 all 一起用 / goes with all only")
        elif not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_WITHIN:
            self.wrong("within", f"要写 0 到 {_MOST_WITHIN} 的整数 / must be a whole number from 0 to {_MOST_WITHIN}")
        else:
            return value
        return DEFAULT_WITHIN

    def _expressions(self) -> tuple[str, ...]:
        patterns = self._texts("expressions")
        for pattern in patterns:
            try:
                compile_expression(pattern)
            except ExpressionError as error:
                self.wrong("expressions", str(error), value=pattern)
        return patterns

    def _kinds(self) -> tuple[str, ...]:
        scope = self._values.get("scope", {})
        if not isinstance(scope, dict):
            self.wrong("scope", "要写小节 [rule.scope] / must be a section [rule.scope]")
            return ()
        for key in scope:
            if key != "kinds":
                self.wrong(f"scope.{key}", f"没有这一项{_nearest(key, ('kinds',))} / unknown key", value=scope[key])
        kinds = scope.get("kinds", [])
        if not isinstance(kinds, list) or not kinds or not all(isinstance(kind, str) for kind in kinds):
            if "kinds" in scope:
                self.wrong("scope.kinds", f"要写列表，可写 {'、'.join(_KINDS)} / must be a list of these", value=kinds)
            return ()
        for kind in kinds:
            if kind not in _KINDS:
                near = _nearest(kind, _KINDS)
                self.wrong("scope.kinds", f"只能是 {'、'.join(_KINDS)}{near} / must be one of these", value=kind)
        return tuple(kinds)


_EXAMPLES = {"id": '，如 "secrecy-words"', "article": '（依据的条款），如 "五.2"'}


def _nearest(written: object, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(written), list(known), n=1, cutoff=0.6)
    return f"，是不是 {near[0]}？" if near else ""
