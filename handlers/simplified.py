"""Simplified characters for traditional ones, character by character."""

from __future__ import annotations

from collections.abc import Mapping

from opencc_pyo3 import OpenCC

_HAN = (range(0x2E80, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x30000))
_STEPS = 2
"""A few take two steps (薴 苧 苎)."""


def _table() -> dict[int, str]:
    """What differs, by code point. The converter and its dictionaries of phrases, 25 MB, are let go afterwards."""
    characters = [chr(code) for block in _HAN for code in block]
    simplified = characters
    converter = OpenCC("t2s")
    for _ in range(_STEPS):
        converted = converter.convert("\n".join(simplified)).split("\n")
        simplified = [new if len(new) == 1 else old for old, new in zip(simplified, converted, strict=True)]
    return {ord(old): new for old, new in zip(characters, simplified, strict=True) if old != new}


TO_SIMPLIFIED: Mapping[int, str] = _table()
"""For `str.translate`."""
