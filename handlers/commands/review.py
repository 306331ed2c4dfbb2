"""`/复核`: the queue of flags and a reviewer's word on one; `/申诉`: the sender's (articles 五.1, 五.2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing
from handlers.moderation import appeals, judging, posting
from handlers.moderation import queue as queued
from handlers.moderation import review_texts as texts
from handlers.moderation.reviewers import may_review, reader_of
from handlers.moderation.rule import Rule
from storage.flags import Flag
from storage.reviews import Entry
from storage.verdicts import VerdictWord

_NUMBERED = re.compile(appeals.NUMBERS + r"[\s:：,，]*(.*)", re.DOTALL)
_BETWEEN = re.compile(r"(?<=[\d号])\s+(?=#?\d)")
"""Numbers with nothing but space between them: `12 13 错`."""
_WORDS: dict[str, VerdictWord] = {
    "对": "right",
    "没错": "right",
    "属实": "right",
    "right": "right",
    "错": "wrong",
    "不对": "wrong",
    "误会": "wrong",
    "误报": "wrong",
    "wrong": "wrong",
    "说不准": "unsure",
    "不确定": "unsure",
    "不清楚": "unsure",
    "unsure": "unsure",
}
_PUBLIC = ("公开", "public")
_NEXT = ("下一条", "下一个", "next")


def _review(call: Call, context: Context) -> list[Outgoing]:
    rest = unicodedata.normalize("NFKC", call.rest).strip()
    numbered = _numbered(rest)
    if numbered is None:
        return _list(rest, call.message, context)
    numbers, said = numbered
    flags = [_flag(number, call.message, context) for number in numbers]
    if not said:
        return _show(flags[0], call.message, context)
    reviewer = call.message.sender.staff_id or ""
    if said in _PUBLIC:
        flag = flags[0]
        rule = _postable(flag, call.message, context)
        if posting.was_posted(flag, context):
            return privately(call.message, Body(texts.POSTED_ALREADY))
        body, sent = posting.post(flag, rule, reviewer, context)
    elif said in _WORDS:
        body, sent = judging.judge(flags, _WORDS[said], reviewer, context)
    else:
        raise UsageError("请写对、错或说不准")
    return [*privately(call.message, body), *sent]


def _effect(call: Call, context: Context) -> str | None:
    """Only a post in the group is confirmed first."""
    numbered = _numbered(unicodedata.normalize("NFKC", call.rest).strip())
    if numbered is None or numbered[1] not in _PUBLIC:
        return None
    flag = _flag(numbered[0][0], call.message, context)
    rule = _postable(flag, call.message, context)
    return None if posting.was_posted(flag, context) else posting.preview(flag, rule, context)


def _numbered(rest: str) -> tuple[tuple[int, ...], str] | None:
    """The numbers of flags and what is said of them, which may be nothing; None for filters (`2301级群`, `2页`).

    Raises `UsageError` where several are to be posted about at once.
    """
    listed = _BETWEEN.sub("、", rest)
    found = _NUMBERED.fullmatch(listed)
    if found is None:
        return None
    said = found[2].strip().rstrip("。.!！").casefold()
    is_a_word = not said or said in _WORDS or said in _PUBLIC
    if not is_a_word and listed[found.start(2) - 1].isalnum():
        return None
    numbers = appeals.numbers_in(found[1])
    if said in _PUBLIC and len(numbers) > 1:
        raise UsageError("在群里提醒大家，一次只写一个编号")
    return numbers, said


def _postable(flag: Flag, message: Incoming, context: Context) -> Rule:
    """The rule by which something may be said in the group. Raises `UsageError`."""
    rule = posting.public_rule(flag, context)
    if rule is None or not posting.may_post(flag, message, context):
        raise UsageError(texts.NOT_PUBLIC)
    verdict = context.store.verdicts.get(flag.id)
    if verdict is not None and verdict.verdict == "wrong":
        raise UsageError(texts.CALLED_WRONG)
    return rule


def _flag(number: int, message: Incoming, context: Context) -> Flag:
    """The flag that this person may judge. Raises `UsageError`, which doesn't tell whether there is another."""
    flag = context.store.flags.get(number)
    if flag is None or not may_review(flag, message, context):
        raise UsageError(texts.not_there(number))
    return flag


def _list(rest: str, message: Incoming, context: Context) -> list[Outgoing]:
    reader = reader_of(message, context)
    if rest.casefold() in _NEXT:
        entry = queued.first_waiting(reader, context)
        return privately(message, Body(texts.NOTHING)) if entry is None else _show(entry[0].flag, message, context)
    try:
        asked = queued.wanted(rest.split(), context)
    except queued.FilterError as error:
        raise UsageError(texts.unknown_filter(str(error)[:20])) from error
    entries, page, count = queued.page_of(asked, reader, context)
    if not entries:
        return privately(message, Body(texts.NONE_FITS if asked.words else texts.NOTHING))
    pages = -(-count // queued.PAGE)
    zone = context.settings.scheduler.timezone
    text = texts.queue(entries, page, pages, count, _places(entries, context), _names(context), zone, asked.words)
    return privately(message, Body(text, texts.TITLE_QUEUE, texts.queue_buttons(entries, page, pages, asked.words)))


def _show(flag: Flag, message: Incoming, context: Context) -> list[Outgoing]:
    """The message of this flag with all that was found in it."""
    entry = context.store.reviews.of_message(flag.message_key)
    numbers = context.store.rules.numbers(row.flag.rule for row in entry)
    told = [telling for row in entry for telling in context.store.tellings.of(row.flag.id)]
    zone = context.settings.scheduler.timezone
    text = texts.one(entry, _names(context), numbers, told, _places([entry], context), zone)
    postable = (row.flag for row in entry if posting.may_post(row.flag, message, context))
    offered = next((one.id for one in postable if not posting.was_posted(one, context)), None)
    return privately(message, Body(text, texts.TITLE_ONE, texts.verdict_buttons(entry, offered)))


def _names(context: Context) -> dict[str, str]:
    return {rule.id: rule.name for rule in context.scanner.rules}


def _places(entries: Iterable[Entry], context: Context) -> dict[str, str]:
    groups = map(context.store.groups.get, {entry[0].flag.conversation for entry in entries})
    return {group.conversation: group.title for group in groups if group is not None}


def _appeal(call: Call, context: Context) -> list[Outgoing]:
    found = appeals.read(call.rest)
    if found is None:
        which = appeals.choice(call.rest.strip(), call.message, context)
        if which is None:
            raise UsageError("请写提醒的编号")
        return privately(call.message, which)
    body, sent = appeals.appeal(*found, call.message, context)
    return [*privately(call.message, body), *sent]


COMMANDS = (
    Command(
        words=("复核",),
        aliases=("review",),
        role=Role.SUB_ADMIN,
        usage="/复核 [类别、规则、群、状态、申诉中、第2页 | 下一条 | 编号 对|错|说不准|公开]",
        example="/复核 12、13 错",
        summary="看内容提醒命中得对不对；和自己有关的要请别人看",
        run=_review,
        effect=_effect,
    ),
    Command(
        words=("申诉",),
        aliases=("appeal",),
        role=Role.STAFF,
        usage="/申诉 编号 [理由]",
        example="/申诉 12 这是上课用的例子",
        summary="收到内容提醒，觉得是误会，请人再看看",
        run=_appeal,
    ),
)
