"""Every trouble that a plan can make, by name: what begins it, what ends it, how long it lasts, what it explains."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase

from sandbox.delivery import Connection
from tests.faults import disks
from tests.faults.field import EVERY, Field, next_planned

Act = Callable[[Field, random.Random], Awaitable[None]]

SENDS = ("/robot/sendBySession", "/v1.0/robot/*")
OPEN = "/v1.0/gateway/connections/open"
TOKEN_CALL = "/v1.0/oauth2/accessToken"
_PAGE = "<html><body>502 Bad Gateway</body></html>"
_QPS = {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "message": "appkey and api qps limited"}
_QPS_LEGACY = {
    "errcode": 88,
    "sub_code": "90018",
    "sub_msg": "超过了当前QPS限制",
    "errmsg": "ding talk error[subcode=90018,submsg=超过了当前QPS限制]",
}
_BLOCKED = {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
_TOO_FAST = {"code": "send.too.fast", "message": "消息发送过快,请稍后再试"}


async def _nothing(field: Field, dice: random.Random) -> None:
    """It ends by itself."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble."""

    begin: Act
    end: Act = _nothing
    seconds: float = 0.3
    """How long it lasts at least, in ours."""
    excuses: frozenset[str] = frozenset()
    is_of_process: bool = False
    """Its end starts the bot again."""
    needs: frozenset[str] = frozenset()
    """What the plan has to prepare: `names`, `impatience` (time-outs of calls that come soon)."""


# -- connections -------------------------------------------------------------------------------------------------


def _one(field: Field, dice: random.Random) -> Connection | None:
    there = field.sandbox.connections
    return dice.choice(there) if there else None


def on_one(act: Callable[[Field, Connection], Awaitable[None] | None]) -> Act:
    """Do it to one connection, chosen at random; nothing where there is none."""

    async def begin(field: Field, dice: random.Random) -> None:
        chosen = _one(field, dice)
        if chosen is not None:
            await _done(act(field, chosen))

    return begin


def on_all(act: Callable[[Field, Connection], Awaitable[None] | None]) -> Act:
    """Do it to all connections at once."""

    async def begin(field: Field, dice: random.Random) -> None:
        await asyncio.gather(*(_done(act(field, one)) for one in list(field.sandbox.connections)))

    return begin


async def _done(result: Awaitable[None] | None) -> None:
    if result is not None:
        await result


async def _duplicate(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.duplicate_next(20)


async def _on_two(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.deliver_on_two(20)


async def _scatter(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.scatter(dice.uniform(0.1, 0.8))


async def _old_again(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.old_again(30)


async def _garbage(field: Field, dice: random.Random) -> None:
    faults = field.sandbox.faults
    for text in ("[]", "null", '{"type":"CALLBACK"}', '{"type":"SYSTEM","headers":{"topic":"KEEPALIVE"}}', "\x00"):
        await faults.raw(text)
    await faults.garbage()


async def _flood(field: Field, dice: random.Random) -> None:
    """Everybody speaks at once, more often than anything can be sent."""
    for _ in range(300):
        await field.say(dice, dice.choice(["reply", "reply", "reply", "word"]))


async def _unplug(field: Field, dice: random.Random) -> None:
    await field.sandbox.unplug()


async def _plug_in(field: Field, dice: random.Random) -> None:
    await field.sandbox.plug_in()


async def _refuse_opening(field: Field, dice: random.Random) -> None:
    status, body = dice.choice([(503, _PAGE), (500, {"code": "system.error", "message": "x"}), (429, {"code": "busy"})])
    field.sandbox.faults.answer(OPEN, status, body, times=None)
    field.sandbox.faults.abort()


async def _hang_opening(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.hang(OPEN, times=2)
    field.sandbox.faults.abort()


# -- calls -------------------------------------------------------------------------------------------------------


async def _clear(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.clear()


def on_sends(act: Callable[[Field, str, random.Random], None]) -> Act:
    """Do it to the calls that send."""

    async def begin(field: Field, dice: random.Random) -> None:
        for path in SENDS:
            act(field, path, dice)

    return begin


def answers(status: int, body: object, *, only: str = "*", after_work: bool = False) -> Act:
    """So many of the next sends are answered like this."""

    async def begin(field: Field, dice: random.Random) -> None:
        for path in SENDS:
            if fnmatchcase(path, only):
                field.sandbox.faults.answer(path, status, body, times=dice.randint(2, 6), after_work=after_work)

    return begin


async def _several(field: Field, dice: random.Random) -> None:
    for path in SENDS:
        for _ in range(dice.randint(2, 5)):
            status, body = dice.choice([(500, {}), (502, _PAGE), (503, {"code": "ServiceUnavailable"}), (504, "")])
            field.sandbox.faults.answer(path, status, body)


async def _revoke(field: Field, dice: random.Random) -> None:
    field.sandbox.tokens.revoke()
    for _ in range(3):
        await field.say(dice, dice.choice(["word", "post", "ding"]))


async def _no_token(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.answer(TOKEN_CALL, 503, _PAGE, times=3)
    await _revoke(field, dice)


async def _expire(field: Field, dice: random.Random) -> None:
    """Sessions are forgotten after their messages were delivered and before the answers come."""
    field.sandbox.faults.delay(SENDS[0], 0.15, times=20)
    for _ in range(6):
        await field.say(dice)
    await asyncio.sleep(0.05)
    field.sandbox.webhooks.expire_all()


# -- the process -------------------------------------------------------------------------------------------------


async def _kill(field: Field, dice: random.Random) -> None:
    await field.kill()


async def _start(field: Field, dice: random.Random) -> None:
    if not field.is_running:
        await field.start()


async def _rise(field: Field, dice: random.Random) -> None:
    """Killed, and started again in the middle of whatever the trouble is."""
    await field.kill()
    await field.start_alone()


async def _stop(field: Field, dice: random.Random) -> None:
    await field.stop()


async def _freeze(field: Field, dice: random.Random) -> None:
    if field.bot is not None:
        field.bot.send_signal(signal.SIGSTOP)


async def _thaw(field: Field, dice: random.Random) -> None:
    if field.bot is not None:
        field.bot.send_signal(signal.SIGCONT)


# -- disk, names, clock ------------------------------------------------------------------------------------------


async def _lock(field: Field, dice: random.Random) -> None:
    field.lock = await asyncio.to_thread(disks.Lock, field.database)


async def _unlock(field: Field, dice: random.Random) -> None:
    if field.lock is not None:
        await asyncio.to_thread(field.lock.release)
        field.lock = None


async def _limit(field: Field, dice: random.Random) -> None:
    if field.bot is not None and field.bot.is_alive:
        disks.limit_growth(field.bot.pid, field.database)


async def _unlimit(field: Field, dice: random.Random) -> None:
    if field.bot is not None and field.bot.is_alive:
        disks.let_grow(field.bot.pid)


async def _fill(field: Field, dice: random.Random) -> None:
    disks.fill(field.database.parent)


async def _empty(field: Field, dice: random.Random) -> None:
    disks.make_room(field.database.parent)


async def _no_names(field: Field, dice: random.Random) -> None:
    field.resolver_flag.touch()
    field.sandbox.faults.abort()


async def _names(field: Field, dice: random.Random) -> None:
    field.resolver_flag.unlink(missing_ok=True)


def clock_wrong_by(span: timedelta) -> Act:
    """The clock of the bot's machine is set."""

    async def begin(field: Field, dice: random.Random) -> None:
        field.look_at_the_clock()
        field.dial.set_wrong(span)
        field.clock_jumped()

    return begin


async def _time_passes(field: Field, dice: random.Random) -> None:
    """Everybody's time goes on to just after the next planned time of the bot, or a few further."""
    field.look_at_the_clock()
    now = field.dial.shown_to_the_bot()
    field.dial.let_pass(next_planned(now) + EVERY * dice.choice([0, 0, 0, 2, 6]) + timedelta(seconds=1) - now)
    field.clock_jumped()


LATE = frozenset({"late-acks"})
DISK = frozenset({"late-acks", "disk"})
TIME = frozenset({"time"})
UNREACHED = frozenset({"unreached"})
HANGS = frozenset({"hangs"})
SOON = frozenset({"impatience"})

TROUBLES: dict[str, Trouble] = {
    "cut": Trouble(on_one(lambda f, c: f.sandbox.faults.abort(c))),
    "cut-all": Trouble(on_all(lambda f, c: f.sandbox.faults.abort(c))),
    "closed": Trouble(on_one(lambda f, c: f.sandbox.faults.close(c))),
    "closed-all": Trouble(on_all(lambda f, c: f.sandbox.faults.close(c))),
    "mute": Trouble(on_one(lambda f, c: f.sandbox.faults.mute(c)), seconds=4.5),
    "mute-all": Trouble(on_all(lambda f, c: f.sandbox.faults.mute(c)), seconds=4.5),
    "notice": Trouble(on_one(lambda f, c: f.sandbox.faults.disconnect(c)), seconds=1.2),
    "notice-all": Trouble(on_all(lambda f, c: f.sandbox.faults.disconnect(c)), seconds=1.2),
    "twice": Trouble(_duplicate, _clear),
    "on-two": Trouble(_on_two, _clear),
    "scattered": Trouble(_scatter, _clear, seconds=0.8),
    "old-again": Trouble(_old_again),
    "garbage": Trouble(_garbage),
    "flood": Trouble(_flood, excuses=LATE),
    "unplugged": Trouble(_unplug, _plug_in, seconds=1.5, excuses=UNREACHED),
    "gateway-fails": Trouble(_refuse_opening, _clear, seconds=1.5),
    "gateway-hangs": Trouble(_hang_opening, _clear, seconds=1.5),
    "slow": Trouble(on_sends(lambda f, p, d: f.sandbox.faults.delay(p, d.uniform(0.1, 0.6), times=20)), _clear),
    "hanging": Trouble(
        on_sends(lambda f, p, d: f.sandbox.faults.hang(p, 3)), _clear, seconds=4.0, excuses=HANGS, needs=SOON
    ),
    "hanging-after-work": Trouble(
        on_sends(lambda f, p, d: f.sandbox.faults.hang(p, 2, after_work=True)),
        _clear,
        seconds=4.0,
        excuses=HANGS,
        needs=SOON,
    ),
    "dropped": Trouble(on_sends(lambda f, p, d: f.sandbox.faults.drop(p, 4)), _clear),
    "dropped-after-work": Trouble(on_sends(lambda f, p, d: f.sandbox.faults.drop(p, 3, after_work=True)), _clear),
    "failing": Trouble(_several, _clear),
    "failing-after-work": Trouble(answers(503, _PAGE, after_work=True), _clear),
    "garbled": Trouble(answers(200, _PAGE), _clear),
    "garbled-after-work": Trouble(answers(200, _PAGE, after_work=True), _clear),
    "refused-401": Trouble(answers(401, {"code": "InvalidAuthentication", "message": "x"}, only="/v1.0/*"), _clear),
    "token-revoked": Trouble(_revoke),
    "no-token": Trouble(_no_token, _clear, excuses=UNREACHED),
    "too-many-429": Trouble(answers(429, _PAGE), _clear),
    "throttled": Trouble(answers(403, _QPS, only="/v1.0/*"), _clear),
    "throttled-88": Trouble(answers(200, _QPS_LEGACY, only="/robot/*"), _clear),
    "blocked": Trouble(answers(200, _BLOCKED, only="/robot/*"), _clear),
    "too-fast": Trouble(answers(400, _TOO_FAST, only="/v1.0/*"), _clear),
    "webhooks-expired": Trouble(_expire, _clear),
    "killed": Trouble(_kill, _start, seconds=0.05, is_of_process=True),
    "restarted": Trouble(_stop, _start, seconds=0.05, is_of_process=True),
    "frozen": Trouble(_freeze, _thaw, seconds=2.5, excuses=LATE),
    "locked": Trouble(_lock, _unlock, seconds=6.5, excuses=DISK),
    "limited": Trouble(_limit, _unlimit, seconds=1.5, excuses=DISK),
    "no-names": Trouble(_no_names, _names, seconds=1.5, excuses=UNREACHED, needs=frozenset({"names"})),
    "a-day-ahead": Trouble(clock_wrong_by(timedelta(days=1)), excuses=TIME),
    "an-hour-back": Trouble(clock_wrong_by(timedelta(hours=-1)), excuses=TIME),
    "a-day-back": Trouble(clock_wrong_by(timedelta(days=-1)), excuses=TIME),
    "time-passes": Trouble(_time_passes, seconds=0.5, excuses=TIME),
    "reborn": Trouble(_rise, _start, seconds=0.3, is_of_process=True),
}
"""All that need no privilege."""

DISK_FULL = Trouble(_fill, _empty, seconds=1.5, excuses=DISK)
"""On a small file system of its own, for which one has to be root."""
