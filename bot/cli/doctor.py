"""`steward doctor`: the self-check from the console, beside the running bot, after its end, or before its first run."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from bot import wire
from bot.addresses import is_loopback
from bot.cli.check_config import Examined, look_at
from bot.cli.options import BAD_INPUT, config_option, write_json
from bot.clock import SystemClock
from bot.openapi import Mark, OpenAPI
from bot.selfcheck.probes import Examination, probe_all
from bot.settings import Settings, missing_credentials
from handlers.doctor import texts
from handlers.doctor.check import Answer, Check
from handlers.doctor.diagnosis import all_checks, diagnose, is_all_well, to_be_shown
from handlers.doctor.facts import Asked, Facts
from handlers.doctor.gathering import gather
from storage.database import Database, DatabaseError
from storage.reading import ReadOnlyDatabase
from storage.store import Store

FOUND = 1
"""Exit status when something was found that somebody has to see to."""
MARKS = {"bad": "×", "warning": "！", "unknown": "？"}
"""Signs that every Chinese console can show."""


@click.command("doctor")
@config_option
@click.option("--json", "as_json", is_flag=True, help="每项一行 JSON / one JSON object a check")
@click.option("--offline", is_flag=True, help="不联网 / without network")
def doctor(config: Path | None, as_json: bool, offline: bool) -> None:
    """自检：收不到、发不出、群里没反应、定时没来，各是什么原因 / why nothing is heard, sent, answered or on time.

    只看不改，机器人在不在运行都可以用；联网检查会用掉三四次接口调用，记在账上。/ Changes nothing, whether or not the
    bot runs. The network is tried with three or four counted calls, which are entered in the ledger.

    Exit status 0: nothing was found; 1: something was; 2: the configuration is not usable.
    """
    sys.exit(asyncio.run(_work(look_at(config), online=not offline, show=_as_json if as_json else _say)))


async def _work(examined: Examined, *, online: bool, show: Callable[[list[Answer]], None]) -> int:
    """Look, and say what was found; the exit status.

    It is said inside the loop: the end of the loop may have to wait for a name that the system is still looking up.
    """
    settings = examined.settings
    with _looked_into(settings) as (store, is_readable):
        calls: Counter[str] = Counter()
        found = await _try(settings, store, calls, online=online)
        now = SystemClock().now()
        if calls and is_readable:
            # Before it is read: what DingTalk refused because the month is used up is part of the answer.
            _enter(settings, calls, now.astimezone(settings.scheduler.timezone).date())
        facts = _facts(examined, store, found, now, is_readable=is_readable)
    answers = diagnose(facts)
    for line in examined.problems:
        click.echo(line, err=True)
    show(answers)
    sys.stdout.flush()
    if examined.problems:
        return BAD_INPUT
    return 0 if is_all_well(answers) else FOUND


@contextmanager
def _looked_into(settings: Settings) -> Iterator[tuple[Store, bool]]:
    """What the database says; an empty one where there is none yet, or none that can be read, which the flag tells."""
    path = settings.database_path
    try:
        database: Database = ReadOnlyDatabase(path) if path.is_file() else Database(":memory:")
    except DatabaseError as error:
        click.echo(str(error), err=True)
        with Database(":memory:") as database:
            yield Store(database), False
        return
    with database:
        yield Store(database), True


async def _try(settings: Settings, store: Store, calls: Counter[str], *, online: bool) -> Examination:
    async def entered(api: str, mark: Mark) -> None:
        calls[api] += 1
        mark()

    dingtalk, clock = settings.dingtalk, SystemClock()
    is_filled_in = not missing_credentials(settings)
    async with wire.open_session(trust_env=not is_loopback(dingtalk.openapi_endpoint)) as http:
        openapi = OpenAPI(
            http,
            clock,
            client_id=dingtalk.client_id,
            client_secret=settings.secret if is_filled_in else "",
            robot_code=settings.robot_code,
            openapi_endpoint=dingtalk.openapi_endpoint,
            oapi_endpoint=dingtalk.oapi_endpoint,
            entered=entered,
        )
        found = await probe_all(openapi, http, settings, store, clock, thorough=True, online=online)
    calls.update(found.uncounted)
    return found


def _facts(examined: Examined, store: Store, found: Examination, now: datetime, *, is_readable: bool) -> Facts:
    settings = examined.settings
    today = now.astimezone(settings.scheduler.timezone).date()
    documents = sum(document.is_in_force(today) for document in store.policies.documents())
    return gather(
        store,
        settings,
        now,
        Asked.CONSOLE,
        found.probes,
        # Before the first run there is none; the digest that comes with the program is taken in then.
        documents=documents if settings.database_path.exists() else 1,
        rules=examined.rules,
        problems=tuple(examined.problems),
        is_store_readable=is_readable,
    )


def _enter(settings: Settings, calls: Counter[str], day: date) -> None:
    """Count the calls where the running bot counts its own. A database that takes nothing now is no reason to fail."""
    if not settings.database_path.is_file():
        return
    try:
        with Database(settings.database_path) as database, database.transaction():
            for api, number in calls.items():
                Store(database).quota.count(day, api, number)
    except (DatabaseError, sqlite3.Error) as error:
        click.echo(f"{calls.total()} 次调用没有记进账本（{error}）/ calls were not entered in the ledger", err=True)


def as_objects(answers: list[Answer]) -> list[dict[str, Any]]:
    """What programs get: one object a check."""
    return [
        {
            "check": check.name,
            "title": texts.TITLES[check.name][0],
            "questions": [question.value for question in questions],
            "status": check.status,
            "found": check.found,
            "advice": check.advice,
        }
        for check, questions in all_checks(answers)
    ]


def _as_json(answers: list[Answer]) -> None:
    for one in as_objects(answers):
        write_json(one)


def _say(answers: list[Answer]) -> None:
    for answer in answers:
        question, verdict = texts.QUESTIONS[answer.question], texts.VERDICTS[answer.verdict]
        click.echo(f"{question[0]} / {question[1]}    {verdict[0]} / {verdict[1]}")
    told, unknown = to_be_shown(answers)
    for check in told:
        click.echo(f"\n{MARKS[check.status]} {_title(check)}：{check.found}")
        if check.advice:
            click.echo(f"  → {check.advice}")
    if unknown:
        titles = "、".join(texts.TITLES[check.name][0] for check in unknown)
        why = "；".join(dict.fromkeys(check.found for check in unknown))
        click.echo(f"\n{MARKS['unknown']} 没能检查 / not looked at：{titles}（{why}）")
    well = sum(check.status == "ok" for check, _ in all_checks(answers))
    click.echo(f"\n另有 {well} 项正常，--json 可看每一项 / {well} more are well, --json shows each")


def _title(check: Check) -> str:
    return " / ".join(texts.TITLES[check.name])
