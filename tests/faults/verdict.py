"""What must hold after a plan has settled, judged from the sandbox's own record. Pure: evidence in, complaints out.

The one place where the bot is believed is its list of parked rows: docs/decisions/0003 lets a message go unanswered
when it is shown there, for a reason that the record bears out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

TOKEN = re.compile(r"\bm\d{5}\b")
ANNOUNCED = re.compile(r"到点：([-+.:T\d]+) 于 ([-+.:T\d]+)( 补发)?")
TRIES_IN_DOUBT = 3
"""Sends of one message, at most, when no answer says whether it arrived (docs/decisions/0003)."""
MOST_MEMORY_MB = 260.0
_OURS = ("no-way", "internal")
_IN_DOUBT = ("interrupted", "unknown-outcome")
"""Codes of errors that no trouble of a plan can explain."""
_SQLITE = re.compile(r"sqlite3\.\w+Error: (database is locked|database or disk is full|disk I/O error)")
# What asyncio says of every write to a socket that is dead is not ours to count.
_COMPLAINT = re.compile(r"^\S+ \S+ (?:WARNING|ERROR|CRITICAL) +\S+ (.*)$", re.MULTILINE)
_NUMBERS = re.compile(r"\d+")
MOST_COMPLAINTS = 30
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):$", re.MULTILINE)


class Fate(Enum):
    """What the bot heard of a call."""

    DONE = "done"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    """Cut or hung before anything was done."""
    IN_DOUBT = "in doubt"
    """Done, and the bot heard an error or nothing."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, with a word of its own in it."""

    token: str
    key: str
    """`msgId`."""
    chat: str
    way: str
    """How it is to be answered: `reply`, `post`, `word`, `ding`."""
    acknowledged_before: int
    """How many acknowledgements there had been."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One HTTP call that carried words of ours."""

    tokens: tuple[str, ...]
    fate: Fate


@dataclass(frozen=True, slots=True)
class Parked:
    """A row that the bot has put aside."""

    tokens: tuple[str, ...]
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one plan."""

    said: Sequence[Said]
    acknowledged: Sequence[str]
    """Keys in the order of their acknowledgements; empty for a ping, and for what was not taken."""
    robot: Sequence[tuple[str, str]]
    """Chat and text of everything that the robot said, in order."""
    calls: Sequence[Seen] = ()
    parked: Sequence[Parked] = ()
    kept: frozenset[str] = frozenset()
    """Keys that the bot's inbox knows."""
    parked_inbox: Sequence[str] = ()
    """Errors."""
    open_rows: int = 0
    kills: int = 0
    starts: int = 1
    planned: Sequence[datetime] = ()
    """Planned times that the bot's clock has come past, each once."""
    set_back: Sequence[tuple[datetime, datetime]] = ()
    """From when to when the bot's clock was set back."""
    violations: Sequence[str] = ()
    log: str = ""
    secrets: Sequence[str] = ()
    memory_mb: float = 0.0
    status: int = 0
    """Of the last process, ended by SIGTERM."""
    excused: frozenset[str] = frozenset()
    """What the plan explains: `late-acks`, `disk`, `time`, `unreached`, `hangs`."""


def complaints(evidence: Evidence) -> list[str]:
    """One line for each breach; empty when all held."""
    return [
        *_kept(evidence),
        *_answers(evidence),
        *_order(evidence),
        *_parked(evidence),
        *_schedule(evidence),
        *_protocol(evidence),
        *_log(evidence),
        *_flood(evidence),
        *_process(evidence),
    ]


def _kept(evidence: Evidence) -> Iterator[str]:
    """Events included, to which there is no answer."""
    for key in dict.fromkeys(evidence.acknowledged):
        if key and key not in evidence.kept:
            yield f"acknowledged, and not in the inbox: {key}"


def _answers(evidence: Evidence) -> Iterator[str]:
    said = {one.token: one for one in evidence.said}
    acknowledged = set(evidence.acknowledged)
    shown: Counter[str] = Counter()
    for chat, text in evidence.robot:
        for token in TOKEN.findall(text):
            if token not in said:
                yield f"answered what was never said: {token} in {chat}"
            elif chat != said[token].chat:
                yield f"answered in the wrong chat: {token} in {chat}"
            shown[token] += 1
    in_doubt = _by_token(evidence.calls, Fate.IN_DOUBT)
    put_aside = {token for row in evidence.parked for token in row.tokens}
    for token, one in said.items():
        times, most = shown[token], 1 + in_doubt[token] * (one.way != "ding")
        if times > most:
            yield f"answered {times} times, {most} can be explained: {token} ({one.way} in {one.chat})"
        if times == 0 and one.key in acknowledged and token not in put_aside:
            yield f"accepted and never answered: {token} ({one.way} in {one.chat})"


def _by_token(calls: Sequence[Seen], fate: Fate) -> Counter[str]:
    return Counter(token for call in calls if call.fate is fate for token in call.tokens)


def _order(evidence: Evidence) -> Iterator[str]:
    """What was acknowledged before something else was said in the same chat is answered before it.

    Not what a kill caught on its way: a slow platform may have carried that out long after.
    """
    caught = {token for row in evidence.parked if row.code in _IN_DOUBT for token in row.tokens}
    first_ack: dict[str, int] = {}
    for number, key in enumerate(evidence.acknowledged):
        first_ack.setdefault(key, number)
    place: dict[str, int] = {}
    for _, text in evidence.robot:
        for token in TOKEN.findall(text):
            place.setdefault(token, len(place))
    conversations: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in evidence.said:
        if one.token in place and one.token not in caught:
            conversations[one.chat, one.way].append(one)
    for those in conversations.values():
        for later in those:
            for earlier in those:
                ack = first_ack.get(earlier.key)
                is_before = ack is not None and ack < later.acknowledged_before
                if is_before and place[earlier.token] > place[later.token]:
                    yield f"out of order in {later.chat}: {later.token} was answered before {earlier.token}"


def _parked(evidence: Evidence) -> Iterator[str]:
    for error in evidence.parked_inbox:
        yield f"parked in the inbox: {error.strip().splitlines()[-1] if error.strip() else 'no error'}"
    if evidence.open_rows:
        yield f"{evidence.open_rows} rows are still open"
    ways = {one.token: one.way for one in evidence.said}
    unanswered = _by_token(evidence.calls, Fate.UNANSWERED) + _by_token(evidence.calls, Fate.IN_DOUBT)
    refused = _by_token(evidence.calls, Fate.REFUSED)
    for row in evidence.parked:
        if row.code == "interrupted":
            if not evidence.kills and "hangs" not in evidence.excused:  # a stop does not wait for ever for an answer
                yield f"parked as interrupted, though nothing was killed: {row.tokens}"
        elif row.code == "unknown-outcome":
            for token in row.tokens:
                # A DING is given up at once, for an answer such as «busy» as well. Where the cable was pulled, calls
                # were cut that the platform never saw.
                is_ding = ways.get(token) == "ding"
                tries, doubts = unanswered[token] + refused[token], unanswered[token] + refused[token] * is_ding
                is_borne_out = doubts and (is_ding or tries >= TRIES_IN_DOUBT)
                if not is_borne_out and "unreached" not in evidence.excused:
                    yield f"parked as {row.code} after {tries} calls, {doubts} of them in doubt: {token}"
        elif "time" not in evidence.excused or row.code in _OURS:  # a day later it is given up, by the clock
            yield f"parked without reason ({row.code}): {row.tokens}"


def _schedule(evidence: Evidence) -> Iterator[str]:
    announced = Counter(
        datetime.fromisoformat(planned) for _, text in evidence.robot for planned, *_ in ANNOUNCED.findall(text)
    )
    doubts = _by_token(evidence.calls, Fate.IN_DOUBT)
    for moment, times in announced.items():
        if moment not in evidence.planned:
            yield f"fired for a time that never came: {moment.isoformat()}"
        if times > 1 + doubts[moment.isoformat()]:
            yield f"fired {times} times for {moment.isoformat()}"
    for moment in unfired(evidence):
        yield f"never fired: {moment.isoformat()}"


def unfired(evidence: Evidence) -> list[datetime]:
    """Planned times for which nothing was announced, or parked. What several missed ones are made up for by is one.

    A time is made up for by an earlier one that was handled after it. What the clock came past a second time, because
    it was set back, may have been past before the bot was there: it may fire, once, and need not.
    """
    texts = [text for _, text in evidence.robot] + [row.text for row in evidence.parked]
    found = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for t in texts for a, b, _ in ANNOUNCED.findall(t)]
    return [
        moment
        for moment in evidence.planned
        if not any(fired <= moment <= max(at, fired) for fired, at in found)
        and not any(after < moment <= before for before, after in evidence.set_back)
    ]


def _protocol(evidence: Evidence) -> Iterator[str]:
    for line in evidence.violations:
        if "late-acks" in evidence.excused and "was not acknowledged within" in line:
            continue
        if "time" in evidence.excused and "the ticket is older than" in line:
            continue
        yield f"breach of the protocol: {line}"


def _log(evidence: Evidence) -> Iterator[str]:
    for secret in evidence.secrets:
        if secret in evidence.log:
            yield f"a secret stands in the log: {secret[:4]}…"
    for sign in ("was never retrieved", "was never awaited", "Fatal Python error", "Segmentation fault"):
        if sign in evidence.log:
            yield f"the log says: {next(line for line in evidence.log.splitlines() if sign in line)}"
    for start in (found.start() for found in _TRACEBACK.finditer(evidence.log)):
        trace = evidence.log[start : start + 20_000].splitlines()
        last = next((line for line in trace[1:] if line and not line.startswith((" ", "\t"))), "")
        if not ("disk" in evidence.excused and _SQLITE.match(last)):
            yield f"a traceback that nothing explains: {last}"


def _flood(evidence: Evidence) -> Iterator[str]:
    """Trouble that lasts is said once, or once a start; not once a message or a try. Each parked row may be told."""
    most = MOST_COMPLAINTS + 2 * evidence.starts + len(evidence.parked)
    said = Counter(_NUMBERS.sub("#", found[1]) for found in _COMPLAINT.finditer(evidence.log))
    for text, times in said.items():
        if times > most:
            yield f"the log says the same {times} times: {text[:100]}"


def _process(evidence: Evidence) -> Iterator[str]:
    if evidence.status != 0:
        yield f"did not end well on SIGTERM: status {evidence.status}"
    if evidence.memory_mb > MOST_MEMORY_MB:
        yield f"{evidence.memory_mb:.0f} MB in use"
