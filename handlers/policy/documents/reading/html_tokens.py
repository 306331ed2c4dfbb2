"""HTML cut into tags and text, in one pass whatever is written.

The standard library's parser takes time with the square of the length on broken pages (minutes for 100 kB), and trees as
browsers build them do on deep nesting. Only the order of tags and text counts here, so none is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

RAW = ("script", "style", "noscript", "template", "iframe", "noembed", "noframes", "textarea", "title", "xmp")
"""Elements in which nothing is a tag but their end."""
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,60})")
_STOP = re.compile(r"[>\"']")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]{0,40})\s*=\s*(?:\"([^\"]{0,400})\"|'([^']{0,400})'|([^\s\"'>]{1,400}))")
_MOST_OF_A_TAG = 4000
"""Characters of a tag in which attributes are looked for."""


@dataclass(frozen=True, slots=True)
class Tag:
    """`<name …>`, or `</name>` where it ends."""

    name: str
    ends: bool
    attributes: dict[str, str]


def tokens(page: str) -> Iterator[Tag | str]:
    """Tags and the text between them, entities resolved. Comments, declarations and what is in `RAW` are left out."""
    at, size = 0, len(page)
    finder = _Finder(page)
    while at < size:
        begin = page.find("<", at)
        if begin < 0:
            begin = size
        if begin > at:
            yield unescape(page[at:begin])
        if begin == size:
            return
        if page.startswith("<!--", begin):
            at = finder.after("-->", begin + 4)
        elif page.startswith(("<!", "<?"), begin):
            at = finder.after(">", begin)
        elif found := _TAG.match(page, begin):
            end = finder.end_of_tag(found.end())
            tag = Tag(
                found[2].lower(),
                bool(found[1]),
                _attributes(page[found.end() : min(end, found.end() + _MOST_OF_A_TAG)]),
            )
            yield tag
            at = finder.end_of_raw(tag.name, end) if tag.name in RAW and not tag.ends else end
        else:
            yield "<"
            at = begin + 1


class _Finder:
    """Looks ahead, and remembers what is not there, so that nothing is looked for twice."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._absent: set[str] = set()

    def after(self, mark: str, at: int) -> int:
        """Where it goes on behind the next mark: at the end of the page where there is none."""
        found = self._find(mark, at)
        return len(self._page) if found < 0 else found + len(mark)

    def end_of_tag(self, at: int) -> int:
        """Behind the `>` that is not in quotes."""
        while stop := _STOP.search(self._page, at):
            if stop[0] == ">":
                return stop.end()
            closing = self._find(stop[0], stop.end())
            at = stop.end() if closing < 0 else closing + 1
        return len(self._page)

    def end_of_raw(self, name: str, at: int) -> int:
        """Where the tag begins that ends this element."""
        mark = f"</{name}"
        if mark in self._absent:
            return len(self._page)
        found = re.compile(mark, re.IGNORECASE).search(self._page, at)
        if found is None:
            self._absent.add(mark)
            return len(self._page)
        return found.start()

    def _find(self, mark: str, at: int) -> int:
        found = -1 if mark in self._absent else self._page.find(mark, at)
        if found < 0:
            self._absent.add(mark)
        return found


def _attributes(written: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(written)
    }
