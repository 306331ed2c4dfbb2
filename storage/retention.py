"""Forgetting what has been kept long enough (`[privacy]`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage.database import Database
from storage.times import to_text


@dataclass(frozen=True, slots=True)
class Before:
    """What is older goes."""

    messages: datetime
    """Messages, questions, and whatever else tells who did what when and is not evidence."""
    flags: datetime
    calls: date
    """The ledger of calls."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went, or would."""

    messages: int = 0
    """Received and sent ones, and the questions that were asked."""
    flags: int = 0
    notes: int = 0
    """What the bot noted for its own use: gaps, calls, events, confirmations, checks."""

    def __bool__(self) -> bool:
        return bool(self.messages or self.flags or self.notes)

    def __add__(self, other: Forgotten) -> Forgotten:
        return Forgotten(self.messages + other.messages, self.flags + other.flags, self.notes + other.notes)


# What is still to be done stays, however old; so do the audit and the findings, which are evidence.
_MESSAGES = (
    # What was sent about a flag names the sender and quotes the place: it goes with the flag at the latest.
    ("outbox", "state in ('sent', 'parked', 'expired') and created_at < max(:messages, :flags)"),
    ("inbox", "state in ('done', 'parked') and received_at < :messages"),
    ("questions_asked", "asked_at < :messages"),
    ("policy_queue", "state <> 'open' and settled_at < :messages"),
)
_FLAGS = (("flags", "created_at < :flags"),)
_NOTES = (
    ("bridge_runs", "beat_at < :messages"),
    ("bridge_senders", "at < :messages"),
    ("bridge_sightings", "at < :messages"),
    ("bridge_consents", "ended_at < :messages"),
    ("reports", "at < :flags"),
    ("gaps", "ended_at < :messages"),
    ("rivals", "seen_at < :messages"),
    ("event_marks", "at < :messages"),
    ("confirmations", "expires_at < :messages"),
    ("policy_drafts", "expires_at < :messages"),
    ("rule_drafts", "expires_at < :messages"),
    ("rule_proposals", "expires_at < :messages"),
    ("subjects", "asked_at < :messages"),
    ("probes", "at < :messages"),
    ("unreachable", "at < :messages"),
    ("calls", "day < :calls"),
    ("quota_alarms", "month < substr(:calls, 1, 7)"),
    ("study_tasks", "opened_at < :messages and closed_at is not null"),  # with whom it was given to, and their answers
    ("study_questions", "state = 'draft' and created_at < :messages"),
)

WITH_ANOTHER = {
    "appeals": "flags",
    "curated_links": "curated_answers",
    "curated_phrasings": "curated_answers",
    "flag_prints": "flags",
    "group_admins": "groups",
    "members": "groups",
    "owner_asks": "cycles",
    "policy_articles": "policy_documents",
    "policy_askers": "policy_queue",
    "policy_questions": "policy_articles",
    "policy_ratings": "questions_asked",
    "study_answers": "study_tasks",
    "study_duties": "study_tasks",
    "study_task_questions": "study_tasks",
    "tellings": "flags",
    "verdicts": "flags",
}
"""Tables whose rows go with a row of another one."""
KEPT = {
    "audit": "evidence of who decided what",
    "bridge_groups": "since when a group is heard; names nobody",
    "curated_answers": "answers are given until somebody stops them",
    "curated_revision": "a count",
    "cycles": "evidence (article 五.8)",
    "departments": "as the directory has them now",
    "exemptions": "hold until their day, and are asked about again",
    "findings": "evidence (article 五.8)",
    "groups": "the register",
    "moderation_digest": "one row",
    "policy_digest": "one row",
    "policy_documents": "the regulations",
    "policy_revision": "a count",
    "presence": "one row",
    "roles": "hold until they are taken away",
    "rule_versions": "every version of a rule, and who made it",
    "rule_weeks": "counts of flags that are gone; names nobody",
    "rules": "the rules",
    "rules_revision": "a count",
    "schedules": "one row a schedule",
    "staff_facts": "as the directory and the files have them now",
    "study_pauses": "hold until somebody goes on",
    "study_positions": "one row a department",
    "vectors": "of questions and articles; go with the model",
}
"""Tables that age does not touch, and why. A test holds that every table is here or above."""


class Retention:
    """Deletes by age. The words that were deleted are wiped out of the file, too, not only taken off its lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, before: Before) -> Forgotten:
        """How many rows are older."""
        parameters = _parameters(before)

        def of(rules: tuple[tuple[str, str], ...]) -> int:
            counted = (
                self._database.row(f"select count(*) as n from {table} where {condition}", parameters)
                for table, condition in rules
            )
            return sum(row["n"] for row in counted if row is not None)

        return Forgotten(of(_MESSAGES), of(_FLAGS), of(_NOTES))

    def forget(self, before: Before, at_most: int | None = None) -> Forgotten:
        """Delete what is older, of messages and flags `at_most` so many rows a table; nothing is left when none went.

        With a message its key goes too; a redelivery that comes later than this would count as new.
        """
        parameters = _parameters(before)
        # Looked for first, so that whoever else writes waits for the deleting only.
        messages = [
            (table, condition, self._old(table, condition, parameters, at_most)) for table, condition in _MESSAGES
        ]
        flags = [(table, condition, self._old(table, condition, parameters, at_most)) for table, condition in _FLAGS]
        self._database.connection.execute("pragma secure_delete = on")
        return Forgotten(
            messages=sum(self._delete(*chosen, parameters) for chosen in messages),
            flags=sum(self._delete(*chosen, parameters) for chosen in flags),
            notes=sum(
                self._database.execute(f"delete from {table} where {condition}", parameters).rowcount
                for table, condition in _NOTES
            ),
        )

    def _old(self, table: str, condition: str, parameters: dict[str, Any], at_most: int | None) -> list[int]:
        rows = self._database.rows(
            f"select id from {table} where {condition} limit :at_most",
            {**parameters, "at_most": -1 if at_most is None else at_most},
        )
        return [row["id"] for row in rows]

    def _delete(self, table: str, condition: str, ids: list[int], parameters: dict[str, Any]) -> int:
        if not ids:
            return 0
        return self._database.execute(
            f"delete from {table} where id in (select value from json_each(:ids)) and {condition}",
            {**parameters, "ids": json.dumps(ids)},
        ).rowcount


def _parameters(before: Before) -> dict[str, Any]:
    return {
        "messages": to_text(before.messages),
        "flags": to_text(before.flags),
        "calls": before.calls.isoformat(),
    }
