"""Digits that are written as Chinese numerals or as letters like them: `一三八零零…`, `壹叁捌`, `幺三八`, `l38OO`.

Only for detectors, and only in rows of digits: elsewhere 一 is a word.
"""

from __future__ import annotations

import re
from typing import Final

_VALUES: Final = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖两幺参弌弍弎洞拐勾", "123456789213123079", strict=True)),
}
_LETTERS: Final = {"o": "0", "l": "1", "i": "1"}
_CIRCLES: Final = "○◯⭕"
_TO_DIGITS = str.maketrans(_VALUES | _LETTERS)
_ONE = f"[0-9{''.join(_VALUES)}]"
_ROW = re.compile(f"(?:{_ONE}|(?<![a-z])[il](?={_ONE}))(?:[\0\1]{{0,3}}{_ONE}|[{''.join(_LETTERS)}]){{4,}}")
_LEAST: Final = 5
"""Digits and numerals that make a row; letters do not count."""
_ONES = re.compile(_ONE)

TRIGGERS: Final[tuple[str, ...]] = (
    *(one + other for one in "零一二三四五六七八九壹贰叁肆伍陆柒捌玖两幺" for other in (*_VALUES, *"0123456789")),
    *(one + other for one in "0123456789" for other in (*_VALUES, *_LETTERS)),
)
"""Pairs in the bare text without which no row can be different."""


def with_digits(form: str, text: str) -> str | None:
    """The folded form of a text with digits in rows of numerals, as long as it was; None where there is no such row.

    A circle that is drawn for a zero (`一三八○○…`) is noise everywhere else, so it is looked for in the text itself.
    """
    given = form
    if any(circle in text for circle in _CIRCLES):
        given = "".join("零" if one in _CIRCLES else known for one, known in zip(text, form, strict=True))
    changed = _ROW.sub(_row, given)
    return None if changed == given else changed


def _row(found: re.Match[str]) -> str:
    row = found[0]
    return row.translate(_TO_DIGITS) if len(_ONES.findall(row)) >= _LEAST else row
