"""What a text does beside holding a word that a rule finds: it invites, praises, sells, gives a contact, quotes.

All of it is matched against `Folded.readable`, but for `QUOTED`, which is matched against the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_PLEA = 1_000
"""Characters. What is longer is neither a question nor a warning to a bot."""

SENTENCE = re.compile(r"[^。!?\n]*[。!?\n]*")
CLAUSE = re.compile(r"[^。!?\n,;:]*[。!?\n,;:]*")
"""Lists with 、 are one clause."""

INVITES = re.compile(
    r"加(?:我|微|薇|v|q|wx|vx)|(?<![在用过从])微信(?!群)|私聊|私信|联系(?:我|方式|电话)|找我|滴滴|扫码|二维码|(?:有|谁)?需要.{0,12}(?:吗|么|的|请|\?)"
    r"|想.{0,8}的(?:加|联系|找|来)|帮(?:我|忙|个忙|你|您|砍|点|投)(?!看|查|问|解释|判断|确认|分析|改)|给你|为你|有没有(?:人)?(?:要|想|一起)|有要的|谁要|考虑(?:一下|下)"
    r"|了解(?:一下|下)|https?:|www|vx|wx|\bqq\b|扣扣|[0-9]{5}"
)
"""It wants somebody to do something."""
SELLS = re.compile(
    r"包过|保过|包(?:毕业|录用)|诚信|靠谱|接单|日结|一手|团队|质量保证|保证质量|实力|正规公司|老客户|回头客|薄利|现货|招收"
    r"|欢迎.{0,6}(?:咨询|选购|来)|(?<!我)怕(?:违规|处分|挂科|查|被)|[不别]怕|放心"
)
"""It praises what is for sale."""
OFFERS = re.compile(r"优惠|低价|特价|价格|报价|办理|代理|名额|赚|返利|下单")
"""It speaks of what is for sale; whoever warns of that or asks about it uses the same words."""
GIVES_A_CONTACT = re.compile(
    r"(?:微信|薇信|wx|vx|qq|扣扣|加v|加我|加微|电话|手机|联系)[号是为:\s,]{0,4}[a-z0-9][a-z0-9_-]{4}|https?:|www|(?<![0-9])1[3-9][0-9]{9}(?![0-9])|有意.{0,3}(?:加|联系)"
)
HANDS_OVER = re.compile(r"给.{0,6}看|看完|看看|(?:我|你)这里?有|我拍|我从|带出来|先别|你们看|有一份|先睹")
"""It passes on what is not to be passed on."""
QUOTED = re.compile(
    '“[^“”]{1,200}”|‘[^‘’]{1,200}’|「[^「」]{1,200}」|『[^『』]{1,200}』|"[^"]{1,200}"|《[^《》]{1,200}》'
)


def wins_over(text: str) -> bool:
    """The text invites to something, or has something for sale."""
    return any(pattern.search(text) for pattern in (INVITES, SELLS, OFFERS))


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with blanks in place of these spans; as long as before."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)
