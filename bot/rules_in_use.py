"""The scanner of the rules in the database: built anew in whichever thread first sees that they have changed."""

from __future__ import annotations

import logging
import threading

from handlers.moderation import book
from handlers.moderation.building import scanner_for
from handlers.moderation.scanner import Scanner
from handlers.settings import ModerationSettings
from storage.rules import Rules

logger = logging.getLogger(__name__)


def scanner_of(rules: Rules, settings: ModerationSettings) -> Scanner:
    """The scanner of the rules in the database; the log names those that cannot be read."""
    found = book.read(rules)
    for problem in found.problems:
        logger.error("有一条内容规则读不懂，先不用 / a content rule cannot be read and is left out: %s", problem)
    return scanner_for(found.rules, settings)


class RulesInUse:
    """For all handler threads. None of them is the event loop's."""

    def __init__(self, rules: Rules, scanner: Scanner, settings: ModerationSettings) -> None:
        """`scanner` is that of the rules as they are."""
        self._rules = rules
        self._settings = settings
        self._building = threading.Lock()
        self._seen = rules.revision()
        self._scanner = scanner

    def obey(self, scanner: Scanner, settings: ModerationSettings) -> None:
        """Settings that scanners rest on have changed; `scanner` is that of the rules as they are."""
        with self._building:
            self._settings, self._scanner, self._seen = settings, scanner, self._rules.revision()

    def current(self) -> Scanner:
        """The scanner in force: with the next message after a change it is the new one.

        While one thread builds it, the others go on with the old one. Where it cannot be built, all do, and the log says so.
        """
        # A thread whose turn began earlier may see an older count: what was built from a newer one stays.
        if self._rules.revision() > self._seen and self._building.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._building.release()
        return self._scanner

    def _look(self) -> None:
        revision = self._rules.revision()
        if revision <= self._seen:
            return
        self._seen = revision  # one that cannot be built is not tried again with every message
        try:
            self._scanner = scanner_of(self._rules, self._settings)
        except Exception:
            logger.exception(
                "内容规则没能换上，先用原来的 / the content rules cannot be used, going on with those before"
            )
