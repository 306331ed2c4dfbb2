"""A first draft of a question out of an article: one of its sentences with a gap. Pure, and the same every time.

It only proposes: an admin reads it before anybody is asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.study.written import LONGEST_OPTION, LONGEST_STEM
from storage.policies import Article

GAP = "（＿＿）"
_OPTIONS = 4
_SENTENCE = re.compile(r"[^。；;\n]{6,}")
_ITEM = re.compile(r"^(?:[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|[一二三四五六七八九十]+、)\s*")
_COUNT = r"(?:(?<!\d)\d{1,3}(?:\.\d+)?|[一二两三四五六七八九十百千]+)"
_UNITS = "个工作日|个月|工作日|小时|分钟|万元|公里|平方米|日内|天内|日前|天|周|年|元|%|％|倍|学时|学分"
_KINDS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("date", re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?"), ()),
    ("quantity", re.compile(rf"(?P<count>{_COUNT})(?P<unit>{_UNITS})"), ()),
    (
        "actor",
        re.compile(
            "部门主要负责人|部门负责人|项目负责人|主管领导|分管领导|主管理员|子管理员|管理员|学院办公室|办公室主任|人事部门"
            "|财务部门|保卫部门|主管部门|所在部门|经办人|联系人|发送人|发起人|审批人|保管人|辅导员|班主任|群主|院长|本人"
        ),
        ("部门负责人", "管理员", "学院办公室", "人事部门", "本人"),
    ),
    ("quoted", re.compile(r"“[^”“]{2,12}”"), ()),
    ("duty", re.compile(r"应当|不得|可以|必须|严禁"), ("应当", "不得", "可以")),
)
"""What makes a gap: the kind, how it is found, and what else stands for it where the document has too little. The first
kinds ask for more than the last."""
_OPPOSED = {
    "应当": ("不得", "可以"),
    "必须": ("不得", "可以"),
    "不得": ("应当", "可以"),
    "严禁": ("应当", "可以"),
    "可以": ("应当", "不得"),
}
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stem with a gap, options, and which of them the article has there."""

    stem: str
    options: tuple[str, ...]
    answer: int


def proposals(article: Article, siblings: Sequence[Article]) -> list[Proposal]:
    """All drafts that an article gives, the best first; wrong options come from the other articles of its document."""
    sentences = [sentence for sentence in _sentences(article.text) if len(sentence) <= LONGEST_STEM]
    others = [one.text for one in siblings if one.number != article.number]
    found: list[Proposal] = []
    for kind, pattern, stock in _KINDS:
        for sentence in sentences:
            for term in dict.fromkeys(match[0] for match in pattern.finditer(sentence)):
                wrong = list(_wrong(kind, term, sentence, _terms(pattern, (article.text, *others)), stock))
                if len(wrong) >= 2 and len(term) <= LONGEST_OPTION:
                    found.append(_proposal(sentence, term, wrong[: _OPTIONS - 1]))
    return found


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(text):
        bare = _ITEM.sub("", match[0].strip()).strip()
        if len(bare) >= 8 and not bare.endswith(("：", ":")):
            yield bare


def _terms(pattern: re.Pattern[str], texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(match[0] for text in texts for match in pattern.finditer(text)))


def _wrong(kind: str, term: str, sentence: str, seen: Sequence[str], stock: Sequence[str]) -> Iterator[str]:
    """Terms that fit into the gap and are wrong there: nothing that means the same, or stands in the sentence."""
    if kind == "duty":
        yield from _OPPOSED[term]
        return
    unit = _unit(term) if kind == "quantity" else ""
    candidates = [one for one in seen if not unit or _unit(one) == unit]
    candidates += stock if kind != "quantity" else _variations(term, unit)
    for one in dict.fromkeys(candidates):
        if one not in term and term not in one and one not in sentence and len(one) <= LONGEST_OPTION:
            yield one


def _unit(term: str) -> str:
    return re.sub(rf"^{_COUNT}", "", term)


def _variations(term: str, unit: str) -> list[str]:
    """Other amounts of the same unit: double, half, one more."""
    count = term.removesuffix(unit)
    if count.isdecimal():
        value = int(count)
        return [f"{one}{unit}" for one in (value * 2, value // 2, value + 1, value + 5) if one > 0]
    if count in _NUMERALS:
        at = _NUMERALS.index(count)
        return [
            f"{_NUMERALS[place]}{unit}" for place in (at + 1, at - 1, at + 2, at + 4) if 0 <= place < len(_NUMERALS)
        ]
    return []


def _proposal(sentence: str, term: str, wrong: Sequence[str]) -> Proposal:
    options = [*wrong, term]
    # In an order that looks mixed and is the same in every process.
    options.sort(key=lambda option: hashlib.blake2b(f"{sentence}{option}".encode(), digest_size=8).digest())
    return Proposal(sentence.replace(term, GAP), tuple(options), options.index(term))
