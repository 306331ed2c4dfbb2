"""Numbers as Word writes them: 一, 1, ①, 甲, a, iv."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def counted(number: int, style: str) -> str:
    """The number in a style of Word (`w:numFmt`); empty for bullets, Arabic for a style that is not known."""
    if style in ("bullet", "none"):
        return ""
    if number < 0 or number > 9999:
        return str(number)
    if style in ("upperLetter", "upperRoman"):
        return counted(number, f"lower{style[5:]}").upper()
    if style in _RANGES:
        first, most = _RANGES[style]
        return chr(ord(first) + number - 1) if 1 <= number <= most else str(number)
    if style in _WRITTEN:
        return _WRITTEN[style](number)
    return str(number)


def chinese(number: int, digits: str = _DIGITS, units: str = "千百十") -> str:
    """一, 十, 十二, 二十, 一百零三."""
    zero = "零"
    if number == 0:
        return digits[0]
    found = ""
    for unit, name in zip((1000, 100, 10, 1), (*units, ""), strict=True):
        digit = number // unit % 10
        if digit:
            found += digits[digit] + name
        elif found and number % unit and not found.endswith(zero):
            found += zero
    is_teen = 10 <= number < 20 and digits is _DIGITS
    return found[1:] if is_teen else found


def _letters(number: int) -> str:
    """a … z, then aa … zz."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 1 <= number <= 260 else str(number)


def _roman(number: int) -> str:
    if number == 0:
        return "0"
    found = ""
    for unit, name in _ROMAN:
        found += name * (number // unit)
        number %= unit
    return found + _ROMAN_ONES[number]


def _one_of(characters: str, number: int) -> str:
    return characters[number - 1] if 1 <= number <= len(characters) else str(number)


_RANGES = {
    "decimalEnclosedCircle": ("①", 20),
    "decimalEnclosedCircleChinese": ("①", 20),
    "decimalEnclosedParen": ("⑴", 20),
    "decimalEnclosedFullstop": ("⒈", 20),
    "ideographEnclosedCircle": ("㊀", 10),
}
_WRITTEN = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "taiwaneseDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "japaneseDigitalTenThousand": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "仟佰拾"),
    "ideographTraditional": lambda number: _one_of(_STEMS, number),
    "ideographZodiac": lambda number: _one_of(_BRANCHES, number),
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _letters,
    "lowerRoman": _roman,
}
