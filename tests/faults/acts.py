"""What begins and ends the troubles of a plan."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from fnmatch import fnmatchcase

from sandbox.delivery import Connection
from tests.faults import disks
from tests.faults.field import EVERY, Field, next_planned

Act = Callable[[Field, random.Random], Awaitable[None]]

SENDS = ("/robot/sendBySession", "/v1.0/robot/*")
OPEN = "/v1.0/gateway/connections/open"
TOKEN_CALL = "/v1.0/oauth2/accessToken"
PAGE = "<html><body>502 Bad Gateway</body></html>"
QPS = {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "message": "appkey and api qps limited"}
QPS_LEGACY = {
    "errcode": 88,
    "sub_code": "90018",
    "sub_msg": "超过了当前QPS限制",
    "errmsg": "ding talk error[subcode=90018,submsg=超过了当前QPS限制]",
}
BLOCKED = {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
TOO_FAST = {"code": "send.too.fast", "message": "消息发送过快,请稍后再试"}


async def nothing(field: Field, dice: random.Random) -> None:
    """It ends by itself."""


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


async def duplicate(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.duplicate_next(20)


async def on_two(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.deliver_on_two(20)


async def scatter(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.scatter(dice.uniform(0.1, 0.8))


async def old_again(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.old_again(30)


async def garbage(field: Field, dice: random.Random) -> None:
    faults = field.sandbox.faults
    for text in ("[]", "null", '{"type":"CALLBACK"}', '{"type":"SYSTEM","headers":{"topic":"KEEPALIVE"}}', "\x00"):
        await faults.raw(text)
    await faults.garbage()


async def flood(field: Field, dice: random.Random) -> None:
    """Everybody speaks at once, more often than anything can be sent."""
    for _ in range(300):
        await field.say(dice, dice.choice(["reply", "reply", "reply", "word"]))


async def unplug(field: Field, dice: random.Random) -> None:
    await field.sandbox.unplug()


async def plug_in(field: Field, dice: random.Random) -> None:
    await field.sandbox.plug_in()


async def refuse_opening(field: Field, dice: random.Random) -> None:
    status, body = dice.choice([(503, PAGE), (500, {"code": "system.error", "message": "x"}), (429, {"code": "busy"})])
    field.sandbox.faults.answer(OPEN, status, body, times=None)
    field.sandbox.faults.abort()


async def hang_opening(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.hang(OPEN, times=2)
    field.sandbox.faults.abort()


# -- calls -------------------------------------------------------------------------------------------------------


async def clear(field: Field, dice: random.Random) -> None:
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


async def several(field: Field, dice: random.Random) -> None:
    for path in SENDS:
        for _ in range(dice.randint(2, 5)):
            status, body = dice.choice([(500, {}), (502, PAGE), (503, {"code": "ServiceUnavailable"}), (504, "")])
            field.sandbox.faults.answer(path, status, body)


async def revoke(field: Field, dice: random.Random) -> None:
    field.sandbox.tokens.revoke()
    for _ in range(3):
        await field.say(dice, dice.choice(["word", "post", "ding"]))


async def no_token(field: Field, dice: random.Random) -> None:
    field.sandbox.faults.answer(TOKEN_CALL, 503, PAGE, times=3)
    await revoke(field, dice)


async def expire(field: Field, dice: random.Random) -> None:
    """Sessions are forgotten after their messages were delivered and before the answers come."""
    field.sandbox.faults.delay(SENDS[0], 0.15, times=20)
    for _ in range(6):
        await field.say(dice)
    await asyncio.sleep(0.05)
    field.sandbox.webhooks.expire_all()


# -- the process -------------------------------------------------------------------------------------------------


async def kill(field: Field, dice: random.Random) -> None:
    await field.kill()


async def start(field: Field, dice: random.Random) -> None:
    if not field.is_running:
        await field.start()


async def rise(field: Field, dice: random.Random) -> None:
    """Killed, and started again in the middle of whatever the trouble is."""
    await field.kill()
    await field.start_alone()


async def stop(field: Field, dice: random.Random) -> None:
    await field.stop()


async def freeze(field: Field, dice: random.Random) -> None:
    if field.bot is not None:
        field.bot.send_signal(signal.SIGSTOP)


async def thaw(field: Field, dice: random.Random) -> None:
    if field.bot is not None:
        field.bot.send_signal(signal.SIGCONT)


# -- disk, names, clock ------------------------------------------------------------------------------------------


async def lock(field: Field, dice: random.Random) -> None:
    field.lock = await asyncio.to_thread(disks.Lock, field.database)


async def unlock(field: Field, dice: random.Random) -> None:
    if field.lock is not None:
        await asyncio.to_thread(field.lock.release)
        field.lock = None


async def limit(field: Field, dice: random.Random) -> None:
    if field.bot is not None and field.bot.is_alive:
        disks.limit_growth(field.bot.pid, field.database)


async def unlimit(field: Field, dice: random.Random) -> None:
    if field.bot is not None and field.bot.is_alive:
        disks.let_grow(field.bot.pid)


async def fill(field: Field, dice: random.Random) -> None:
    disks.fill(field.database.parent)


async def empty(field: Field, dice: random.Random) -> None:
    disks.make_room(field.database.parent)


async def no_names(field: Field, dice: random.Random) -> None:
    field.resolver_flag.touch()
    field.sandbox.faults.abort()


async def names(field: Field, dice: random.Random) -> None:
    field.resolver_flag.unlink(missing_ok=True)


def clock_wrong_by(span: timedelta) -> Act:
    """The clock of the bot's machine is set."""

    async def begin(field: Field, dice: random.Random) -> None:
        field.look_at_the_clock()
        field.dial.set_wrong(span)
        field.clock_jumped()

    return begin


async def time_passes(field: Field, dice: random.Random) -> None:
    """Everybody's time goes on to just after the next planned time of the bot, or a few further."""
    field.look_at_the_clock()
    now = field.dial.shown_to_the_bot()
    field.dial.let_pass(next_planned(now) + EVERY * dice.choice([0, 0, 0, 2, 6]) + timedelta(seconds=1) - now)
    field.clock_jumped()
