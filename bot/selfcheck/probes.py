"""What a self-check tries: the application's credentials, the gateway, each permission, the clock, file and disk.

It costs DingTalk's counted calls: two for the directory, one for a scene group where there is one, and one more when no
message has gone out by API lately. Whoever calls this goes easy on it (`is_recent`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp

from bot.clock import Clock
from bot.gateway.opening import OpeningError, open_gateway
from bot.models import Models
from bot.openapi import OpenAPI
from bot.outbox.advice import advice as advice_on_sending
from bot.refusals import ErrorKind, OpenAPIError
from bot.selfcheck import reach
from bot.selfcheck.files import probe_database, probe_disk
from bot.selfcheck.models import probe_models
from bot.settings import Settings, missing_credentials
from handlers.doctor import permissions
from handlers.doctor import probe_texts as texts
from handlers.doctor.facts import BEATS_WITHIN
from handlers.quota.apis import REFUSED
from storage.presence import Presence
from storage.probes import Probe, Status
from storage.store import Store

T = TypeVar("T")

NETWORK, CREDENTIALS, CLOCK, GATEWAY = "network", "credentials", "clock", "gateway"
DEPARTMENTS, MEMBERS, SCENE_GROUPS, SENDING = "departments", "members", "scene-groups", "sending"

WITHIN_SECONDS = 5.0
"""For each thing that is tried; they are tried side by side."""
RECENT = timedelta(seconds=60)
"""A second self-check within this time reads what the first one found."""
SKEW_NOTICED = timedelta(seconds=60)
SKEW_HARMFUL = timedelta(minutes=10)
"""From here on plans come at the wrong time, and webhooks count as expired when they are not, or the other way round."""
PROVEN_WITHIN = timedelta(days=7)
"""A message that went out by API in this time proves the permission; nothing needs to be tried."""
ROOT = 1
NOBODY = "steward-self-check-nobody"
"""A staff id that nobody has. Sending to it reaches nobody and says whether we might send at all (docs/platform.md §5.2:
a list without anybody valid fails with `staffId.notExisted`)."""
_NO_SUCH_PERSON = ("staffId.notExisted", "invalidParameter.userIds.invalid")
_TOKEN_PATH = "/v1.0/oauth2/accessToken"
_NOT_WHITE_LISTED = "IpNotInWhiteList"


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, and what the ledger does not know yet, by its names there: calls made past it, and refusals
    because the month is used up."""

    probes: list[Probe]
    uncounted: tuple[str, ...] = ()


def is_recent(probes: Iterable[Probe], now: datetime) -> bool:
    """The last self-check is so new that another would find the same."""
    return any(timedelta(0) <= now - probe.at < RECENT for probe in probes)


def keep(store: Store, examination: Examination, day: date) -> None:
    """Store what was found and count the calls that it took, in the transaction of the caller."""
    store.probes.replace(examination.probes)
    for api in examination.uncounted:
        store.quota.count(day, api)


async def probe_all(
    openapi: OpenAPI,
    http: aiohttp.ClientSession,
    settings: Settings,
    store: Store,
    clock: Clock,
    *,
    models: Models | None = None,
    thorough: bool = False,
    online: bool = True,
) -> Examination:
    """Try everything, within ten seconds or so. `thorough`: read the whole database file, however long that takes.

    `models` are those of the running bot, where it is the one that asks.
    """
    checkup = _Checkup(openapi, http, settings, store, clock)
    helping = probe_models(settings, clock.now(), models, online=online)
    found, more = await asyncio.gather(checkup.run(thorough=thorough, online=online), helping)
    return Examination([*found.probes, *more], found.uncounted)


class _Checkup:
    def __init__(
        self, openapi: OpenAPI, http: aiohttp.ClientSession, settings: Settings, store: Store, clock: Clock
    ) -> None:
        self._openapi = openapi
        self._http = http
        self._settings = settings
        self._store = store
        self._clock = clock
        self._host = urlsplit(settings.dingtalk.openapi_endpoint).hostname or ""
        self._legacy_host = urlsplit(settings.dingtalk.oapi_endpoint).hostname or ""
        self._uncounted: list[str] = []

    async def run(self, *, thorough: bool, online: bool) -> Examination:
        path, now = self._settings.database_path, self._clock.now()
        on_disk = asyncio.gather(
            asyncio.to_thread(probe_database, path, now, thorough=thorough), asyncio.to_thread(probe_disk, path, now)
        )
        over_network = await self._over_network() if online else self._untried(texts.OFFLINE)
        return Examination([*over_network, *await on_disk], tuple(self._uncounted))

    async def _over_network(self) -> list[Probe]:
        if missing_credentials(self._settings):
            return self._untried(texts.NOT_FILLED_IN)
        first = await self._application()
        if first[-1].status == "ok":
            rest = await asyncio.gather(
                self._gateway(), self._departments(), self._members(), self._scene_groups(), self._sending()
            )
            return [*first, *rest]
        reason = texts.NO_NETWORK if first[0].status == "bad" else texts.NO_CREDENTIALS
        if first[-1].status == "unknown":
            reason = texts.PLATFORM_BUSY
        return [*first, *self._untried(reason, beside=first)]

    def _untried(self, said: texts.Said, beside: Iterable[Probe] = ()) -> list[Probe]:
        tried = {probe.name for probe in beside}
        names = (NETWORK, CREDENTIALS, CLOCK, GATEWAY, DEPARTMENTS, MEMBERS, SCENE_GROUPS, SENDING)
        return [self._found(name, "unknown", said) for name in names if name not in tried]

    # -- the application -----------------------------------------------------------------------------------------

    async def _application(self) -> list[Probe]:
        """Network, clock and credentials: one call tells all three."""
        dingtalk = self._settings.dingtalk
        body = {"appKey": dingtalk.client_id, "appSecret": self._settings.secret}
        self._uncounted.append("accessToken")
        try:
            answer = await reach.post(self._http, dingtalk.openapi_endpoint + _TOKEN_PATH, body, WITHIN_SECONDS)
        except reach.UnreachedError as error:
            said = texts.unreached(error.kind, self._host, seconds=WITHIN_SECONDS, status=error.status)
            return [self._found(NETWORK, "bad", said)]
        network = self._found(NETWORK, "ok", texts.network_good(self._host, round(answer.seconds * 1000)))
        return [network, self._skew(answer), self._credentials(answer)]

    def _skew(self, answer: reach.Answer) -> Probe:
        if answer.dated is None:
            return self._found(CLOCK, "unknown", texts.NO_DATE)
        ahead = _ahead(answer.dated, self._clock.now(), answer.seconds)
        found, _ = texts.clock(round(ahead.total_seconds()))
        if abs(ahead) <= SKEW_NOTICED:
            return self._found(CLOCK, "ok", (found, ""))
        return self._found(CLOCK, "bad" if abs(ahead) > SKEW_HARMFUL else "warning", (found, texts.CLOCK_ADVICE))

    def _credentials(self, answer: reach.Answer) -> Probe:
        if answer.status == 200 and isinstance(answer.body.get("accessToken"), str):
            return self._found(CREDENTIALS, "ok", texts.CREDENTIALS_GOOD)
        code = str(answer.body.get("code", f"HTTP {answer.status}"))
        if _NOT_WHITE_LISTED in code:
            return self._found(CREDENTIALS, "bad", texts.address_refused(code))
        if answer.status >= 500 or answer.status == 429 or "QpsLimit" in code:
            return self._found(CREDENTIALS, "unknown", texts.platform_in_trouble(code))
        return self._found(CREDENTIALS, "bad", texts.credentials_refused(code))

    async def _gateway(self) -> Probe:
        """May we connect? Takes a ticket that is never used; where the bot is connected, nothing is tried."""
        now = self._clock.now()
        connected = _connections(self._store.presence.get(), now)
        if connected:
            found, advice = texts.GATEWAY_IN_USE
            return Probe(GATEWAY, now, "ok", found.format(count=connected), advice)
        dingtalk = self._settings.dingtalk
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                await open_gateway(self._http, dingtalk.openapi_endpoint, dingtalk.client_id, self._settings.secret)
        except TimeoutError:
            return self._found(GATEWAY, "bad", texts.unreached("timeout", self._host, seconds=WITHIN_SECONDS))
        except OpeningError as error:
            found, _, advice = str(error).partition(" / ")[0].partition("：")
            return self._found(GATEWAY, "bad", (texts.foreign(found), advice))
        return self._found(GATEWAY, "ok", texts.GATEWAY_GOOD)

    # -- permissions ---------------------------------------------------------------------------------------------

    async def _departments(self) -> Probe:
        return await self._reading(
            DEPARTMENTS,
            permissions.DEPARTMENTS,
            lambda: self._openapi.sub_departments(ROOT),
            lambda found: self._found(DEPARTMENTS, "ok" if found else "warning", texts.departments(len(found))),
        )

    async def _members(self) -> Probe:
        return await self._reading(
            MEMBERS,
            permissions.MEMBERS,
            lambda: self._openapi.users(ROOT),
            lambda _: self._found(MEMBERS, "ok", texts.MEMBERS_GOOD),
        )

    async def _scene_groups(self) -> Probe:
        known = next((group for group in self._store.groups.all() if group.is_scene_group), None)
        if known is None:
            return self._found(SCENE_GROUPS, "ok", texts.SCENE_GROUPS_NOT_NEEDED)
        return await self._reading(
            SCENE_GROUPS,
            permissions.GROUPS,
            lambda: self._openapi.scene_group(known.conversation),
            lambda _: self._found(SCENE_GROUPS, "ok", texts.SCENE_GROUPS_GOOD),
            closed=texts.SCENE_GROUP_CLOSED,
        )

    async def _sending(self) -> Probe:
        """May the robot write to people? Known from what it sent; else it writes to somebody who does not exist."""
        now, backlog = self._clock.now(), self._store.backlog
        sent_at = backlog.last_sent_by_api()
        has_failed_since = sent_at is not None and any(
            trouble.latest is not None and trouble.latest > sent_at for trouble in backlog.parked() + backlog.troubled()
        )
        if sent_at is not None and now - sent_at < PROVEN_WITHIN and not has_failed_since:
            found, advice = texts.SEND_PROVEN
            local = sent_at.astimezone(self._settings.scheduler.timezone)
            return Probe(SENDING, now, "ok", found.format(at=f"{local:%m-%d %H:%M}"), advice)
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                await self._openapi.send_to_people((NOBODY,), "sampleText", {"content": "self-check"})
        except TimeoutError:
            return self._found(SENDING, "unknown", texts.unreached("timeout", self._host, seconds=WITHIN_SECONDS))
        except OpenAPIError as error:
            if error.code not in _NO_SUCH_PERSON:
                return self._refused(SENDING, error, permissions.SEND, self._host)
        return self._found(SENDING, "ok", texts.SEND_GOOD)

    async def _reading(
        self,
        name: str,
        point: str,
        call: Callable[[], Awaitable[T]],
        judge: Callable[[T], Probe],
        closed: texts.Said | None = None,
    ) -> Probe:
        """One call that needs the permission `point`. `closed`: what a permanent refusal means, where it is no fault."""
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                found = await call()
        except TimeoutError:
            return self._found(name, "unknown", texts.unreached("timeout", self._legacy_host, seconds=WITHIN_SECONDS))
        except OpenAPIError as error:
            if closed is not None and error.kind is ErrorKind.PERMANENT:
                said, advice = closed
                return self._found(name, "warning", (said.format(code=texts.foreign(error.code)), advice))
            return self._refused(name, error, point, self._legacy_host)
        return judge(found)

    def _refused(self, name: str, error: OpenAPIError, point: str, host: str) -> Probe:
        if error.kind is ErrorKind.PERMISSION:
            return self._found(name, "bad", texts.lacking(permissions.named_in(error.message, point)))
        if error.kind is ErrorKind.QUOTA:
            self._uncounted.append(REFUSED)
            return self._found(name, "unknown", texts.quota_used_up(error.code))
        if _NOT_WHITE_LISTED in error.code:
            return self._found(name, "bad", texts.address_refused(error.code))
        if error.kind in (ErrorKind.UNREACHED, ErrorKind.UNKNOWN):
            return self._found(name, "bad", texts.unreached("cut", host))
        if error.kind in (ErrorKind.PERMANENT, ErrorKind.STALE_TOKEN):
            known = advice_on_sending(error).partition("：")[2]
            return self._found(name, "bad", texts.refused(error.code, "" if known == error.message else known))
        return self._found(name, "unknown", texts.platform_in_trouble(error.code))

    def _found(self, name: str, status: Status, said: texts.Said) -> Probe:
        found, advice = said
        return Probe(name, self._clock.now(), status, found, advice)


def _ahead(dated: datetime, now: datetime, seconds: float) -> timedelta:
    """How far `now` is ahead of DingTalk's clock, which said `dated`, to the second, at some time in the last `seconds`."""
    began = now - timedelta(seconds=seconds)
    if dated > now:
        return now - dated
    return began - dated if dated + timedelta(seconds=1) < began else timedelta(0)


def _connections(presence: Presence | None, now: datetime) -> int:
    """How many connections the running bot holds; none when it does not run."""
    if presence is None or presence.stopped_at is not None or now - presence.beat_at > BEATS_WITHIN:
        return 0
    return presence.connections
