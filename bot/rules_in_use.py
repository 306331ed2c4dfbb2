"""The scanner of the rules in the database: built anew off the event loop as soon as a message sees that they have changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from handlers.moderation import book
from handlers.moderation.book import Book
from handlers.moderation.building import scanner_for
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner
from handlers.settings import ModerationSettings
from storage.rules import Rules

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 20_000
"""Words that are built while messages wait, a second or so; of more a thread of its own does it."""
PATIENCE = 5.0
"""Seconds that other messages wait for it at most."""


def scanner_of(rules: Rules, settings: ModerationSettings) -> Scanner:
    """The scanner of the rules in the database; the log names those that cannot be read."""
    return scanner_for(_read(rules).rules, settings)


def _read(rules: Rules, before: Book | None = None) -> Book:
    found = book.read(rules, before)
    for problem in found.problems:
        logger.error("有一条内容规则读不懂，先不用 / a content rule cannot be read and is left out: %s", problem)
    return found


class RulesInUse:
    """For all handler threads. None of them is the event loop's."""

    def __init__(self, rules: Rules, scanner: Scanner, settings: ModerationSettings) -> None:
        """`scanner` is that of the rules as they are."""
        self._rules = rules
        self._settings = settings
        self._building = threading.Lock()
        self._is_beside = False
        """Whoever holds the lock takes long: nobody waits."""
        self._seen = rules.revision()
        self._scanner = scanner
        self._book: Book | None = None

    def obey(self, settings: ModerationSettings) -> None:
        """Settings that scanners rest on have changed. Takes a while: not for the event loop. Raises what building does,
        and then nothing has changed.
        """
        with self._building:
            self._is_beside = True
            try:
                revision = self._rules.revision()  # before they are read: a change meanwhile is seen afterwards
                self._scanner = scanner_of(self._rules, settings)
                self._settings, self._seen = settings, revision
            finally:
                self._is_beside = False

    def current(self) -> Scanner:
        """The scanner in force: with the next message after a change it is the new one, with very many words a little later.

        One thread builds it, the others wait for that; nobody waits for very many words, all go on with the old one
        meanwhile. Where it cannot be built, all do, and the log says so.
        """
        # A thread whose turn began earlier may see an older count: what was built from a newer one stays.
        if self._rules.revision() > self._seen and self._building.acquire(timeout=0 if self._is_beside else PATIENCE):
            is_handed_on = False
            try:
                is_handed_on = self._look()
            finally:
                if not is_handed_on:
                    self._building.release()
        return self._scanner

    def _look(self) -> bool:
        """Build what has changed; whether it was handed on to a thread of its own, which lets go of the lock."""
        revision = self._rules.revision()
        if revision <= self._seen:
            return False
        found = self._book = _read(self._rules, self._book)
        if sum(map(_size, found.rules)) <= MOST_AT_ONCE:
            self._build(found.rules, revision)
            return False
        self._is_beside = True
        threading.Thread(target=self._build_beside, args=(found.rules, revision), name="rules", daemon=True).start()
        return True

    def _build(self, rules: Sequence[Rule], revision: int) -> None:
        try:
            self._scanner = scanner_for(rules, self._settings)
        except Exception:
            logger.exception(
                "内容规则没能换上，先用原来的 / the content rules cannot be used, going on with those before"
            )
        self._seen = revision  # also where it could not be built: it is not tried again with every message

    def _build_beside(self, rules: Sequence[Rule], revision: int) -> None:
        try:
            self._build(rules, revision)
        finally:
            self._is_beside = False
            self._building.release()


def _size(rule: Rule) -> int:
    return len(rule.words) + len(rule.allow) + sum(map(len, rule.combinations))
