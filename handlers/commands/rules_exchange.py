"""`/规则 导出|导入`: rules as the text of a rule file, and from a file that was sent in private (docs/rules.md)."""

from __future__ import annotations

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.moderation import book
from handlers.moderation.editing import labels, texts
from handlers.moderation.editing.changing import find, put
from handlers.moderation.editing.effects import tried
from handlers.moderation.editing.fields import EditError
from handlers.moderation.editing.importing import Import, drafted
from handlers.moderation.written import as_toml
from storage.rule_waiting import RuleDraft

MOST_CHARACTERS = 12_000
"""Of an export in a chat: a few messages."""


def _export(call: Call, context: Context) -> list[Outgoing]:
    rules = book.read(context.store.rules).rules
    word = call.rest.strip()
    category = labels.code(word, labels.CATEGORY_WORDS) if word else None
    if category is not None:
        rules = tuple(rule for rule in rules if rule.category == category)
    elif word:
        try:
            rules = (find(word, context).rule,)
        except EditError as error:
            raise UsageError(str(error)) from error
    if not rules:
        return privately(call.message, Body(texts.NONE_FITS, texts.TITLE_EXPORT))
    # A run of backquotes in a word would end the block; in TOML the escape says the same.
    text = as_toml(rules).replace("`", "\\u0060")
    if len(text) > MOST_CHARACTERS:
        return privately(call.message, Body(texts.TOO_LONG, texts.TITLE_EXPORT))
    return privately(call.message, Body(f"```toml\n{text}```", texts.TITLE_EXPORT))


def _found(call: Call, context: Context) -> tuple[RuleDraft, Import]:
    try:
        return drafted(call.arguments[0], call.message, context)
    except EditError as error:
        raise UsageError(str(error)) from error


def _about_to_import(call: Call, context: Context) -> str | None:
    if call.message.is_group or not call.arguments:
        return None
    _, found = _found(call, context)
    if not found.changes:
        return None
    difference, mistaken = tried(found.changes, context)
    return texts.about_to_import(found.changes, found.held, difference, mistaken)


def _import(call: Call, context: Context) -> list[Outgoing]:
    if not call.arguments:
        return [Reply(Body(texts.HOW_TO_IMPORT, texts.TITLE_IMPORT))]
    if call.message.is_group:
        return [Reply(Body(texts.IN_PRIVATE))]
    draft, found = _found(call, context)
    for change in found.changes:
        put(change, "导入", call.message, context)
    context.store.rule_drafts.drop(draft.id)
    if not found.changes:
        return [Reply(Body(texts.NOTHING_CHANGES, texts.TITLE_IMPORT))]
    return [Reply(Body(f"已导入 {len(found.changes)} 条规则，马上生效。", texts.TITLE_IMPORT))]


COMMANDS = (
    Command(
        words=("规则", "导出"),
        aliases=("rule", "export"),
        role=Role.SUB_ADMIN,
        usage="/规则 导出 [编号|类别]",
        example="/规则 导出 3",
        summary="把规则按规则文件的写法发给你",
        run=_export,
    ),
    Command(
        words=("规则", "导入"),
        aliases=("rule", "import"),
        role=Role.SUB_ADMIN,
        usage="/规则 导入 编号",
        example="/规则 导入 2",
        summary="导入刚才私聊发来的规则文件（.toml）",
        run=_import,
        effect=_about_to_import,
    ),
)
