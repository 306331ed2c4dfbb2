"""Whoever warns of something has not done it: `严禁在群内发布赌博信息` is what a notice says, not an offence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.moderation.normalise import Folded
from handlers.moderation.phrases import CLAUSE, HANDS_OVER, INVITES, LONGEST_PLEA, OFFERS, SELLS, blanked
from handlers.moderation.scanner import Hit

REACH = 24
"""Characters before a hit within which the warning has to stand."""

_FORBIDS = re.compile(
    r"(?:严禁|禁止|禁发|(?<![怪恨巴舍了见由免])不得|不准|不许|杜绝|抵制|警惕|谨防|提防|防范|严厉打击|打击|查处|整治|远离|认清|勿信|轻信|不参与"
    r"|不(?:能|允许|可以?|应|该|要)(?:在?(?:工作|班级|本)?群里?内?)?(?:随意|随便)?(?:发|转|传|搞|做|聊|推|出现|有|组织|参与|讨论)"
    r"|自查|严查|抽查|查寝|检查(?:一下)?(?:自己|有没有|是否)|违规(?:示例|内容|行为|词|信息)|反面(?:例子|案例)|典型案例"
    r"|(?:请勿|切勿|不要)(?!错过|犹豫|迟疑|观望|等待|钱|身份|押金|本金|任何))[^。!?\n]*$"
)
"""Holds up to the end of the sentence."""
_DENIES = re.compile(r"(?<![是要能会可肯敢来有])不$")
"""Right before a bare word: `我们承诺不赌博`; `你是不是…`, and chain letters (`不转后果自负`) deny nothing."""
_REFUSES = re.compile(
    r"(?:拒绝|反对|(?:^|[^信])不(?:信|发|传|转|搞|沾|碰|做|接|买|卖)|别(?:信|发|点|碰|再|参与)|[小当]心(?:$|[^我你点着])|防骗|反诈|禁毒|骗局|受骗|被骗|上当|危害"
    r"|清理|清除|清查|排查|整顿|整改)[^。!?\n,;:]*$"
)
"""Holds in the same clause; `拒绝套路，代写论文` sells. `信不信我…`, `小心我…` threaten."""
_CONDEMNS = re.compile(
    r"^\s{0,2}(?:都|就|均|也)?(?:是|属于|属)(?:一种|典型的?)?(?:诈骗|骗局|骗子|骗人|违法|犯罪|违规|违纪|学术不端)|^违法|^(?:一律|坚决)不(?:报(?!价)|认(?!识)|予)"
    r"|^[^。!?\n]{0,6}(?:请勿|切勿|不得|严禁|禁止|不要|不能|不准|不许|不可|一律不)(?:在|用|通过|往|上|传)?(?:工作|班级|本)?(?:钉钉|微信|qq|群|网|互联网|手机|个人邮箱)[^。!?\n,]{0,4}[发传转存拍推贴]"
    r"|^[^。!?\n,]{0,3}(?:要|应|应当|须|必须)[^。!?\n,]{0,6}(?:保管|专柜|登记|销毁|密码柜)"
)
"""Right behind the hit: `刷单就是诈骗`, `机密文件请勿在钉钉上传`."""
_OF_ONESELF = re.compile(
    r"(?<![对骂说跟给叫把和被\"“‘「『])我(?:真|真是|这|这个|是|太|就是|简直是?|可真是?|怎么这么|眼睛)(?:个|一个|只)?$"
)
"""Right before bad words that somebody calls themselves, which is nobody's business: `我真是猪脑子`."""
_OF_OTHERS = re.compile(r"[你妳您他她它妈爹娘爷爸]")
_NOT_IN_GROUPS = re.compile(
    r"(?:不要|请勿|切勿|勿|别|不得|严禁|禁止)(?:再|乱|随意|随便)?[^。!?\n]{0,14}(?:发(?:到|在|往|给|进)?(?!.{0,4}(?:别|其[他它]|外)).{0,6}群|(?:往|在)(?!别|其[他它]|外).{0,4}群里?.{0,2}(?:发|报|接龙))"
)
"""Somewhere in the sentence: people's data belong elsewhere."""
_HOW_TO_KEEP = re.compile(
    r"(?:不得|严禁|不准|禁止)(?:用|以|向|提前|在|通过|写)|(?:不要|别)(?:用|写)|请走|专人|密封送|保密(?:提醒|室|办)"
)
"""In the sentence: how secrets are kept. Who lets them out says 先别说."""

_TRADES = re.compile(r"转让|出售|出租|求购|甩卖|转租|出票")


def without_admonitions(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out of which the text warns.

    Nothing is taken out of a text that invites to something or sells it, or has an offer outside of what it warns of; nor
    of what detectors found.
    """
    if len(text) > LONGEST_PLEA or all(hit.is_data for hit in hits):
        return list(hits)
    readable = Folded(text).readable
    warned = [hit for hit in hits if not hit.is_data and _is_warned_of(hit, readable)]
    if HANDS_OVER.search(readable):
        warned = [hit for hit in warned if hit.rule.category not in ("secrecy", "privacy")]
    if not warned:
        return list(hits)
    rest = blanked(readable, (hit.span for hit in hits))
    clauses = [found.span() for found in CLAUSE.finditer(readable) if found[0]]
    beside = blanked(rest, (clause for clause in clauses if any(_warns_of(clause, hit, readable) for hit in warned)))
    if INVITES.search(rest) or SELLS.search(rest) or OFFERS.search(beside) or _TRADES.search(beside):
        return list(hits)
    return [hit for hit in hits if hit not in warned]


def _is_warned_of(hit: Hit, readable: str) -> bool:
    before = readable[max(0, hit.span[0] - REACH) : hit.span[0]]
    behind = readable[hit.span[1] : hit.span[1] + REACH]
    if hit.rule.category == "privacy" and _NOT_IN_GROUPS.search(readable, max(0, hit.span[0] - REACH)):
        return True
    if hit.rule.category == "secrecy" and _HOW_TO_KEEP.search(
        readable, max(0, hit.span[0] - REACH), hit.span[1] + REACH
    ):
        return True
    return _says_so(before, behind, hit)


def _warns_of(clause: tuple[int, int], hit: Hit, readable: str) -> bool:
    """The clause holds the hit and the warning of it."""
    start, end = clause
    if not (start <= hit.span[0] and hit.span[1] <= end):
        return False
    before, behind = readable[start : hit.span[0]], readable[hit.span[1] : end]
    return _says_so(before, behind, hit)


def _says_so(before: str, behind: str, hit: Hit) -> bool:
    if hit.rule.category == "abuse" and _OF_ONESELF.search(before) and not _OF_OTHERS.search(hit.matched):
        return True
    if _FORBIDS.search(before) or _REFUSES.search(before) or _CONDEMNS.search(behind):
        return True
    return hit.rule.category != "abuse" and hit.matched.isalnum() and _DENIES.search(before) is not None
