"""The marks that number a line: 第一章, 第一条, 一、, （一）, 1., (1), ①."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_CHINESE = "〇零一二三四五六七八九十百千两"
_LEADING = re.compile(r"^(?:[#>]+\s*|[-*+]\s+)+")
_INLINE = re.compile(r"\*\*|__|\\([!-/:-@\[-`{-~])")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_MEANT = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\*(?=\*)|_(?=_)|^(?:[#>]|[-*+](?=\s)|<(?=!--))")
"""What `bare` would take off, and what begins a comment."""
_DIVISION = re.compile(rf"^(第\s*[{_CHINESE}\d]+\s*([编篇章节]|部分))(\s*[:：、.]?\s*)(.*)$")
_DIVISION_REFERENCE = re.compile(r"^(?:的|规定|所|至|到|和|与|及|或|以|中|、|，|。|；|课)")
"""After 第…章 without a space: it is only mentioned, as in 第一节课."""
_CLAUSE = re.compile(rf"^(第\s*[{_CHINESE}\d]+\s*条(?:之[{_CHINESE}]+)?)(\s*[:：、.．]?\s*)(.*)$")
_REFERENCE = re.compile(r"^(?:第|中|至|到|和|与|或|及|以|所|的|规定|之规定|之一|、|，|。|；)")
"""After 第…条 at the beginning of a line these show that the clause is only mentioned."""
_DECIMAL = re.compile(
    r"^(\d{1,3}(?:[.．]\d{1,3})+)[.．、]?(?=[^\d.．%％])(?!\s*(?:[万亿元倍米吨升]|公里|小时|平方|[GMKT]B?(?![a-zA-Z])))\s*(.*)$"
)
"""Not an amount: 3.5万元 at the beginning of a line is text."""
_PLAIN_ARABIC = re.compile(r"^(\d{1,3})\s+([^\d\s].{0,40})$")
_PLAIN_CHINESE = re.compile(rf"^([{_CHINESE}]{{1,3}})\s+([^\s、，。].{{0,30}})$")
_LEVELS = (
    ("chinese", re.compile(rf"^([{_CHINESE}]{{1,4}})\s*[、．.](?!\d)\s*(.*)$")),
    ("bracketed", re.compile(rf"^[（(]\s*([{_CHINESE}]{{1,4}})\s*[）)]\s*[、.]?\s*(.*)$")),
    ("bracketed", re.compile(r"^([㈠-㈩])\s*(.*)$")),
    ("arabic", re.compile(r"^(\d{1,3})\s*[.．、](?!\d)\s*(.*)$")),
    ("bracketed-arabic", re.compile(r"^[（(]\s*(\d{1,3})\s*[）)]\s*[、.]?\s*(.*)$")),
    ("bracketed-arabic", re.compile(r"^([⑴-⒇])\s*(.*)$")),
    ("half-bracketed", re.compile(r"^(\d{1,3})\s*[）)]\s*(.*)$")),
    ("circled", re.compile(r"^([①-⑳])\s*(.*)$")),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered line: the kind of its number, the number as people say it, and what follows."""

    level: str
    label: str
    rest: str


def bare(line: str) -> str:
    """The line without the marks of Markdown, characters that nobody sees, and white space around it."""
    begun = _LEADING.sub("", _UNSEEN.sub("", line).strip(), count=1)
    return _INLINE.sub(lambda found: found[1] or "", begun).strip()


def escaped(line: str) -> str:
    """The line as Markdown: `bare` gives back what it was."""
    return _MEANT.sub(r"\\\g<0>", line)


def division(line: str) -> Mark | None:
    """第一编, 第一章, 第一节 with its title."""
    found = _DIVISION.match(line)
    if found is None or (not found[3] and _DIVISION_REFERENCE.match(found[4])):
        return None
    return Mark(found[2], _plain(found[1]), found[4])


def clause(line: str) -> Mark | None:
    """第一条 with its text; None where the line only goes on and mentions a clause."""
    found = _CLAUSE.match(line)
    if found is None or (not found[2] and _REFERENCE.match(found[3])) or _CLAUSE.match(found[3]):
        return None
    return Mark("条", _plain(found[1]), found[3])


def level(line: str) -> Mark | None:
    """A line numbered at one of the levels 一、 （一） 1. 1.1 (1) 1） ①, or as a division."""
    if found := _DECIMAL.match(line):
        return Mark("decimal", _plain(found[1]), found[2])
    for name, pattern in _LEVELS:
        if found := pattern.match(line):
            label = found[1] if name == "circled" else _plain(found[1]).strip("()")
            return Mark(name, f"({label})" if name.startswith("bracketed") else label, found[2])
    return division(line)


def plain_arabic(line: str) -> Mark | None:
    """`1 总则`: a number only where the lines below are numbered 1.1, 1.2."""
    found = _PLAIN_ARABIC.match(line)
    return Mark("arabic", _plain(found[1]), found[2]) if found and found[2][-1] not in "。；;" else None


def plain_chinese(line: str) -> Mark | None:
    """`一 总则`: a number only where its neighbours are numbered so too."""
    found = _PLAIN_CHINESE.match(line)
    return Mark("chinese", found[1], found[2]) if found and found[2][-1] not in "。；;" else None


def is_numbered(line: str) -> bool:
    """The line begins with a number of any kind."""
    return clause(line) is not None or level(line) is not None


def _plain(label: str) -> str:
    return "".join(unicodedata.normalize("NFKC", label).split())
