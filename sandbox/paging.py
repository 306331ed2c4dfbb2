"""Cuts a list into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. `next_start` is where the next begins, when `has_more`."""

    items: list[T]
    has_more: bool
    next_start: int

    @property
    def next_mark(self) -> str:
        """`next_start` as a paging mark; empty after the last page."""
        return str(self.next_start) if self.has_more else ""


def page(items: Sequence[T], start: int, size: int) -> Page[T]:
    """`size` items (at least one) from `start` on."""
    end = start + max(size, 1)
    return Page(list(items[start:end]), end < len(items), end)
