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
from handlers.moderation.scanner import Hit

LONGEST_QUESTION = 1_000
"""Characters. What is longer is no question to a bot."""

SENTENCE = re.compile(r"[^。!?\n]*[。!?\n]*")

_ASKS_FOR_THE_RULE = re.compile(
    r"违规|违反|违纪|违法[吗么]|犯法|合规|合不合|允许|准许|准不准|让不让|让发|规定|条例|举报|算不算|是不是算|算(?:是|作|得上)?.{0,10}[吗么?]"
    r"|(?:可以|能|可不可以|能不能|能否|可否|是否|行不行|该不该)在?.{0,12}(?:发|转发|讨论|说|聊|谈|宣传|推销|卖|放|传)|属于.{0,12}(?:吗|么|\?|广告)"
    r"|(?:怎么|如何|怎样|谁来?)(?:处理|处罚|处置|管)|[怎咋]么?办|为什么不(?:能|让|可以)|会(?:不会)?被.{0,6}(?:吗|么|\?|怎么)"
)
_ASKS = re.compile(
    r"[吗么?]|能不能|可不可以|能否|可否|是否|算不算|是不是|该不该|行不行|要不要|会不会|怎么|如何|怎样|什么|哪|为何|有没有"
)
_ASKS_IF_POSSIBLE = re.compile(
    r"能不能|可不可以|能否|可否|是否|算不算|该不该|行不行|可以.{0,20}[吗么?]|能.{0,20}[吗么?]|(?:行|成|对)[吗么]"
)

WINS_OVER = re.compile(
    r"加(?:我|微|薇|v|q|wx|vx)|微信|私聊|私信|联系(?:我|方式|电话)|找我|滴滴|扫码|二维码|包过|包(?:毕业|录用)|优惠|低价|特价|价格|报价|诚信"
    r"|靠谱|接单|办理|代理|(?:有|谁)?需要.{0,12}(?:吗|么|的|请|\?)|想.{0,8}的(?:加|联系|找|来)|名额|赚|日结|返利|下单|帮你|帮您|给你|为你"
    r"|https?:|www|vx|wx|\bqq\b|扣扣|[0-9]{5}"
)
GIVES_A_CONTACT = re.compile(
    r"(?:微信|薇信|wx|vx|qq|扣扣|加v|加我|加微|电话|手机|联系)[号是为:\s,]{0,4}[a-z0-9][a-z0-9_-]{4}|https?:|www|(?<![0-9])1[3-9][0-9]{9}(?![0-9])|有意.{0,3}(?:加|联系)"
)
_TELLS_OF_OTHERS = re.compile(
    r"有人|有些人|有的人|别人|看到|看见|收到|碰到|遇到|发现|他发|她发|他们发|同事发|同学发|这种|这样|这类|类似|比如|例如"
)
QUOTED = re.compile(
    '“[^“”]{1,200}”|‘[^‘’]{1,200}’|「[^「」]{1,200}」|『[^『』]{1,200}』|"[^"]{1,200}"|《[^《》]{1,200}》'
)


def is_plain(text: str) -> bool:
    """The text asks something and wins nobody for anything; numbers that identify people count for neither."""
    if len(text) > LONGEST_QUESTION:
        return False
    readable = Folded(mask(text)).readable
    return bool(_ASKS.search(readable)) and not WINS_OVER.search(readable)


def without_questions(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out that only belong to a question about the rules.

    Goes sentence by sentence. What detectors found stays: the data lies open, whatever it was written for.
    """
    if len(text) > LONGEST_QUESTION or not hits:
        return list(hits)
    readable = Folded(text).readable
    if not any(not hit.detector for hit in hits) or not _ASKS.search(readable):
        return list(hits)
    sentences = [found.span() for found in SENTENCE.finditer(readable) if found[0]]
    asks_for_the_rule = any(
        _ASKS_FOR_THE_RULE.search(readable, start, end) and _ASKS.search(readable, start, end)
        for start, end in sentences
    )
    quoted = [found.span() for found in QUOTED.finditer(text)]
    return [
        hit for hit in hits if hit.detector or not _is_asked_about(hit, readable, sentences, quoted, asks_for_the_rule)
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
        is_quoted = any(first <= hit.span[0] and hit.span[1] <= last for first, last in quoted)
        if is_quoted or _TELLS_OF_OTHERS.search(sentence):
            return True
        if _ASKS_FOR_THE_RULE.search(sentence) and _ASKS.search(sentence):
            return not WINS_OVER.search(_outside(hit, readable, start, end))
    return bool(_ASKS_IF_POSSIBLE.search(sentence)) and not WINS_OVER.search(readable)


def _outside(hit: Hit, readable: str, start: int, end: int) -> str:
    """The sentence without the hit itself, whose own words are what is asked about."""
    return readable[start : max(start, hit.span[0])] + " " + readable[min(end, hit.span[1]) : end]
