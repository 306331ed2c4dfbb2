"""The short lead of an answer, in plain words: what the article's summary says, else the sentence that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.policy.answering.sentences import Span, lines_of
from storage.policies import Article

LONGEST = 60
"""Characters; a lead is read at a glance."""
WORTH_A_LEAD = 90
"""Characters; a shorter article is its own lead."""

_CLAUSE_END = re.compile(r"[，。；：！？,;:!?]")
_ITEM = re.compile(r"^(?:[(（][^()（）]{1,4}[)）]|[①-⑳]|\d{1,2}[.．、)）])\s*")


def lead(article: Article, marked: Sequence[Span]) -> str:
    """One sentence; empty where the quotation itself is as short."""
    if article.summary:
        return cut(article.summary)
    if not marked or len(article.text) < WORTH_A_LEAD:
        return ""
    first = min(marked)
    sentence = _ITEM.sub("", lines_of(article.text)[first.line][first.start : first.end])
    return cut(sentence)


def cut(sentence: str, most: int = LONGEST) -> str:
    """The sentence with a full stop; one of more than `most` characters is cut at the end of a clause."""
    words = " ".join(sentence.split())
    if len(words) > most:
        ends = [end.start() for end in _CLAUSE_END.finditer(words[:most])]
        words = words[: ends[-1]] + "……" if ends and ends[-1] >= most // 3 else words[: most - 1] + "……"
    return words if not words or words[-1] in "。！？…!?" else words.rstrip("；;，,：:") + "。"
