"""What each thing that came in leads to: which handler has it, and the world as that handler finds it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.dispatch import Item
from bot.own_samples import OwnSamples
from bot.own_words import OwnWords
from bot.past import PastIndexes
from bot.rules_in_use import RulesInUse
from bot.schedule import QUOTA_WATCH, RETENTION
from bot.settings import Settings
from handlers import events, retention, router
from handlers.cleanup import due as cleanup
from handlers.context import Context
from handlers.fetched import NOTHING, Fetched
from handlers.hearing import bridged, gaps, rivals, senders
from handlers.message import Due, Event, Incoming, Outgoing
from handlers.moderation import digest as moderation_digest
from handlers.moderation import waiting
from handlers.moderation.scanner import Scanner
from handlers.policy.curated import weekly
from handlers.policy.curated.matching import NO_ANSWERS, CuratedIndex
from handlers.policy.finding.index import PolicyIndex
from handlers.policy.finding.semantic import Meanings, Sighted
from handlers.policy.finding.synonyms import Synonyms
from handlers.quota import due as quota
from handlers.study import due as study
from handlers.study.naming import POST_TASK, REMIND_TASK
from storage.store import Store


class Desk:
    """Hands items to handlers, in whichever thread it is asked; the settings and rules can change meanwhile."""

    def __init__(self, settings: Settings, store: Store, scanner: Scanner) -> None:
        self.settings = settings
        self._store = store
        self._rules = RulesInUse(store.rules, scanner, settings.moderation)
        self._samples = OwnSamples(settings.samples_path)
        self._policies: PolicyIndex | None = None
        self._policies_of: tuple[object, date, Synonyms] | None = None
        self._words = OwnWords(settings.synonyms_path)
        self._curated = NO_ANSWERS
        self._curated_of: tuple[int, PolicyIndex] | None = None
        self._indexing = threading.Lock()
        self._past = PastIndexes(store.policies, self._words_in_use)
        self.meanings: Meanings | None = None
        """The vectors of the newest index that has them all; only that one is looked up with them."""
        self._tasks: Mapping[str, Callable[[Due, Context], list[Outgoing]]] = {
            RETENTION[0]: lambda due, context: retention.forget(context),
            QUOTA_WATCH[0]: lambda due, context: quota.watch(context),
            weekly.REVIEW_TASK: lambda due, context: [*weekly.review(context), *waiting.remind(context)],
            weekly.DIGEST_TASK: weekly.digest,
            moderation_digest.TASK: moderation_digest.digest,
            POST_TASK: study.handle,
            REMIND_TASK: study.handle,
            gaps.TASK: lambda due, context: gaps.tell(context, to_groups=self.settings.dingtalk.tell_groups_of_gaps),
        }
        """Due tasks; what is none of these is the clean-up's."""

    def obey(self, settings: Settings) -> None:
        """Other settings and rules hold from the next item on. Builds the rules: not for the event loop."""
        self._rules.obey(settings.moderation)
        if settings.synonyms_path != self.settings.synonyms_path:
            self._words = OwnWords(settings.synonyms_path)
        if settings.samples_path != self._samples.path:
            self._samples = OwnSamples(settings.samples_path)
        self.settings = settings

    def handle(self, item: Item, now: datetime, fetched: Fetched = NOTHING) -> list[Outgoing]:
        """What a row of the inbox leads to."""
        context = self.context(now, fetched)
        if isinstance(item, Incoming):
            sent = [*router.handle(item, context), *rivals.notice(item, context)]
            senders.heard_by_robot(item, context)
            return sent
        if isinstance(item, Event):
            return bridged.handle(item, context) if bridged.is_bridged(item) else events.handle(item, context)
        return self._tasks.get(item.task, cleanup.handle)(item, context)

    def today(self, now: datetime) -> date:
        """The calendar day in the configured zone."""
        return now.astimezone(self.settings.scheduler.timezone).date()

    def context(self, now: datetime, fetched: Fetched = NOTHING) -> Context:
        """The world as an item finds it that is handled now."""
        policies, meanings = self.index(now), self.meanings
        return Context(
            now,
            self.settings,
            self._store,
            _sighted(policies, meanings, fetched),
            self._rules.current(),
            fetched,
            self._answers(policies),
            self._samples.current(),
            indexed=self._past.of,
        )

    def index(self, now: datetime) -> PolicyIndex:
        """The index of the regulations in force today: brought up to date when one was added, replaced or has come into force,
        and when the admins' own words have changed."""
        today, revision = self.today(now), self._store.policies.revision()
        with self._indexing:  # one thread builds it, the others wait for that
            words = self._words.current()
            state = (revision, today, words)
            if self._policies is None or state != self._policies_of:
                self._policies = PolicyIndex.load(self._store.policies, today, words, self._policies)
                self._policies_of = state
            return self._policies

    def _words_in_use(self) -> Synonyms:
        with self._indexing:
            return self._words.current()

    def _answers(self, policies: PolicyIndex) -> CuratedIndex:
        """The curated answers over these regulations, read anew when one of the two has changed."""
        revision = self._store.curated.revision()
        with self._indexing:
            if self._curated_of is None or self._curated_of[0] != revision or self._curated_of[1] is not policies:
                self._curated = CuratedIndex.load(self._store.curated, policies, self._curated)
                self._curated_of = (revision, policies)
            return self._curated


def _sighted(policies: PolicyIndex, meanings: Meanings | None, fetched: Fetched) -> PolicyIndex:
    """The index that knows what the questions of this message mean, where a sentence model has read them."""
    if not fetched.vectors or meanings is None or meanings.index is not policies:
        return policies
    return Sighted(policies, meanings, fetched.vectors)
