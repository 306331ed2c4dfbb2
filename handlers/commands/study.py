"""`/学习`: what everybody studies, and how far departments are (article 五.4)."""

from __future__ import annotations

import unicodedata

from handlers.access import Role
from handlers.cleanup.roster import Roster
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.message import Body, Outgoing, Reply
from handlers.study import progress, quiz_texts, texts
from handlers.study.quiz import answer, next_question
from handlers.study.tasks import gists, results_of
from handlers.study.typed import done
from handlers.study.written import LETTERS, choice
from storage.study import Task

_MOST_DEPARTMENTS = 12
_MOST_TASKS = 5
"""Of each department; the export has all."""


def number_in(word: str) -> int | None:
    """The number that somebody means by `12`, `１２`, `12号`, `第12号`; None for anything else."""
    plain = unicodedata.normalize("NFKC", word).strip().removeprefix("第").rstrip("号题期")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 9 else None


def a_number(call: Call, what: str) -> int:
    """The number that is the only argument. Raises `UsageError`."""
    number = number_in(call.arguments[0]) if len(call.arguments) == 1 else None
    if number is None:
        raise UsageError(f"请写{what}")
    return number


def _done(call: Call, context: Context) -> list[Outgoing]:
    return done(a_number(call, "编号") if call.arguments else None, call.message, context)


def _mine(call: Call, context: Context) -> list[Outgoing]:
    staff_id = call.message.sender.staff_id or ""
    owed = context.store.study.owed_by(staff_id)
    text = texts.own(owed, gists(owed, context), results_of(staff_id, context))
    return privately(call.message, Body(text, texts.TITLE_MINE, texts.numbered_buttons(owed)))


def _question(call: Call, context: Context) -> list[Outgoing]:
    number = a_number(call, "测验编号") if call.arguments else None
    return privately(call.message, next_question(call.message.sender.staff_id or "", context, number))


def _answer(call: Call, context: Context) -> list[Outgoing]:
    number = number_in(call.arguments[0]) if len(call.arguments) == 2 else None
    asked = None if number is None else context.store.quiz.get(number)
    if number is None:
        raise UsageError("请写题号和选项")
    if asked is None:
        return [Reply(Body(quiz_texts.NOT_IN_YOURS))]
    option = choice(call.arguments[1], len(asked.options))
    if option is None:
        raise UsageError(f"这题的选项是 {'、'.join(LETTERS[: len(asked.options)])}")
    # Right or wrong is said to nobody else, and the others in a group are to find out by themselves.
    return privately(call.message, answer(number, option, call.message.sender.staff_id or "", context))


def _progress(call: Call, context: Context) -> list[Outgoing]:
    staff_id = call.message.sender.staff_id or ""
    roster = Roster.load(context.store.staff, context.today)
    sees = progress.sight(staff_id, roster, context)
    tasks = context.store.study.open_tasks()
    found: dict[str, list[tuple[Task, int, int]]] = {}
    for count in progress.counts(tasks, roster, sees, context):
        of_department = found.setdefault(count.department, [])
        if len(of_department) < _MOST_TASKS:
            of_department.append((count.task, count.done, count.asked))
    if not found:
        return _mine(call, context)
    shown = list(found.items())[:_MOST_DEPARTMENTS]
    return privately(call.message, Body(texts.progress(shown, len(found) - len(shown)), texts.TITLE_PROGRESS))


def _owing(call: Call, context: Context) -> list[Outgoing]:
    staff_id, study = call.message.sender.staff_id or "", context.store.study
    number = a_number(call, "编号") if call.arguments else None
    roster = Roster.load(context.store.staff, context.today)
    sees = progress.sight(staff_id, roster, context)
    tasks = study.open_tasks()[::-1] if number is None else [one for one in (study.task(number),) if one is not None]
    if not any(sees(duty.department) for duty in study.duties([task.id for task in tasks])):
        # Whoever may see nothing does not learn either whether there is anything.
        return [Reply(Body(texts.ONLY_HEADS), at_sender=True)]
    for task in tasks:
        names = progress.owing(task, roster, sees, context)
        if names:
            return privately(call.message, Body(texts.owing(task, list(names.items())), texts.TITLE_OWING))
    return [Reply(Body(texts.NOBODY_OWES))]


COMMANDS = (
    Command(
        words=("学习", "完成"),
        aliases=("study", "done"),
        role=Role.STAFF,
        usage="/学习 完成 [编号]",
        example="/学习 完成 12",
        summary="登记：这一条我学完了",
        run=_done,
    ),
    Command(
        words=("学习", "我的"),
        aliases=("study", "mine"),
        role=Role.STAFF,
        usage="/学习 我的",
        example="/学习 我的",
        summary="看自己还要学什么、测验答对多少（私下发送）",
        run=_mine,
    ),
    Command(
        words=("学习", "做题"),
        aliases=("study", "question"),
        role=Role.STAFF,
        usage="/学习 做题 [测验编号]",
        example="/学习 做题",
        summary="接着做测验的下一题（私下发送）",
        run=_question,
    ),
    Command(
        words=("学习", "答"),
        aliases=("study", "answer"),
        role=Role.STAFF,
        usage="/学习 答 题号 选项",
        example="/学习 答 3 B",
        summary="答一道题，马上知道对不对",
        run=_answer,
    ),
    Command(
        words=("学习", "进度"),
        aliases=("study", "progress"),
        role=Role.STAFF,
        usage="/学习 进度",
        example="/学习 进度",
        summary="负责人看本部门、管理员看各部门完成人数；其他人看自己的",
        run=_progress,
    ),
    Command(
        words=("学习", "未完成"),
        aliases=("study", "owing"),
        role=Role.STAFF,
        usage="/学习 未完成 [编号]",
        example="/学习 未完成 12",
        summary="负责人和管理员看谁还没完成（私下发送）",
        run=_owing,
    ),
)
