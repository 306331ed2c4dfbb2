"""Whoever asks whether something is allowed has not done it: questions are no offences.

An advert that is dressed as a question is one all the same: what counts is the question *and* that nobody is won for
anything.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from handlers.moderation.masking import mask
from handlers.moderation.normalise import Folded
from handlers.moderation.phrases import GIVES_A_CONTACT, INVITES, LONGEST_PLEA, QUOTED, SELLS, SENTENCE, wins_over
from handlers.moderation.scanner import Hit

_NAMES_THE_RULE = re.compile(
    r"违规|违反|违纪|合规|合不合[规法理]|规定|条例|制度|办法|处分|处罚|哪一?条|算不算|是不是算|敏感词|违禁词|触发|被(?:提醒|警告)"
    r"|[一二三四五六]\.\(?[0-9一二三四五六]"
)
"""It can only be about the rules; words of what is for sale are then what is asked about."""
_ASKS_FOR_THE_RULE = re.compile(
    r"违规|违反|违纪|违法[吗么]|犯法|合规|合不合[规法理]|允许|准许|准不准|让不让|让发|规定|条例|举报|算不算|是不是算|算(?![命卦])(?:是|作|得上)?.{0,10}[吗么?]"
    r"|(?:可以|能|可不可以|能不能|能否|可否|是否|行不行|该不该)在?.{0,12}(?:发(?![财展现烧票挥生])|转发|讨论|说|聊|谈|宣传|推销|卖|放|传)|属于.{0,12}(?:吗|么|\?|广告)"
    r"|(?:怎么|如何|怎样|谁来?)(?:处理|处罚|处置|管)|[怎咋]么?办|为什么不(?:能|让|可以)|会(?:不会)?被.{0,6}(?:吗|么|\?|怎么)"
    r"|处分|处罚|哪一?条|依据|什么叫|什么是|什么样的|解释|包括.{0,10}[吗么?]|要不要管|敏感词|违禁词|触发|被(?:提醒|警告)|(?:什么|哪些|关于.{0,12}的?)(?:规定|要求|内容)"
)
_ASKS = re.compile(
    r"[吗么嘛?]|能不能|可不可以|能否|可否|是否|算不算|是不是|该不该|行不行|要不要|会不会|怎么|如何|怎样|什么|哪|为何|有没有"
    r"|请问|请教|想问|问一?下|请?解释一?下|查一?下|查询|(?:违规|合规|允许)不"
)
_ASKS_IF_POSSIBLE = re.compile(
    r"能不能|可不可以|能否|可否|是否|算不算|该不该|行不行|可以.{0,20}[吗么?]|能.{0,20}[吗么?]|(?:行|成|对)[吗么]"
)

_OF_SOMEBODY = re.compile(
    r"\s{0,2}的?(?:规定|制度|办法|条例|学校|学院|部门|领导|老师|同学|学生|家长|群主|管理员|人|东西|玩意)"
)
"""Right behind bad words: they call somebody that, also in a question about a rule."""
_TELLS_OF_OTHERS = re.compile(
    r"有人|有些人|有的人|别人|看到|看见|收到|碰到|遇到|发现|他发|她发|他们发|同事发|同学发|这种|这样|这类|类似|比如|例如"
)

_WANTS_IT = re.compile(
    r"谁能(?!告诉|说|解释|讲|回答)|有人(?:能|会|要|可以)|给(?:我|大家|大伙|咱)(?!们?(?:解释|讲|说))|大家看|看你|报(?:上|一下)|回复:|先发了|都填[:,]|接龙|(?:能|可以)让我|弄到|同事识得|试试"
)
"""Whoever asks so asks for the thing itself, not whether it is allowed."""
_SPEAKS_OF_WORDS = re.compile(r"[骂说叫喊发讲写用打][^。!?\n,]{0,10}$")
"""Right before bad words: they are what is spoken of."""


def is_plain(text: str) -> bool:
    """The text asks something and wins nobody for anything; numbers that identify people count for neither."""
    if len(text) > LONGEST_PLEA:
        return False
    readable = Folded(mask(text)).readable
    return bool(_ASKS.search(readable)) and not wins_over(readable)


def without_questions(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out that only belong to a question about the rules.

    Goes sentence by sentence. What detectors found stays: the data lies open, whatever it was written for.
    """
    if len(text) > LONGEST_PLEA or not hits:
        return list(hits)
    readable = Folded(text).readable
    if not any(not hit.is_data for hit in hits) or not _ASKS.search(readable):
        return list(hits)
    sentences = [found.span() for found in SENTENCE.finditer(readable) if found[0]]
    asks_for_the_rule = any(
        _ASKS_FOR_THE_RULE.search(readable, start, end) and _ASKS.search(readable, start, end)
        for start, end in sentences
    )
    quoted = [found.span() for found in QUOTED.finditer(text)]
    return [
        hit for hit in hits if hit.is_data or not _is_asked_about(hit, readable, sentences, quoted, asks_for_the_rule)
    ]


def _is_asked_about(
    hit: Hit,
    readable: str,
    sentences: Sequence[tuple[int, int]],
    quoted: Sequence[tuple[int, int]],
    asks_for_the_rule: bool,
) -> bool:
    # Sentences follow each other without gaps; a hit may reach over several.
    start = sentences[bisect_right(sentences, hit.span[0], key=itemgetter(0)) - 1][0]
    end = sentences[bisect_right(sentences, hit.span[1] - 1, key=itemgetter(0)) - 1][1]
    sentence = readable[start:end]
    if asks_for_the_rule and not GIVES_A_CONTACT.search(readable):
        if hit.rule.category == "abuse" and _OF_SOMEBODY.match(readable, hit.span[1]):
            return False
        is_quoted = any(first <= hit.span[0] and hit.span[1] <= last for first, last in quoted)
        if is_quoted or _TELLS_OF_OTHERS.search(sentence):
            return True
        if _WANTS_IT.search(readable) or (
            hit.rule.category == "abuse" and not _is_spoken_of(hit, readable, start, end)
        ):
            return False
        if _ASKS_FOR_THE_RULE.search(sentence) and _ASKS.search(sentence):
            outside = _outside(hit, readable, start, end)
            names_the_rule = _NAMES_THE_RULE.search(outside) is not None
            return not (INVITES.search(outside) or SELLS.search(outside) if names_the_rule else wins_over(outside))
    if hit.rule.category == "abuse":
        return False  # 你脑子有病吧，能不能滚
    return bool(_ASKS_IF_POSSIBLE.search(sentence)) and not (_WANTS_IT.search(readable) or wins_over(readable))


def _is_spoken_of(hit: Hit, readable: str, start: int, end: int) -> bool:
    """The bad words are an example of what people say, and nobody is called that."""
    return "你" not in readable[start:end] and _SPEAKS_OF_WORDS.search(readable, start, hit.span[0]) is not None


def _outside(hit: Hit, readable: str, start: int, end: int) -> str:
    """The sentence without the hit itself, whose own words are what is asked about."""
    return readable[start : max(start, hit.span[0])] + " " + readable[min(end, hit.span[1]) : end]
