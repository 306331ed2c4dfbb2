"""A short quiz, question by question in private; the first try counts, later ones teach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Priority, Private, Reply
from handlers.study import quiz_texts, texts
from handlers.study.tasks import article_of
from handlers.study.written import choice
from storage.quiz import Question

MOST_QUESTIONS = 5
"""More is no short quiz."""
_USELESS_AFTER = timedelta(days=7)
_LONGEST_ANSWER = 12
"""Characters of a typed answer: `答案是 B`, not a sentence."""


def start(
    questions: Sequence[Question], people: Mapping[str, Sequence[str]], by: str, context: Context
) -> tuple[int, list[Outgoing]]:
    """Begin a quiz with the people of these departments; its number, and the first question to all of them.

    Everybody gets the same words, so that one call reaches twenty people (docs/platform.md §9).
    """
    study = context.store.study
    number = study.open_quiz([question.id for question in questions], by, context.now)
    for department, staff_ids in people.items():
        study.give(number, department, staff_ids)
    first = questions[0]
    text = f"{quiz_texts.opening(len(questions))}\n\n{quiz_texts.question(first, 1, len(questions))}"
    body = Body(text, quiz_texts.TITLE_QUIZ, quiz_texts.buttons(first))
    everybody = tuple(dict.fromkeys(one for staff_ids in people.values() for one in staff_ids))
    return number, [Private(everybody, body, Priority.DIGEST, expires_at=context.now + _USELESS_AFTER)]


def next_question(staff_id: str, context: Context, number: int | None = None) -> Body:
    """The next question that somebody has not answered, of one quiz or of the oldest one that is owed."""
    owed = [task.id for task in context.store.study.owed_by(staff_id) if task.kind == "quiz"]
    chosen = [task_id for task_id in owed if number in (None, task_id)]
    return _further(chosen[0], staff_id, "", context) if chosen else Body(quiz_texts.NOTHING_TO_ANSWER)


def answer(question_id: int, option: int, staff_id: str, context: Context) -> Body:
    """Record somebody's answer, say whether it is right and what the article says, and go on to the next question.

    `option` is the place of the chosen one, from 0.
    """
    quiz = context.store.quiz
    task_id, asked = quiz.task_with(question_id, staff_id), quiz.get(question_id)
    if task_id is None or asked is None:
        return Body(quiz_texts.NOT_IN_YOURS)
    is_first = question_id not in quiz.answered(task_id, staff_id)
    is_right = option == asked.answer
    said = quiz_texts.verdict(asked, is_right=is_right, is_first=is_first)
    found = article_of(asked.document, asked.article, context)
    if found is not None:
        said += f"\n\n{texts.quoted(*found)}"
    if is_first:
        quiz.answer(task_id, question_id, staff_id, context.now, is_right=is_right)
    return _further(task_id, staff_id, said, context)


def _further(task_id: int, staff_id: str, said: str, context: Context) -> Body:
    """What was said, then the next question; after the last one the quiz is done."""
    quiz, study = context.store.quiz, context.store.study
    answered, questions = quiz.answered(task_id, staff_id), quiz.of_task(task_id)
    # What was taken back meanwhile is asked of nobody any more.
    rest = [one for one in questions if one.id not in answered and one.state == "ready"]
    if rest:
        place = questions.index(rest[0]) + 1
        text = quiz_texts.question(rest[0], place, len(questions))
        return Body(_joined(said, text), quiz_texts.TITLE_QUIZ, quiz_texts.buttons(rest[0]))
    study.done(task_id, staff_id, context.now)
    return Body(_joined(said, quiz_texts.finished(sum(answered.values()), len(answered))), quiz_texts.TITLE_QUIZ)


def _joined(said: str, more: str) -> str:
    return f"{said}\n\n---\n\n{more}" if said else more


def typed_answer(message: Incoming, context: Context) -> list[Outgoing] | None:
    """Somebody types `B` in private while a quiz waits for that; None for everything else."""
    staff_id = message.sender.staff_id
    if message.is_group or staff_id is None or not 0 < len(message.text.strip()) <= _LONGEST_ANSWER:
        return None
    if choice(message.text, len("ABCDE")) is None:
        return None
    owed = [task.id for task in context.store.study.owed_by(staff_id) if task.kind == "quiz"]
    if not owed:
        return None
    answered = context.store.quiz.answered(owed[0], staff_id)
    waiting = [one for one in context.store.quiz.of_task(owed[0]) if one.id not in answered and one.state == "ready"]
    option = choice(message.text, len(waiting[0].options)) if waiting else None
    if option is None:
        return [Reply(next_question(staff_id, context, owed[0]))]
    return [Reply(answer(waiting[0].id, option, staff_id, context))]
