"""Brings rows from the database to the agenda: new ones, those that somebody queued again, and those of an earlier process."""

from __future__ import annotations

from datetime import datetime

from bot.outbox.agenda import Agenda
from bot.outbox.patience import Patience
from bot.refusals import QUOTA_CODES
from storage.outbox import HELD_NIGHT, HELD_QUOTA, Outbox, OutboxRow

_MOST_READ_AT_ONCE = 500
_MOST_WAITING = 20_000
"""Rows that are known of; beyond them the rest stays in the database until there are fewer."""
_FEW = 200
"""While no more are known, all that is open is compared with them, and so what was queued again is seen at once."""
_COMPARE_AGAIN_SECONDS = 1.0
"""With more of them that costs up to 10 ms, and is done so often at most."""
_OURS = (HELD_NIGHT, HELD_QUOTA)


class Supply:
    """Knows how far the outbox has been read."""

    def __init__(self, outbox: Outbox, agenda: Agenda, patience: Patience, round_: int) -> None:
        """`round_`: so many answers can be sent side by side."""
        self._outbox = outbox
        self._agenda = agenda
        self._patience = patience
        self._round = round_
        self._last_id = 0
        self._compare_from = 0.0
        """When, by the steady clock, all is compared again, however much that is."""
        self.may_be_more = True
        """There may be rows that the agenda does not know. To be set whenever that is so."""

    def read(self, now: datetime, steady: float) -> None:
        """Take up rows that the agenda does not know yet, some hundreds at most. Raises sqlite3.Error.

        With a round of answers in hand the database is not asked for more: that costs as much as sending one.
        """
        if not self.may_be_more or self.is_full or self._agenda.answers_ready >= self._round:
            return
        is_thorough = len(self._agenda) < _FEW or steady >= self._compare_from
        if is_thorough:
            self._compare_from = steady + _COMPARE_AGAIN_SECONDS
        after = 0 if is_thorough else self._last_id
        unknown = [row_id for row_id in self._outbox.open_ids(after) if row_id not in self._agenda]
        part = unknown[:_MOST_READ_AT_ONCE]
        for row in self._outbox.queued(part):
            self._agenda.add(row, self._when(row, now, steady))
        if part:
            self._last_id = max(self._last_id, part[-1])
        self.may_be_more = len(unknown) > len(part)

    @property
    def is_full(self) -> bool:
        """No more is taken up before some of it has gone out."""
        return self._agenda.waiting >= _MOST_WAITING

    def _when(self, row: OutboxRow, now: datetime, steady: float) -> datetime | None:
        """When a row that was just read may go, by what stands in it; None: in its line."""
        at = row.draft.not_before
        if row.next_try_at is not None and row.error_code not in _OURS:  # whether ours still hold is asked anew
            remaining = (row.next_try_at - now).total_seconds()
            if row.error_code in QUOTA_CODES:
                # Others may go before it. A time that is further away was written by a clock that was ahead.
                if remaining <= self._patience.quota:
                    at = max(at or now, row.next_try_at)
            elif 0 < remaining <= self._patience.longest_blocked:
                # The process before this one was waiting for another try: the target is held, in order.
                self._agenda.hold(row.target, steady + remaining)
        return at if at is not None and at > now else None
