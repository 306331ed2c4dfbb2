"""On which day's regulations a question is answered: today's, or those of the time that the question itself names."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.context import Context
from handlers.numerals import value
from handlers.policy.documents.dates import in_words
from handlers.policy.finding.index import PolicyIndex
from storage.policies import Document, Policies

_LONGEST = 300
"""Characters of a question that are looked at."""
_EARLIEST = 1980

_TIME = (
    r"(?:(?P<year>(?:19|20)\d\d(?=年|版)|(?<!\d)\d\d(?=年)|[二一][〇零九][〇零一二三四五六七八九]{2}(?=年))年?"
    r"(?:\s*(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月份?(?:\s*(?P<day>\d{1,2})[日号])?|(?P<part>初|上半年|年中|底|末))?"
    r"|(?P<relative>大前年|前年|去年|明年)(?:开始|起)?"
    r"(?:\s*(?P<rmonth>\d{1,2}|十[一二]?|[一二三四五六七八九])月份?|(?P<rpart>初|上半年|年中|底|末))?)"
)
_MOMENT = r"(?:那会儿?|那时候?|那个?时候|那一?年|的时候|之?时|当时|期间|那阵子?)"
_RULES = r"(?:(?:旧|老|那个|那版|原来的?)?(?:规章制度|规章|规定|办法|制度|细则|条例|政策|条款|标准|版本|版))"
_RULES_OF = r"[^,，。;；?？]{1,8}(?:规定|办法|制度|细则|政策|标准)"
"""`去年的差旅费标准`."""
_ASKS = r"(?:(?:^|[\s,.;:!?。，；：！？])(?:请问|想问(?:一下|下)?|问(?:一下|下)?|那么?|查(?:一下|下)?|看(?:一下|下)?)*|按照?|依照?|依据|根据)\s*"
"""Before a time that the question asks about: the beginning, punctuation, or «by»."""
_FRAMED = re.compile(rf"{_ASKS}(?P<said>在?{_TIME}\s*{_MOMENT}(?:候|有效)?的?[,，\s]*)")
_APART = re.compile(rf"{_ASKS}(?P<said>在?{_TIME}(?:里|内|间)?\s*[,，]\s*)")
_OF_RULES = re.compile(rf"(?P<said>{_TIME}\s*(?:(?:的\s*)?(?={_RULES})|的\s*(?={_RULES_OF})))")
_BY = re.compile(rf"(?:按照?|依照?|根据|参照)\s*(?P<said>{_TIME})(?![\d年月])")
_BARE = re.compile(rf"{_ASKS}(?P<said>在?{_TIME})(?![\d年月级届])")
_CONTENT = re.compile(
    r"^\s*没|^[^,，。；;?？]{0,14}?(?:了|的(?!(?:呢|吗|啊|么)?[\s?？。!！]*$)|过)|^\s*(?:以前|以后|之前|之后|以来|起|至今|到现在|开始|发|出台|印)"
)
"""After a time: it tells what happened then (`去年退休的老师`, `去年就交了`), and does not ask what held."""
_HAPPENED = re.compile(
    r"^[^,，。；;?？]{0,10}?(?:退休|离职|入职|调[走来离动]|毕业|进校|来的|走的|建的|招的)|^[^,，。；;?？]{0,14}?了(?:[^解]|$)"
)
"""The same after a time with `时`: `2022年的时候退休的`."""
_BEFORE = r"(?:以前|之前|原来|原先|过去|从前|早先|先前|旧|老|上一个?|前一个?|上个)"
_EARLIER = re.compile(
    rf"(?P<said>{_BEFORE}的?)(?=(?:规章制度|规章|规定|办法|制度|细则|条例|政策)(?!里?没))"
    r"|(?P<version>按?照?(?:旧版|老版|上一版|前一版|上个版本|上一个版本|以前的?版本|之前的?版本|原来的?版本)本?(?:的|里面?|中)?)"
    r"(?!.{0,8}(?:钉钉|软件|app|APP|手机|系统|电脑|客户端|装|下载|升级|更新|打不开|登[录陆]|闪退|卸|用不了|不能用|兼容))"
    r"|(?P<change>(?:没)?(?:修订|修改|改版|改)(?:之|以)?前的?)(?=\S)"
)
_FORMS = ((_FRAMED, _HAPPENED), (_APART, _HAPPENED), (_OF_RULES, None), (_BY, None), (_BARE, _CONTENT))
"""How a question names its time, and what behind it shows that the time belongs to the matter."""
_COMPARES = re.compile("区别|有什么不同|哪里不同|不一样|有什么变化|有何变化|相比|对比|改了(?:什么|哪)|新旧")
"""Asks what has changed: one version alone would be no answer."""
_CURRENT = re.compile(r"(?:改|换|修改|更新|替)成?[^,，。?？]{0,6}$")


@dataclass(frozen=True, slots=True)
class Meant:
    """The time that a question asks about."""

    day: date | None = None
    """None: today, or the version before the present one where `is_previous`."""
    is_previous: bool = False
    rest: str = ""
    """The question without the words that name the time."""

    @property
    def is_today(self) -> bool:
        """The question names no time."""
        return self.day is None and not self.is_previous


@dataclass(frozen=True, slots=True)
class Standing:
    """What a question is to be looked up in, and as which question. `note` is said above the answer; empty: nothing."""

    index: PolicyIndex
    question: str
    note: str = ""


def day_meant(question: str, today: date) -> Meant:
    """The time that the question asks about; a whole month or year means its last day.

    A time that only belongs to the matter does not count: `2023年11月28日施行的办法`, `去年退休的老师`.
    """
    text = " ".join(unicodedata.normalize("NFKC", question).split())  # long runs of spaces would take long
    looked_at = text[:_LONGEST]
    if _COMPARES.search(looked_at):
        return Meant(rest=question)
    for pattern, tells in _FORMS:
        for match in pattern.finditer(looked_at):
            if pattern is _BARE and match["relative"] is None:
                continue
            ends_a_clause = pattern is _FRAMED and match[0].rstrip()[-1:] in (",", "，")
            if tells is not None and not ends_a_clause and tells.search(looked_at[match.end() :]):
                continue
            day = _last_day(match, today)
            if day is not None:
                return Meant(None if _is_now(match, day, today) else day, rest=_without(text, match, "said", question))
    earlier = _EARLIER.search(looked_at)
    if earlier is not None and not _CURRENT.search(looked_at[: earlier.start()]):
        said = next(name for name in ("said", "version", "change") if earlier[name] is not None)
        return Meant(is_previous=True, rest=_without(text, earlier, said, question))
    return Meant(rest=question)


def standing(question: str, context: Context) -> Standing:
    """The regulations that hold for a question, and what is to be said about that."""
    return resolve(question, context.today, context.store.policies, context.policies, context.index_of)


def resolve(
    question: str,
    today: date,
    policies: Policies,
    present: PolicyIndex,
    index_of: Callable[[Sequence[Document]], PolicyIndex],
) -> Standing:
    """The same for those who have no context; `present` is today's index, `index_of` gives that of other versions.

    Where the time that it names has the same ones as today, they are asked; where there are none of that time, too.
    """
    meant = day_meant(question, today)
    if meant.is_today:
        return Standing(present, question)
    versions = policies.documents()
    now = [one for one in versions if one.is_in_force(today)]
    then = _previous(versions, now) if meant.day is None else [one for one in versions if one.is_in_force(meant.day)]
    if not then or {one.id for one in then} == {one.id for one in now}:
        note = _NONE_BEFORE if meant.day is None else _SAME if then else _NONE_THEN
        return Standing(present, meant.rest, note)
    if meant.day is None:
        return Standing(index_of(then), meant.rest, _BEFORE_NOW)
    note = (_THEN if meant.day <= today else _TO_COME).format(day=in_words(meant.day))
    return Standing(index_of(then), meant.rest, note)


_THEN = "按 {day}时有效的版本回答，现在的规定可能已经变了。"
_TO_COME = "按 {day}时有效的版本回答，有的现在还没有开始施行。"
_BEFORE_NOW = "按上一版回答，上一版现在已经不用了；没有上一版的文件，按现在这一版。"
_SAME = "那时有效的和现在的是同一版。"
_NONE_THEN = "那时候有效的版本我这里没有，只能查现在有效的。"
_NONE_BEFORE = "更早的版本我这里没有，只能查现在有效的。"


def _previous(versions: Sequence[Document], now: Sequence[Document]) -> list[Document]:
    """Of each document in force the versions whose place it has taken, as far as they ever were in force, else itself."""
    found: list[Document] = []
    for present in now:
        before = [
            one
            for one in versions
            if one.superseded_by == present.id
            and (one.begins is None or one.repealed is None or one.begins < one.repealed)
        ]
        found += before or [present]
    return found


def _last_day(match: re.Match[str], today: date) -> date | None:
    """The last day of the time that was named; None where there is no such day, or it is nobody's question."""
    relative = match["relative"]
    if relative is not None:
        year = today.year + {"大前年": -3, "前年": -2, "去年": -1, "明年": 1}[relative]
    else:
        year = value(match["year"])
        if year < 100:
            year += 2000
    if not _EARLIEST <= year <= today.year + 1:
        return None
    part = match["part"] or match["rpart"]
    named = match["month"] or match["rmonth"]
    month = {"初": 1, "上半年": 6, "年中": 6}.get(part or "", 12) if named is None else value(named)
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    day = last if match["day"] is None else int(match["day"])
    return date(year, month, day) if 1 <= day <= last else None


def _is_now(match: re.Match[str], day: date, today: date) -> bool:
    """`2026年` in 2026 means today; so does a month that is not over."""
    if match["day"] is not None:
        return day == today
    is_whole_year = all(match[name] is None for name in ("month", "rmonth", "part", "rpart"))
    return day.year == today.year and (is_whole_year or day.month == today.month)


def _without(text: str, match: re.Match[str], group: str, question: str) -> str:
    start, end = match.span(group)
    rest = (text[:start] + text[end:]).strip(" ,，")
    return rest if any(character.isalnum() for character in rest) else question
