"""收不到: does what people say reach the bot?"""

from __future__ import annotations

from datetime import timedelta

from handlers.doctor import check_texts as texts
from handlers.doctor.check import Check, Status
from handlers.doctor.facts import Asked, Facts
from handlers.doctor.shared import at, said, tried
from handlers.markdown import literal
from handlers.moderation.masking import mask
from storage.presence import Presence

QUIET = timedelta(seconds=150)
"""DingTalk says something every 20 to 30 seconds (docs/platform.md §1.2); a mute connection is replaced sooner than this."""
FRESH = timedelta(hours=24)
"""What was wrong in the last day is something to see to; before that it is history."""
_MOST_NAMED = 5
WAITED, WAITED_LONG = timedelta(minutes=1), timedelta(minutes=5)


def checks(facts: Facts) -> list[Check]:
    """Gateway, connections, frames, gaps, messages, rivals, bridge, backlog."""
    found = [tried(facts, "gateway")]
    if not facts.is_store_readable:
        return found
    if facts.account is not None:
        found += [connections(facts.account), frames(facts, facts.account)]
    return [*found, silences(facts), messages(facts), rivals(facts), bridge(facts), backlog(facts)]


def connections(presence: Presence) -> Check:
    """As many as the settings want?"""
    count, wanted = presence.connections, presence.wanted_connections
    if count == 0:
        # What to do about it the checks say that the advice names.
        trouble = presence.trouble.partition(" / ")[0].partition("：")[0]
        why = f"：{literal(trouble)}" if trouble else ""
        return said("connections", "bad", texts.NOT_CONNECTED, why=why)
    if count < wanted:
        return said("connections", "warning", texts.CONNECTED_IN_PART, count=count, wanted=wanted)
    return said("connections", "ok", texts.CONNECTED, count=count)


def frames(facts: Facts, presence: Presence) -> Check:
    """A connection may stand and carry nothing."""
    heard_at = presence.heard_at
    quiet = facts.now - (heard_at or presence.started_at)
    if quiet > QUIET and presence.connections:
        return said("frames", "bad", texts.MUTE, ago=texts.ago(quiet))
    if heard_at is None:
        return said("frames", "ok", texts.NO_FRAME_YET)
    return said("frames", "ok", texts.FRAMES_COME, at=at(facts, heard_at))


def silences(facts: Facts) -> Check:
    """Times in which nothing could be heard."""
    if not facts.silences:
        return said("silences", "ok", texts.NO_SILENCE)
    last = facts.silences[-1]
    ended_at = None if last.ended_at is None else at(facts, last.ended_at)
    words = texts.silences(len(facts.silences), at(facts, last.began_at), ended_at)
    if last.ended_at is None:
        return said("silences", "bad", words)
    is_news = facts.now - last.ended_at < FRESH
    return said("silences", "warning" if is_news else "ok", words)


def messages(facts: Facts) -> Check:
    """The last one."""
    if facts.asked is Asked.CHAT:
        return said("messages", "ok", texts.HEARD_NOW)
    if facts.heard_at is None:
        found, advice = texts.NEVER_HEARD
        return Check("messages", "unknown", found, advice if facts.presence is not None else "")
    return said("messages", "ok", texts.HEARD, at=at(facts, facts.heard_at))


def rivals(facts: Facts) -> Check:
    """Another process with the same application takes its share of the messages (docs/platform.md §1.4)."""
    if facts.rivals_at is None:
        return said("rivals", "ok", texts.NO_RIVAL)
    is_news = facts.now - facts.rivals_at < FRESH
    return said("rivals", "bad" if is_news else "warning", texts.RIVAL, at=at(facts, facts.rivals_at))


def bridge(facts: Facts) -> Check:
    """Does what brings all messages of groups run, and lose nothing? What mentions the robot is heard without it."""
    standing = facts.bridge
    if standing is None:
        return said("bridge", "ok", texts.BRIDGE_OFF)
    if not standing.groups:
        return said("bridge", "warning", texts.BRIDGE_FOR_NOBODY)
    if not standing.is_running:
        if standing.last_at is None:
            return said("bridge", "warning", texts.BRIDGE_NEVER_RAN)
        return said("bridge", "warning", texts.BRIDGE_STOPPED, at=at(facts, standing.last_at))
    if standing.lost:
        return said("bridge", "warning", texts.BRIDGE_LOSES, lines=standing.lines, lost=standing.lost)
    if standing.unheard:
        names = "、".join(literal(mask(name)) for name in standing.unheard[:_MOST_NAMED])
        return said("bridge", "warning", texts.BRIDGE_UNHEARD, count=len(standing.unheard), names=names)
    return said("bridge", "ok", texts.BRIDGE_RUNS, groups=standing.groups)


def backlog(facts: Facts) -> Check:
    """What was heard and is not handled."""
    waiting = facts.to_handle
    if not waiting.count or waiting.since is None:
        return said("backlog-in", "ok", texts.NOTHING_WAITS)
    if not facts.is_running:
        return said("backlog-in", "ok", texts.INBOX_WAITS_FOR_START, count=waiting.count)
    waited = facts.now - waiting.since
    if waited < WAITED:
        return said("backlog-in", "ok", texts.NOTHING_WAITS)
    status: Status = "bad" if waited >= WAITED_LONG else "warning"
    return said("backlog-in", status, texts.INBOX_WAITS, count=waiting.count, ago=texts.ago(waited))
