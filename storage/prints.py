"""Fingerprints: whether two texts or two strangers are the same, without keeping who or what they are.

A fingerprint is a keyed hash. Without the installation's secret nobody can try whose or what it is; with another one, as
after moving to a new machine without it, what was counted before is simply not found again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime

from storage.database import Database
from storage.salt import Salt
from storage.times import to_text

_BYTES = 12


class Prints:
    """Fingerprints of flags."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._salt = Salt(database.path)

    def of_text(self, text: str) -> str:
        """The same for texts that differ in white space, width and case only."""
        folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        return self._of(b"text", folded)

    def of_person(self, key: str) -> str:
        """Of somebody's opaque id."""
        return self._of(b"person", key)

    def _of(self, domain: bytes, words: str) -> str:
        data = words.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=_BYTES, key=self._salt.value(), person=domain).hexdigest()

    def note(self, flag_id: int, text: str, author_key: str | None = None) -> None:
        """Keep the fingerprint of the text that a flag is about, and of its writer where no staff id is known."""
        self._database.execute(
            "insert into flag_prints (flag_id, text_print, author_print) values (?, ?, ?) "
            "on conflict (flag_id) do nothing",
            (flag_id, self.of_text(text), self.of_person(author_key) if author_key else None),
        )

    def most_repeated(self, since: datetime, until: datetime) -> tuple[int, int]:
        """Of texts that were flagged in more than one message: how many texts, and how often the most frequent was said."""
        rows = self._database.rows(
            "select count(distinct f.message_key) as n from flags f join flag_prints p on p.flag_id = f.id "
            "where f.created_at >= ? and f.created_at < ? group by p.text_print having n > 1 order by n desc",
            (to_text(since), to_text(until)),
        )
        return len(rows), int(rows[0]["n"]) if rows else 0

    def strangers(self, since: datetime, until: datetime) -> int:
        """How many different people without a staff id wrote something that was flagged."""
        row = self._database.row(
            "select count(distinct p.author_print) as n from flags f join flag_prints p on p.flag_id = f.id "
            "where f.created_at >= ? and f.created_at < ?",
            (to_text(since), to_text(until)),
        )
        return 0 if row is None else int(row["n"])
