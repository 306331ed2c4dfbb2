"""Marks of secrecy as papers carry them (五.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.moderation.detecting.found import Detected
from handlers.moderation.normalise import Folded

_STARS = str.maketrans(dict.fromkeys("★☆⭐✩✭✮✯⋆🌟▲△●◆■※", "★") | dict.fromkeys("*＊✱·•・", "*"))

_GAP = "[\0\1★*]{0,3}"
_MARK = "[\0\1\2★*]{0,3}"
_NUMBERED = f"(?:(?:[0-9]\0*){{1,2}}|[一二三四五六七八九十两]{{1,3}}){_GAP}(?:年|个月|月|天)"
_PERIOD = f"(?:{_NUMBERED}|长期|永久|启{_GAP}用{_GAP}前|解{_GAP}密{_GAP}前)"
_LEVEL = f"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_INSIDE = (
    "内部(?:资料|文件|材料|读物|刊物|参考|使用|掌握|事项|传阅)"
    f"{_MARK}(?:注意保[管存密]|妥善保[管存]|(?:请勿|切勿|严禁|禁止|不得|不准|不要|不可)(?:外传|外泄|转发|翻印|复印|传播|扩散|公开))"
)
_MARKS = re.compile(
    f"{_LEVEL}[\0\1]{{0,3}}★(?:[★\0\1]{{0,3}}{_PERIOD})?"
    f"|{_LEVEL}[\0\1]{{0,3}}\\*[*\0\1]{{0,3}}{_PERIOD}"
    f"|绝{_GAP}密{_MARK}启{_GAP}用{_GAP}前"
    f"|(?<![^\0-\3★*]){_LEVEL}[\0\1\2]{{1,3}}{_NUMBERED}(?![^\0-\3★*])"
    f"|密{_GAP}级[\0\1\2]{{0,3}}(?:[是为定]{{1,2}})?[\0\1\2]{{0,3}}{_LEVEL}"
    f"|(?:核{_GAP}心|普{_GAP}通){_GAP}商{_GAP}(?:业{_GAP}秘{_GAP})?密{_GAP}★(?:{_GAP}{_PERIOD})?"
    f"|{_INSIDE}"
)

# Words about marks, such as rules and lessons are full of.
_SPOKEN_OF_BEFORE = re.compile("(?:标有|标注|标为|标明|印有|带有|注明|盖有|凡是?|比如|例如|什么是|叫做?)[\0-\2]{0,3}$")
_SPOKEN_OF_BEHIND = re.compile(
    "[\0-\2]{0,3}(?:字样|标[志识记]|章|是什么|是指|表示|指的|什么意思|这样的|这类|这种|等(?:标|字|密|文|材))"
)
_SPOKEN_OF_PERIOD = re.compile("[\0-\2]{0,3}的")


def marks(folded: Folded) -> Iterator[Detected]:
    """Classification marks and their kin.

    A level with a star (`机密★10年`, `秘密▲`), with a period that stands apart (`机密 10年`), or named as the level
    (`密级：机密`); papers of examinations (`绝密·启用前`); secrets of trade (`核心商密★5年`); and what offices print on
    papers for inside (`内部资料 注意保管`). The word alone is none: 机密文件, 保守秘密; nor is a mark that is only spoken
    of: 标有“机密★10年”的文件, 机密★10年是什么意思.
    """
    text = folded.text.translate(_STARS)
    form = folded.form
    if "★" in text or "*" in text:
        form = "".join(written if written in "★*" else character for written, character in zip(text, form, strict=True))
    for found in _MARKS.finditer(form):
        if not _is_spoken_of(form, *found.span()):
            yield Detected("classification-mark", *found.span())


def _is_spoken_of(form: str, start: int, end: int) -> bool:
    before, behind = form[max(0, start - 6) : start], form[end : end + 8]
    if _SPOKEN_OF_BEFORE.search(before) or _SPOKEN_OF_BEHIND.match(behind):
        return True
    return form[end - 1] in "年月天" and _SPOKEN_OF_PERIOD.match(behind) is not None
