"""Where in a long message the question is."""

from __future__ import annotations

import re

LONG = 60
"""Characters; a shorter message is the question as a whole."""
MOST_SENTENCES = 5

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_ASKS = re.compile(
    r"[？?]|[吗么嘛呢]\W*$|请问|想问|怎么|怎样|如何|咋|能不能|能否|可不可以|可否|是否|是不是|要不要|需不需要|该不该|有没有|算不算|"
    r"为什么|什么|哪[个些位里儿]|多久|多少|谁|何"
)


def asks(sentence: str) -> bool:
    """The sentence asks something, with or without a question mark."""
    return _ASKS.search(sentence) is not None


def askings(message: str) -> list[str]:
    """The message, and of a long one also its sentences that ask something: the last ones, where people come to the point."""
    if len(message) <= LONG:
        return [message]
    asking = [found.strip() for found in _SENTENCE.findall(message) if asks(found)]
    return [message, *(sentence for sentence in asking[-MOST_SENTENCES:] if sentence != message.strip())]
