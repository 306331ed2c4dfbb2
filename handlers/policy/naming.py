"""How people name an article, and questions that do nothing else: `第十二条是什么`, `第五章第八条怎么规定的`."""

from __future__ import annotations

import re

from handlers.policy.normalise import core

_DIGITS = r"(?:\d{1,4}|[〇零一二两三四五六七八九十百千]{1,7})"
_BRACKETED = rf"(?:\(\s*{_DIGITS}\s*\)|{_DIGITS})"
_NUMBER = (
    rf"第\s*{_DIGITS}\s*[编章节条](?:之{_DIGITS})?(?:\s*的?\s*(?:第\s*{_BRACKETED}|{_BRACKETED})\s*[章节条款项点小]{{1,2}})*"
    rf"|{_BRACKETED}(?:\s*(?:[.．、]\s*|(?=\()){_BRACKETED}){{1,4}}"
)
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


def named_in(question: str) -> str | None:
    """The number that the question names when it asks for nothing else, as it was typed but folded; else None."""
    found = _NAMED.fullmatch(core(question)[:200])
    return found[1] if found else None
