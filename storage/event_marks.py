"""When each thing was last changed by an event, because DingTalk's events come late, twice and out of order."""

from __future__ import annotations

from datetime import datetime

from storage.database import Database
from storage.times import to_text


class EventMarks:
    """The newest event about each subject."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_news(self, subject: str, at: datetime) -> bool:
        """True, and remembered, unless a newer event about the subject came before. The same one again is news."""
        changed = self._database.execute(
            "insert into event_marks (subject, at) values (?, ?) "
            "on conflict (subject) do update set at = excluded.at where excluded.at >= event_marks.at",
            (subject, to_text(at)),
        )
        return changed.rowcount > 0
