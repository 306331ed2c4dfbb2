"""Whoever warns of something has not done it: `严禁在群内发布赌博信息` is what a notice says, not an offence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.moderation.normalise import Folded
from handlers.moderation.questions import LONGEST_QUESTION, WINS_OVER
from handlers.moderation.scanner import Hit

REACH = 24
"""Characters before a hit within which the warning has to stand."""

_WARNS = re.compile(
    r"(?:严禁|禁止|不得|不准|不许|杜绝|抵制|警惕|谨防|提防|防范|严厉打击|打击|查处|整治|远离|认清|勿信|轻信|不参与"
    r"|(?:请勿|切勿|不要)(?!错过|犹豫|迟疑|观望|等待))[^。!?\n]*$|不$"
)
SELLS = re.compile("一手|团队|质量保证|保证质量|实力|正规公司|老客户|回头客|薄利|现货|招收|欢迎.{0,6}(?:咨询|选购|来)")


def without_admonitions(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out before which, in the same sentence, the text warns of them.

    Nothing is taken out of a text that also wins people over or sells, nor of what detectors found.
    """
    if len(text) > LONGEST_QUESTION or all(hit.detector for hit in hits):
        return list(hits)
    readable = Folded(text).readable
    others = list(readable)
    for hit in hits:
        others[hit.span[0] : hit.span[1]] = " " * (hit.span[1] - hit.span[0])
    rest = "".join(others)
    if WINS_OVER.search(rest) or SELLS.search(rest):
        return list(hits)
    return [
        hit for hit in hits if hit.detector or not _WARNS.search(readable[max(0, hit.span[0] - REACH) : hit.span[0]])
    ]
