"""The disguises that words are seen through, each a named pass that a rule can do without.

The cheap ones are one look-up a character and always made; the dear ones are made where a first look at the text says
that they could find something. A hit says which passes it needed, and counts only when its rule has all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

CHEAP: Final = ("width", "case", "traditional", "digits", "styles", "invisible", "noise", "repeats")
DEAR: Final = ("split", "pinyin", "initials", "homophones", "reversed", "numerals")

NAMES: Final = CHEAP + DEAR
"""What a rule may name under `passes`, in the order in which a hit names them."""

NOT_BY_DEFAULT: Final = ("initials", "homophones", "reversed")
"""Too often something harmless: only where a rule asks for them."""

DEFAULT_PASSES: Final = tuple(name for name in NAMES if name not in NOT_BY_DEFAULT)
"""The passes of a rule that names none."""

LABELS: Mapping[str, str] = {
    "width": "全角半角",
    "case": "大小写",
    "traditional": "繁体异体",
    "digits": "各种数字写法",
    "styles": "花体字母",
    "invisible": "不可见字符",
    "noise": "夹杂符号",
    "repeats": "叠字",
    "split": "拆字",
    "pinyin": "拼音",
    "initials": "拼音首字母",
    "homophones": "同音字",
    "reversed": "倒写",
    "numerals": "中文数字",
}
"""What people call them."""


@lru_cache(maxsize=1024)
def in_order(passes: frozenset[str]) -> tuple[str, ...]:
    """The passes in the order of `NAMES`."""
    return tuple(name for name in NAMES if name in passes)
