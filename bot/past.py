"""Indexes of other versions than those in force today: made when a question asks for them, and kept for the next ones."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from handlers.policy.finding.index import PolicyIndex
from handlers.policy.finding.synonyms import Synonyms, shipped
from storage.policies import Document, Policies

KEPT = 2
"""So many are kept: who asks about a time asks more about it."""


class PastIndexes:
    """For all handler threads."""

    def __init__(self, policies: Policies, words: Callable[[], Synonyms] = shipped) -> None:
        """`words` gives those in use."""
        self._policies = policies
        self._words = words
        self._making = threading.Lock()
        self._kept: OrderedDict[tuple[tuple[Document, ...], Synonyms], PolicyIndex] = OrderedDict()

    def of(self, documents: Sequence[Document]) -> PolicyIndex:
        """The index of these versions; made anew when anything about one of them has changed since."""
        wanted, words = tuple(documents), self._words()  # documents with their revisions
        with self._making:  # one thread makes it, the others wait for that; today's questions do not wait here
            found = self._kept.pop((wanted, words), None)
            if found is None:
                found = PolicyIndex(((one, self._policies.articles(one.id)) for one in wanted), words)
            self._kept[wanted, words] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return found
