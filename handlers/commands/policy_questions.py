"""`/规章 问法`: the questions by which an article is found are listed, added and removed by whoever answers for its document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from handlers.access import Role
from handlers.commands.command import Call, Command, UsageError
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.policy.curated import found_by, owners
from handlers.policy.curated import question_texts as texts
from handlers.policy.curated.curating import CuratingError, checked_phrasing
from handlers.policy.documents.corpus import PREAMBLE
from storage.article_questions import ArticleQuestion
from storage.audit import AuditEntry
from storage.policies import Article, Document

MOST_AT_ONCE = 20
_NUMBER = re.compile(r"\s*([^\s《]{1,40})\s*(.*)", re.DOTALL)
_TITLE = re.compile(r"《([^《》]{1,200})》\s*(.*)", re.DOTALL)
_LIST = re.compile(r"(?:列表|list)(?!\w)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\n；;]+")

Named = list[tuple[Document, Article]]


def _list(call: Call, context: Context) -> list[Outgoing]:
    said = _LIST.sub("", call.rest.strip(), count=1) if _LIST.match(call.rest.strip()) else call.rest.strip()
    if not said:
        return _overview(call, context)
    number, mine, rest = _named(said, call, context)
    if len(mine) > 1:
        buttons = tuple(texts.show(article, document, f"《{document.title}》") for document, article in mine)
        return [Reply(Body(texts.several(number, mine), texts.TITLE, buttons))]
    document, article = mine[0]
    questions = context.store.article_questions.of(document.id, article.number)
    last = texts.pages(len(questions))
    if rest and not re.fullmatch(r"\d{1,3}", rest):
        raise UsageError("编号后面只写第几页，或者《文件》")
    page = min(max(int(rest or 1), 1), last)
    more = (texts.show(article, document, "下一页", page + 1),) if page < last else ()
    return [Reply(Body(texts.listed(document, article, questions, page), texts.TITLE, more))]


def _overview(call: Call, context: Context) -> list[Outgoing]:
    found = [
        (document, [one for owner, one in context.policies.articles if owner.id == document.id])
        for document, _ in context.policies.documents
        if owners.may_answer(document.title, call.message, context)
    ]
    if not found:
        raise UsageError("没有归你负责的文件")
    numbered = [
        (document, [one for one in articles if not one.number.startswith(PREAMBLE)]) for document, articles in found
    ]
    return [Reply(Body(texts.overview(numbered), texts.TITLE))]


def _add(call: Call, context: Context) -> list[Outgoing]:
    document, article, rest = _one(call, context)
    sorted_ = found_by.sort(_questions(rest), document, article, context)
    known = len(context.store.article_questions.of(document.id, article.number))
    if known + len(sorted_.new) > found_by.MOST_QUESTIONS:
        raise UsageError(f"一条最多 {found_by.MOST_QUESTIONS} 个问法，现在有 {known} 个，先删几个不常用的")
    by = call.message.sender.staff_id or ""
    theirs = all(owners.may_answer(owner.title, call.message, context) for _, owner, _ in sorted_.elsewhere)
    text = texts.added(document, article, sorted_, other_is_theirs=theirs)
    last = texts.pages(known + len(sorted_.new)) if sorted_.new else 1
    buttons = [texts.show(article, document, f"看{article.number}的问法", last)]
    buttons += [
        texts.show(other, owner, f"看{other.number}的问法") for _, owner, other in sorted_.elsewhere[:1] if theirs
    ]
    found_by.add(sorted_.new, document, article, by, context)
    for question in sorted_.new:
        _audit("规章 问法 添加", document, article, question, call, context)
    return [Reply(Body(text, texts.TITLE, tuple(buttons)))]


def _about_to_remove(call: Call, context: Context) -> str | None:
    document, article, rest = _one(call, context)
    return texts.about_to_remove(document, article, _chosen(rest, document, article, context).question)


def _remove(call: Call, context: Context) -> list[Outgoing]:
    document, article, rest = _one(call, context)
    question = _chosen(rest, document, article, context).question
    found_by.remove(question, document, article, context)
    _audit("规章 问法 删除", document, article, question, call, context)
    back = texts.put_back(article, document, question)
    return [Reply(Body(texts.removed(document, article, question), texts.TITLE, (back,)))]


def _one(call: Call, context: Context) -> tuple[Document, Article, str]:
    """The one article that was named, and what follows it. Raises `UsageError`."""
    number, mine, rest = _named(call.rest, call, context)
    if len(mine) > 1:
        titles = "、".join(f"《{document.title}》" for document, _ in mine[:3])
        raise UsageError(f"几份文件都有「{number}」，请在编号后面写明是哪一份：{titles}")
    return *mine[0], rest


def _named(said: str, call: Call, context: Context) -> tuple[str, Named, str]:
    """A number, the articles of it that this person answers for, and what follows it. Raises `UsageError`."""
    found = _NUMBER.match(said)
    if found is None:
        raise UsageError("请写条款编号")
    number, rest = found[1], found[2].strip()
    named: Named = context.policies.named(number)
    if not named:
        raise UsageError(f"没有「{number}」这一条")
    if rest.startswith("《"):
        named, rest = _titled(number, named, rest)
    mine = [one for one in named if owners.may_answer(one[0].title, call.message, context)]
    if not mine:
        raise UsageError("这一条的文件不归你负责")
    return number, mine, rest


def _titled(number: str, named: Iterable[tuple[Document, Article]], rest: str) -> tuple[Named, str]:
    """Those of the document whose title, or part of its title, stands first in `rest`. Titles may hold 《》 themselves."""
    for one in sorted(named, key=lambda each: -len(each[0].title)):
        whole = f"《{one[0].title}》"
        if rest.startswith(whole):
            return [one], rest[len(whole) :].strip()
    part = _TITLE.match(rest)
    found = [] if part is None else [one for one in named if part[1] in one[0].title]
    if part is None or not found:
        raise UsageError(f"「{rest[:40]}」里没有「{number}」这一条，请看看文件名")
    return found, part[2].strip()


def _questions(text: str) -> list[str]:
    """One question a line. Raises `UsageError`; then none is added."""
    parts = [part for part in _BETWEEN.split(text) if part.strip()] or [""]
    if len(parts) > MOST_AT_ONCE:
        raise UsageError(f"一次最多加 {MOST_AT_ONCE} 个")
    checked: list[str] = []
    for part in parts:
        try:
            checked.append(checked_phrasing(part))
        except CuratingError as error:
            said = f"「{part.strip()[:20]}」" if len(parts) > 1 else ""
            raise UsageError(f"{said}{error}") from error
    return list(dict.fromkeys(checked))


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


def _audit(action: str, document: Document, article: Article, question: str, call: Call, context: Context) -> None:
    by, subject = call.message.sender.staff_id or "", f"《{document.title}》{article.number}"
    context.store.audit.add(AuditEntry(context.now, by, action, subject, question, call.message.conversation))


def _command(
    words: tuple[str, ...],
    aliases: tuple[str, ...],
    *,
    usage: str,
    example: str,
    summary: str,
    run: Callable[[Call, Context], list[Outgoing]],
    effect: Callable[[Call, Context], str | None] | None = None,
) -> Command:
    return Command(
        words=("规章", "问法", *words),
        aliases=("policy", "questions", *aliases),
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
        (),
        (),
        usage="/规章 问法 [编号] [《文件》] [第几页]",
        example="/规章 问法 五.8",
        summary="文件负责人：看一条有哪些常见问法，哪些条还没有",
        run=_list,
    ),
    _command(
        ("添加",),
        ("add",),
        usage="/规章 问法 添加 编号 [《文件》] 问题",
        example="/规章 问法 添加 五.8 群主多久清理一次人",
        summary="文件负责人：加常见问法（几个各占一行），这样问更容易找到这一条",
        run=_add,
    ),
    _command(
        ("删除",),
        ("remove",),
        usage="/规章 问法 删除 编号 [《文件》] 序号",
        example="/规章 问法 删除 五.8 3",
        summary="文件负责人：删一个问法",
        run=_remove,
        effect=_about_to_remove,
    ),
)
