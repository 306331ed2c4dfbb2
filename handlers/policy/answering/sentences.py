"""Which sentences of an article answer a question. Where none of them stands out, none is taken: better no mark than a wrong one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.markdown import literal
from handlers.policy.documents.parts import lines_of as named_lines
from handlers.policy.finding.synonyms import Synonyms, shipped
from handlers.policy.normalise import core, fold, grams
from storage.policies import Article

MOST = 2
"""Sentences that are marked at most: more is no mark any more."""
LEAST = 0.8
"""What a sentence must share with the question: about a pair of characters that no other sentence has."""
STANDS_OUT = 0.7
"""A sentence this share of the best one is as good as it."""
LONGEST_QUESTION = 300
LONGEST_ARTICLE = 20_000
"""Characters; in what is longer nobody would look for a mark, and looking takes long."""
ALIKE = 0.5
"""A question of the article's own that has this share of the asker's words says the same in other words."""

_SENTENCE = re.compile(r"[^。；！？;]+[。；！？;]*[”’」』）)]*")
_ENDS = "。；！？;，：,:"
_PAIR = "\x1f"
_COMMON = frozenset(
    "的了吗呢吧啊呀么嘛是不我你您他她它们有在要能可以会还就都也和与及或等个这那什怎样谁哪几多少后时候里上下中去来给把被让对"
    "从到为于之其得着过再没请问想说做用"
)
"""Characters of every question: a pair with one of them says little, of two nothing."""
_ALL = re.compile(r"哪些|哪几|几种|什么情[况形]|哪种情[况形]|都有什么|列举|清单")
"""Asks for the whole list."""
_CUES = (
    (
        re.compile(r"谁|哪个部门|哪个科|归[^属类]|什么人|由.{0,4}负责|找.{0,2}部门|负责"),
        re.compile(r"由.{1,20}(?:负责|担任|发起|指定|设置|办理|审核|签字|审批|承担|保管|发送)|负责|指定|归口"),
    ),
    (
        re.compile(r"多久|几天|几日|几个月|几次|什么时候|何时|啥时候|期限|多长|提前|最晚|之前"),
        re.compile(
            r"[\d一二两三四五六七八九十百半]+个?(?:工作日|自然日|日|天|小时|周|月|年|学期|分钟)|之?[日时]起|定期|及时|届满|当[日天]"
        ),
    ),
    (
        re.compile(r"多少钱|几块|标准|限额|上限|金额|费用|多少元|补助|补贴|多大"),
        re.compile(r"[\d一二两三四五六七八九十百千万]+(?:元|万元|%|％|人|次|倍|平方米|[GM]B)|标准"),
    ),
    (
        re.compile(
            r"能不能|可不可以|可以.{0,14}吗|能.{0,14}吗|要.{0,14}吗|用不用|需不需要|要不要|能否|可否|是否|允许|行不行|准不准|让不让|行吗|违规"
        ),
        re.compile(r"不得|可以|应当|禁止|不要|不准|严禁|允许|限于|只用于|必须"),
    ),
    (
        re.compile(r"后果|怎么处理|怎么罚|罚|处分|追责|责任|会怎么样|会怎样"),
        re.compile(r"承担|责任|处分|处罚|追究|处理|通报|扣"),
    ),
    (
        re.compile(r"怎么办|怎么弄|如何办|怎么处理|流程|手续|步骤|要做什么"),
        re.compile(r"应当|需|须|申请|填写|提交|办理|报.{0,8}(?:备案|批准|同意)"),
    ),
)
"""What a question asks for, and how a sentence that says it looks."""
_ONE = 0.35
"""The worth of a single character, next to that of a rare pair, which is 1."""
_MEANT = 0.8
"""The worth of a word that means the same."""
_CUE = 0.9
"""A sentence that says the kind of thing that is asked for, next to the worth of a rare pair, which is 1."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A sentence: which line of the quotation, and from which to which character, the sign at its end left out."""

    line: int
    start: int
    end: int


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of an article as they are quoted: safe inside Markdown, none of them empty."""
    return tuple(filter(None, (literal(line) for line in text.split("\n"))))


def sentences_of(lines: Sequence[str]) -> list[Span]:
    """All sentences and items of the lines, in order."""
    found = []
    for number, line in enumerate(lines):
        for sentence in _SENTENCE.finditer(line):
            start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
            end = sentence.start() + len(sentence[0].rstrip().rstrip(_ENDS))
            if start < end:
                found.append(Span(number, start, end))
    return found


def answering(question: str, article: Article, synonyms: Synonyms | None = None) -> tuple[Span, ...]:
    """The one or two sentences of the article that answer the question; none where none stands out, or there is only one.

    `synonyms`: those that ship, by default.
    """
    if len(article.text) > LONGEST_ARTICLE:
        return ()
    lines = lines_of(article.text)
    whole = sentences_of(lines)
    spans = [span for span in whole if not _begins_a_list(span, lines)]
    if not spans or len(whole) < 2 or (len(spans) < len(whole) and _ALL.search(question)):
        return ()
    said = [lines[span.line][span.start : span.end] for span in spans]
    head = "\n".join(lines[span.line] for span in whole if span not in spans)
    asked = fold(core(question))[:LONGEST_QUESTION]
    said = [fold(one) for one in said]
    shared = _scores(asked, said, fold(head), [fold(one) for one in article.questions])
    scores = [own + meant for own, meant in zip(shared, _meant(asked, said, synonyms or shipped()), strict=True)]
    best = max(scores)
    if best < LEAST:
        return ()
    chosen = [span for span, score in zip(spans, scores, strict=True) if score >= best * STANDS_OUT]
    return tuple(chosen) if len(chosen) <= MOST and len(chosen) < len(whole) else ()


def named(article: Article, naming: str) -> tuple[Span, ...]:
    """The part of the article that a number names, `第十二条第二款`, as it stands in the quotation; none where it names none."""
    raw = article.text.split("\n")
    found = []
    for number, start, end in named_lines(article, naming):
        line, part = literal(raw[number]), literal(raw[number][start:end])
        at = line.find(part)
        if part and at >= 0:
            place = sum(bool(literal(before)) for before in raw[:number])
            found.append(Span(place, at, at + len(part.rstrip(_ENDS))))
    return tuple(span for span in found if span.start < span.end)


def _scores(question: str, sentences: Sequence[str], head: str, own: Iterable[str]) -> list[float]:
    """What each sentence shares with the question; what the `head` of a list says, it says for all of its items."""
    bags = [set(_words(sentence)) for sentence in sentences]
    asked = dict.fromkeys(_words(question), 1.0)
    for word in _words(max(own, key=lambda one: _shared(asked, one), default="")):
        asked.setdefault(word, 0.5)
    for word in _words(head):
        asked.pop(word, None)
    counts = {word: sum(word in bag for bag in bags) for word in asked}
    cues = [says for asks, says in _CUES if asks.search(question)]
    said = [any(says.search(sentence) for says in cues) for sentence in sentences]
    cue = _CUE * _rarity(sum(said), len(said)) if any(said) else 0.0
    return [
        sum(weight * _worth(word) * _rarity(counts[word], len(bags)) for word, weight in asked.items() if word in bag)
        + cue * says
        for bag, says in zip(bags, said, strict=True)
    ]


def _meant(question: str, sentences: Sequence[str], synonyms: Synonyms) -> list[float]:
    """What each sentence says of the question in other words: 更换 for 换了, 住宿费 for 酒店."""
    found = [0.0] * len(sentences)
    typed: dict[int, set[str]] = {}
    for match in synonyms.found_in(question):
        typed.setdefault(match.group, set()).add(question[match.begin : match.end])
    for group, own in typed.items():
        says = [any(word in sentence for word in synonyms.words_of(group)) for sentence in sentences]
        if any(says):
            worth = _MEANT * _rarity(sum(says), len(says))
            for number, sentence in enumerate(sentences):
                if says[number] and not any(word in sentence for word in own):
                    found[number] += worth
    return found


def _begins_a_list(span: Span, lines: Sequence[str]) -> bool:
    """What the sentence says is said by the items below it: 有下列情形之一的："""
    return lines[span.line][span.end :].startswith(("：", ":")) and span.line + 1 < len(lines)


def _words(folded: str) -> list[str]:
    """Characters, pairs of neighbouring ones, and Latin words, that mean something."""
    return [word for word in grams(folded) if _worth(word) > 0]


def _worth(word: str) -> float:
    parts = word.split(_PAIR)
    common = sum(part in _COMMON for part in parts)
    if len(parts) == 1:
        return 0.0 if common else _ONE if len(word) == 1 else 1.0
    return (1.0, 0.3, 0.0)[common]


def _rarity(sentences: int, of: int) -> float:
    """1 for what stands in one sentence alone, next to nothing for what stands in all."""
    return math.log((of + 0.2) / sentences) / math.log(of + 0.2)


def _shared(asked: dict[str, float], own: str) -> float:
    words = set(_words(own))
    total = sum(map(_worth, asked))
    shared = sum(_worth(word) for word in asked if word in words)
    return shared / total if total and shared / total >= ALIKE else 0.0
