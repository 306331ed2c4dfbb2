"""Says trouble with the gateway once instead of at every try, and when it is over how long it was. Times are given."""

from __future__ import annotations

from bot.gateway.opening import OpeningError, Trouble

_MOST_KINDS = 20
"""Of trouble that is said until it is over: refusals whose words never repeat would be a flood as well."""


class Complaints:
    """What has been said of the trouble that lasts. Seconds are those of any steady clock."""

    def __init__(self, repeat_after: float) -> None:
        """The same trouble is said again after so many seconds; a refusal never, until it changes or is over."""
        self._repeat_after = repeat_after
        self._said: dict[str, float] = {}
        self._began: float | None = None

    def is_news(self, error: OpeningError, now: float) -> bool:
        """Whether this failure has to be said."""
        if self._began is None and error.trouble is not Trouble.SHORT_LIVED:
            self._began = now
        # A refusal is known by its words, since «wrong secret» and «not published» are different things to do;
        # everything else by its kind, since a broken network fails now in this way and now in that.
        key = str(error) if error.is_refused else error.trouble.value
        said = self._said.get(key)
        if said is not None and (error.is_refused or now - said < self._repeat_after):
            return False
        if said is None and len(self._said) >= _MOST_KINDS:
            return False
        self._said[key] = now
        return True

    def over(self, now: float) -> float | None:
        """A connection stands again: how long the trouble was, in seconds; None when there was none.

        That connections do not live long is not over by one more of them.
        """
        began, self._began = self._began, None
        self._said = {key: at for key, at in self._said.items() if key == Trouble.SHORT_LIVED}
        return None if began is None else now - began

    def lived(self) -> None:
        """A connection stood for long enough."""
        self._said.pop(Trouble.SHORT_LIVED, None)
