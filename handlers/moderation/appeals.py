"""The sender says that a flag is a mistake: `申诉 12 理由`, in the own words, once for each flag."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from handlers.context import Context
from handlers.message import Body, Button, Incoming, Outgoing, Private
from handlers.moderation import appeal_texts as texts
from handlers.moderation.masking import mask
from handlers.moderation.reviewers import reviewers_for
from storage.appeals import Appeal
from storage.audit import AuditEntry
from storage.flags import Flag
from storage.tellings import Telling

LONGEST_REASON = 300
MOST_AT_ONCE = 10
_MOST_OFFERED = 3
_LONGEST_ON_A_BUTTON = 40
"""Characters of a reason; people see the command that a button sends."""

NUMBERS = r"[#＃]?\s*(\d{1,9}(?:\s{0,9}号?\s{0,9}[、,，和]\s*[#＃]?\s*\d{1,9})*)(?!\d)\s{0,9}号?"
"""As people write which flags they mean: `12`, `#12、13`, `12号和13号`."""
_WRITTEN = re.compile(NUMBERS + r"[\s:：,，。、]*(.*)", re.DOTALL)
_UNSLASHED = re.compile(r"\s*申诉(?:[\s:：]+(?=[#＃]?\s*\d)|(?=[#＃]?\d{1,9}(?:[\s:：,，、。]|$)))")
"""`申诉 12`, `申诉12`, `申诉#12 …`; not `申诉12名学生`."""
_SAYS_WHY = re.compile(r"\s*申诉[\s:：,，]+(?=[^?？吗么怎]*(?:误会|误判|误报|搞错|弄错|冤枉)[^?？吗么怎]*$)")
"""`申诉 这是误会`, the number forgotten; no question about appeals."""


def command_in(message: Incoming) -> str | None:
    """`申诉 12 …` and `申诉 这是误会` without the slash are the command as well; None for anything else."""
    found = _UNSLASHED.match(message.text) or _SAYS_WHY.match(message.text)
    return None if found is None else f"/申诉 {message.text[found.end() :]}"


def read(rest: str) -> tuple[tuple[int, ...], str] | None:
    """The numbers and the reason, which may be empty; None where no number was written."""
    found = _WRITTEN.match(rest.strip())
    if found is None:
        return None
    return numbers_in(found[1]), found[2].strip()


def numbers_in(written: str) -> tuple[int, ...]:
    """The numbers that `NUMBERS` found, each once, so many as are taken at once."""
    numbers = (int(unicodedata.normalize("NFKC", one)) for one in re.findall(r"\d+", written))
    return tuple(dict.fromkeys(numbers))[:MOST_AT_ONCE]


def choice(reason: str, message: Incoming, context: Context) -> Body | None:
    """Which of the messages that the sender was told of, where no number was written; None where there are none."""
    told = context.store.reviews.told(message.sender.staff_id or "", _MOST_OFFERED)
    if not told:
        return None
    said = " ".join(reason.split())
    why = f" {said}" if 0 < len(said) <= _LONGEST_ON_A_BUTTON else ""
    messages = [[row.flag for row in entry] for entry in told]
    buttons = [
        Button(f"申诉 {texts.numbered(numbers)}", f"申诉 {'、'.join(map(str, numbers))}{why}")
        for numbers in ([flag.id for flag in flags] for flags in messages)
    ]
    return Body(texts.choice(messages), texts.TITLE_APPEAL, tuple(buttons))


def appeal(numbers: Sequence[int], reason: str, message: Incoming, context: Context) -> tuple[Body, list[Outgoing]]:
    """Note the appeals, and ask whoever reviews. Returns what the sender reads, and what others get.

    Only flags on the sender's own messages that are held against them can be appealed; of others it is not even said
    that they exist. The reason is masked before it is kept. A second word on the same flag adds the reason, and nobody
    is asked again.
    """
    mine = [flag for number in numbers if (flag := _own(number, message, context)) is not None]
    if not mine:
        return Body(texts.NOT_YOURS, texts.TITLE_APPEAL), []
    open_ones = [flag for flag in mine if context.store.verdicts.get(flag.id) is None]
    if not open_ones:
        verdicts = [verdict.verdict for flag in mine if (verdict := context.store.verdicts.get(flag.id)) is not None]
        return Body(texts.decided_already(verdicts[0], context.settings.policy.contact), texts.TITLE_APPEAL), []
    said = mask(reason[:LONGEST_REASON])
    fresh = [flag for flag in open_ones if context.store.appeals.get(flag.id) is None]
    asked = _reviewers(fresh, context)
    for flag in open_ones:
        known = context.store.appeals.get(flag.id)
        context.store.appeals.put(Appeal(flag.id, said or (known.reason if known else ""), context.now))
        entry = AuditEntry(
            context.now, message.sender.staff_id or "", "申诉", str(flag.id), flag.rule, flag.conversation
        )
        context.store.audit.add(entry)
    sent: list[Outgoing] = []
    for people, flags in asked.items():
        for flag in flags:
            for person in people:
                context.store.tellings.add(Telling(flag.id, person, "reviewer", context.now))
        messages = {flag.message_key: flag.id for flag in sorted(flags, key=lambda one: -one.id)}
        body = Body(
            texts.to_reviewers(flags, said),
            texts.TITLE_REVIEW,
            tuple(Button(f"复核 #{number}", f"/复核 {number}") for number in sorted(messages.values())[:3]),
        )
        sent.append(Private(people, body))
    contact = context.settings.policy.contact
    numbers_open = [flag.id for flag in open_ones]
    is_heard = bool(asked) or not fresh
    return Body(texts.noted(numbers_open, contact, has_reason=bool(said), is_heard=is_heard), texts.TITLE_APPEAL), sent


def _own(number: int, message: Incoming, context: Context) -> Flag | None:
    """A flag on a message of the sender's that is held against them; they may have heard of it from others alone."""
    flag = context.store.flags.get(number)
    staff_id = message.sender.staff_id
    if flag is None or staff_id is None or flag.sender != staff_id or flag.state == "observe":
        return None
    return flag


def _reviewers(flags: Sequence[Flag], context: Context) -> dict[tuple[str, ...], list[Flag]]:
    asked: dict[tuple[str, ...], list[Flag]] = defaultdict(list)
    for flag in flags:
        if people := reviewers_for([flag], context):
            asked[people].append(flag)
    return asked
