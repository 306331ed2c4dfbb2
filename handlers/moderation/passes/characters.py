"""The cheap passes: what a single character is written in place of, and by which pass one sees through it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from handlers.simplified import TO_SIMPLIFIED

BOXED: Final = (0x1F150, 0x1F170, 0x1F1E6)
"""Letters in boxes that Unicode does not declare to be letters: first code point of each run of A to Z."""

LOOKALIKES: Mapping[int, int] = str.maketrans(
    "авекмнорстухіјѕαβεικνορτυχᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıƨƽ", "abekmhopctyxijsabeiknoptuxabcdefghijklmnoprstuvwyzis5"
)
"""Small letters of other scripts that look like Latin ones."""

VARIANTS: Mapping[int, int] = str.maketrans(
    "黒気毎変対広駅竜栄単戦団囲図圧実専巣帰応恵悩拠挙撃斉楽検権歯歳涙済満潜焼猟産画発経続総緑聴臓薬蔵処覚説読謡譲豊転軽辺遅郷釈鉄銭鋭険頼顔験髪鶏麦黙円価仏伝売賭贋麺恥猫嬢払沢択訳仮証広嘆徳徴穂瀬頬姫冨峯嶋舘",
    "黑气每变对广驿龙荣单战团围图压实专巢归应惠恼据举击齐乐检权齿岁泪济满潜烧猎产画发经续总绿听脏药藏处觉说读谣让丰转轻边迟乡释铁钱锐险赖颜验发鸡麦默圆价佛传卖赌赝面耻猫娘拂泽择译假证广叹德征穗濑颊姬富峰岛馆",
)
"""Japanese forms that the tables of traditional characters do not have."""

_RADICALS: Mapping[str, str] = dict(
    zip(
        "⺅⺉⺌⺖⺘⺡⺣⺤⺨⺭⺮⺼⻊⻋⻏⻔⻖⻘⻚⻛⻜⻝⻥⻦⻩⻬⻰",
        "亻刂小忄扌氵灬爪犭礻竹肉足车阝门阝青页风飞食鱼鸟黄齐龙",
        strict=True,
    )
)
"""Radicals that Unicode does not declare to be those characters."""

_WIDTHS = range(0xFF01, 0xFFEF)


def plain(character: str) -> str:
    """The one character that a styled one stands for: `Ａ` A, `⑴` 1, `㈪` 月, `é` e; itself where it is not just one."""
    if character in _RADICALS:
        return _RADICALS[character]
    telling = [one for one in unicodedata.normalize("NFKD", character) if one.isalnum()]
    first = telling[0] if len(telling) == 1 else unicodedata.normalize("NFKC", character)[0]
    return first if first == character else plain(first)


def boxed(character: str) -> str | None:
    """The letter in the box, `🅰` a; None for anything else."""
    for first in BOXED:
        if first <= ord(character) < first + 26:
            return chr(ord("a") + ord(character) - first)
    return None


def digit(character: str) -> str | None:
    """`0` to `9` for a digit of any script (`٣`, `〣`); None for anything else, Chinese numerals too."""
    value = unicodedata.digit(character, None)
    if value is None and unicodedata.category(character) in ("Nl", "No"):
        number = unicodedata.numeric(character, 10.0)
        value = int(number) if number in range(10) else None
    return None if value is None else str(value)


def simplified(character: str) -> str:
    """The simplified character for a traditional, Japanese or odd one; itself otherwise."""
    return character.translate(TO_SIMPLIFIED).translate(VARIANTS)


def _narrow(character: str) -> str:
    return plain(character) if ord(character) in _WIDTHS else character


def _digit(character: str) -> str:
    return "零" if character == "〇" else digit(plain(character)) or character


def _unstyled(character: str) -> str:
    if (letter := boxed(character)) is not None:
        return letter
    found = plain(character)
    if not found.isalpha():
        return character
    small = found.lower()[0]
    like = small.translate(LOOKALIKES)
    return like if like != small else found


def _small(character: str) -> str:
    return character.lower()[0]


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("width", _narrow),
    ("digits", _digit),
    ("styles", _unstyled),
    ("case", _small),
    ("traditional", simplified),
)


@lru_cache(maxsize=4096)
def _between(written: str, meant: str) -> frozenset[str]:
    passes: set[str] = set()
    for name, step in _STEPS:
        if written == meant:
            return frozenset(passes)
        other, own = step(written), step(meant)
        if (other, own) != (written, meant):
            passes.add(name)
        written, meant = other, own
    return frozenset(passes)


@lru_cache(maxsize=1024)
def seen_through(written: str, meant: str) -> frozenset[str]:
    """The passes that make `written` the same as `meant`, character by character; both are equally long."""
    return frozenset().union(*(_between(*pair) for pair in zip(written, meant, strict=True) if pair[0] != pair[1]))
