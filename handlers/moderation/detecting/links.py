"""Links, shortened links, and what codes for scanning say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.moderation.detecting.addresses import Address, addresses
from handlers.moderation.detecting.found import Detected
from handlers.moderation.detecting.hosts import is_within
from handlers.moderation.normalise import Folded

SHORTENERS = frozenset(
    "t.cn url.cn w.url.cn dwz.cn dwz.mk dwz.win suo.im suo.nz sourl.cn sourl.co mrw.so 985.so 6du.in u.nu v.gd is.gd c7.gg 0x3.me"  # noqa: SIM905
    " 3.cn u.jd.com tb.cn m.tb.cn s.tb.cn t.tb.cn b23.tv v.douyin.com v.kuaishou.com xhslink.com xhs.cn p.pinduoduo.com dpurl.cn"
    " kurl.cn kurl.cc rrd.me t.ly bit.ly bitly.com j.mp tinyurl.com goo.gl t.co ow.ly buff.ly rb.gy cutt.ly shorturl.at shorturl.asia"
    " reurl.cc ppt.cc lihi.cc pse.is risu.io tiny.cc rebrand.ly bl.ink s.id surl.li da.gd qr.ae amzn.to fb.me youtu.be lnkd.in spoo.me"
    " urlc.cn urlify.cn wz.cn tinyurl.im 2cm.es me2.do han.gl dlj.li".split()
)
"""Hosts that hide where a link leads."""

_CODES = (
    ("u.wechat.com", "/"),
    ("weixin.qq.com", "/r/"),
    ("weixin.qq.com", "/g/"),
    ("weixin.qq.com", "/x/"),
    ("work.weixin.qq.com", "/gm/"),
    ("work.weixin.qq.com", "/ca/"),
    ("work.weixin.qq.com", "/u/"),
    ("payapp.weixin.qq.com", "/"),
    ("wx.tenpay.com", "/"),
    ("qm.qq.com", "/"),
    ("jq.qq.com", "/"),
    ("qr.alipay.com", "/"),
    ("qr.95516.com", "/"),
    ("t.me", "/"),
    ("telegram.me", "/"),
    ("wa.me", "/"),
    ("chat.whatsapp.com", "/"),
    ("line.me", "/ti/"),
    ("discord.gg", "/"),
)
"""Host and beginning of the path of what is shown as a code: to make friends, to join a group, to pay."""
_HOSTS_OF_CODES = frozenset(host for host, _ in _CODES)
_PASSWORD = re.compile(
    r"(?<![a-z0-9])[¥$€₤₴￥]\s?(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z0-9]{9,13}\s?[¥$€₤₴￥]", re.IGNORECASE
)
"""Signs that shopping programs read when they are copied: `￥AbCd12EfGh3￥`."""


def links(folded: Folded) -> Iterator[Detected]:
    """`link` for every address, besides `short-link` and `qr-text` for those that are, each with its host."""
    for address in addresses(folded):
        yield Detected("link", address.start, address.end, address.host)
        if is_within(address.host, SHORTENERS) and len(address.path) > 1:
            yield Detected("short-link", address.start, address.end, address.host)
        if _is_code(address):
            yield Detected("qr-text", address.start, address.end, address.host)
    if any(sign in folded.text for sign in "¥$€₤₴￥"):
        for found in _PASSWORD.finditer(folded.text):
            yield Detected("qr-text", *found.span())


def _is_code(address: Address) -> bool:
    if address.scheme:
        return True
    if len(address.path) < 2 or not is_within(address.host, _HOSTS_OF_CODES):
        return False
    path = address.path.lower()
    return any(is_within(address.host, (host,)) and path.startswith(beginning) for host, beginning in _CODES)
