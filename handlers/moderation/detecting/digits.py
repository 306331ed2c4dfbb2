"""Finding the rows of digits that are numbers of people, however they are spaced."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from handlers.moderation.detecting.found import Detected
from handlers.moderation.detecting.numbers import is_bank_card, is_id_number, is_landline, is_mobile
from handlers.moderation.matcher import MOST_NOISE
from handlers.moderation.normalise import INVISIBLE, NOISE

Span = tuple[int, int]

_SHORTEST = 10
_MOST_TRIES = 10_000
"""Rows of digits that are checked in one text; more only a text has that is made to take time, longer than any message."""
_GAP = f"[\0\1]{{0,{MOST_NOISE}}}"

_CLUSTER = re.compile(rf"[0-9](?:{_GAP}[0-9])*(?:{_GAP}x(?!\0*[a-z]))?")
_LABEL = re.compile("(?:^|[^a-z])(?:tel|phone|mobile|mob|call|sms|wx|vx|v|qq)$")
_LABEL_AFTER = re.compile("^(?:wx|vx|v|qq)(?![a-z])")
_OTHER_NUMBER = re.compile(
    "(?:单号|订单|运单|编号|号码牌|学号|工号|考号|考生号|准考证号?|流水号?|会议(?:号|id)|合同号|发票号?|税号|信用代码|文号|序列号|条码|房间号|群号|qq群?"
    "|取件码|券码|isbn|imei)[^0-9a-z]{0,4}$"
)
_LINK = re.compile(r"https?://[\x21-\x7e]+", re.IGNORECASE)

_ANNOUNCED = {
    "mobile": re.compile(
        "(?:电话|手机|微信|联系|联系方式|号码|拨打|致电|tel|phone|vx|wx|v)[^0-9a-z]{0,4}[是为]?[^0-9a-z]{0,3}$"
    ),
    "bank-card": re.compile("(?:卡号|账号|帐号|账户|帐户|银行卡|转到|打到|打款)[^0-9a-z]{0,4}[是为]?[^0-9a-z]{0,3}$"),
}
_OF_LISTS = frozenset(" \t\u3000\xa0-‐‑–/／.．、~～+＋*×|=_")
"""What stands between the numbers of a list or a sum."""

_MOBILE_GROUPS = frozenset(((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (1,) * 11))
_OLD_ID_GROUPS = frozenset(((15,), (6, 6, 3), (1,) * 15))
_LANDLINE_GROUPS = frozenset(
    ((10,), (11,), (12,), (3, 8), (4, 7), (4, 8), (3, 4, 4), (4, 4, 4), (4, 3, 4), (3, 3, 4), (3, 4, 3))
)


class _Cluster:
    """Groups of digits that only noise separates, as one row of digits that remembers its groups."""

    def __init__(self, form: str, start: int, end: int) -> None:
        written = form[start:end].replace(INVISIBLE, "")
        self.digits = written.replace(NOISE, "")
        self._written, self._form, self._start, self._end = written, form, start, end

    @cached_property
    def sizes(self) -> Sequence[int]:
        """How many digits each group has."""
        return [len(group) for group in self._written.split(NOISE) if group]

    @cached_property
    def borders(self) -> Mapping[int, int]:
        """Where a group begins or the row ends, by digits, and which group that is."""
        return {digits: group for group, digits in enumerate(accumulate(self.sizes, initial=0))}

    @cached_property
    def places(self) -> Sequence[int]:
        """Where each digit stands in the text."""
        if len(self.digits) == self._end - self._start:
            return range(self._start, self._end)
        return [place for place, one in enumerate(self._form[self._start : self._end], self._start) if one > NOISE]

    def groups(self, start: int, end: int) -> tuple[int, ...] | None:
        """Sizes of the groups from digit `start` to `end`; None when these are not whole groups."""
        last = self.borders.get(end)
        return None if last is None else tuple(self.sizes[self.borders[start] : last])


def _is_even(groups: tuple[int, ...]) -> bool:
    return min(groups) >= 3 or max(groups) == 1


class _Kind(NamedTuple):
    name: str
    lengths: tuple[int, ...]
    is_valid: Callable[[str], bool]
    is_usual: Callable[[tuple[int, ...]], bool]


_ID = _Kind("id-number", (18,), is_id_number, lambda groups: True)
_CARD = _Kind("bank-card", (19, 18, 17, 16, 15), is_bank_card, _is_even)
_OLD_ID = _Kind("id-number", (15,), is_id_number, _OLD_ID_GROUPS.__contains__)
_MOBILE = _Kind("mobile", (11,), is_mobile, _MOBILE_GROUPS.__contains__)
_LANDLINE = _Kind("landline", (12, 11, 10), is_landline, _LANDLINE_GROUPS.__contains__)

# What may begin like this, in the order in which it is tried: what passes the stricter check is what it is. Spares the
# checks almost everywhere, so that a long text of digits takes no time.
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
_MAY_BEGIN = re.compile(
    rf"(?P<id>\d{{6}}(?:(?:19|20)\d\d{_DAY}[\dx]|\d\d{_DAY}))"
    r"|(?P<card>(?:62|9[058]|6[0689]|10|4|5[1-5]|2[2-7]|3[457])\d{13})"
    r"|(?P<country>(?:00)?861[3-9]\d{9})|(?P<mobile>1[3-9]\d{9})|(?P<landline>0\d{9}|[48]00\d{7})"
)
_KINDS: Mapping[str, tuple[_Kind, ...]] = {
    "id": (_ID, _CARD, _OLD_ID, _MOBILE, _LANDLINE),
    "card": (_CARD, _LANDLINE),
    "mobile": (_MOBILE,),
    "landline": (_LANDLINE,),
    "country": (),
}


def numbers_of_people(text: str, form: str) -> Iterator[Detected]:
    """Numbers of people. A number is made of whole groups of digits, so a part of a longer one is none.

    `form` is the folded form of `text`, as long as that. Each row of digits is one thing only: an ID number is not
    also a card. A mobile or a card right behind something like 订单号, inside a link, or glued to letters that are no
    label (`tel`, `wx`) is somebody's order, not a person's.
    """
    links = [found.span() for found in _LINK.finditer(text)] if "://" in text else []
    tries = 0
    for found in _CLUSTER.finditer(form):
        if found.end() - found.start() < _SHORTEST:
            continue
        cluster = _Cluster(form, *found.span())
        if len(cluster.digits) < _SHORTEST:
            continue
        beyond = 0
        for at in cluster.borders:
            possible = _MAY_BEGIN.match(cluster.digits, at) if at >= beyond else None
            if possible is None:
                continue
            if tries == _MOST_TRIES:
                return
            tries += 1
            hit = _number_at(cluster, at, _KINDS[possible.lastgroup or "id"], text, form, links)
            if hit is not None:
                name, begin, beyond = hit
                yield Detected(name, cluster.places[begin], cluster.places[beyond - 1] + 1)


def _number_at(
    cluster: _Cluster, at: int, kinds: Sequence[_Kind], text: str, form: str, links: Sequence[Span]
) -> tuple[str, int, int] | None:
    digits = cluster.digits
    for kind in kinds:
        for length in kind.lengths:
            groups = cluster.groups(at, at + length)
            if not groups:
                continue
            first, last = cluster.places[at], cluster.places[at + length - 1]
            if not (kind.is_usual(groups) or _is_meant(kind, text, form, first, last, is_first=at == 0)):
                continue
            if kind.is_valid(digits[at : at + length]) and (kind is _ID or _is_of_a_person(form, first, last, links)):
                return kind.name, at, at + length
    # The country's code that is glued to the number is not part of it.
    for code in ("0086", "86"):
        end = at + len(code) + 11
        if digits.startswith(code, at) and cluster.groups(at, end) == (end - at,) and is_mobile(digits[end - 11 : end]):
            return "mobile", end - 11, end
    return None


def _is_meant(kind: _Kind, text: str, form: str, first: int, last: int, *, is_first: bool) -> bool:
    """Digits in unusual groups are one number all the same where it is announced, or strewn with what no list has."""
    announced = _ANNOUNCED.get(kind.name)
    if announced is None:
        return False
    if _OF_LISTS.isdisjoint(text[first:last]):
        return True
    return is_first and announced.search(form[max(0, first - 12) : first].replace(INVISIBLE, "")) is not None


def _is_of_a_person(form: str, first: int, last: int, links: Sequence[Span]) -> bool:
    link = bisect_right(links, first, key=itemgetter(0)) - 1
    if link >= 0 and first < links[link][1]:
        return False
    before = form[max(0, first - 12) : first].replace("\0", "")
    after = form[last + 1 : last + 5].replace("\0", "")
    if before[-1:].isascii() and before[-1:].isalpha() and not _LABEL.search(before):
        return False
    if after[:1].isascii() and after[:1].isalpha() and not _LABEL_AFTER.search(after):
        return False
    return _OTHER_NUMBER.search(before) is None
