"""Finding the rows of digits that are numbers of people, however they are spaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from handlers.moderation.normalise import Folded
from handlers.moderation.numbers import is_bank_card, is_id_number, is_landline, is_mobile


class Detected(NamedTuple):
    """A detector's name and the span of the original text that it found."""

    detector: str
    start: int
    end: int


_GAP = "[\0\1]{0,3}"

_CLUSTER = re.compile(rf"[0-9](?:[\0\1]{{0,6}}[0-9])*(?:{_GAP}x(?!\0*[a-z]))?")
_GROUP = re.compile("[0-9x](?:\0*[0-9x])*")
_LABEL = re.compile("(?:^|[^a-z])(?:tel|phone|mobile|mob|call|sms|wx|vx|v|qq)$")
_LABEL_AFTER = re.compile("^(?:wx|vx|v|qq)(?![a-z])")
_OTHER_NUMBER = re.compile(
    "(?:单号|订单|编号|号码牌|学号|工号|流水号?|会议号|合同号|发票号?|文号|序列号|条码|房间号)[^0-9a-z]{0,4}$"
)
_LINK = re.compile(r"https?://[\x21-\x7e]+", re.IGNORECASE)

_MOBILE_GROUPS = frozenset(((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (1,) * 11))
_OLD_ID_GROUPS = frozenset(((15,), (6, 6, 3), (1,) * 15))
_LANDLINE_GROUPS = frozenset(
    ((10,), (11,), (12,), (3, 8), (4, 7), (4, 8), (3, 4, 4), (4, 4, 4), (4, 3, 4), (3, 3, 4), (3, 4, 3))
)


class _Cluster:
    """Groups of digits that only noise separates, as one row of digits that remembers its groups."""

    def __init__(self, form: str, start: int, end: int) -> None:
        self.places = [place for place in range(start, end) if form[place] > "\3"]
        self.digits = "".join(form[place] for place in self.places)
        self.sizes = [len(found[0].replace("\0", "")) for found in _GROUP.finditer(form, start, end)]
        self.borders = {digits: group for group, digits in enumerate(accumulate(self.sizes, initial=0))}

    def groups(self, start: int, end: int) -> tuple[int, ...] | None:
        """Sizes of the groups from digit `start` to `end`; None when these are not whole groups."""
        first, last = self.borders.get(start), self.borders.get(end)
        return None if first is None or last is None else tuple(self.sizes[first:last])


def _is_even(groups: tuple[int, ...]) -> bool:
    return min(groups) >= 3 or max(groups) == 1


# In the order in which they are tried: what passes the stricter check is what it is.
_NUMBERS: tuple[tuple[str, tuple[int, ...], Callable[[str], bool], Callable[[tuple[int, ...]], bool]], ...] = (
    ("id-number", (18,), is_id_number, lambda groups: True),
    ("bank-card", (19, 18, 17, 16, 15), is_bank_card, _is_even),
    ("id-number", (15,), is_id_number, _OLD_ID_GROUPS.__contains__),
    ("mobile", (11,), is_mobile, _MOBILE_GROUPS.__contains__),
    ("landline", (12, 11, 10), is_landline, _LANDLINE_GROUPS.__contains__),
)


def numbers_of_people(folded: Folded) -> Iterator[Detected]:
    """Numbers of people. A number is made of whole groups of digits, so a part of a longer one is none.

    Each row of digits is one thing only: an ID number is not also a card. A mobile or a card right behind something
    like 订单号, inside a link, or glued to letters that are no label (`tel`, `wx`) is somebody's order, not a person's.
    """
    form = folded.form
    in_links: set[int] = set()
    if "://" in folded.text:
        in_links.update(*(range(*found.span()) for found in _LINK.finditer(folded.text)))
    for found in _CLUSTER.finditer(form):
        if found.end() - found.start() < 10:
            continue
        cluster = _Cluster(form, *found.span())
        at = 0
        while at < len(cluster.digits):
            hit = _number_at(cluster, at, form, in_links)
            if hit is not None:
                name, begin, end = hit
                yield Detected(name, cluster.places[begin], cluster.places[end - 1] + 1)
                at = end
            else:
                group = cluster.borders[at]
                at += cluster.sizes[group]


def _number_at(cluster: _Cluster, at: int, form: str, in_links: set[int]) -> tuple[str, int, int] | None:
    digits = cluster.digits
    for name, lengths, is_valid, is_usual in _NUMBERS:
        for length in lengths:
            groups = cluster.groups(at, at + length)
            if groups and is_usual(groups) and is_valid(digits[at : at + length]):
                place, last = cluster.places[at], cluster.places[at + length - 1]
                if length == 18 and name == "id-number":
                    return name, at, at + length
                if _is_of_a_person(form, place, last, in_links):
                    return name, at, at + length
    # The country's code, glued to the number or followed by it, is not part of it.
    for code in ("0086", "86"):
        end = at + len(code) + 11
        if digits.startswith(code, at) and cluster.groups(at, end) == (end - at,) and is_mobile(digits[end - 11 : end]):
            return "mobile", end - 11, end
    return None


def _is_of_a_person(form: str, first: int, last: int, in_links: set[int]) -> bool:
    if first in in_links:
        return False
    before = form[max(0, first - 12) : first].replace("\0", "")
    after = form[last + 1 : last + 5].replace("\0", "")
    if before[-1:].isascii() and before[-1:].isalpha() and not _LABEL.search(before):
        return False
    if after[:1].isascii() and after[:1].isalpha() and not _LABEL_AFTER.search(after):
        return False
    return _OTHER_NUMBER.search(before) is None
