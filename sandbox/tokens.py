"""Access tokens, good for 7200 seconds of the world's clock (docs/platform.md §5.1)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sandbox.world import World

TOKEN_SECONDS = 7200


class Tokens:
    """Issues access tokens and knows which are good."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._expiry: dict[str, datetime] = {}

    def issue(self) -> tuple[str, int]:
        """A good token and how many seconds it has left. The present one, as long as it is good."""
        now = self._world.clock.now()
        for token, expires_at in self._expiry.items():
            if expires_at > now:
                return token, int((expires_at - now).total_seconds())
        token = uuid.uuid4().hex
        self._expiry[token] = now + timedelta(seconds=TOKEN_SECONDS)
        return token, TOKEN_SECONDS

    def is_good(self, token: str | None) -> bool:
        """The token was issued here and has not expired."""
        expires_at = self._expiry.get(token or "")
        return expires_at is not None and expires_at > self._world.clock.now()

    def was_issued(self, token: str | None) -> bool:
        """The token was issued here, whether it is still good or not."""
        return (token or "") in self._expiry

    @property
    def issued(self) -> list[str]:
        """All tokens, those that have expired included."""
        return list(self._expiry)

    def revoke(self) -> None:
        """Let every token expire now, as when somebody has reset the secret."""
        now = self._world.clock.now()
        self._expiry = dict.fromkeys(self._expiry, now)
