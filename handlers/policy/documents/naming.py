"""How people name an article, and questions that do nothing else: `第十二条是什么`, `第五章第八条怎么规定的`."""

from __future__ import annotations

import re

from handlers.policy.normalise import core

_DIGITS = r"(?:\d{1,4}|[〇零一二两三四五六七八九十百千]{1,7})"
_BRACKETED = rf"(?:\(\s*{_DIGITS}\s*\)|{_DIGITS})"
_PARTS = rf"(?:\s*的?\s*(?:第\s*{_BRACKETED}|{_BRACKETED})\s*[章节条款项目点小]{{1,2}})"
_PATH = rf"{_BRACKETED}(?:\s*(?:[.．、]\s*|(?=\()){_BRACKETED}){{1,4}}"
_IN_DOCUMENT = (
    rf"第\s*{_DIGITS}\s*[编章节条](?:之{_DIGITS})?{_PARTS}*(?:\s*\(\s*{_DIGITS}\s*\))?"
    rf"|{_PATH}(?:\s*的?\s*第\s*{_BRACKETED}\s*[款项目])*"
)
_ANNEX = rf"附\s*[件录表图]\s*(?:{_DIGITS}|[a-z])"
_NUMBER = rf"(?:{_ANNEX}|附\s*[件录表图])\s*[.．、的]?\s*(?:{_IN_DOCUMENT})|{_ANNEX}\s*[.．、]\s*{_BRACKETED}|{_ANNEX}|{_IN_DOCUMENT}"
_PARAGRAPH = re.compile(rf"\s*的?\s*第?\s*[（(]?\s*{_DIGITS}\s*[）)]?\s*款")
# Possessive: what may stand around a number overlaps, and a long run of it must not be tried in every division.
_BEFORE = (
    r"(?:请|看看|看|查看|查|显示|打开|找|一下|下|规章|规定|办法|制度|文件|里面?|中|的|《[^》]{1,60}》|[\s,，。:：])*+"
)
_AFTER = (
    r"(?:是|讲|说|写|规定|怎么|什么|啥|哪|一?条|的|了|内容|原文|全文|意思|如何|具体|有|些|个|样|呢|吗|么|啊|呀|给我|看看|"
    r"[\s,，。.?？!！])*+"
)
_ALONE = re.compile(rf"{_NUMBER}|{_BRACKETED}")
_NAMED = re.compile(rf"{_BEFORE}({_NUMBER}){_AFTER}")


def is_number(text: str) -> bool:
    """The folded text is the number of an article and nothing else: `2.6.(三)`, `第十二条`, `12`."""
    return _ALONE.fullmatch(text) is not None


def article_of(number: str) -> str:
    """The number without the paragraph in it, and what is below that: `第十二条` for `第十二条第二款第三项`.

    Items stay where no paragraph is named: they may be articles of their own, as 二.6第三项 is 二.6.(三).
    """
    return _PARAGRAPH.split(number, maxsplit=1)[0]


def named_in(question: str) -> str | None:
    """The number that the question names when it asks for nothing else, as it was typed but folded; else None."""
    found = _NAMED.fullmatch(core(question)[:200])
    return found[1] if found else None
