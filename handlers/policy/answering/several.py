"""Several questions in one message: where one ends and the next begins. Whether they are answered apart is decided by what
they lead to; here they are only taken apart, and rather not than wrongly.
"""

from __future__ import annotations

import re
from itertools import pairwise

from handlers.policy.finding.asking import asks
from handlers.policy.normalise import core, fold

MOST = 3
"""Questions of one message that are answered; what comes behind them stays with the last."""
LONGEST = 400
"""Characters; in a longer message nobody counts its questions."""
_LEAST = 2
"""Letters that a question needs beside what every question has: 谁负责 belongs to what was said before."""

_NUMBERED = re.compile(
    r"(?:^|(?<=[\s。！？!?；;：:，,]))(?:(?P<count>[1-5一二三四五])\s*[、.．:：)）](?!\d)|[(（]\s*(?P<bracketed>[1-5一二三四五])\s*[)）]"
    r"|(?P<circled>[①②③④⑤])|第(?P<ordinal>[一二三四五1-5])个?(?:问题|问|点|件事)?(?:是|[、，,：:])|问题(?P<problem>[一二三四五1-5])[、，,：:.．\s]|(?P<word>首先|其次|再次|再者|最后)[，,、：:]?)\s*",
)
_COUNTS = {sign: place for signs in ("12345", "一二三四五", "①②③④⑤") for place, sign in enumerate(signs, start=1)} | {
    "首先": 1,
    "其次": 2,
    "再次": 3,
    "再者": 3,
    "最后": 3,
}
_NEXT = re.compile(
    r"(?<=[。！？!?；;，,、~～\s\n])(?:(?:另外|此外|顺便|顺带|对了|再就是|再有就是|还有就是|还有(?!没有)(?:一个问题|个问题|一个|个事)?"
    r"|再问|再请问|再请教|还想问|还想再问|还要问|再想问|另一个问题|第二个问题|以及)(?:(?:再|请|想)*(?:问问|问个|问|请教|咨询|说)(?:一下|下|你|您|一句|个问题)*)?[\s，,：:、]*)"
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_EMPTY_WORDS = re.compile(
    r"这个|那个|这样|那样|这种|那种|这些|他们|她们|这事|那事|应该|可以|能不能|可不可以|怎么办|怎么|怎样|如何|为什么|什么|是不是|有没有|要不要|会不会|"
    r"需要|谁来|谁|负责|管|哪里|哪个|哪些|多久|一次|时候|到底|还是|或者|知道|请问|想问|麻烦|谢谢|规定|处理|"
    r"[的了吗呢吧啊呀么嘛是不我你他她它有在要能会还就都也和与来去给把被让对到该行得着说算好弄办\W_]"
)


def separate(message: str) -> tuple[str, ...]:
    """The questions of a message, at most three; the message itself where it is one question, or nothing tells them apart."""
    text = message.strip()
    if len(text) > LONGEST:
        return (text,)
    parts = _numbered(text) or _joined(text)
    if len(parts) < 2 or not all(map(_is_question, parts)):
        return (text,)
    return _bounded(parts)


def sentences(message: str) -> tuple[str, ...]:
    """The sentences of a message that ask something by themselves, where there are several, all of them questions.

    They may be one question still, put twice; where they lead tells.
    """
    text = message.strip()
    if len(text) > LONGEST:
        return (text,)
    found = [one.strip() for one in _SENTENCE.findall(text) if one.strip()]
    asking = [one for one in found if one.rstrip().endswith(("？", "?")) or asks(one)]
    told = [one for one in found if one not in asking and len(core(one)) > _LEAST]
    if told or len(asking) < 2 or not all(map(_is_question, asking)):
        return (text,)
    return _bounded(asking)


def _bounded(parts: list[str]) -> tuple[str, ...]:
    return (*parts[: MOST - 1], " ".join(parts[MOST - 1 :])) if len(parts) > MOST else tuple(parts)


def _numbered(text: str) -> list[str]:
    """The items of a list 1. 2. 3., or nothing where the numbers do not count up from one."""
    marks = list(_NUMBERED.finditer(text))
    counts = [_COUNTS[next(filter(None, mark.groups()))] for mark in marks]
    if len(marks) < 2 or counts != list(range(1, len(counts) + 1)):
        return []
    ends = [(mark.end(), following.start()) for mark, following in pairwise(marks)] + [(marks[-1].end(), len(text))]
    return [part for start, end in ends if (part := _bare(text[start:end]))]


def _joined(text: str) -> list[str]:
    """What stands between words like 另外, 还有, 顺便问一下."""
    ends = [0, *(place for mark in _NEXT.finditer(text) for place in mark.span()), len(text)]
    return [part for start, end in zip(ends[::2], ends[1::2], strict=True) if (part := _bare(text[start:end]))]


def _bare(part: str) -> str:
    return part.strip().strip("，,；;、").strip()


def _is_question(part: str) -> bool:
    """It asks something, and says by itself what about."""
    folded = fold(core(part))
    left = _EMPTY_WORDS.sub("", folded)
    return len(left) >= _LEAST and (asks(folded) or part.rstrip().endswith(("？", "?")))
