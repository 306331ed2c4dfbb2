"""Whoever asks whether something is a fraud has no part in it: `收到短信说刷单返利，是不是骗子啊`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from handlers.moderation.normalise import Folded
from handlers.moderation.phrases import (
    GIVES_A_CONTACT,
    INVITES,
    LONGEST_PLEA,
    QUOTED,
    SELLS,
    SENTENCE,
    blanked,
    wins_over,
)
from handlers.moderation.scanner import Hit

_FRAUD = "骗子|骗人|骗钱|骗局|诈骗|电诈|传销|假的|真的|违法|犯法|犯罪|钓鱼"
_SUSPECTS = re.compile(
    rf"是不是.{{0,6}}(?:{_FRAUD})|(?<!不)(?:是|算|属于)(?:{_FRAUD})的?(?:吗|么|嘛|吧?\?|还是)"
    r"|真的假的|是真是假|(?:能|可以?|敢)信[吗么嘛?]|(?:靠谱|可靠|可信|正规)[吗么嘛?]"
)
_BEFELL = re.compile(
    r"有(?:人|个人|位|陌生人).{0,10}[加找叫让拉发给打说]|(?:收到|接到|看到|刷到|碰到|遇到|发现)了?(?:一|个|有|条|这|那|好?几|群里|过|短信|消息|电话|邮件|链接|广告)"
    r"|(?:同学|室友|朋友|家长|学生|网上|群里|对方|陌生人|别人|他|她).{0,8}(?:[说发叫让]|推荐|介绍|拉我)|[这那](?:条|种|类|样的)|刚才"
)
"""The one who asks tells what came to them, or what others do."""
_ANSWERS = re.compile(r"当然|绝对|亲测|百分百|保证|不骗|(?<!是)不是骗|没骗|试试|信得过的|包真|保真")
"""Who asks so answers it as well, and sells."""
_OF_A_TRADE = frozenset(("unlawful", "advertising", "non-work"))


def without_suspicions(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out of which the text asks whether they are a fraud.

    Goes sentence by sentence; what stands in quotation marks, and in a sentence that tells what others do, is what is
    asked about. Nothing is taken out of a text that beside it invites, sells or gives a contact; nor of what detectors
    found, of insults, and of what people's data and secrets are.
    """
    if len(text) > LONGEST_PLEA or not any(_may_be_excused(hit) for hit in hits):
        return list(hits)
    readable = Folded(text).readable
    asked = [found.span() for found in _SUSPECTS.finditer(readable)]
    if not asked or GIVES_A_CONTACT.search(readable):
        return list(hits)
    quoted = [found.span() for found in QUOTED.finditer(text)]
    said = blanked(readable, quoted)
    rest = blanked(said, [*asked, *(hit.span for hit in hits)])
    if _ANSWERS.search(rest):
        return list(hits)
    sentences = [found.span() for found in SENTENCE.finditer(readable) if found[0]]
    about: set[int] = set()
    for at, (start, end) in enumerate(sentences):
        if _BEFELL.search(said, start, end):
            about.add(at)
        elif _SUSPECTS.search(readable, start, end):
            about.add(at)
            if INVITES.search(rest, start, end) or SELLS.search(rest, start, end):
                return list(hits)
        elif wins_over(said[start:end]):
            return list(hits)

    def is_asked_about(hit: Hit) -> bool:
        first, last = hit.span
        inside = {bisect_right(sentences, place, key=itemgetter(0)) - 1 for place in (first, last - 1)}
        return inside <= about or any(start <= first and last <= end for start, end in quoted)

    return [hit for hit in hits if not (_may_be_excused(hit) and is_asked_about(hit))]


def _may_be_excused(hit: Hit) -> bool:
    return not hit.is_data and hit.rule.category in _OF_A_TRADE
