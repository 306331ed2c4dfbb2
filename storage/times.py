"""How times stand in the database: UTC, fixed width, so that text order is time order and people can read it."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """`2026-11-24T01:02:03.456Z` for an aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without zone cannot be stored: {moment!r}")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_text_or_none(moment: datetime | None) -> str | None:
    """Like `to_text`, and None stays None."""
    return None if moment is None else to_text(moment)


def from_text(text: str) -> datetime:
    """The aware UTC moment that `to_text` wrote. Raises ValueError for anything else."""
    return datetime.fromisoformat(text).astimezone(UTC)


def from_text_or_none(text: str | None) -> datetime | None:
    """Like `from_text`, and None stays None."""
    return None if text is None else from_text(text)
