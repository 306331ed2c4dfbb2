"""Words of other people inside our Markdown: names, titles of groups, quotations (docs/platform.md §10)."""

from __future__ import annotations

import re

_SIGNS = str.maketrans("\\`*_~#[]<>|!@", "＼｀＊＿～＃［］＜＞｜！＠")
"""Full width reads the same and means nothing to any client; whether clients know `\\*` is documented nowhere. Round
brackets stay, as in numbers of articles: without square ones before them they are no link."""
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
"""Control characters, and those that turn the order of what follows or hide between two letters."""
_FRONT = re.compile(r"^(?:[-+=](?=[-+=\s]|$)|\d{1,9}[.)](?=\s|$))+")
_FRONT_SIGNS = str.maketrans("-+=.)", "－＋＝．）")


def literal(text: str) -> str:
    """`text` as it was written, on one line, without becoming markup, a link, a mention or an item of a list.

    Signs that mean something become full-width ones. Doing it twice changes nothing.
    """
    bare = " ".join(_UNSEEN.sub("", text).split()).translate(_SIGNS).replace("://", "：//")
    return _FRONT.sub(lambda front: front[0].translate(_FRONT_SIGNS), bare)
