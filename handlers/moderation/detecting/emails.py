"""Addresses of mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.moderation.detecting.found import Detected
from handlers.moderation.normalise import Folded

_MAIL_HOSTS = frozenset(
    "qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net 139.com 189.cn wo.cn sina.com sina.cn sohu.com aliyun.com gmail.com"  # noqa: SIM905
    " outlook.com hotmail.com live.com icloud.com yahoo.com tom.com 21cn.com proton.me".split()
)
"""Where people have mail: with these an address is one in any disguise."""
_LOCAL = r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}+"
_EMAIL = re.compile(rf"{_LOCAL}@(?:[a-z0-9-]{{1,63}}\.){{1,4}}[a-z]{{2,24}}(?![a-z0-9])")
_DISGUISED = re.compile(
    rf"{_LOCAL} ?(?:@|#|[(\[{{] ?(?:at|@) ?[)\]}}]|艾特| at ) ?"
    r"(?P<host>[a-z0-9]{1,20}(?: ?(?:[.。・·•点,]|[(\[{] ?(?:dot|点|\.) ?[)\]}]| dot ) ?[a-z0-9]{2,20}){1,2})(?![a-z0-9])"
)
_DOT = re.compile("[^a-z0-9]+(?:dot[^a-z0-9]+)?")
_SIGNS = ("@", "#", "at", "艾特")
_NOBODY = frozenset(("git", "svn", "root"))


def emails(folded: Folded) -> Iterator[Detected]:
    """E-mail addresses; disguised ones (`wang # qq 点 com`, `wang[at]163.com`) where the host is one for mail."""
    form = folded.readable
    if not any(sign in form for sign in _SIGNS):
        return
    for found in _EMAIL.finditer(form):
        if found[0].partition("@")[0] not in _NOBODY:
            yield Detected("email", *found.span())
    for found in _DISGUISED.finditer(form):
        if _DOT.sub(".", found["host"]) in _MAIL_HOSTS and not _EMAIL.fullmatch(found[0]):
            yield Detected("email", *found.span())
