"""`/规则 新增|修改|放行|状态|范围|删除|恢复`: changing rules. Each shows what it would catch before it is confirmed (article 五.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.access import Role
from handlers.commands import confirm
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.markdown import literal
from handlers.message import Body, Outgoing, Reply
from handlers.moderation import book
from handlers.moderation.editing import adding, labels, texts
from handlers.moderation.editing.changing import (
    Change,
    check_rights,
    confined,
    find,
    needs_second,
    others,
    propose,
    put,
    with_state,
)
from handlers.moderation.editing.effects import effect_of
from handlers.moderation.editing.fields import FIELDS, SCOPE_FIELDS, Edit, EditError, edited, read
from handlers.moderation.editing.labels import NONE, code
from handlers.moderation.editing.places import unknown_departments, with_groups
from handlers.moderation.editing.proposing import asked
from handlers.moderation.rule import Scope

Planned = Callable[[Call, Context], Change | Body]
"""What a command would change; or what is said where it changes nothing. Raises `EditError`."""
BY_FILE_WORDS = ("文件", "file")


def _add(call: Call, context: Context) -> Change | Body:
    written = read(call.rest)
    found = adding.new_rule(written, context)
    if isinstance(found, Body):
        return found
    mine = confined(call.message, context)
    if mine and not found.scope.departments:
        found = replace(found, scope=replace(found.scope, departments=mine))
    return Change(None, found, written.why)


def _modify(call: Call, context: Context) -> Change | Body:
    word, rest = _first(call)
    one, written = find(word, context), read(rest)
    if written.head or not written.edits:
        raise EditError(f"请写改什么，如 加词：代考。可改：{'、'.join(FIELDS)}")
    return _if_any(Change(one, edited(one.rule, written.edits), written.why))


def _allow(call: Call, context: Context) -> Change | Body:
    word, rest = _first(call)
    one, written = find(word, context), read(rest)
    if written.edits or not written.head:
        raise EditError("请写要放行的词，几个用、隔开")
    return _if_any(Change(one, edited(one.rule, (Edit("例外", written.head, "加"),)), written.why))


def _state(call: Call, context: Context) -> Change | Body:
    word, rest = _first(call)
    one, written = find(word, context), read(rest)
    wanted, _, why = written.head.partition(" ")
    state = code(wanted, labels.STATE_WORDS) if wanted else None
    if state is None:
        raise EditError("请写状态：观察、提醒、执行")
    return _if_any(Change(one, with_state(one.rule, state), written.why or why.strip()))  # type: ignore[arg-type]


def _scope(call: Call, context: Context) -> Change | Body:
    word, rest = _first(call)
    one, written = find(word, context), read(rest)
    if written.head in NONE and written.head and not written.edits:
        return _if_any(Change(one, replace(one.rule, scope=Scope()), written.why))
    if written.head or not written.edits or any(edit.label not in SCOPE_FIELDS for edit in written.edits):
        raise EditError(f"请写范围，可写：{'、'.join(SCOPE_FIELDS)}；都算就写 不限")
    return _if_any(Change(one, edited(one.rule, written.edits), written.why))


def _remove(call: Call, context: Context) -> Change | Body:
    word, rest = _first(call)
    one, written = find(word, context), read(rest)
    return Change(one, one.rule, written.why or written.head, is_removed=True)


def _restore(call: Call, context: Context) -> Change | Body:
    word, rest = _first(call)
    one, written = find(word, context, removed=True), read(rest)
    wanted, _, why = written.head.partition(" ")
    rules = context.store.rules
    if wanted in BY_FILE_WORDS:
        found = next((version for version in rules.history(one.number, 1000) if version.by == book.BY_FILE), None)
        if found is None:
            raise EditError("这条规则不是从文件来的")
    elif wanted:
        digits = wanted.removeprefix("第").removesuffix("版")
        found = rules.version(one.number, int(digits)) if digits.isdecimal() and len(digits) < 9 else None
        if found is None:
            raise EditError(f"没有第「{wanted[:10]}」版，见 /规则 历史 {one.number}")
    elif one.stored.is_removed:
        found = one.stored
    else:
        raise EditError(f"请写回到哪一版，见 /规则 历史 {one.number}")
    before = book.known_of(found)
    if before is None:
        raise EditError("那一版这里读不懂，回不去")
    follows = "规则文件" if wanted in BY_FILE_WORDS else None
    change = Change(one, before.rule, written.why or why.strip() or f"回到第 {found.version} 版", follows=follows)
    return change if follows and one.stored.follows is None else _if_any(change)


def _if_any(change: Change) -> Change | Body:
    return change if change.what else Body(texts.NOTHING_CHANGES)


def _first(call: Call) -> tuple[str, str]:
    """The rule's number, and what follows."""
    word, *rest = call.rest.split(maxsplit=1) or [""]
    if not word:
        raise EditError("请写规则编号，编号见 /规则 列表")
    return word, rest[0] if rest else ""


def _planned(plan: Planned, call: Call, context: Context) -> Change | Body:
    if call.message.is_group:
        return Body(texts.IN_PRIVATE)
    try:
        change = plan(call, context)
        if isinstance(change, Change):
            if change.after.scope != (change.before.rule.scope if change.before is not None else Scope()):
                change = replace(change, after=with_groups(change.after, context))
            check_rights(change, call.message, context)
            if needs_second(change, context) and not others(call.message, context):
                raise EditError("设置要求两位主管理员都同意才能强制执行，现在只有你一位")
        return change
    except EditError as error:
        raise UsageError(str(error)) from error


def _was_just_changed(change: Change, call: Call, context: Context) -> bool:
    """Perhaps after the sender saw the effect: what was confirmed may be something else now."""
    if change.before is None:
        return False
    stored = change.before.stored
    return stored.by != call.message.sender.staff_id and context.now - stored.at < confirm.GOOD_FOR


def _effect(action: str, plan: Planned) -> Callable[[Call, Context], str | None]:
    def effect(call: Call, context: Context) -> str | None:
        change = _planned(plan, call, context)
        if isinstance(change, Body):
            return None
        number = "" if change.before is None else f" {change.before.number}"
        text = effect_of(f"{action}规则{number} {change.after.id}", change, context)
        strange = unknown_departments(change.after, context)
        if strange:
            text += f"\n\n⚠ 通讯录和群登记里都没有「{literal('、'.join(strange))}」，请核对部门名称。"
        if needs_second(change, context):
            text += "\n\n确认后还要另一位主管理员同意才生效。"
        return text

    return effect


def _run(action: str, plan: Planned) -> Callable[[Call, Context], list[Outgoing]]:
    def run(call: Call, context: Context) -> list[Outgoing]:
        change = _planned(plan, call, context)
        if isinstance(change, Body):
            return [Reply(change)]
        if _was_just_changed(change, call, context):
            raise UsageError("这条规则两分钟内刚被别人改过，请过一会儿再发一次，看过效果再确认")
        if needs_second(change, context):
            effect = effect_of(f"{action}规则 {change.after.id}", change, context)
            to = others(call.message, context)
            number = propose(change, call.message, context)
            return [Reply(Body(texts.PROPOSED, texts.TITLE_CHANGED)), asked(number, effect, to, call.message, context)]
        number = put(change, action, call.message, context)
        version = 1 if change.before is None else change.before.stored.version + 1
        body = Body(texts.done(number, change, version), texts.TITLE_CHANGED, texts.done_buttons(number, change))
        return [Reply(body)]

    return run


def _command(word: str, alias: str, arguments: str, example: str, summary: str, plan: Planned) -> Command:
    return Command(
        words=("规则", word),
        aliases=("rule", alias),
        role=Role.SUB_ADMIN,
        usage=f"/规则 {word} {arguments}",
        example=f"/规则 {word} {example}",
        summary=summary,
        run=_run(word, plan),
        effect=_effect(word, plan),
    )


COMMANDS = (
    _command(
        "新增",
        "add",
        "类别 条款 词：词1、词2",
        "广告 五.2 词：代写、代考",
        "加一条规则，先观察；也可写 搭配、识别、例外、范围等",
        _add,
    ),
    _command(
        "修改",
        "change",
        "编号 加词|删词|例外|搭配|条款|…：内容 [原因：…]",
        "3 加词：代考 原因：学生反映",
        "改一条规则，先看会多命中、少命中什么",
        _modify,
    ),
    _command("放行", "allow", "编号 词", "3 代写字", "加例外词：命中落在这个词里就不算", _allow),
    _command("状态", "state", "编号 观察|提醒|执行 [原因]", "3 提醒", "改规则的状态；改为执行要主管理员", _state),
    _command(
        "范围",
        "scope",
        "编号 群类型|部门|群|身份|时间：内容",
        "3 群类型：班级群 时间：工作时间",
        "定下规则在哪里、对谁、何时算；都算写 不限",
        _scope,
    ),
    _command("删除", "remove", "编号 [原因]", "3 和 5 重复", "删掉一条规则，历史还在", _remove),
    _command("恢复", "restore", "编号 [版本|文件]", "3 2", "回到规则以前的一版，或找回删掉的规则", _restore),
)
