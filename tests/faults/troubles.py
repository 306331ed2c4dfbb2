"""Every trouble that a plan can make, by name: what begins it, what ends it, how long it lasts, what it explains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.faults import acts
from tests.faults.acts import Act


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble."""

    begin: Act
    end: Act = acts.nothing
    seconds: float = 0.3
    """How long it lasts at least, in ours."""
    excuses: frozenset[str] = frozenset()
    is_of_process: bool = False
    """Its end starts the bot again."""
    needs: frozenset[str] = frozenset()
    """What the plan has to prepare: `names`, `impatience` (time-outs of calls that come soon)."""


LATE = frozenset({"late-acks"})
DISK = frozenset({"late-acks", "disk"})
TIME = frozenset({"time"})
UNREACHED = frozenset({"unreached"})
HANGS = frozenset({"hangs"})
SOON = frozenset({"impatience"})

TROUBLES: dict[str, Trouble] = {
    "cut": Trouble(acts.on_one(lambda f, c: f.sandbox.faults.abort(c))),
    "cut-all": Trouble(acts.on_all(lambda f, c: f.sandbox.faults.abort(c))),
    "closed": Trouble(acts.on_one(lambda f, c: f.sandbox.faults.close(c))),
    "closed-all": Trouble(acts.on_all(lambda f, c: f.sandbox.faults.close(c))),
    "mute": Trouble(acts.on_one(lambda f, c: f.sandbox.faults.mute(c)), seconds=4.5),
    "mute-all": Trouble(acts.on_all(lambda f, c: f.sandbox.faults.mute(c)), seconds=4.5),
    "notice": Trouble(acts.on_one(lambda f, c: f.sandbox.faults.disconnect(c)), seconds=1.2),
    "notice-all": Trouble(acts.on_all(lambda f, c: f.sandbox.faults.disconnect(c)), seconds=1.2),
    "twice": Trouble(acts.duplicate, acts.clear),
    "on-two": Trouble(acts.on_two, acts.clear),
    "scattered": Trouble(acts.scatter, acts.clear, seconds=0.8),
    "old-again": Trouble(acts.old_again),
    "garbage": Trouble(acts.garbage),
    "flood": Trouble(acts.flood, excuses=LATE),
    "unplugged": Trouble(acts.unplug, acts.plug_in, seconds=1.5, excuses=UNREACHED),
    "gateway-fails": Trouble(acts.refuse_opening, acts.clear, seconds=1.5),
    "gateway-hangs": Trouble(acts.hang_opening, acts.clear, seconds=1.5),
    "slow": Trouble(
        acts.on_sends(lambda f, p, d: f.sandbox.faults.delay(p, d.uniform(0.1, 0.6), times=20)), acts.clear
    ),
    "hanging": Trouble(
        acts.on_sends(lambda f, p, d: f.sandbox.faults.hang(p, 3)), acts.clear, seconds=4.0, excuses=HANGS, needs=SOON
    ),
    "hanging-after-work": Trouble(
        acts.on_sends(lambda f, p, d: f.sandbox.faults.hang(p, 2, after_work=True)),
        acts.clear,
        seconds=4.0,
        excuses=HANGS,
        needs=SOON,
    ),
    "dropped": Trouble(acts.on_sends(lambda f, p, d: f.sandbox.faults.drop(p, 4)), acts.clear),
    "dropped-after-work": Trouble(
        acts.on_sends(lambda f, p, d: f.sandbox.faults.drop(p, 3, after_work=True)), acts.clear
    ),
    "failing": Trouble(acts.several, acts.clear),
    "failing-after-work": Trouble(acts.answers(503, acts.PAGE, after_work=True), acts.clear),
    "garbled": Trouble(acts.answers(200, acts.PAGE), acts.clear),
    "garbled-after-work": Trouble(acts.answers(200, acts.PAGE, after_work=True), acts.clear),
    "refused-401": Trouble(
        acts.answers(401, {"code": "InvalidAuthentication", "message": "x"}, only="/v1.0/*"), acts.clear
    ),
    "token-revoked": Trouble(acts.revoke),
    "no-token": Trouble(acts.no_token, acts.clear, excuses=UNREACHED),
    "too-many-429": Trouble(acts.answers(429, acts.PAGE), acts.clear),
    "throttled": Trouble(acts.answers(403, acts.QPS, only="/v1.0/*"), acts.clear),
    "throttled-88": Trouble(acts.answers(200, acts.QPS_LEGACY, only="/robot/*"), acts.clear),
    "blocked": Trouble(acts.answers(200, acts.BLOCKED, only="/robot/*"), acts.clear),
    "too-fast": Trouble(acts.answers(400, acts.TOO_FAST, only="/v1.0/*"), acts.clear),
    "webhooks-expired": Trouble(acts.expire, acts.clear),
    "killed": Trouble(acts.kill, acts.start, seconds=0.05, is_of_process=True),
    "restarted": Trouble(acts.stop, acts.start, seconds=0.05, is_of_process=True),
    "frozen": Trouble(acts.freeze, acts.thaw, seconds=2.5, excuses=LATE),
    "locked": Trouble(acts.lock, acts.unlock, seconds=6.5, excuses=DISK),
    "limited": Trouble(acts.limit, acts.unlimit, seconds=1.5, excuses=DISK),
    "no-names": Trouble(acts.no_names, acts.names, seconds=1.5, excuses=UNREACHED, needs=frozenset({"names"})),
    "a-day-ahead": Trouble(acts.clock_wrong_by(timedelta(days=1)), excuses=TIME),
    "an-hour-back": Trouble(acts.clock_wrong_by(timedelta(hours=-1)), excuses=TIME),
    "a-day-back": Trouble(acts.clock_wrong_by(timedelta(days=-1)), excuses=TIME),
    "time-passes": Trouble(acts.time_passes, seconds=0.5, excuses=TIME),
    "reborn": Trouble(acts.rise, acts.start, seconds=0.3, is_of_process=True),
}
"""All that need no privilege."""

DISK_FULL = Trouble(acts.fill, acts.empty, seconds=1.5, excuses=DISK)
"""On a small file system of its own, for which one has to be root."""
