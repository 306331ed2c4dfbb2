"""`词：代写、代考 例外：代写字 轻重：重`: what somebody writes to make a rule or to change one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from handlers.moderation.editing import labels
from handlers.moderation.editing.labels import Words, all_said, code
from handlers.moderation.normalise import bare
from handlers.moderation.rule import Rule
from handlers.moderation.written import WrittenError, rule_of, table_of

MOST_ITEMS = 500
"""Of one list in one command; of more a file is the better way."""
LONGEST_ITEM = 200
_LONGEST_HOURS = 60

Kind = Literal["list", "groups", "lines", "one", "some", "text", "number", "yes", "hours"]


class EditError(ValueError):
    """What was written changes no rule; says in one line why."""

    def __init__(self, said: str) -> None:
        super().__init__(" ".join(said.split()))


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a rule: its key in a rule file (`scope.kinds`), and how its value is written."""

    key: str
    kind: Kind
    words: Words | None = None

    @property
    def is_list(self) -> bool:
        """Something can be added to it and taken from it."""
        return self.kind in ("list", "groups", "lines", "some")


SCOPE_FIELDS: Mapping[str, Field] = {
    "群类型": Field("scope.kinds", "some", labels.KIND_WORDS),
    "部门": Field("scope.departments", "list"),
    "群": Field("scope.groups", "list"),
    "身份": Field("scope.roles", "some", labels.ROLE_WORDS),
    "时间": Field("scope.hours", "hours"),
}
FIELDS: Mapping[str, Field] = {
    "词": Field("words", "list"),
    "例外": Field("allow", "list"),
    "搭配": Field("all", "groups"),
    "相隔": Field("within", "number"),
    "至少": Field("at_least", "number"),
    "识别": Field("detectors", "some", labels.DETECTOR_WORDS),
    "域名": Field("domains", "list"),
    "表达式": Field("expressions", "lines"),
    "看穿": Field("passes", "some", labels.PASS_WORDS),
    "整词": Field("boundary", "yes"),
    "通读": Field("unless_harmless", "yes"),
    "类别": Field("category", "one", labels.CATEGORY_WORDS),
    "条款": Field("article", "text"),
    "轻重": Field("severity", "one", labels.SEVERITY_WORDS),
    "告知": Field("consequences", "some", labels.CONSEQUENCE_WORDS),
    "说明": Field("meaning", "text"),
    "建议": Field("advice", "text"),
    "应命中": Field("examples.fire", "lines"),
    "不应命中": Field("examples.quiet", "lines"),
    **SCOPE_FIELDS,
}
WHY = "原因"
_BY_KEY = {field.key: label for label, field in FIELDS.items()}

_LABELS = "|".join(sorted((*map(re.escape, FIELDS), WHY), key=len, reverse=True))
_MARK = re.compile(rf"(?:^|(?<=[\s;；。]))(加|删)?({_LABELS})[ \t]{{0,3}}[:：]")
_ITEMS = re.compile(r"[、,，;；|｜\n]+")
_COMBINATIONS = re.compile(r"[、,，;；\n]+")
"""Between combinations; `代写|代做` within one is either of the two words."""
_TOGETHER = re.compile(r"[+＋&＆]")
_PROBLEM = re.compile(r"规则 \S+ (?P<key>[\w.]+)(?: = (?P<value>.*))?：(?P<said>.*)", re.DOTALL)
_YES, _NO = ("是", "开", "要", "true", "yes"), ("否", "关", "不要", "不", "false", "no")


@dataclass(frozen=True, slots=True)
class Edit:
    """One part of what was written. `how` is empty for a new value, `加` or `删` for items of a list."""

    label: str
    text: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A command's words: what stands before the first label, the edits, and why."""

    head: str
    edits: tuple[Edit, ...]
    why: str = ""


def read(text: str) -> Written:
    """Take apart what somebody wrote."""
    marks = list(_MARK.finditer(text))
    head = text[: marks[0].start()] if marks else text
    edits: list[Edit] = []
    why = ""
    for mark, after in zip_longest(marks, marks[1:]):
        value = text[mark.end() : after.start() if after is not None else len(text)].strip(" \t\n;；")
        if mark[2] == WHY:
            why = value
        else:
            edits.append(Edit(mark[2], value, mark[1] or ""))
    return Written(head.strip(), tuple(edits), why)


def edited(rule: Rule, edits: tuple[Edit, ...]) -> Rule:
    """The rule with these edits. Raises `EditError`."""
    return from_table(edited_table(table_of(rule), edits))


def edited_table(table: dict[str, Any], edits: tuple[Edit, ...]) -> dict[str, Any]:
    """The same with the table of a rule file. Raises `EditError`."""
    for edit in edits:
        field = FIELDS[edit.label]
        above, _, key = field.key.rpartition(".")
        section = dict(table.get(above, {})) if above else table
        if edit.how:
            section[key] = _listed(edit, field, section.get(key, []))
        elif edit.text in labels.NONE:
            section.pop(key, None)
        else:
            section[key] = _READERS[field.kind](edit, field)
        if above:
            table[above] = section
    return table


def from_table(table: Mapping[str, Any]) -> Rule:
    """The rule that a table says. Raises `EditError` with the first mistake, in words for people."""
    try:
        return rule_of(table)
    except WrittenError as error:
        raise EditError(_for_people(error.problems[0])) from error


def _listed(edit: Edit, field: Field, before: list[Any]) -> list[Any]:
    if not field.is_list:
        raise EditError(f"「{edit.label}」只能改，不能{edit.how}，请写 {edit.label}：")
    items = _READERS[field.kind](edit, field)
    known, named = set(map(str, before)), set(map(str, items))
    if edit.how == "加":
        return [*before, *(item for item in items if str(item) not in known)]
    for item in items:
        if str(item) not in known:
            raise EditError(f"「{edit.label}」里没有「{_said(item, field)}」")
    return [item for item in before if str(item) not in named]


def _said(item: Any, field: Field) -> str:
    if isinstance(item, list):
        return "+".join(item)
    return str(item) if field.words is None else labels.said(item, field.words)


def _items(edit: Edit, field: Field) -> list[str]:
    between = _COMBINATIONS if field.kind == "groups" else _ITEMS
    return _bounded(edit, list(dict.fromkeys(filter(None, map(str.strip, between.split(edit.text))))))


def _words(edit: Edit, field: Field) -> list[str]:
    items = _items(edit, field)
    for item in items:
        if field.key in ("words", "allow") and not bare(item):
            raise EditError(f"「{item[:20]}」里没有文字")
    return items


def _lines(edit: Edit, field: Field) -> list[str]:
    return _bounded(edit, list(dict.fromkeys(filter(None, map(str.strip, edit.text.splitlines())))))


def _bounded(edit: Edit, items: list[str]) -> list[str]:
    if not items:
        raise EditError(f"「{edit.label}」后面没有写内容")
    if len(items) > MOST_ITEMS:
        raise EditError(f"一次最多 {MOST_ITEMS} 个，再多请发规则文件给我")
    if any(len(item) > LONGEST_ITEM for item in items):
        raise EditError(f"「{edit.label}」里有一项超过 {LONGEST_ITEM} 个字")
    return items


def _groups(edit: Edit, field: Field) -> list[list[str]]:
    items = [item.replace("｜", "|") for item in _items(edit, field)]
    groups = [[word for part in _TOGETHER.split(item) if (word := part.strip())] for item in items]
    for words in groups:
        if len(words) < 2:
            raise EditError(f"搭配要写成 代写+论文，「{words[0] if words else ''}」只有一个词")
    return groups


def _one(edit: Edit, field: Field) -> str:
    return _code(edit.text, edit, field)


def _some(edit: Edit, field: Field) -> list[str]:
    return list(dict.fromkeys(_code(item, edit, field) for item in _items(edit, field)))


def _code(word: str, edit: Edit, field: Field) -> str:
    words = field.words or {}
    found = code(word, words)
    if found is None:
        raise EditError(f"「{edit.label}」没有「{word[:20]}」，可写：{all_said(words, words)}")
    return found


def _text(edit: Edit, field: Field) -> str:
    return " ".join(edit.text.split())


def _number(edit: Edit, field: Field) -> int:
    if not re.fullmatch(r"\d{1,4}", edit.text):
        raise EditError(f"「{edit.label}」要写数字")
    return int(edit.text)


def _yes(edit: Edit, field: Field) -> bool:
    if edit.text.casefold() in _YES:
        return True
    if edit.text.casefold() in _NO:
        return False
    raise EditError(f"「{edit.label}」请写 是 或 否")


def _hours(edit: Edit, field: Field) -> str:
    if len(edit.text) > _LONGEST_HOURS:
        raise EditError("「时间」太长，请写成 周一至周五 8:00-18:00")
    return labels.hours_code(edit.text)


_READERS: Mapping[Kind, Callable[[Edit, Field], Any]] = {
    "list": _words,
    "groups": _groups,
    "lines": _lines,
    "one": _one,
    "some": _some,
    "text": _text,
    "number": _number,
    "yes": _yes,
    "hours": _hours,
}


def _for_people(problem: str) -> str:
    """A line of the check of rule files, without what only files have."""
    found = _PROBLEM.search(problem.split(" / ")[0])
    if found is None:
        return problem.split(" / ")[0]
    value = "" if found["value"] is None else f"「{found['value'].strip(chr(39))[:30]}」"
    return f"「{_BY_KEY.get(found['key'], found['key'])}」{value}{found['said']}"
