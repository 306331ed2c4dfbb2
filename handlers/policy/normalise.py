"""From what people type to what is compared: width, case, traditional characters, courtesies and grams."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from handlers.simplified import TO_SIMPLIFIED

_SURROGATES = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r"[a-z0-9]+|[^\W_]|[^\w\s]+|_+")
"""A Latin word or number as one token, every other letter by itself, a run of marks as a break."""

_LEADING = re.compile(
    r"^(?:[@＠]\S{1,20}\s+|(?:你好|您好|hello|hi|嗨|哈喽|早上好|上午好|中午好|下午好|晚上好|早安|在吗|在么|请教|请问|打扰|不好意思|"
    r"麻烦|劳驾|群管家|管家|机器人|小助手|助手|各位|亲|(?:我|俺)?(?:就)?(?:想|要)(?:请)?(?:问|请教|咨询|了解|知道)|(?:我)?问|咨询|求问|求助|"
    r"帮忙|帮我|告诉我|能不能告诉我|有谁知道|谁知道|有人知道)(?:一下|下|一声|个问题|问题|看看|问问|问|查一下|查|你|您|了|呀|啊|呢|哈|哦)*"
    r"[\s,，.。!！~～、:：?？]*)+"
)
_TRAILING = re.compile(
    r"(?:[\s,，.。!！~～?？]*(?:谢谢你?您?啦?|谢了|多谢|感谢|thanks|thx|急|在线等|求解答?|求告知|麻烦了|辛苦了|拜托了?))+"
    r"[\s,，.。!！~～?？]*$"
)

_LONGEST_THANKS = 100
"""Characters at the end that may be thanks; a search through all of a long message would take long."""


def fold(text: str) -> str:
    """The text with one form of each character: half width, lower case, simplified. Lone surrogates are dropped."""
    return unicodedata.normalize("NFKC", _SURROGATES.sub("", text)).lower().translate(TO_SIMPLIFIED)


def core(question: str) -> str:
    """The folded question without greeting, address and thanks; the whole when nothing else would be left."""
    folded = fold(question).strip()
    begun = _LEADING.sub("", folded, count=1)
    bare = (begun[:-_LONGEST_THANKS] + _TRAILING.sub("", begun[-_LONGEST_THANKS:], count=1)).strip()
    return bare if any(character.isalnum() for character in bare) else folded


def tokens(folded: str) -> list[list[str]]:
    """The tokens of a folded text, in runs that no punctuation interrupts."""
    runs: list[list[str]] = [[]]
    for token in _TOKEN.findall(folded):
        if token[0].isalnum():
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def grams(folded: str) -> list[str]:
    """Unigrams and bigrams of tokens, in order, repetitions included."""
    found: list[str] = []
    for run in tokens(folded):
        found += run
        found += [f"{first}\x1f{second}" for first, second in pairwise(run)]
    return found
