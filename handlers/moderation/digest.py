"""What admins hear of the rules each week, by themselves: counts with a picture, and nothing where nothing happened."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from handlers import access
from handlers.context import Context
from handlers.hearing import coverage
from handlers.message import Body, Due, Outgoing, Priority, Private
from handlers.moderation import statistics_texts as texts
from handlers.moderation.statistics import gather, monday
from handlers.moderation.statistics_charts import of_all

TASK = "moderation-digest"
FAMILY = "规则"


def digest(due: Due, context: Context) -> list[Outgoing]:
    """The last whole week, once. Nobody hears that nothing happened."""
    this_week = monday(context.today)
    counts, zone = context.store.flag_counts, context.settings.scheduler.timezone
    until = datetime.combine(this_week, time(), zone)
    since = datetime.combine(this_week - timedelta(days=7), time(), zone)
    told = counts.digested_until()
    if told is not None and told >= until:
        return []
    statistics = gather(context, since.date())
    waiting = counts.waiting()
    sent: list[Outgoing] = []
    if statistics.weeks[-1].hits or waiting[1]:
        least = context.settings.moderation.least_precision
        text = texts.digest(
            statistics,
            context.now,
            least,
            waiting,
            context.store.prints.most_repeated(since, until),
            context.store.prints.strangers(since, until),
            coverage.summary(context),
            is_late=due.is_late,
        )
        buttons = texts.buttons(statistics.annoying(least), waiting, more=True)
        chart = of_all(statistics, 1, "上周命中最多的规则")
        body = Body(text, texts.TITLE_DIGEST, buttons, chart)
        people = readers(context)
        sent = [Private(people, body, priority=Priority.DIGEST)] if people else []
    counts.digested(until)
    return sent


def readers(context: Context) -> tuple[str, ...]:
    """Main admins, and sub-admins who look after rules everywhere (article 五.1)."""
    grants = context.store.roles.sub_admins()
    subs = (one.staff_id for one in grants if not one.departments and (not one.families or FAMILY in one.families))
    return tuple(dict.fromkeys((*access.main_admins(context), *subs)))
