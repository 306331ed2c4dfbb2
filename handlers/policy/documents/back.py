"""The end of a document: who signed it and when, and what is annexed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.policy.documents.lines import Line, compact
from handlers.policy.documents.marks import clause, level

_DATE = re.compile(
    r"^[（(]?(?:此件|.{0,30}?)?(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[二一][〇○零０O一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
    r"\s*(?:印发|发布|公布|通过|施行)?[）)]?$"
)
_SIGNED = re.compile(
    r"^\S{2,30}(?:大学|学院|学校|办公室|处|部|科|委员会|中心|支部|党委|政府|公司|集团|团委|工会|小组)(?:（(?:章|盖章|代章)）)?$"
)
_CLOSING = re.compile(
    r"^(?:抄送|抄报|主送|主题词|印发机关|打字|校对|联系人|共印)\s*[:：].{0,200}$|^（(?:此件|联系人|此页).{0,40}）$"
)
_MOST_SIGNING = 12
"""Lines at the end that may be a signature."""
_ANNEX = re.compile(
    r"^附\s*(?:件|录|表|图)\s*([\d〇零一二三四五六七八九十]{1,3}|[A-ZＡ-Ｚ])?\s*(?:[:：、.．\s]\s*(.{0,50}?))?[:：]?$"
)
_LIST_HEAD = re.compile(r"^附\s*[件表]\s*[:：]\s*(1\s*[.．、].*)?$")
_LIST_ITEM = re.compile(r"^(\d{1,2})\s*[.．、]\s*.{1,50}$")
_LISTED = re.compile(r"^\d{1,2}\s*[.．、]|^《")


@dataclass(frozen=True, slots=True)
class Annex:
    """附件1 with its name, where it has one on its first line, and its lines."""

    line: Line
    label: str
    name: str
    lines: tuple[Line, ...]


def lists(lines: Sequence[Line]) -> frozenset[int]:
    """The places of lines that belong to a list of annexes: `附件：1.申请表`, and `2.汇总表` below it."""
    found: set[int] = set()
    at = 0
    while at < len(lines):
        head = _LIST_HEAD.match(lines[at].text)
        end = at + 1
        count = 2 if head and head[1] else 1
        while head and end < len(lines) and _is_listed(lines[end].text, count):
            end, count = end + 1, count + 1
        if head and (head[1] or end > at + 1):
            found.update(range(at, end))
        at = end
    return frozenset(found)


def _is_listed(text: str, count: int) -> bool:
    number = _LIST_ITEM.match(text)
    return number is not None and int(number[1]) == count and text[-1] not in "。；;：:"


def annexes(lines: Sequence[Line]) -> tuple[list[Line], list[Annex]]:
    """The document itself, and its annexes. A list of annexes (`附件：1.申请表`) begins none."""
    listed = lists(lines)
    starts = [at for at in range(len(lines)) if at not in listed and _begins_annex(lines, at)]
    if not starts or not any(_is_numbered(line) for line in lines[: starts[0]]):
        return list(lines), []
    own = list(lines[: starts[0]])
    found: list[Annex] = []
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        written = _ANNEX.match(lines[at].text)
        assert written is not None
        label = compact(unicodedata.normalize("NFKC", lines[at].text[:2] + (written[1] or "")))
        found.append(Annex(lines[at], label, (written[2] or "").strip(), tuple(lines[at + 1 : end])))
    is_the_document = any(clause(line.text) for line in lines[starts[0] :]) and not any(
        clause(line.text) for line in own
    )
    return (list(lines), []) if is_the_document else (own, found)


def _begins_annex(lines: Sequence[Line], at: int) -> bool:
    found = _ANNEX.match(lines[at].text)
    if found is None or compact(lines[at].text) == "附则":
        return False
    name = found[2] or ""
    if name[-1:] in tuple("。；;，,、") or _LISTED.match(name) or at + 1 == len(lines):
        return False
    below = lines[at + 1].text
    return not (_ANNEX.match(below) or _is_signature(below) or (name and _is_listing(lines, at)))


def _is_listing(lines: Sequence[Line], at: int) -> bool:
    """The line before belongs to a list of annexes."""
    return at > 0 and bool(_ANNEX.match(lines[at - 1].text))


def _is_numbered(line: Line) -> bool:
    return clause(line.text) is not None or level(line.text) is not None


def signature(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines without the signature at their end, and the signature: names, date, list of annexes, copies to whom.

    Without a date or copies there is none: a short last line may be anything.
    """
    begin = len(lines)
    while begin > max(0, len(lines) - _MOST_SIGNING) and _is_signature(lines[begin - 1].text):
        begin -= 1
    begin = _with_list_of_annexes(lines, begin)
    block = lines[begin:]
    is_signed = any(_DATE.match(line.text) or _CLOSING.match(line.text) for line in block)
    return (list(lines[:begin]), list(block)) if is_signed else (list(lines), [])


def _with_list_of_annexes(lines: Sequence[Line], end: int) -> int:
    """Where a list of annexes above the signature begins: `附件：1.申请表`, `2.汇总表`."""
    for at in range(end - 1, max(-1, end - _MOST_SIGNING - 1), -1):
        found = _ANNEX.match(lines[at].text)
        if found is not None:
            while at and _ANNEX.match(lines[at - 1].text):
                at -= 1
            return at
        if not _LISTED.match(lines[at].text) or lines[at].text[-1] in "。；":
            break
    return end


def _is_signature(text: str) -> bool:
    return bool(_DATE.match(text) or _CLOSING.match(text) or (_SIGNED.match(text) and not level(text)))
