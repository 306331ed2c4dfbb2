"""`/规则`: the content rules and what they would do (article 五.2)."""

from __future__ import annotations

from datetime import timedelta

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.message import Body, Outgoing
from handlers.moderation import texts
from handlers.moderation.excerpts import masked
from handlers.moderation.excused import serious

DAYS = 30


def _list(call: Call, context: Context) -> list[Outgoing]:
    hits = context.store.flags.counts_since(context.now - timedelta(days=DAYS))
    text = texts.listing(context.scanner.rules, hits, DAYS)
    return privately(call.message, Body(text, texts.TITLE_RULES))


def _test(call: Call, context: Context) -> list[Outgoing]:
    text = call.rest.strip()
    if not text:
        raise UsageError("请写要测试的文字")
    hits = context.scanner.scan(text)
    held = serious(text, hits)
    found = [(hit.rule, masked(hit)) for hit in held]
    return privately(call.message, Body(texts.trial(found, len(held) < len(hits)), texts.TITLE_TRIAL))


COMMANDS = (
    Command(
        words=("规则", "列表"),
        aliases=("rule", "list"),
        role=Role.SUB_ADMIN,
        usage="/规则 列表",
        example="/规则 列表",
        summary="看有哪些内容规则、近 30 天命中多少",
        run=_list,
    ),
    Command(
        words=("规则", "测试"),
        aliases=("rule", "test"),
        role=Role.SUB_ADMIN,
        usage="/规则 测试 文字",
        example="/规则 测试 专业代写论文",
        summary="看一段文字会命中哪些规则，不记录",
        run=_test,
    ),
)
