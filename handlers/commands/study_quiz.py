"""`/学习 出题`, `/学习 测验` and the rest of what admins do with questions (article 五.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.access import Role
from handlers.cleanup.departments import is_within
from handlers.cleanup.roster import Roster
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately, replies_privately
from handlers.commands.study import a_number, number_in
from handlers.commands.study_plans import after_work
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.study import quiz_texts as texts
from handlers.study.cloze import proposals
from handlers.study.people import by_unit, everybody, scope_of
from handlers.study.quiz import MOST_QUESTIONS, start
from handlers.study.written import QuestionError, Written, read_head, read_line
from storage.audit import AuditEntry
from storage.policies import Article, Document
from storage.quiz import Question

_PEOPLE_PER_CALL = 20
"""docs/platform.md §9."""
_ANOTHER = re.compile(r"换\s*(\d{1,3})")
_EXAMPLE = "/学习 出题 五.8 谁审核入群人员？ | 管理员 | 任何成员 | 不用审核 | 答案 A"


def _write(call: Call, context: Context) -> list[Outgoing]:
    text = call.rest.strip()
    if "|" not in text and "｜" not in text:
        return _propose(text, call, context)
    try:
        written = read_line(text)
    except QuestionError as error:
        raise UsageError(str(error)) from error
    document, article = _article(written.article, written.title, context)
    question = Question(document.title, article.number, written.stem, written.options, written.answer)
    if context.store.quiz.has(question):
        raise UsageError(texts.THERE_ALREADY)
    number = context.store.quiz.add(question, call.message.sender.staff_id or "", context.now)
    _audit("学习 出题", f"{number} {article.number}", call, context)
    return privately(call.message, Body(texts.added(number, question), texts.TITLE_QUESTIONS))


def _propose(text: str, call: Call, context: Context) -> list[Outgoing]:
    """A draft out of the article, for an admin to judge."""
    number, title, rest = read_head(text)
    another = _ANOTHER.fullmatch(rest)
    if not number or (rest and another is None):
        raise UsageError("请写条款编号；自己出题时，题干、选项和答案之间用 | 隔开")
    document, article = _article(number, title, context)
    found = proposals(article, context.store.policies.articles(document.id))
    if not found:
        example = _EXAMPLE.replace("五.8", article.number)
        return privately(call.message, Body(texts.NO_DRAFT.format(example=example), texts.TITLE_DRAFT))
    place = int(another[1]) % len(found) if another else 0
    chosen = found[place]
    question = Question(document.title, article.number, chosen.stem, chosen.options, chosen.answer, state="draft")
    stored = context.store.quiz.add(question, call.message.sender.staff_id or "", context.now)
    written = Written(article.number, document.title, chosen.stem, chosen.options, chosen.answer)
    again = f"/学习 出题 {article.number}《{document.title}》 换 {place + 1}" if len(found) > 1 else None
    body = Body(texts.draft(stored, written), texts.TITLE_DRAFT, texts.draft_buttons(stored, again))
    return privately(call.message, body)


def _article(number: str, title: str, context: Context) -> tuple[Document, Article]:
    """The one article that is meant. Raises `UsageError`."""
    found = [one for one in context.policies.named(number) if title in one[0].title]
    exact = [one for one in found if one[0].title == title]
    if not found:
        raise UsageError(f"没有「{f'《{title}》' if title else ''}{number}」这一条")
    if len(found) > 1 and len(exact) != 1:
        titles = "、".join(f"{number}《{document.title}》" for document, _ in found)
        raise UsageError(f"几份文件都有这一条，请写成：{titles}")
    return exact[0] if exact else found[0]


def _take_up(call: Call, context: Context) -> list[Outgoing]:
    number = a_number(call, "草稿编号")
    draft = context.store.quiz.get(number)
    if draft is None or draft.state != "draft":
        raise UsageError(texts.NO_SUCH_DRAFT.format(number=number))
    if context.store.quiz.has(draft):
        raise UsageError(texts.THERE_ALREADY)
    context.store.quiz.set_state(number, "ready")
    _audit("学习 采用", f"{number} {draft.article}", call, context)
    return [Reply(Body(texts.TAKEN_UP.format(number=number)))]


def _questions(call: Call, context: Context) -> list[Outgoing]:
    if call.arguments and (number := number_in(call.arguments[0])) is not None:
        question = context.store.quiz.get(number)
        if question is None or question.state == "retired":
            raise UsageError(texts.NO_SUCH_QUESTION.format(number=number))
        return privately(call.message, Body(texts.whole(question), texts.TITLE_QUESTIONS))
    ready = context.store.quiz.ready()
    if call.arguments:
        meant = {article.number for _, article in context.policies.named(call.arguments[0])}
        ready = [one for one in ready if one.article in (call.arguments[0], *meant)]
    body = Body(texts.listing(ready), texts.TITLE_QUESTIONS) if ready else Body(texts.NO_QUESTIONS)
    return privately(call.message, body)


def _retire(call: Call, context: Context) -> list[Outgoing]:
    number = a_number(call, "题号")
    question = context.store.quiz.get(number)
    if question is None or question.state == "retired":
        raise UsageError(texts.NO_SUCH_QUESTION.format(number=number))
    context.store.quiz.set_state(number, "retired")
    _audit("学习 停用", str(number), call, context)
    return [Reply(Body(texts.RETIRED.format(number=number)))]


def _planned(call: Call, context: Context) -> tuple[list[Question], dict[str, list[str]]]:
    """The questions and the people of a quiz that an admin wants. Raises `UsageError`."""
    words = [word for argument in call.arguments for word in re.split(r"[,，、;；]", argument) if word]
    words = [word for word in words if word not in ("开始", "start", "全部", "题", "部门")]
    numbers = [number for word in words if (number := number_in(word)) is not None]
    questions = _chosen(numbers, context)
    people = _people([word for word in words if number_in(word) is None], call, context)
    people = {department: staff_ids for department, staff_ids in people.items() if staff_ids}
    if not people:
        raise UsageError("这些部门在名册里没有在职教职工")
    return questions, people


def _chosen(numbers: Sequence[int], context: Context) -> list[Question]:
    ready = {question.id: question for question in context.store.quiz.ready()}
    if not numbers:
        asked = context.store.quiz.asked_before()
        numbers = [number for number in ready if number not in asked][:MOST_QUESTIONS]
        if not numbers:
            raise UsageError("没有还没考过的题，请写题号，或者先出题")
    unknown = [number for number in numbers if number not in ready]
    if unknown:
        raise UsageError(f"没有 {'、'.join(map(str, unknown[:5]))} 号题，或者还没采用、已停用")
    if len(set(numbers)) > MOST_QUESTIONS:
        raise UsageError(f"一次最多 {MOST_QUESTIONS} 道题")
    return [ready[number] for number in dict.fromkeys(numbers)]


def _people(words: Sequence[str], call: Call, context: Context) -> dict[str, list[str]]:
    roster = Roster.load(context.store.staff, context.today)
    scope = scope_of(call.message.sender.staff_id or "", context) or ()
    if not words:
        return by_unit(roster, scope) if scope else everybody(roster)
    units = []
    for word in words:
        unit = roster.departments.path_of(word)
        if not unit:
            raise UsageError(f"没有「{word[:40]}」这个部门")
        if scope and not any(is_within(unit, limit) for limit in scope):
            raise UsageError(f"「{word[:40]}」不在你的管理范围里")
        units.append(unit)
    return by_unit(roster, units)


def _effect(call: Call, context: Context) -> str:
    questions, people = _planned(call, context)
    count = sum(map(len, people.values()))
    calls = -(-count // _PEOPLE_PER_CALL)
    return texts.effect(questions, count, list(people), calls, after_work(context))


def _start(call: Call, context: Context) -> list[Outgoing]:
    questions, people = _planned(call, context)
    by = call.message.sender.staff_id or ""
    number, sent = start(questions, people, by, context)
    count = sum(map(len, people.values()))
    detail = f"{len(questions)} questions, {len(people)} departments, {count} people"
    context.store.audit.add(AuditEntry(context.now, by, "学习 测验", str(number), detail, call.message.conversation))
    said = Body(texts.started(number, len(questions), count, after_work(context)))
    return [*replies_privately(call.message, [Reply(said)]), *sent]


def _audit(action: str, subject: str, call: Call, context: Context) -> None:
    by = call.message.sender.staff_id or ""
    context.store.audit.add(AuditEntry(context.now, by, action, subject, conversation=call.message.conversation))


COMMANDS = (
    Command(
        words=("学习", "出题"),
        aliases=("study", "write"),
        role=Role.SUB_ADMIN,
        usage="/学习 出题 条款 [题干 | 选项 | 选项 | 答案 字母]",
        example=_EXAMPLE,
        summary="出一道选择题；只写条款时，由我拟一道给你看",
        run=_write,
    ),
    Command(
        words=("学习", "采用"),
        aliases=("study", "adopt"),
        role=Role.SUB_ADMIN,
        usage="/学习 采用 草稿编号",
        example="/学习 采用 7",
        summary="草稿没问题，以后可以用",
        run=_take_up,
    ),
    Command(
        words=("学习", "题目"),
        aliases=("study", "questions"),
        role=Role.SUB_ADMIN,
        usage="/学习 题目 [题号|条款]",
        example="/学习 题目 五.8",
        summary="看有哪些题；写题号看题和答案（私下发送）",
        run=_questions,
    ),
    Command(
        words=("学习", "停用"),
        aliases=("study", "retire"),
        role=Role.SUB_ADMIN,
        usage="/学习 停用 题号",
        example="/学习 停用 7",
        summary="这道题不再用",
        run=_retire,
    ),
    Command(
        words=("学习", "测验"),
        aliases=("study", "quiz"),
        role=Role.SUB_ADMIN,
        usage="/学习 测验 [题号…] [部门…]",
        example="/学习 测验 3 4 5 教务处",
        summary="把最多五道题私下发给这些部门的在职教职工",
        run=_start,
        effect=_effect,
    ),
)
