"""What is written to the log: console lines or JSON, with a correlation id, and never a secret or a phone number."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal, TextIO

OURS = ("bot", "handlers", "storage", "sandbox")
"""Our own loggers; other libraries speak from WARNING on."""

_LEAST_SECRET = 8
"""Characters of what can be a secret; less would turn up in ordinary words."""

_correlation: ContextVar[str] = ContextVar("correlation", default="-")

_BEFORE = r"(?:(?<!\d)|(?<=\\u[0-9a-fA-F]{4}))"
"""Where a number may begin: behind no digit, or behind a sign that JSON has escaped, such as `\\u4e00`."""
_SECRETS = (
    # In addresses, also where one stands percent-encoded inside another.
    (
        re.compile(r"(?i)((?:ticket|access_token|session|appsecret|clientsecret|client_secret)(?:=|%3d))[^\s&\"'\\%]+"),
        r"\1***",
    ),
    (
        # JSON inside JSON has its quotes escaped.
        re.compile(
            r"(?i)((?:ticket|access_?token|client_?secret|app_?secret|sessionWebhook)\\*[\"']\s*:\s*\\*[\"'])[^\"'\\]+"
        ),
        r"\1***",
    ),
    (re.compile(r"(?i)(x-acs-dingtalk-access-token\\*[\"']?\s*[:=,]\s*\\*[\"']?)[^\s\"',}\\]+"), r"\1***"),
    # Identity cards, old and new, and bank cards, in one piece or in groups.
    (re.compile(_BEFORE + r"\d{15,19}[Xx]?(?!\d)"), "***"),
    (re.compile(_BEFORE + r"\d{6}[ -]\d{8}[ -]?\d{3}[\dXx](?!\d)"), "***"),
    (re.compile(_BEFORE + r"\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?(?!\d)"), "***"),
    (re.compile(_BEFORE + r"((?:\+?86[ .-]?)?1[3-9]\d)([ .-]?)\d{4}([ .-]?)(\d{4})(?!\d)"), r"\1\2****\3\4"),
)


@contextmanager
def correlation(identifier: str) -> Iterator[None]:
    """Give all log lines inside the same id, from frame to send."""
    token = _correlation.set(identifier)
    try:
        yield
    finally:
        _correlation.reset(token)


def redacted(text: str) -> str:
    """The text without tickets, tokens, webhooks' sessions, secrets, and with phone and ID numbers masked."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class _Formatter(logging.Formatter):
    """`hidden` are secrets that are known by their own look, wherever they turn up."""

    def __init__(self, hidden: Iterable[str]) -> None:
        super().__init__()
        self._hidden = tuple(secret for secret in hidden if len(secret) >= _LEAST_SECRET)

    def clean(self, text: str) -> str:
        """Without anything that is secret or private."""
        for secret in self._hidden:
            text = text.replace(secret, "***")
        return redacted(text)


class _Console(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created).astimezone()
        line = (
            f"{moment:%m-%d %H:%M:%S} {record.levelname:<7} {_correlation.get()} {record.name}: {record.getMessage()}"
        )
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return self.clean(line)


class _Json(_Formatter):
    """One object a line; docs/operations.md names the fields, which programs rely on."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "correlation": _correlation.get(),
            "message": self.clean(record.getMessage()),
        }
        if record.exc_info:
            entry["error"] = self.clean(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """A line that could not be written. The library would print all that it was made of, secrets included."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"log: a line of {record.name}, {record.filename}:{record.lineno}, could not be written\n")


def set_up(
    level: str, form: Literal["console", "json"], stream: TextIO | None = None, hidden: Iterable[str] = ()
) -> None:
    """Send the log to standard error. Other libraries speak from WARNING on. `hidden` never stands in it."""
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_Json(hidden) if form == "json" else _Console(hidden))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    # The SDK logs the connection ticket at INFO and attaches its own handler (docs/platform.md §2).
    logging.getLogger("dingtalk_stream").setLevel(logging.ERROR)
    # It warns of every write to a socket that has just died: once for each acknowledgement of a burst.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
