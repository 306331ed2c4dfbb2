"""Whoever tells of frauds and offences as such warns of them: `近日发生多起刷单返利的诈骗案件，有疑问请打96110`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.moderation.normalise import Folded
from handlers.moderation.phrases import GIVES_A_CONTACT, INVITES, LONGEST_PLEA, OFFERS, QUOTED, SELLS, blanked
from handlers.moderation.scanner import Hit

_TELLS_OF_FRAUD = re.compile(
    r"电信诈骗|反诈|防骗|诈骗(?:案|类|分子|手[法段]|套路|类型|形式|高发|电话|短信|团伙|陷阱)|(?<![无没非拒绝])骗局"
    r"|被[^。!?\n]{0,12}骗|骗[了走](?!你|您)|上当受骗|受害[人者]|涉案|案件|案子|破获|抓获|民警|公安|派出所|报警|立案|判刑|被判"
    r"|违法犯罪|零容忍|(?:撤销|取消)学位|学术不端|典型案例|(?:都|就|均|全)是(?:诈骗|骗局|骗人|骗子)|=\s?(?:诈骗|骗局)"
    r"|保卫处(?:提醒|通[报知]|电话|邮箱|报告|查|在|已|将|接|来|调|处理)|(?:[向报到找交发请]|移交|联系|致电|拨打)保卫处"
    r"|被(?:约谈|开除|没收|查处|劝退|处分|举报|罚)|正在调查|网警|警官|敲诈|校医提醒|抓到|清零|帮信罪|坐牢|取消.{0,4}资格|承诺书|教育局提醒|那是(?:骗|诈)|都是(?:套路|坑)|多半是.{0,8}(?:骗|套路)|(?:都|千万)?(?:不要|别)信|一律不(?:认|报)|已(?:没收|上交|退回|上报|移交|批评)|怎么教育|不予录用|断卡行动|双人双锁|领用"
)
"""What nobody says who sells it."""
_OWN_PART = re.compile(
    r"[加找]我|私[聊信]|联系我|滴滴|扫码|需要的|要的来|有需要|求(?!助)|谁(?:能|会|有|要)|有没有|走起|组队|来[吗么不]|日结|一手"
    r"|我们(?!学校|学院|单位|校|院|系|班|老师)|本[店家]|今晚|三缺一|哥几个|兄弟们|进来|输的|一起(?:去|来|玩|搞|赌|打|干|赚|做)|(?:别|不会|怕|免得|小心).{0,3}被(?!.{0,4}骗)"
    r"|(?:查|抓)不(?:出|到|着)|不(?:用)?报警|(?:别|不)让|瞒|玩[一两几]?把|我这|是真的"
)
"""It has a part in it all the same: it offers, asks for, or plans what it speaks of."""
_TRADES = re.compile(r"(?<!不)(?:转让|出售|出租)|求购|甩卖|接单|先写后付|下单|放款")
_OFFICE_NUMBER = re.compile(
    r"(?:电话|拨打|致电|热线|打|:)[:是为\s]{0,3}(?:0[0-9]{2,3}-?)?[0-9]{3,8}(?![0-9])|(?<![0-9])(?:96110|110)(?![0-9])"
)
"""Where to ask or to report; landlines and short numbers, no mobiles."""
_OF_A_TRADE = frozenset(("unlawful", "advertising", "non-work"))


def without_notices(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stay when those are taken out of which the text tells as frauds or offences.

    Nothing is taken out of a text that invites, sells, gives a contact other than an office's number, or has a part in
    it; nor of what detectors found, of insults, and of what people's data and secrets are.
    """
    if len(text) > LONGEST_PLEA or not any(_may_be_excused(hit) for hit in hits):
        return list(hits)
    readable = Folded(text).readable
    if not _TELLS_OF_FRAUD.search(readable) or _OWN_PART.search(readable):
        return list(hits)
    said = blanked(readable, (found.span() for found in _OFFICE_NUMBER.finditer(readable)))
    quoted = (found.span() for found in QUOTED.finditer(text))
    rest = blanked(said, [*quoted, *(hit.span for hit in hits)])
    if GIVES_A_CONTACT.search(said) or any(one.search(rest) for one in (INVITES, SELLS, OFFERS, _TRADES)):
        return list(hits)
    return [hit for hit in hits if not _may_be_excused(hit)]


def _may_be_excused(hit: Hit) -> bool:
    return not hit.is_data and hit.rule.category in _OF_A_TRADE
