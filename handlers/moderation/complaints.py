"""Whoever tells the bot of what somebody else wrote has not written it: `有人在群里发「专业代写」，麻烦处理一下`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from handlers.moderation.normalise import Folded
from handlers.moderation.phrases import GIVES_A_CONTACT, HANDS_OVER, LONGEST_PLEA, QUOTED, SENTENCE, blanked, wins_over
from handlers.moderation.scanner import Hit

_TELLS = re.compile(
    r"(?:有人|有个|有位|有(?:的|些)?(?:同学|学生|家长|老师|人)|某(?:人|位|个)|他|她|陌生人|小号|外面的人).{0,14}[发转刷贴推拉说骂卖塞拍传]"
    r"|(?:看到|看见|收到|发现|碰到|遇到).{0,20}(?:[发转骂]|消息|广告|信息|链接|短信|电话|的人|内容)"
    r"|[这那](?:条|种|个|些|类|样的).{0,6}(?:消息|广告|信息|内容|链接|帖子|人)|[那这]条.{1,10}的|[这那](?:位|个).{0,8}[发转]"
    r"|[发转]\s{0,12}\S{0,8}\s{0,12}的(?:那?个?人|同学|学生|家长|用户|账号|号)|已经?被?(?:删|撤回|移出|清理|踢)"
    r"|群里(?:进|混|来)了|(?:有|(?<!各)位|个|名)(?:家长|同学|学生|班委|学员|老师).{0,3}把|混[了进]|[门墙]上|网传|凡是.{0,4}(?:承诺|说|要求)|冒充|盗号|被盗|小广告|贴[满着]|(?:垃圾|诈骗|骚扰|推销)(?:短信|电话|邮件)"
)
"""Somebody else did it."""
_ASKS_TO_ACT = re.compile(
    r"举报|投诉|反映|麻烦.{0,8}[处管删撤看查清]|(?:赶紧|尽快)处理|处理(?:一下|掉|下)|管(?:一管|管|一下)|撤回|[撤踢删]一下|删(?:掉|除)|不是我(?!们)|踢(?:了|出|掉)|移出"
    r"|制止|核实|检查|排查|清查|已经?被?(?:删|撤回|移出|清理|踢)|提醒(?:一下)?(?:他|她|大家|本人|同学|学生|家长)|请.{0,10}(?:处理|清理|核实|管一?管)|小心|当心|别(?:信|上当|点|买)|上当|骗|烦死|铲|已交|找(?:教务|保卫|辅导员)|请勿转发|经核查|辟谣|不实|不要信|(?:群主|管理员).{0,8}[处管删看]"
)
"""Something is to be done about it."""
_HAS_ACTED = re.compile(
    r"已经?(?:被|让|请|提醒|要求)?.{0,4}[删撤]|我(?:已经?)?(?:请他|让他|要求)|(?:已经?|我)(?:已经?)?(?:联系|上?报|截图|反映|告诉|移交)|交给?.{0,4}(?:保卫|教务|组织|纪检|辅导员|保密|你们)"
)
"""Something was done about it; that may stand in what was found, too."""


def without_complaints(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out that belong to what the text tells of somebody else.

    Quoted words are somebody else's, and so is a sentence that tells what others do. Nothing is taken out of a text that,
    beside what it tells, wins people over, sells, or gives a contact; nor of what detectors found.
    """
    if len(text) > LONGEST_PLEA or all(hit.is_data for hit in hits):
        return list(hits)
    readable = Folded(text).readable
    quoted = [found.span() for found in QUOTED.finditer(text)]
    said = blanked(readable, quoted)
    own = blanked(said, (hit.span for hit in hits))
    if not _TELLS.search(said) or not (_ASKS_TO_ACT.search(own) or _HAS_ACTED.search(said)):
        return list(hits)
    if wins_over(own) or GIVES_A_CONTACT.search(own):
        return list(hits)
    is_leak = HANDS_OVER.search(said) is not None
    sentences = [found.span() for found in SENTENCE.finditer(readable) if found[0]]
    telling = {at for at, (start, end) in enumerate(sentences) if _TELLS.search(said, start, end)}
    return [
        hit
        for hit in hits
        if hit.is_data
        or (is_leak and hit.rule.category == "secrecy")
        or not (
            any(first <= hit.span[0] and hit.span[1] <= last for first, last in quoted)
            or {_sentence(sentences, hit.span[0]), _sentence(sentences, hit.span[1] - 1)} <= telling
        )
    ]


def _sentence(sentences: Sequence[tuple[int, int]], place: int) -> int:
    return bisect_right(sentences, place, key=itemgetter(0)) - 1
