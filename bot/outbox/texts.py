"""What the door out says by itself: between messages that go out as one, and why one is kept back."""

from __future__ import annotations

from bot.outbox.cuts import beginning

BETWEEN = "\n\n———\n\n"
"""Between two messages that were merged. A line of hyphens would make a heading of what stands above it."""
HELD_NIGHT = "夜间不打扰，等到早上再发"
HELD_QUOTA = "本月接口调用量紧张，先留着；额度充裕或下月再发"


def same(times: int) -> str:
    """Below a text that was to be sent several times."""
    return f"\n\n（相同的 {times} 条合为一条）"


def title_of_several(first: str, number: int, longest: int) -> str:
    """The title of messages that were merged, in the list of chats."""
    more = f" 等 {number} 条"
    return f"{beginning(first, longest - len(more))}{more}"
