"""`/规章 问法 列表|添加|删除`: the questions by which an article is found, for whoever answers for its document."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.policy import owners
from handlers.policy import question_texts as texts
from handlers.policy.curating import CuratingError, checked_phrasing
from handlers.policy.likeness import gist, likeness
from storage.article_questions import ArticleQuestion
from storage.audit import AuditEntry
from storage.policies import Article, Document

MOST_QUESTIONS = 100
"""Of one article; more would make it answer everything."""
_PARTS = re.compile(r"\s*(\S{1,40})\s*(?:《([^》]{1,200})》)?\s*(.*)", re.DOTALL)


def _list(call: Call, context: Context) -> list[Outgoing]:
    document, article, _ = _parts(call, context)
    questions = context.store.article_questions.of(document.id, article.number)
    return [Reply(Body(texts.listed(document, article, questions), texts.TITLE))]


def _add(call: Call, context: Context) -> list[Outgoing]:
    document, article, rest = _parts(call, context)
    question = _question(rest)
    known = context.store.article_questions.of(document.id, article.number)
    if len(known) >= MOST_QUESTIONS:
        raise UsageError(f"一条最多 {MOST_QUESTIONS} 个问法，先删几个不常用的")
    asks = gist(question)
    if any(likeness(asks, gist(one.question)) > 0 for one in known):
        return [Reply(Body(texts.has_it(document, article), "", (texts.show(article, document),)))]
    other = _elsewhere(question, document, article, context)
    if other is not None:
        return [Reply(Body(texts.elsewhere(*other), "", (texts.show(other[1], other[0]),)))]
    context.store.article_questions.add(document.id, article.number, question, "person")
    _audit("规章 问法 添加", document, article, question, call, context)
    return [Reply(Body(texts.added(document, article, question), texts.TITLE, (texts.show(article, document),)))]


def _about_to_remove(call: Call, context: Context) -> str | None:
    document, article, rest = _parts(call, context)
    return texts.about_to_remove(document, article, _chosen(rest, document, article, context).question)


def _remove(call: Call, context: Context) -> list[Outgoing]:
    document, article, rest = _parts(call, context)
    question = _chosen(rest, document, article, context).question
    context.store.article_questions.remove(document.id, article.number, question)
    _audit("规章 问法 删除", document, article, question, call, context)
    return [Reply(Body(texts.removed(document, article, question), texts.TITLE))]


def _parts(call: Call, context: Context) -> tuple[Document, Article, str]:
    """The article that was named, which this person answers for, and what follows it. Raises `UsageError`."""
    found = _PARTS.match(call.rest)
    if found is None:
        raise UsageError("请写条款编号")
    number, title, rest = found[1], found[2], found[3].strip()
    named = [one for one in context.policies.named(number) if title is None or title == one[0].title]
    if not named:
        raise UsageError(f"没有「{number}」这一条" if title is None else f"《{title[:40]}》里没有「{number}」这一条")
    mine = [one for one in named if owners.may_answer(one[0].title, call.message, context)]
    if not mine:
        raise UsageError("这一条的文件不归你负责")
    if len(mine) > 1:
        raise UsageError(f"几份文件都有「{number}」，请写明：{number} 《{mine[0][0].title}》")
    return *mine[0], rest


def _question(text: str) -> str:
    try:
        return checked_phrasing(text)
    except CuratingError as error:
        raise UsageError(str(error)) from error


def _chosen(text: str, document: Document, article: Article, context: Context) -> ArticleQuestion:
    """The question that is named, by its place in the list or word for word. Raises `UsageError`."""
    questions = context.store.article_questions.of(document.id, article.number)
    place = int(text) if re.fullmatch(r"\d{1,3}", text) else 0
    if 1 <= place <= len(questions):
        return questions[place - 1]
    found = next((one for one in questions if one.question == " ".join(text.split())), None)
    if found is None:
        raise UsageError("没有这个问法，请写列表里的序号")
    return found


def _elsewhere(
    question: str, document: Document, article: Article, context: Context
) -> tuple[Document, Article] | None:
    """Another article in force that has the same question word for word."""
    having = set(context.store.article_questions.having(question)) - {(document.id, article.number)}
    return next(
        (
            one
            for _, number in sorted(having)
            for one in context.policies.named(number)
            if (one[0].id, number) in having
        ),
        None,
    )


def _audit(action: str, document: Document, article: Article, question: str, call: Call, context: Context) -> None:
    by, subject = call.message.sender.staff_id or "", f"《{document.title}》{article.number}"
    context.store.audit.add(AuditEntry(context.now, by, action, subject, question, call.message.conversation))


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
        words=("规章", "问法", word),
        aliases=("policy", "questions", alias),
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
        usage="/规章 问法 列表 编号 [《文件》]",
        example="/规章 问法 列表 五.8",
        summary="文件负责人：看一条有哪些常见问法",
        run=_list,
    ),
    _command(
        "添加",
        "add",
        usage="/规章 问法 添加 编号 [《文件》] 问题",
        example="/规章 问法 添加 五.8 群主多久清理一次人",
        summary="文件负责人：加一个常见问法，这样问更容易找到这一条",
        run=_add,
    ),
    _command(
        "删除",
        "remove",
        usage="/规章 问法 删除 编号 [《文件》] 序号",
        example="/规章 问法 删除 五.8 3",
        summary="文件负责人：删一个问法",
        run=_remove,
        effect=_about_to_remove,
    ),
)
