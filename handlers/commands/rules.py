"""`/规则 列表|查看|历史|测试|重放`: the content rules, and what they would do (article 五.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from handlers.access import Role
from handlers.cleanup.roster import merge
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.message import Body, Outgoing
from handlers.moderation import book, texts
from handlers.moderation.book import Known
from handlers.moderation.building import scanner_for
from handlers.moderation.editing import labels
from handlers.moderation.editing import texts as rule_texts
from handlers.moderation.editing.changing import find, is_main_admin
from handlers.moderation.editing.fields import EditError
from handlers.moderation.excerpts import masked
from handlers.moderation.excused import serious
from handlers.moderation.replay import Sample, caught_by
from handlers.moderation.samples import stored_samples
from handlers.moderation.scanner import Hit

DAYS = 30
_MOST_VERSIONS = 10


def _list(call: Call, context: Context) -> list[Outgoing]:
    known = book.read(context.store.rules).known
    if not known:
        return privately(call.message, Body(rule_texts.NO_RULES, rule_texts.TITLE_LIST))
    found = list(known)
    for word in call.arguments:
        found = [one for one in found if _fits(one, word)]
    hits = context.store.flags.counts_since(context.now - timedelta(days=DAYS))
    used = set(context.scanner.rules)
    pending = [one for one in known if one.rule not in used]
    text = rule_texts.listing(found, hits, DAYS, filtered=bool(call.arguments), pending=pending)
    if not found:
        text = rule_texts.NONE_FITS
    proposals = context.store.rule_proposals.waiting(context.now)
    if proposals and is_main_admin(call.message, context):
        text += f"\n\n{rule_texts.waiting(proposals)}"
    return privately(call.message, Body(text, rule_texts.TITLE_LIST, rule_texts.listing_buttons(found)))


def _fits(one: Known, word: str) -> bool:
    """A category, a state, or part of what the rule is called and looks for."""
    rule = one.rule
    category, state = labels.code(word, labels.CATEGORY_WORDS), labels.code(word, labels.STATE_WORDS)
    if category is not None or state is not None:
        return rule.category == category or rule.state == state
    found = word.casefold()
    said = (rule.id, rule.article, rule.meaning, *rule.words, *rule.allow, *(w for c in rule.combinations for w in c))
    return any(found in text.casefold() for text in said)


def _show(call: Call, context: Context) -> list[Outgoing]:
    one = _one(call, context, removed=True)
    hits = context.store.flags.counts_since(context.now - timedelta(days=DAYS))
    by = rule_texts.person(one.stored.by, _names([one.stored.by], context))
    text = rule_texts.whole(one, hits.get(one.rule.id, 0), DAYS, context.settings.scheduler.timezone, by)
    return privately(call.message, Body(text, rule_texts.TITLE_ONE, rule_texts.whole_buttons(one)))


def _history(call: Call, context: Context) -> list[Outgoing]:
    one = _one(call, context, removed=True)
    versions = context.store.rules.history(one.number, _MOST_VERSIONS)
    names = _names([version.by for version in versions], context)
    text = rule_texts.history(versions, names, context.settings.scheduler.timezone)
    return privately(call.message, Body(text, rule_texts.TITLE_HISTORY))


def _names(staff_ids: Sequence[str], context: Context) -> dict[str, str]:
    found: dict[str, str] = {}
    for staff_id in dict.fromkeys(staff_ids):
        facts = context.store.staff.facts_of(staff_id)
        if facts and (name := merge(facts, context.today).name):
            found[staff_id] = name
    return found


def _one(call: Call, context: Context, *, removed: bool = False) -> Known:
    if not call.arguments:
        raise UsageError("请写规则编号，编号见 /规则 列表")
    try:
        return find(call.arguments[0], context, removed=removed)
    except EditError as error:
        raise UsageError(str(error)) from error


def _test(call: Call, context: Context) -> list[Outgoing]:
    text = call.rest.strip()
    if not text:
        raise UsageError("请写要测试的文字")
    hits = context.scanner.scan(text)
    held = serious(text, hits, context.policies.articles)
    found = [(hit.rule, _seen_through(hit)) for hit in held]
    return privately(call.message, Body(texts.trial(found, len(held) < len(hits)), texts.TITLE_TRIAL))


def _seen_through(hit: Hit) -> str:
    """What was found, and the disguise that it wore."""
    if not hit.passes:
        return masked(hit)
    return f"{masked(hit)}（看穿：{labels.all_said(hit.passes, labels.PASS_WORDS)}）"


def _replay(call: Call, context: Context) -> list[Outgoing]:
    one = _one(call, context) if call.arguments else None
    samples = stored_samples(context.store, context.settings, context.samples)
    if not samples:
        return privately(call.message, Body(rule_texts.NO_SAMPLES, rule_texts.TITLE_REPLAY))
    known = book.read(context.store.rules).known if one is None else (one,)
    by_id = {each.rule.id: each for each in known}
    scanner = scanner_for([each.rule for each in known], context.settings.moderation)
    caught: dict[int, tuple[Known, list[Sample]]] = {}
    for sample in samples:
        for rule in caught_by(scanner, sample):
            each = by_id[rule.id]
            caught.setdefault(each.number, (each, []))[1].append(sample)
    text = rule_texts.replayed(one, caught, len(samples))
    return privately(call.message, Body(text, rule_texts.TITLE_REPLAY))


def _command(
    word: str, alias: str, arguments: str, example: str, summary: str, run: Callable[[Call, Context], list[Outgoing]]
) -> Command:
    return Command(
        words=("规则", word),
        aliases=("rule", alias),
        role=Role.SUB_ADMIN,
        usage=f"/规则 {word}{arguments and ' '}{arguments}",
        example=f"/规则 {word}{example and ' '}{example}",
        summary=summary,
        run=run,
    )


COMMANDS = (
    _command("列表", "list", "[类别|状态|词]", "广告", "看有哪些内容规则、近 30 天命中多少", _list),
    _command("查看", "show", "编号", "3", "看一条规则：找什么、在哪里算、命中后怎么办", _show),
    _command("历史", "history", "编号", "3", "看一条规则谁在何时改过什么、为什么", _history),
    _command("测试", "test", "文字", "专业代写论文", "看一段文字会命中哪些规则，不记录", _test),
    _command("重放", "replay", "[编号]", "3", "看现在的规则在留存的样本里命中哪些", _replay),
)
