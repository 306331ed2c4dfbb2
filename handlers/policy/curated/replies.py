"""Somebody who answers for a document replies to a question in their own words: which question, and what they say.

In private only, as the question was told there: by quoting the bot's message, or with the question's number before the
answer (`问12 答复内容`). A bare `12 答复内容` counts where such a question waits for this person and no list of the clean-up has
that number.
"""

from __future__ import annotations

import json
import re

from handlers.context import Context
from handlers.message import Incoming
from handlers.policy.curated import owners
from storage.policy_queue import Entry

_COUNTED = "(?![个月号日年天次条级元岁周届名位辆台])"
"""Behind a number: it counts something, and names no question."""
_NAMED = re.compile(r"问\s{0,3}(\d{1,9})(?!\d)(?:[\s:：,，.。、；;]+|" + _COUNTED + r")(.*)", re.DOTALL)
_BARE = re.compile(r"(\d{1,9})[\s:：,，.。、；;]++" + _COUNTED + r"(\S.*)", re.DOTALL)
_ASKS = re.compile(r"[?？吗么呢]\s*$")
_MARKED = re.compile(r"\*\*问(\d{1,9})\*\*|^问(\d{1,9})\s")
_MOST_QUOTED = 8000


def command_in(message: Incoming, context: Context) -> str | None:
    """The command that a reply to a question means; None when the message is no such reply.

    `/规章 回答 12 …` for one question; `/规章 待答 …` where it has to be asked which one is meant, or nothing is said of it.
    """
    text = message.text.strip()
    if message.is_group or message.sender.staff_id is None or not text or text[0] in "/／":
        return None
    named = _NAMED.match(text)
    if named is not None and _entry(int(named[1]), message, context) is not None:
        return f"/规章 回答 {int(named[1])} {named[2]}" if named[2].strip() else f"/规章 待答 {int(named[1])}"
    if named is not None and _is_mistaken(named, message, context):
        return f"/规章 待答 {int(named[1])}"
    quoted = _quoted(message, context)
    if len(quoted) == 1:
        return f"/规章 回答 {quoted[0]} {text}"
    if quoted:
        return f"/规章 待答 {' '.join(map(str, quoted))}"
    bare = _BARE.match(text)
    if bare is None or _ASKS.search(bare[2][-5:]):
        return None
    entry = _entry(int(bare[1]), message, context)
    is_waiting = entry is not None and entry.state == "open"
    return (
        f"/规章 回答 {int(bare[1])} {bare[2]}"
        if is_waiting and not _is_of_a_cleanup(int(bare[1]), message, context)
        else None
    )


def _is_mistaken(named: re.Match[str], message: Incoming, context: Context) -> bool:
    """An answer under a number that there is not, or that is not theirs, from somebody who answers for a document: it is told
    rather than looked up. `问1下` is none."""
    is_set_off = named.start(2) > named.end(1) and bool(named[2].strip())
    return is_set_off and not _ASKS.search(named[2][-5:]) and owners.answers_for_any(message, context)


def _entry(number: int, message: Incoming, context: Context) -> Entry | None:
    """The question of this number, where this person answers for it."""
    entry = context.store.policy_queue.get(number)
    return entry if entry is not None and owners.may_answer(entry.document, message, context) else None


def _quoted(message: Incoming, context: Context) -> list[int]:
    """The numbers of the questions in the message of ours that is quoted."""
    quoted = message.quoted
    if quoted is None:
        return []
    said = [quoted.text[:_MOST_QUOTED]]
    if quoted.platform_key is not None:
        said += [_text(row.draft.body) for row in context.store.outbox.sent_as(quoted.platform_key)]
    found = [int(one[1] or one[2]) for text in said for one in _MARKED.finditer(text)]
    return [number for number in dict.fromkeys(found) if _entry(number, message, context) is not None]


def _text(body: str) -> str:
    try:
        read = json.loads(body)
    except ValueError:
        return ""
    text = read.get("text") if isinstance(read, dict) else None
    return text if isinstance(text, str) else ""


def _is_of_a_cleanup(number: int, message: Incoming, context: Context) -> bool:
    asked = context.store.findings.asked_of(message.sender.staff_id or "")
    return any(finding.number == number for finding in asked)
