"""Where in a long message the question is."""

from __future__ import annotations

import re

from handlers.policy.normalise import core

LONG = 60
"""Characters; a shorter message is the question as a whole."""
MOST_SENTENCES = 5

TOLD_AT_LENGTH = 45
"""Characters; of a longer message is said back what was understood."""
LEAST_POINT, LONGEST_POINT = 5, 40
"""Characters of a clause that says what a long message asks."""
LONGEST_LOOKED_AT = 400
_LEAST_OWN = 3
_MARKS = " ，,。；;：:！!？?、~～"
_CLAUSE = re.compile(r"[^，,。；;！!\n：:]+[？?]?")
_VAGUE = re.compile(
    r"这个|那个|这样|那样|这种|应该|可以|怎么办|怎么|怎样|如何|为什么|什么|是不是|有没有|要不要|会不会|到底|责任|合规|知道|"
    r"[的了吗呢吧啊么嘛是不我你他她它有在要能会还就都也和谁哪\W_]"
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_ASKS = re.compile(
    r"[？?]|[吗么嘛呢不没]\W*$|请问|想问|怎么|怎样|如何|咋|能不能|能否|可不可以|可否|是否|是不是|要不要|需不需要|该不该|有没有|算不算|"
    r"为什么|什么|啥|哪[个些位里儿]|多久|多少|谁|何"
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


def point(message: str) -> str:
    """The clause in which a long message comes to the point, to be said back; empty for a short one, or where none does.

    The last one that asks something and says what about.
    """
    if len(message) <= TOLD_AT_LENGTH:
        return ""
    for clause in reversed(_CLAUSE.findall(message[-LONGEST_LOOKED_AT:])):
        bare = core(clause).strip(_MARKS)
        if asks(clause) and LEAST_POINT <= len(bare) <= LONGEST_POINT and len(_VAGUE.sub("", bare)) >= _LEAST_OWN:
            at = clause.lower().find(bare)
            return clause[at : at + len(bare)] if at >= 0 else bare
    return ""
