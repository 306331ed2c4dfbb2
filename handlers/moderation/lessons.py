"""Whoever teaches about something, or says how it is punished, has not done it: `刑法课讨论贩卖毒品罪的量刑`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.moderation.normalise import Folded
from handlers.moderation.phrases import HANDS_OVER, INVITES, LONGEST_PLEA, OFFERS, QUOTED, SELLS, blanked
from handlers.moderation.scanner import Hit

_TITLE = re.compile("《[^《》]{1,60}》")

_TEACHES = re.compile(
    r"(?:^|[。!?\n])[^。!?\n:]{0,14}(?:课|史|(?<![大中小同])学|法|律|论|讲座|作业|习题|案例|考点|专题|赏析|鉴赏|选读|实训|实验|文学|概论|原理|复习|预习|党课|班会)"
    r"(?:课|上|堂|题|第.{1,3}[章讲节])?:"
    r"|(?:课|课程|课堂|讲座|章|讲|节|专题|案例|作业|习题|论文|教材|班会|党课|展览|选修|必修|实训|实验|比赛|剧社|辩论赛)(?:上|中|里|堂上)?"
    r"(?:的?(?:内容|主题|题目|选题|辩题)(?:是|为)?)?(?:今天|下周|本周|将|要|会|主要)?(?:讲|讨论|分析|介绍|涉及|学习|复习|围绕|研究|探讨|解读|观看|放映|放|写|读|排练|解释|谈|识别)"
    r"|学(?:讲到|田野)|今天讲|小测|答题|《[^《》]{1,30}》(?:里|中|第)|为什么违法"
)
"""What is taught stands behind it."""
_IS_TAUGHT = re.compile(
    r"^.{0,12}(?:罪|量刑|的(?:判例|概念|定义|起因|特征|识别|量刑|认定|构成|区别|性质|史料|危害|典故|机理|机制|诊断|预防|防治|意义|历史|由来|含义|条款|法律|案例|伦理|影响|原理))"
    r"|^.{0,10}(?:是|为|作为)?(?:本章|期末|必考|重要)?(?:考点|考题|知识点|必修内容|课程内容|作业题|论文题目|名词解释|辩题)"
)
"""Right behind what is taught."""
_PUNISHES = re.compile(
    r"给予.{0,12}(?:处分|处罚|警告|记过|开除)|处(?:以|拘留|罚款|分)|拘留|罚款|追究|刑事责任|法律责任|通报批评|开除学籍|移送|移交(?:公安|司法)|零容忍|从严处理|严肃(?:处理|追责|查处)"
    r"|认定为|属于?(?:违法|犯罪|违规|违纪|学术不端|作弊)|(?:都|均|全)是(?:诈骗|骗局|骗子|骗人|假)|一经(?:发现|查实)|违者|《[^《》]{2,30}》.{0,6}(?:规定|要求|第)|犯罪行为|违法行为|构成.{0,6}罪"
)
"""The sentence says what follows for whoever does it."""
_IS_A_WORD = re.compile(r"^[”」』\"]?\s?.{0,2}(?:一词|这个(?:成语|词|字)|这种说法|这句|指数|基因)")
"""Right behind bad words: they are spoken of."""
_OF_LANGUAGE = re.compile(r"台词|排练|第.{1,3}幕|一词|成语|说法|描写|课|教材|作业|话术|怎么回应|该怎么|规范|不合适")
"""Beside bad words in quotation marks."""
_OF_LAW = frozenset(("unlawful", "advertising", "non-work", "secrecy"))
_TRADES = re.compile(r"转让|出售|出租|求购|甩卖|转租|代写|代做|代考|接单|加[vV]|元|块")


def without_lessons(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out that a text teaches about, forbids by law, or names as a title.

    Nothing is taken out of a text that wins people over or trades beside it, nor of what detectors found; of insults and
    of what people's data are only titles are.
    """
    if len(text) > LONGEST_PLEA or all(hit.is_data for hit in hits):
        return list(hits)
    readable = Folded(text).readable
    rest = blanked(readable, (hit.span for hit in hits))
    if INVITES.search(rest) or SELLS.search(rest) or OFFERS.search(rest) or _TRADES.search(rest):
        return list(hits)
    quoted = [found.span() for found in QUOTED.finditer(text)]
    speaks_of_words = "你" not in blanked(readable, quoted) and _OF_LANGUAGE.search(blanked(readable, quoted))
    titles = [found.span() for found in _TITLE.finditer(text)]
    taught = _TEACHES.search(rest)
    punished = _PUNISHES.search(rest)
    hands_over = HANDS_OVER.search(rest)
    return [
        hit
        for hit in hits
        if hit.is_data
        or not (
            _inside(hit, titles)
            or (hit.rule.category == "abuse" and speaks_of_words and _inside(hit, quoted))
            or (
                hit.rule.category == "abuse"
                and "你" not in readable
                and _IS_A_WORD.search(readable, hit.span[1], hit.span[1] + 12)
            )
            or (
                hit.rule.category in _OF_LAW
                and not (hands_over and hit.rule.category == "secrecy")
                and (
                    punished
                    or (taught and taught.end() <= hit.span[0] + 2)
                    or _IS_TAUGHT.search(readable, hit.span[1], hit.span[1] + 24)
                )
            )
        )
    ]


def _inside(hit: Hit, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= hit.span[0] and hit.span[1] <= last for first, last in spans)
