"""Finding the addresses of the net in a text, however their dots are disguised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from handlers.moderation.detecting.hosts import (
    HIDDEN_ENDINGS,
    PLAIN_ENDINGS,
    SPACED_ENDINGS,
    host_of,
    is_address,
    is_public_ip,
)
from handlers.moderation.normalise import INVISIBLE, Folded

MOST = 1_000
"""Addresses of one kind in a text; who has that many need not be shown more."""
_MOST_TRIES = 10_000
_LONGEST_RUN = 300


class Address(NamedTuple):
    """An address: its span of the original text, its host, the path behind it, and the scheme if it is a rare one."""

    start: int
    end: int
    host: str
    path: str = ""
    scheme: str = ""


_HINT = re.compile("[a-z]{2}|[0-9]{6}")
_SCHEME = re.compile(
    r"(?<![a-z0-9])(?P<scheme>h\0*[tx*]\0*[tx*]\0*p\0*s?|ftp|wss?|weixin|wxp|alipays?|alipayqr|mqqapi|mqqwpa|tg|taobao|tbopen|pinduoduo)"
    r"\0*\s{0,2}:\s{0,2}[/\\]{2,3}\s?(?P<host>\[[0-9a-f:.]{2,45}\]|[0-9a-z\u00a1-\uffff.\-_\0@:%~]{1,253}+)?"
)
_WEB = frozenset(("http", "https", "ftp", "ws", "wss"))
_LATIN_HOST = re.compile(r"[0-9a-z\-_\0]+(?:\.[0-9a-z\-_\0]+)*\.[a-z\0]{2,}(?::[0-9]{2,5})?(?=[^\x00-\x7f])")

_LABEL = r"[a-z0-9][a-z0-9_\0-]*+"
_SPACED = f" {{0,2}}[.。] {{0,2}}(?=(?:{'|'.join(sorted(SPACED_ENDINGS))})(?![a-z0-9]))"
_HIDDEN = r" ?[(\[{【] ?(?:dot|点|[.。]) ?[)\]}】] ?|[・·•点]"
_DOT = rf"(?:\.|{_HIDDEN}|{_SPACED})"
_RUN = re.compile(rf"(?<![a-z0-9_\0@-])(?<![a-z0-9]\.){_LABEL}(?:{_DOT}{_LABEL})++")
_SEPARATOR = re.compile(_DOT)
_IP = re.compile(r"(?<![0-9a-z.])(?P<host>[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?P<port>:[0-9]{2,5})?(?![0-9.])")
_MASK_OF_A_NET = re.compile(r"/[0-9]{1,2}(?![0-9a-z/])", re.IGNORECASE)
_LETTER_BY_LETTER = re.compile(r"(?<![a-z0-9])[a-z0-9](?:[ \0]{1,2}[a-z0-9.:/点。-]){5,}+(?![a-z0-9])")
_PORT = re.compile(r":[0-9]{2,5}(?![0-9])")
_TAIL = re.compile(r"[/\\?#][\x21-\x7e]{0,2000}")
_ENDS_OF_SENTENCES = ".,;:!?)]}>'\""


def addresses(folded: Folded) -> list[Address]:
    """The addresses in the text in order, none inside another: with a scheme, bare, as numbers, or letter by letter.

    Costs next to nothing where there is no Latin word. The time grows with the length of the text, whatever is in it;
    of each of the four, no more than `MOST` are given.
    """
    if _HINT.search(folded.bare) is None:
        return []
    form = _form(folded)
    found: list[Address] = []
    for finder, signs in _FINDERS:
        if not any(sign in form for sign in signs):
            continue
        taken = sorted((one.start, one.end) for one in found)
        found += islice(_outside(taken, finder(folded.text, form)), MOST)
    return sorted(found)


def _outside(taken: list[tuple[int, int]], found: Iterator[Address]) -> Iterator[Address]:
    """Those that overlap nothing that is taken, nor each other; both are in order."""
    at = end = 0
    for one in found:
        while at < len(taken) and taken[at][1] <= one.start:
            at += 1
        if one.start >= end and (at == len(taken) or one.end <= taken[at][0]):
            end = one.end
            yield one


def _form(folded: Folded) -> str:
    """The readable form with a mark for what nobody sees, so that it parts no address."""
    readable = folded.readable
    if INVISIBLE not in folded.form:
        return readable
    return "".join(INVISIBLE if mark == INVISIBLE else one for mark, one in zip(folded.form, readable, strict=True))


def _with_scheme(text: str, form: str) -> Iterator[Address]:
    for found in islice(_SCHEME.finditer(form), _MOST_TRIES):
        scheme = found["scheme"].replace(INVISIBLE, "").replace("x", "t").replace("*", "t")
        start, end = found.start(), found.end()
        if found["host"] is None:
            if scheme not in _WEB:
                yield Address(start, end, scheme, "", scheme)
            continue
        begins = found.start("host")
        latin = _LATIN_HOST.match(form, begins)
        written = latin[0] if latin else found["host"].rstrip(".:")
        end = begins + len(written)
        host = host_of(text[begins:end])
        path = _path(text, end)
        if scheme not in _WEB:
            yield Address(start, end + len(path), scheme, path, scheme)
        elif _leads_out(host):
            yield Address(start, end + len(path), host, path)


def _leads_out(host: str) -> bool:
    """Not `localhost`, nor an address of the local network."""
    if host.replace(".", "").isdecimal() and host.count(".") == 3:
        return is_public_ip(host)
    return bool(host) and host != "localhost" and ("." in host or host.isdecimal() or ":" in host or "%" in host)


def _bare(text: str, form: str) -> Iterator[Address]:
    for found in islice(_RUN.finditer(form), _MOST_TRIES):
        if found.end() - found.start() > _LONGEST_RUN or form[found.end() : found.end() + 1] == "@":
            continue
        for start, end in _pieces(form, *found.span()):
            after = _after_port(form, end)
            path = _path(text, after)
            separators = _SEPARATOR.findall(form[start:end])
            labels = [label.replace(INVISIBLE, "") for label in _SEPARATOR.split(form[start:end])]
            if is_address(labels, has_path=len(path) > 1, endings=_endings(separators)):
                yield Address(start, after + len(path), host_of(text[start:end]), path)


def _endings(separators: list[str]) -> frozenset[str]:
    """The endings that count with the last of these dots."""
    if all(one == "." for one in separators):
        return PLAIN_ENDINGS
    return SPACED_ENDINGS if separators[-1].strip() in (".", "。") and separators[-1] != "." else HIDDEN_ENDINGS


def _pieces(form: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The run itself; or where real dots make an address inside it, that one: `好了。abc.com` has `abc.com`."""
    pieces: list[tuple[int, int]] = []
    first = start
    for found in _SEPARATOR.finditer(form, start, end):
        if found[0] != ".":
            pieces.append((first, found.start()))
            first = found.end()
    pieces.append((first, end))
    plain = [(a, b) for a, b in pieces if "." in form[a:b] and is_address(form[a:b].split("."), has_path=False)]
    yield from plain or [(start, end)]


def _by_numbers(text: str, form: str) -> Iterator[Address]:
    for found in islice(_IP.finditer(form), _MOST_TRIES):
        path = _path(text, found.end())
        if _MASK_OF_A_NET.fullmatch(path) or not (path or found["port"]) or not is_public_ip(found["host"]):
            continue
        yield Address(found.start(), found.end() + len(path), found["host"], path)


def _letter_by_letter(text: str, form: str) -> Iterator[Address]:
    for found in islice(_LETTER_BY_LETTER.finditer(form), _MOST_TRIES):
        written = found[0].replace(" ", "").replace(INVISIBLE, "")
        host = written.rpartition("//")[2].partition("/")[0].replace("点", ".").replace("。", ".")
        labels = host.split(".")
        if is_address(labels, has_path=False, endings=SPACED_ENDINGS):
            yield Address(found.start(), found.end(), host)


def _after_port(form: str, at: int) -> int:
    port = _PORT.match(form, at)
    return port.end() if port else at


def _path(text: str, at: int) -> str:
    """What follows the host, as it is written, without the punctuation of the sentence."""
    found = _TAIL.match(text, at)
    return found[0].rstrip(_ENDS_OF_SENTENCES) if found else ""


_FINDERS: tuple[tuple[Callable[[str, str], Iterator[Address]], str], ...] = (
    (_with_scheme, ":"),
    (_bare, ".。点・·•d"),
    (_by_numbers, "."),
    (_letter_by_letter, " "),
)
"""Each with the signs without which it finds nothing."""
