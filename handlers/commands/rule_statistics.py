"""`/规则 统计`: how rules do, all together or one of them."""

from __future__ import annotations

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.hearing import coverage
from handlers.message import Body, Outgoing
from handlers.moderation import statistics_texts as texts
from handlers.moderation.editing.changing import find
from handlers.moderation.editing.fields import EditError
from handlers.moderation.statistics import WEEKS, gather, monday
from handlers.moderation.statistics_charts import of_all, of_one


def _statistics(call: Call, context: Context) -> list[Outgoing]:
    statistics = gather(context, monday(context.today))
    least = context.settings.moderation.least_precision
    heard = coverage.summary(context)
    if call.arguments:
        try:
            number = find(call.arguments[0], context).number
        except EditError as error:
            raise UsageError(str(error)) from error
        one = next(each for each in statistics.standings if each.number == number)
        text = texts.one_rule(one, statistics.first, context.settings.scheduler.timezone, least, heard)
        annoying = [one] if one.lower_state is not None and one.annoys(least) else []
        body = Body(text, texts.TITLE, texts.buttons(annoying, (0, 0), more=False), of_one(one, statistics.first))
    else:
        waiting = context.store.flag_counts.waiting()
        text = texts.overview(statistics, context.now, least, waiting, heard)
        buttons = texts.buttons(statistics.annoying(least), waiting, more=False)
        body = Body(text, texts.TITLE, buttons, of_all(statistics, WEEKS, f"近 {WEEKS} 周命中最多的规则"))
    return privately(call.message, body)


COMMANDS = (
    Command(
        words=("规则", "统计"),
        aliases=("rule", "statistics"),
        role=Role.SUB_ADMIN,
        usage="/规则 统计 [编号]",
        example="/规则 统计 3",
        summary="看规则命中、复核、申诉和趋势，哪些常判错、哪些从不命中",
        run=_statistics,
    ),
)
