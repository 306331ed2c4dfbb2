"""`/规章 问答 列表|查看|添加|修改|停用|复核`, for whoever answers for a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.moderation.masking import mask
from handlers.policy.curated import curating, owners, queue_texts, texts
from handlers.policy.curated.curating import CuratingError
from handlers.policy.curated.matching import Given
from storage.curated import CuratedAnswer

_NUMBER = re.compile(r"\s*(\d{1,9})(?!\d)[\s:：号]*(.*)", re.DOTALL)
_BARS = re.compile(r"[|｜]")
_WHAT = re.compile(r"(答案|问法|删问法|条款)[\s:：]*(.*)", re.DOTALL)
_WAITING = "待复核"


def _list(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    found, word = curating.mine(call.message, context), call.rest.strip()
    if not found:
        may_add = owners.answers_for_any(call.message, context)
        return [Reply(Body(texts.NONE if may_add else texts.NONE_OF_YOURS))]
    if word == _WAITING:
        found = [one for one in found if one.answer.state == "given" and not one.is_current]
    elif word:
        found = [
            one for one in found if word in one.answer.answer or any(word in each for each in one.answer.phrasings)
        ]
    if not found:
        return [Reply(Body(texts.NONE_FITS))]
    return [Reply(Body(texts.listed(found, context.settings.scheduler.timezone), texts.TITLE_LIST))]


def _show(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    found, _ = _one(call, context)
    text = texts.whole(found, context.settings.scheduler.timezone)
    return [Reply(Body(text, texts.TITLE_ONE, texts.whole_buttons(found)))]


def _add(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    # Without bars the question stands on the first line.
    split = _BARS.split(call.rest) if _BARS.search(call.rest) else call.rest.strip().split("\n", 1)
    parts = [part.strip() for part in split if part.strip()]
    if len(parts) < 2:
        raise UsageError("问题和答案之间用｜隔开")
    if len(parts) > 3:
        raise UsageError("只要问题、答案、条款三段，中间用｜隔开")
    try:
        articles = curating.articles_in(parts[2], None, context) if len(parts) == 3 else ()
        answer = curating.new((parts[0],), parts[1], articles, _who(call), context)
    except CuratingError as error:
        raise UsageError(str(error)) from error
    if not owners.may_answer(answer.document, call.message, context):
        raise UsageError(_NOT_YOURS if articles else _NAME_ONE)
    known = context.curated.match(parts[0])
    if known is not None:
        return [Reply(Body(texts.exists(known.answer.id)))]
    number = curating.put(answer, "规章 问答 添加", _who(call), context, call.message.conversation)
    found = context.curated.stand(replace(answer, id=number))
    text = texts.added(found, context.settings.scheduler.timezone)
    return [Reply(Body(text, texts.TITLE_ONE, texts.whole_buttons(found)))]


def _about_to_change(call: Call, context: Context) -> str | None:
    if call.message.is_group:
        return None
    found, rest = _one(call, context)
    after = context.curated.stand(_changed(found, rest, call, context))
    return texts.about_to_change(found, after, context.settings.scheduler.timezone, is_masked=mask(rest) != rest)


def _change(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    found, rest = _one(call, context)
    answer = _changed(found, rest, call, context)
    curating.put(answer, "规章 问答 修改", _who(call), context, call.message.conversation)
    return [Reply(Body(texts.changed(answer)))]


def _changed(found: Given, rest: str, call: Call, context: Context) -> CuratedAnswer:
    what = _WHAT.match(rest)
    if what is None:
        raise UsageError("请写明改什么：答案、问法、删问法、条款")
    kind, text, answer = what[1], what[2].strip(), found.answer
    try:
        if kind == "答案":
            # Whoever writes the answer anew has looked at its articles.
            answer = replace(curating.reviewed(found, _who(call), context), answer=curating.checked_answer(text))
        elif kind == "条款":
            articles = curating.articles_in(text, answer.document, context)
            answer = replace(
                curating.relinked(answer, articles), state="given", reviewed_by=_who(call), reviewed_at=context.now
            )
        elif kind == "问法":
            answer = replace(answer, phrasings=_with(answer, curating.checked_phrasing(text)))
        else:
            answer = replace(answer, phrasings=_without(answer, text))
    except CuratingError as error:
        raise UsageError(str(error)) from error
    if not owners.may_answer(answer.document, call.message, context):
        raise UsageError(_NOT_YOURS)
    return answer


def _with(answer: CuratedAnswer, phrasing: str) -> tuple[str, ...]:
    if len(answer.phrasings) >= curating.MOST_PHRASINGS:
        raise CuratingError(f"一条问答最多 {curating.MOST_PHRASINGS} 个问法")
    return tuple(dict.fromkeys((*answer.phrasings, phrasing)))


def _without(answer: CuratedAnswer, phrasing: str) -> tuple[str, ...]:
    left = tuple(one for one in answer.phrasings if one != phrasing)
    if left == answer.phrasings:
        raise CuratingError("没有这个问法，请照原样写")
    if not left:
        raise CuratingError("这是最后一个问法，不想用了就停用")
    return left


def _about_to_stop(call: Call, context: Context) -> str | None:
    if call.message.is_group:
        return None
    return texts.about_to_stop(_one(call, context)[0].answer)


def _stop(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    answer = replace(_one(call, context)[0].answer, state="stopped", reviewed_by=_who(call), reviewed_at=context.now)
    curating.put(answer, "规章 问答 停用", _who(call), context, call.message.conversation)
    return [Reply(Body(texts.stopped(answer)))]


def _review(call: Call, context: Context) -> list[Outgoing]:
    if call.message.is_group:
        return [Reply(Body(queue_texts.ASK_IN_PRIVATE))]
    found, rest = _one(call, context)
    try:
        articles = curating.articles_in(rest, found.answer.document, context)
    except CuratingError as error:
        raise UsageError(str(error)) from error
    if articles:
        found = context.curated.stand(curating.relinked(found.answer, articles))
        if not owners.may_answer(found.answer.document, call.message, context):
            raise UsageError(_NOT_YOURS)
    elif any(one.standing == "gone" for one in found.linked):
        return [Reply(Body(texts.gone(found)))]
    answer = curating.reviewed(found, _who(call), context)
    curating.put(answer, "规章 问答 复核", _who(call), context, call.message.conversation)
    return [Reply(Body(texts.reviewed(answer)))]


def _one(call: Call, context: Context) -> tuple[Given, str]:
    """The answer of the number that was written, and what follows it. Raises `UsageError`."""
    number = _NUMBER.match(call.rest)
    if number is None:
        raise UsageError("请写问答的编号")
    found = curating.one_of(int(number[1]), call.message, context)
    if found is None:
        raise UsageError(f"没有问答 {int(number[1])}，或者它不归你管")
    return found, number[2].strip()


def _who(call: Call) -> str:
    return call.message.sender.staff_id or ""


_NOT_YOURS = "这一条的文件不归你负责"
_NAME_ONE = "请附上你负责的文件里的条款，例如：问题｜答案｜五.8"


def _command(
    word: str,
    alias: str,
    *,
    usage: str,
    example: str,
    summary: str,
    run: Callable[[Call, Context], list[Outgoing]],
    effect: Callable[[Call, Context], str | None] | None = None,
) -> Command:
    return Command(
        words=("规章", "问答", word),
        aliases=("policy", "qa", alias),
        role=Role.STAFF,
        usage=usage,
        example=example,
        summary=summary,
        run=run,
        effect=effect,
        is_offered=owners.answers_for_any,
    )


COMMANDS = (
    _command(
        "列表",
        "list",
        usage="/规章 问答 列表 [词|待复核]",
        example="/规章 问答 列表 待复核",
        summary="文件负责人：看有哪些人工写的问答",
        run=_list,
    ),
    _command(
        "查看",
        "show",
        usage="/规章 问答 查看 编号",
        example="/规章 问答 查看 7",
        summary="文件负责人：看一条问答和它依据的条款",
        run=_show,
    ),
    _command(
        "添加",
        "add",
        usage="/规章 问答 添加 问题｜答案｜条款",
        example="/规章 问答 添加 退休教师还留在群里吗｜不留，退休当月移出｜二.6",
        summary="文件负责人：加一条问答，这样问的先得到它",
        run=_add,
    ),
    _command(
        "修改",
        "change",
        usage="/规章 问答 修改 编号 答案|问法|删问法|条款 内容",
        example="/规章 问答 修改 7 问法 退休了要不要退群",
        summary="文件负责人：改答案，加、删问法，换条款",
        run=_change,
        effect=_about_to_change,
    ),
    _command(
        "停用",
        "stop",
        usage="/规章 问答 停用 编号",
        example="/规章 问答 停用 7",
        summary="文件负责人：不再给这条答案",
        run=_stop,
        effect=_about_to_stop,
    ),
    _command(
        "复核",
        "review",
        usage="/规章 问答 复核 编号 [条款]",
        example="/规章 问答 复核 7",
        summary="文件负责人：看过了，答案仍然对；条款变了的恢复使用",
        run=_review,
    ),
)
