"""What is an address of the net, and whether it belongs to a domain that is trusted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from ipaddress import AddressValueError, IPv4Address

from handlers.moderation.normalise import INVISIBLE, Folded

PLAIN_ENDINGS = frozenset(
    "com cn net org edu gov top xyz vip cc biz site shop club online ltd wang ren icu".split()  # noqa: SIM905
)
"""Endings that make an address of two words without anything else."""
HIDDEN_ENDINGS = frozenset("com cn net org edu gov cc xyz top vip".split())  # noqa: SIM905
"""Endings that make one where the dot is disguised."""
SPACED_ENDINGS = frozenset(("com", "cn", "net", "org", "cc", "xyz"))
"""Endings that make one behind a blank or a full stop, where a sentence may end as well."""
# Files and words end in many of them: an address only with www, a scheme or a path.
_OTHER_ENDINGS = frozenset(
    "co io me tv info app dev link work ink tech pub live pro fun store asia mobi wiki win bid loan group team world life news"  # noqa: SIM905
    " click space website host press video games game chat email zone cloud plus run art fit red blue pink kim men date name int mil"
    " hk tw mo us uk jp kr ru de fr eu ca au in is im it at be to ly gl gg gd ws fm la sg my th vn ph nu st tk ml ga cf gq so sh ai cm"
    " mk mn pw bz".split()
)
ENDINGS = PLAIN_ENDINGS | _OTHER_ENDINGS
_NO_ADDRESSES = frozenset(f"{name}.net" for name in ("asp", "vb", "ado", "ml", "paint", "system", "microsoft", "java"))

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z0-9-]{2,63}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_DOTS = str.maketrans(dict.fromkeys("。｡．・·•点點", "."))


def is_address(labels: list[str], *, has_path: bool, endings: Collection[str] = PLAIN_ENDINGS) -> bool:
    """Whether the parts between dots make the address of a host, given that no scheme stands before them."""
    if len(labels) < 2 or not all(labels):
        return False
    ending, name = labels[-1], labels[-2]
    if labels[0] == "www" and len(labels) > 2:
        return ending.isalpha() and len(ending) > 1
    if has_path:
        return ending in ENDINGS
    if ending not in endings or f"{name}.{ending}" in _NO_ADDRESSES:
        return False
    return (not name.isdecimal() and len(name) > 1) or (len(name) > 2 and endings is PLAIN_ENDINGS)


def is_public_ip(host: str) -> bool:
    """Four numbers that lead out of the house: no addresses of local networks, no versions of programs."""
    try:
        return IPv4Address(host).is_global
    except AddressValueError:
        return False


def host_of(written: str) -> str:
    """The host of an address as browsers understand it: half width, small, without invisible characters, user and port.

    Letters that only look like others stay what they are, in the form that begins with `xn--`.
    """
    seen = written
    if not written.isascii():
        seen = "".join(one for one, form in zip(written, Folded(written).form, strict=True) if form != INVISIBLE)
    host = unicodedata.normalize("NFKC", seen).lower().translate(_DOTS).rpartition("@")[2]
    host = "".join(one for one in host if one not in "[](){} \t")
    if host.count(":") == 1:
        host = host.partition(":")[0]
    return _in_ascii(host.strip("."))


def domain_of(written: str) -> str:
    """A domain of a setting in the form in which hosts are compared: `*.Example.edu.cn/` is `example.edu.cn`."""
    bare = written.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0]
    return host_of(bare.removeprefix("*."))


def is_domain(written: str) -> bool:
    """Whether this may stand in a list of domains: `example.edu.cn`, `*.example.cn`, `学院.中国`, `10.1.2.3`."""
    return _DOMAIN.fullmatch(domain_of(written)) is not None


def is_within(host: str, domains: Collection[str]) -> bool:
    """Whether the host is one of the domains or below one."""
    while host:
        if host in domains:
            return True
        host = host.partition(".")[2]
    return False


def _in_ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
