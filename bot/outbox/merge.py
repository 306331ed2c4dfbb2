"""Which rows of a burst go out as one message, and what that message says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.outbox import texts
from bot.outbox.drafts import body_from_json
from bot.outbox.shape import LONGEST_TITLE, MOST_BUTTONS, can_mention, fits, mentioning, title_of
from handlers.message import Body, Button
from storage.outbox import Draft, OutboxRow

Way = Literal["webhook", "api", "ding"]

MOST_ROWS = 10
"""Messages in one: more nobody reads on a phone."""
WEBHOOK_MARGIN = timedelta(seconds=60)
"""A webhook that is about to expire is not used any more: the call could arrive too late."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one call sends: a row, or several rows of one target. All that holds for one of them holds for all."""

    rows: tuple[OutboxRow, ...]
    way: Way
    body: Body
    at_staff_ids: tuple[str, ...] = ()
    """Whom it mentions; only by webhook."""
    are_mentions_in_text: bool = False
    webhook: str | None = None

    @property
    def draft(self) -> Draft:
        """To whom it goes."""
        return self.rows[0].draft

    @property
    def is_metered(self) -> bool:
        """It costs a call that is counted (docs/platform.md §9)."""
        return self.way != "webhook"


def way_of(draft: Draft, now: datetime) -> Way:
    """By webhook while it is fresh, else by the API (docs/platform.md §4, §5.2)."""
    if draft.kind == "ding":
        return "ding"
    expires_at = draft.webhook_expires_at
    is_fresh = draft.webhook is not None and (expires_at is None or now < expires_at - WEBHOOK_MARGIN)
    return "webhook" if is_fresh else "api"


def alone(row: OutboxRow, now: datetime) -> Parcel:
    """One row by itself. Raises ValueError where its body is none of ours."""
    way = way_of(row.draft, now)
    webhook = row.draft.webhook if way == "webhook" else None
    return Parcel((row,), way, body_from_json(row.draft.body), row.draft.at_staff_ids, webhook=webhook)


def merged(rows: Sequence[OutboxRow], now: datetime) -> Parcel:
    """The first of `rows` with as many of those behind it as make one message that people can read.

    `rows` wait for one target, in the order in which they are to be read, and none of them is kept back. Order is kept,
    and every text, mention and button. What is identical is said once, with how many times it was to be said. A DING
    stays alone, a message with a picture, and one with so many buttons that they are links. Raises ValueError where the first one's body is
    none of ours.
    """
    first = alone(rows[0], now)
    if first.way == "ding" or _stays_alone(first.body):
        return first
    bundle = _Bundle.begin(first)
    for row in rows[1:MOST_ROWS]:
        try:
            larger = bundle.with_one_more(alone(row, now))
        except ValueError:
            break  # its own turn will come, and show what is wrong with it
        if larger is None:
            break
        bundle = larger
    return bundle.parcel() if len(bundle.rows) > 1 else first


@dataclass(frozen=True, slots=True)
class _Part:
    """One text with those whom it mentions, to be said `times` times."""

    body: Body
    at_staff_ids: tuple[str, ...]
    times: int = 1

    def text(self, is_by_webhook: bool) -> str:
        said = mentioning(self.at_staff_ids, self.body.text) if is_by_webhook else self.body.text
        return said + (texts.same(self.times) if self.times > 1 else "")


@dataclass(frozen=True, slots=True)
class _Bundle:
    rows: tuple[OutboxRow, ...]
    way: Way
    parts: tuple[_Part, ...]

    @classmethod
    def begin(cls, parcel: Parcel) -> _Bundle:
        return cls(parcel.rows, parcel.way, (_part(parcel),))

    def with_one_more(self, parcel: Parcel) -> _Bundle | None:
        """The bundle with this row behind it; None when it must stay outside."""
        if parcel.way != self.way or _stays_alone(parcel.body):
            return None
        larger = replace(self, rows=(*self.rows, *parcel.rows), parts=_with(self.parts, _part(parcel)))
        buttons = larger.buttons()
        says_one_thing = len({button.label for button in buttons}) == len(buttons)
        # A card cannot mention anybody, so that a button would cost the others their mentions.
        keeps_mentions = not buttons or not any(part.at_staff_ids for part in larger.parts)
        is_good = says_one_thing and keeps_mentions and len(buttons) <= MOST_BUTTONS and fits(larger.body())
        return larger if is_good else None

    def buttons(self) -> tuple[Button, ...]:
        return tuple(dict.fromkeys(button for part in self.parts for button in part.body.buttons))

    def body(self) -> Body:
        text = texts.BETWEEN.join(part.text(self.way == "webhook") for part in self.parts)
        title = title_of(self.parts[0].body)
        if len(self.parts) > 1:
            title = texts.title_of_several(title, len(self.rows), LONGEST_TITLE)
        return Body(text, title, self.buttons())

    def parcel(self) -> Parcel:
        mentioned = tuple(dict.fromkeys(one for part in self.parts for one in part.at_staff_ids))
        lasting = max(self.rows, key=lambda row: row.draft.webhook_expires_at or _LONG_AGO)
        return Parcel(
            self.rows,
            self.way,
            self.body(),
            mentioned,
            are_mentions_in_text=True,
            webhook=lasting.draft.webhook if self.way == "webhook" else None,
        )


def _stays_alone(body: Body) -> bool:
    return body.chart is not None or len(body.buttons) > MOST_BUTTONS


def _part(parcel: Parcel) -> _Part:
    is_mention = parcel.way == "webhook" and can_mention(parcel.body)
    return _Part(parcel.body, parcel.at_staff_ids if is_mention else ())


def _with(parts: tuple[_Part, ...], one: _Part) -> tuple[_Part, ...]:
    """The parts with one more; what was said before is only counted, and mentions whoever it is for now as well."""
    for number, part in enumerate(parts):
        if part.body == one.body:
            mentioned = tuple(dict.fromkeys((*part.at_staff_ids, *one.at_staff_ids)))
            return (*parts[:number], _Part(part.body, mentioned, part.times + 1), *parts[number + 1 :])
    return (*parts, one)
