"""How fast we may send: token buckets for each group and each API (platform reference §9)."""

from __future__ import annotations


class Bucket:
    """`capacity` calls at once, refilled evenly over `seconds`. Time is given, in seconds of any steady clock."""

    def __init__(self, capacity: int, seconds: float) -> None:
        self._capacity = capacity
        self._rate = capacity / seconds
        self._level = float(capacity)
        self._at: float | None = None

    def take(self, now: float) -> float:
        """Take one; 0 when there was one, else the seconds until there will be one (nothing is taken then)."""
        if self._at is not None:
            self._level = min(self._capacity, self._level + max(0.0, now - self._at) * self._rate)
        self._at = now
        if self._level >= 1:
            self._level -= 1
            return 0.0
        return (1 - self._level) / self._rate


class Limits:
    """One bucket a key, made when it is first asked for; full ones are forgotten so that memory stays bounded."""

    def __init__(self, capacity: int, seconds: float, most_keys: int = 5000) -> None:
        self._capacity = capacity
        self._seconds = seconds
        self._most_keys = most_keys
        self._buckets: dict[str, Bucket] = {}

    def take(self, key: str, now: float) -> float:
        """Take one of `key`'s; 0, or the seconds to wait."""
        bucket = self._buckets.pop(key, None) or Bucket(self._capacity, self._seconds)
        self._buckets[key] = bucket  # youngest last, so that the oldest is forgotten first
        if len(self._buckets) > self._most_keys:
            del self._buckets[next(iter(self._buckets))]
        return bucket.take(now)
