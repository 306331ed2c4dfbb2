"""A sandbox and a bot in hurried time: what troubles act on, and where the evidence is gathered."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.platform import Sandbox
from sandbox.record import Call
from tests.bot.rig import GROUP, SCENE
from tests.faults import disks
from tests.faults.clockwork import Dial, memory_mb
from tests.faults.hurried import Orders
from tests.faults.processes import SECONDS, Bot, Nursery
from tests.faults.verdict import ANNOUNCED, TOKEN, Evidence, Fate, Parked, Said, Seen, unfired

EVERY = timedelta(minutes=10)
"""How often the schedule fires."""
_STEP = 0.03
_EVENTS = 0.05
"""Events to each message."""
_LONGEST_GAP = 0.05
"""Between two messages, in seconds of ours."""


class Field:
    """One plan's world. The bot may be dead at any time; the sandbox never is."""

    def __init__(self, sandbox: Sandbox, folder: Path, nursery: Nursery, dial: Dial, orders: Orders) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.dial = dial
        self.database = folder / "steward.db"
        self.resolver_flag = Path(orders.resolver_flag)
        self.log = folder / "bot.log"
        self.bot: Bot | None = None
        self.kills = 0
        self.restarts: list[float] = []
        """How long each start took until the bot was connected, in our seconds."""
        self.excused: set[str] = set()
        self.statuses: list[int] = []
        """How each bot ended that was asked to end."""
        self.said: list[Said] = []
        self.lock: disks.Lock | None = None
        """The database's write lock, while a plan holds it."""
        self._nursery = nursery
        self._orders = orders
        self._cut_short: set[int] = set()
        """Calls that were under way when the bot was killed: not the network's doing."""
        self._planned: set[datetime] = set()
        self._looked_at = dial.shown_to_the_bot()
        self._set_back: list[tuple[datetime, datetime]] = []
        """When the bot's clock was set back, and to when."""
        self._memory = 0.0

    # -- the process ---------------------------------------------------------------------------------------------

    async def start(self, failpoint: str = "") -> None:
        """Start the bot and wait until it is connected, or has died of the point that was meant for it."""
        began = time.monotonic()
        known = self.sandbox.delivery.opened
        bot = await self.start_alone(failpoint)
        connected = asyncio.create_task(
            self.sandbox.until(lambda: self.sandbox.delivery.opened > known, timeout=SECONDS)
        )
        ended = asyncio.ensure_future(bot.wait())
        either: set[asyncio.Future[Any]] = {connected, ended}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if connected.done():
            self.restarts.append(time.monotonic() - began)
            await connected
        else:
            connected.cancel()
            if bot.returncode != -signal.SIGKILL:
                raise AssertionError(f"the bot ended at its start ({bot.returncode}):\n{self.read_log()[-3000:]}")

    async def start_alone(self, failpoint: str = "") -> Bot:
        """Start the bot and wait for nothing."""
        self.bot = await self._nursery.start(replace(self._orders, failpoint=failpoint), self.log)
        return self.bot

    @property
    def is_running(self) -> bool:
        """The bot lives, as far as we have heard."""
        return self.bot is not None and self.bot.is_alive

    async def kill(self) -> None:
        """SIGKILL, now."""
        if self.bot is not None and self.bot.is_alive:
            self.note_memory()
            self.bot.send_signal(signal.SIGKILL)
            await self.until_dead()

    async def until_dead(self) -> None:
        """The bot is being killed, from without or from within: wait for it, and tidy up what it leaves."""
        assert self.bot is not None
        async with asyncio.timeout(SECONDS):
            status = await self.bot.wait()
        assert status == -signal.SIGKILL, f"ended with {status}:\n{self.read_log()[-3000:]}"
        self.kills += 1
        self._cut_short.update(id(call) for call in self.sandbox.calls if call.is_under_way and not call.is_in_doubt)
        await self.sandbox.until(lambda: not self.sandbox.connections, timeout=SECONDS)

    async def stop(self) -> None:
        """SIGTERM, and wait."""
        if self.bot is not None and self.bot.is_alive:
            self.note_memory()
            self.statuses.append(await self.bot.end(signal.SIGTERM))

    def note_memory(self) -> None:
        """Look how much the bot uses."""
        if self.bot is not None and self.bot.is_alive:
            self._memory = max(self._memory, memory_mb(self.bot.pid))

    # -- people --------------------------------------------------------------------------------------------------

    async def say(self, dice: random.Random, way: str | None = None) -> Said:
        """Somebody says something somewhere."""
        way = way or dice.choices(["reply", "post", "word", "ding"], [16, 1, 2, 1])[0]
        person = f"{dice.randint(1, 9):04}"
        in_group = way in ("reply", "post") and dice.random() < 0.12
        chat = dice.choice([GROUP, SCENE]) if in_group or way == "post" else f"private:{person}"
        token = f"m{len(self.said):05}"
        acknowledged = len(self.sandbox.acks)
        text = token if way == "reply" else f"{way} {token}"
        key = await self.sandbox.say(person, chat, text)
        said = Said(token, key, chat, way, acknowledged)
        self.said.append(said)
        return said

    async def talk(self, dice: random.Random, messages: int, seconds: float = 0.0) -> None:
        """So many messages, spread over so long at least, with hardly a pause otherwise."""
        for _ in range(messages):
            await self.say(dice)
            if dice.random() < _EVENTS:
                await self.sandbox.send_event("user_modify_org", {"userId": [f"{dice.randint(1, 9):04}"]})
            await asyncio.sleep(dice.uniform(0.0, max(_LONGEST_GAP, 2 * seconds / messages)))

    def look_at_the_clock(self) -> None:
        """Note which planned times the bot's clock has come past since the last look. Call it before each jump."""
        now = self.dial.shown_to_the_bot()
        moment = next_planned(self._looked_at)
        while moment <= now:
            self._planned.add(moment)
            moment += EVERY
        self._looked_at = now

    def clock_jumped(self) -> None:
        """The bot's clock has leapt: what lies between was come past when it went forward, and comes again if not."""
        now = self.dial.shown_to_the_bot()
        if now >= self._looked_at:
            self.look_at_the_clock()
        else:
            self._set_back.append((self._looked_at, now))
            self._looked_at = now

    # -- the end -------------------------------------------------------------------------------------------------

    async def settle(self, seconds: float = 60.0) -> None:
        """Wait until everything said has arrived, was handled and sent, and nothing is due."""
        if not self.is_running:
            await self.start()
        await self.sandbox.until_connected(timeout=SECONDS)
        await self.sandbox.until_settled(timeout=seconds)
        ends_at = time.monotonic() + seconds
        while self.open_rows() and time.monotonic() < ends_at:
            await asyncio.sleep(_STEP)
        self.look_at_the_clock()
        await self._until_fired()

    async def _until_fired(self) -> None:
        """The schedule looks once a second; what became due a moment ago may not have been announced yet."""
        ends_at = time.monotonic() + 5.0
        while unfired(self.evidence()) and time.monotonic() < ends_at:
            await asyncio.sleep(_STEP)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the bot's database, read from outside."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    def open_rows(self) -> int:
        """How many rows of inbox and outbox are not at their end."""
        [(number,)] = self.rows(
            "select (select count(*) from inbox where state = 'new') + "
            "(select count(*) from outbox where state in ('queued', 'sending'))"
        )
        assert isinstance(number, int)
        return number

    def read_log(self) -> str:
        """What the bot wrote to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _robot(self) -> list[tuple[str, str]]:
        return [(one.chat, one.text) for one in self.sandbox.world.messages if one.author == "robot"]

    def evidence(self) -> Evidence:
        """All that is known."""
        parked = self.rows("select body, error_code from outbox where state = 'parked'")
        return Evidence(
            said=self.said,
            acknowledged=[ack.key if ack.code == 200 else "" for ack in self.sandbox.acks],
            robot=self._robot(),
            calls=[seen for call in self.sandbox.calls if (seen := self._seen(call)) is not None],
            parked=[Parked(_words(str(body)), str(code), str(body)) for body, code in parked],
            kept=frozenset(str(key).partition(":")[2] for (key,) in self.rows("select key from inbox")),
            parked_inbox=[str(error) for (error,) in self.rows("select error from inbox where state = 'parked'")],
            open_rows=self.open_rows(),
            kills=self.kills,
            starts=len(self.restarts),
            planned=sorted(self._planned),
            set_back=list(self._set_back),
            violations=list(self.sandbox.violations),
            log=self.read_log(),
            secrets=self.sandbox.secrets,
            memory_mb=self._memory,
            status=max(self.statuses, key=abs, default=0),
            excused=frozenset(self.excused),
        )

    def _seen(self, call: Call) -> Seen | None:
        tokens = _words(json.dumps(call.body, ensure_ascii=False))
        if not tokens:
            return None
        if call.is_in_doubt:
            return Seen(tokens, Fate.IN_DOUBT)
        if call.was_done or id(call) in self._cut_short:
            return Seen(tokens, Fate.DONE)
        return Seen(tokens, Fate.UNANSWERED if call.status is None else Fate.REFUSED)


def next_planned(moment: datetime) -> datetime:
    """The first planned time after a moment."""
    since = moment - datetime(2026, 1, 1, tzinfo=UTC)
    return moment - since % EVERY + EVERY


def _words(text: str) -> tuple[str, ...]:
    """The words of ours that a text holds: tokens of messages, planned times of what was due."""
    return (*dict.fromkeys(TOKEN.findall(text)), *(found[0] for found in ANNOUNCED.findall(text)))
