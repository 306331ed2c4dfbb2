"""What somebody asked last in a chat, for the few minutes in which a short question may go on from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Subject:
    """`question` stands by itself and is masked. `person` is a staff id, or DingTalk's opaque id for somebody without one."""

    person: str
    conversation: str
    question: str
    asked_at: datetime


class Subjects:
    """One question a person and chat: the last one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, subject: Subject) -> None:
        """Remember a question in place of the one before it by the same person in the same chat."""
        self._database.execute(
            "insert into subjects (person, conversation, question, asked_at) values (?, ?, ?, ?) "
            "on conflict (person, conversation) do update set question = excluded.question, asked_at = excluded.asked_at",
            (subject.person, subject.conversation, subject.question, to_text(subject.asked_at)),
        )

    def get(self, person: str, conversation: str, since: datetime) -> Subject | None:
        """What this person asked last in this chat, unless that was before `since`."""
        row = self._database.row(
            "select * from subjects where person = ? and conversation = ? and asked_at >= ?",
            (person, conversation, to_text(since)),
        )
        if row is None:
            return None
        return Subject(row["person"], row["conversation"], row["question"], from_text(row["asked_at"]))

    def forget(self, before: datetime) -> int:
        """Forget what was asked before; returns how many. Nothing else in the database says who asked what."""
        return self._database.execute("delete from subjects where asked_at < ?", (to_text(before),)).rowcount
