"""The numbers and dates in a text, whatever they are written in, so that two texts can be compared by them. Pure.

`30日`, `三十天`, `叁拾日` and `㉚日` are the same; `3天` and `3人` are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0,
    "○": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "貳": 2,
    "參": 3,
    "陸": 6,
    "兩": 2,
    "弍": 2,
    "弎": 3,
    "幺": 1,
}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000, "兆": 10**12}
_CHINESE = "".join((*_DIGITS, *_TENS, *_UNITS, *_MYRIADS))
_RUN = re.compile(
    rf"(?P<arabic>\d+(?:\.\d+)?)(?P<times>[{''.join(_MYRIADS)}百千]?)|(?P<chinese>[{_CHINESE}]{{1,20}})|半"
)

_NO_NUMBERS = re.compile(
    "一律|一般|一样|一定|一致|一些|一旦|一并|一直|一下|一起|一同|一切|一经|一概|一方面|一会儿?|一边|一点|一时|第一时间|统一|同一|之一|唯一|"
    "进一步|万一|单一|逐一|专一|(?<![一二三四五六七八九])十分(?![钟之])|千万不?(?=[要别记注])|百姓|多半|两者|三方|四处|五花八门|不三不四|乱七八糟|千方百计|一五一十"
)
"""Words with a numeral in them that count nothing."""
_LARGEST = 6
"""Digits; what has more is no amount but a number of somebody or something, and is compared as it stands."""
_SEPARATED = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_DATE = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:：](\d{2})(?!\d)")
_PERCENT = re.compile(rf"百分之([{_CHINESE}\d.]+)")
_PERMILLE = re.compile(rf"千分之([{_CHINESE}\d.]+)")

_MEASURES = (
    ("个月",),
    ("月", "月份"),
    ("工作日",),
    ("小时", "钟头", "时", "点"),
    ("分钟", "分"),
    ("星期", "礼拜", "周"),
    ("天", "日", "号"),
    ("年",),
    ("人", "名", "位"),
    ("个",),
    ("元", "块"),
    ("次", "遍", "回"),
    ("%", "百分"),
    ("‰",),
    ("学分",),
    *((unit,) for unit in "条款项章节编级等倍成份张篇门台层楼页批届期组类种件辆本册套岁米秒代轮"),
)
_PEOPLE = frozenset("人老员同领干辅")
"""Signs with which a word for somebody begins: `两个老师` are `两名老师`."""
_MEASURE = {word: words[0] for words in _MEASURES for word in words}
_LONGEST_MEASURE = max(map(len, _MEASURE))
_GAP = re.compile(
    rf"(?<=[\d{_CHINESE}])[ \t]{{1,3}}(?={'|'.join(map(re.escape, _MEASURE))})|(?<=[年月])[ \t]{{1,3}}(?=[\d{_CHINESE}])"
)
"""Spaces that some set around digits."""
_IN_A_DATE = ("年", "月", "天")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts; `measure` is empty where that is none of the usual words."""

    value: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Quantities:
    """All numbers of a text, and its dates as their parts in a row."""

    numbers: frozenset[Quantity]
    dates: frozenset[tuple[Quantity, ...]]

    def lacks(self, text: Quantities) -> bool:
        """Some number or date of `text` is not here."""
        values = {number.value for number in self.numbers}
        for number in text.numbers:
            known = {number, Quantity(number.value)}
            if number.value not in values or (number.measure and self.numbers.isdisjoint(known)):
                return True
        return not all(any(_is_in(date, whole) for whole in self.dates) for date in text.dates)


def quantities(text: str) -> Quantities:
    """What `text` counts and dates, in one form."""
    found = list(_read(_plain(text)))
    dates: set[tuple[Quantity, ...]] = set()
    row: list[Quantity] = []
    end = -1
    for quantity, begins, ends in found:
        if begins != end or quantity.measure not in _IN_A_DATE:
            _keep(row, dates)
            row = []
        if quantity.measure in _IN_A_DATE:
            row.append(quantity)
        end = ends
    _keep(row, dates)
    return Quantities(frozenset(quantity for quantity, _, _ in found), frozenset(dates))


def _keep(row: list[Quantity], dates: set[tuple[Quantity, ...]]) -> None:
    """`2023年11月` and `11月28日` are dates; what has one part is a number among others."""
    if len(row) > 1:
        dates.add(tuple(row))


def _is_in(date: tuple[Quantity, ...], whole: tuple[Quantity, ...]) -> bool:
    return any(whole[at : at + len(date)] == date for at in range(len(whole) - len(date) + 1))


def _plain(text: str) -> str:
    text = _GAP.sub("", _SEPARATED.sub("", unicodedata.normalize("NFKC", text)))
    text = _TIME.sub(r"\1时\2分", _DATE.sub(r"\1年\2月\3日", text))
    text = _PERMILLE.sub(r"\1‰", _PERCENT.sub(r"\1%", text))
    return _NO_NUMBERS.sub(lambda found: "・" * len(found[0]), text)


def _read(text: str) -> Iterator[tuple[Quantity, int, int]]:
    """Each number with the places where it begins and where its measure ends."""
    for found in _RUN.finditer(text):
        end = found.end()
        ahead = (text[end : end + size] for size in range(_LONGEST_MEASURE, 0, -1))
        measure = next((word for word in ahead if word in _MEASURE), "")
        value = _value(found)
        if value == "1" and not measure and found["chinese"]:
            continue  # 一把手: counts nothing
        end += len(measure)
        yield Quantity(value, _kind(measure, text[end : end + 1])), found.start(), end


def _kind(measure: str, behind: str) -> str:
    """What is counted: `3个人` are not `3个工作日`."""
    if measure != "个" or not "\u4e00" <= behind <= "\u9fff":
        return _MEASURE.get(measure, "")
    return "人" if behind in _PEOPLE else f"个{behind}"


def _value(found: re.Match[str]) -> str:
    if arabic := found["arabic"]:
        whole, _, fraction = arabic.partition(".")
        if len(whole) > _LARGEST:
            return arabic
        times = {**_MYRIADS, **_UNITS}.get(found["times"], 1)
        fraction = fraction.rstrip("0")
        if times > 1 and len(fraction) <= _LARGEST:
            amount = int(f"{int(whole)}{fraction}" or "0") * times
            divisor = 10 ** len(fraction)
            return str(amount // divisor) if amount % divisor == 0 else f"{amount}/{divisor}"
        return f"{int(whole)}.{_ascii(fraction)}" if fraction else str(int(whole))
    if chinese := found["chinese"]:
        return _counted(chinese)
    return "半"


def _ascii(digits: str) -> str:
    return "".join(str(unicodedata.decimal(digit)) for digit in digits)


def _counted(numeral: str) -> str:
    """What a run of Chinese digits counts: `三十` 30, `二〇二三` 2023, `三万五千` 35000."""
    if all(character in _DIGITS for character in numeral):
        digits = "".join(str(_DIGITS[character]) for character in numeral)
        return digits if len(digits) > _LARGEST else str(int(digits))
    total = section = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            section, digit = section + _TENS[character], 0
        elif character in _UNITS:
            section, digit = section + (digit or 1) * _UNITS[character], 0
        else:
            total, section, digit = (total + section + digit or 1) * _MYRIADS[character], 0, 0
    return str(total + section + digit)
