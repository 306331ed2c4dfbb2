"""`/规章`: what is in force, one article by its number, and what a question would get."""

from __future__ import annotations

from handlers import access
from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.policy import texts
from handlers.policy.answering.answer import keep_shown, show, which
from handlers.policy.curated import texts as curated_texts
from handlers.policy.finding.decision import decide
from handlers.policy.finding.in_force import standing
from handlers.policy.finding.index import Hit


def _list(call: Call, context: Context) -> list[Outgoing]:
    found = context.policies.documents
    if not found:
        return [Reply(Body(texts.no_documents(context.settings.policy.contact)))]
    return [Reply(Body(texts.documents(found), texts.TITLE_LIST))]


def _show(call: Call, context: Context) -> list[Outgoing]:
    return [Reply(_article(call, context))]


def _show_privately(call: Call, context: Context) -> list[Outgoing]:
    body = _article(call, context)
    # Nobody of another organisation can be written to in private; they read it where they may ask.
    return [Reply(body)] if call.message.sender.staff_id is None else privately(call.message, body)


def _article(call: Call, context: Context) -> Body:
    if not access.may_ask(call.message, context):
        return Body(texts.NOT_HERE)
    if not call.arguments:
        raise UsageError("请写条款编号")
    found, title = _named(call.arguments, context)
    if not found:
        raise UsageError(f"没有「{call.rest.strip()[:40]}」这一条")
    exact = [hit for hit in found if title and hit.document.title == title]
    if len(found) > 1 and len(exact) != 1:
        return which(found)
    body = show(exact or found, call.message, context, call.rest)
    keep_shown((exact or found)[0], call.message, context)
    return body


def _named(arguments: tuple[str, ...], context: Context) -> tuple[list[Hit], str]:
    """The articles of this number, which people may write with spaces in it, and what they wrote of the title."""
    for count in range(len(arguments), 0, -1):
        named = context.policies.named("".join(arguments[:count]))
        title = " ".join(arguments[count:]).strip("《》")
        found = [Hit(*one, score=0.0, confidence=1.0) for one in named if title in one[0].title]
        if found:
            return found, title
    return [], ""


def _test(call: Call, context: Context) -> list[Outgoing]:
    question = call.rest.strip()
    if not question:
        raise UsageError("请写要试的问题")
    threshold = context.settings.policy.refusal_threshold
    then = standing(question, context)
    decision = decide(then.question, then.index, threshold)
    topic = None if decision.topic is None else decision.topic.name
    text = texts.trial(decision.hits, threshold, is_answered=decision.is_answered, topic=topic)
    if then.note:
        text = f"{then.note}\n\n{text}"
    given = None if then.note else context.curated.match(question)
    if given is not None:
        text = f"{curated_texts.comes_first(given)}\n\n{text}"
    return [Reply(Body(text, texts.TITLE_TEST))]


COMMANDS = (
    Command(
        words=("规章", "列表"),
        aliases=("policy", "list"),
        role=Role.STAFF,
        usage="/规章 列表",
        example="/规章 列表",
        summary="看现在按哪些规章作答",
        run=_list,
    ),
    Command(
        words=("规章", "查看"),
        aliases=("policy", "show"),
        role=Role.OUTSIDER,
        usage="/规章 查看 编号 [文件]",
        example="/规章 查看 五.8",
        summary="看某一条的全文",
        run=_show,
    ),
    Command(
        words=("规章", "全文"),
        aliases=("policy", "full"),
        role=Role.OUTSIDER,
        usage="/规章 全文 编号 [文件]",
        example="/规章 全文 五.8",
        summary="把某一条的全文私下发给你",
        run=_show_privately,
    ),
    Command(
        words=("规章", "测试"),
        aliases=("policy", "test"),
        role=Role.SUB_ADMIN,
        usage="/规章 测试 问题",
        example="/规章 测试 退休的老师还要留在群里吗",
        summary="试一个问题：会不会作答、有多大把握",
        run=_test,
    ),
)
