"""Signs that another process answers as the same robot: messages in its name that we did not send."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.database import Database
from storage.times import from_text_or_none, to_text

LONGEST_WAIT = timedelta(days=3)
"""A message that goes out was queued at most so long before: over night, or while calls are scarce."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""Between DingTalk's times and ours."""


class Rivals:
    """What was quoted as the robot's and is not ours."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def may_be_ours(self, platform_key: str, conversation: str, staff_id: str | None, sent_at: datetime) -> bool:
        """We sent this message, or cannot rule it out.

        Ruled out is only what was sent while our records are whole, and where we sent nothing, at that time and in that
        chat, of which we do not know the key: by webhook, or with an outcome that was in doubt. `staff_id` is the other
        person of a private chat.
        """
        known = self._database.row("select 1 from outbox where platform_key = ?", (platform_key,))
        return known is not None or not self._is_recorded(sent_at) or self._is_in_doubt(conversation, staff_id, sent_at)

    def _is_recorded(self, sent_at: datetime) -> bool:
        """Whatever we sent then still stands here: it is after the oldest record, and after a backup was restored."""
        row = self._database.row(
            "select (select min(created_at) from outbox) as oldest, "
            "(select max(at) from audit where action = 'restore') as restored"
        )
        oldest = None if row is None else from_text_or_none(row["oldest"])
        restored = None if row is None else from_text_or_none(row["restored"])
        since = max(filter(None, (oldest, restored)), default=None)
        return oldest is not None and since is not None and sent_at >= since + LONGEST_WAIT

    def _is_in_doubt(self, conversation: str, staff_id: str | None, sent_at: datetime) -> bool:
        row = self._database.row(
            "select 1 from outbox where created_at between :earliest and :until "
            "and (conversation = :conversation or exists (select 1 from json_each(recipients) where value = :staff_id)) "
            "and (state <> 'sent' or attempts > 0 or (platform_key is null and sent_at between :since and :until))",
            {
                "earliest": to_text(sent_at - LONGEST_WAIT),
                "since": to_text(sent_at - CLOCKS_DIFFER),
                "until": to_text(sent_at + CLOCKS_DIFFER),
                "conversation": conversation,
                "staff_id": staff_id,
            },
        )
        return row is not None

    def knows(self, platform_key: str) -> bool:
        """It was noted before."""
        return self._database.row("select 1 from rivals where platform_key = ?", (platform_key,)) is not None

    def note(self, platform_key: str, conversation: str, sent_at: datetime, seen_at: datetime) -> None:
        """Keep a message that is not ours."""
        self._database.execute(
            "insert into rivals (platform_key, conversation, sent_at, seen_at) values (?, ?, ?, ?)",
            (platform_key, conversation, to_text(sent_at), to_text(seen_at)),
        )

    def seen(self, since: datetime) -> list[datetime]:
        """When each of the messages that are not ours was seen, since then, oldest first."""
        rows = self._database.rows("select seen_at from rivals where seen_at >= ? order by seen_at", (to_text(since),))
        return [moment for row in rows if (moment := from_text_or_none(row["seen_at"])) is not None]

    def told(self, at: datetime) -> None:
        """Admins have been told of all that were noted so far."""
        self._database.execute("update rivals set told_at = ? where told_at is null", (to_text(at),))

    def last_told_at(self) -> datetime | None:
        """When admins were last told."""
        row = self._database.row("select max(told_at) as at from rivals")
        return None if row is None else from_text_or_none(row["at"])
