"""APIs that said they are called too often: for a moment nobody calls them (docs/platform.md §5.7)."""

from __future__ import annotations

from bot.outbox.merge import Way
from storage.outbox import Draft


class Rests:
    """Until when each of the calls that send is left alone, by a clock that nobody sets."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def begin(self, draft: Draft, way: Way, until: float) -> None:
        """The call that this went by is left alone until then."""
        if way != "webhook":  # a webhook is limited by its conversation, which is held by itself
            api = _api(draft, way)
            self._until[api] = max(until, self._until.get(api, until))

    def left(self, draft: Draft, way: Way, steady: float) -> float:
        """Seconds until something may go by the call that it needs; 0: now."""
        return 0.0 if way == "webhook" else max(0.0, self._until.get(_api(draft, way), steady) - steady)


def _api(draft: Draft, way: Way) -> str:
    return "ding" if way == "ding" else "people" if draft.recipients else "group"
