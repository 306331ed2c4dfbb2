"""What somebody has to study, and that it was done."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.context import Context
from handlers.message import Body
from handlers.study import texts
from handlers.study.people import person_of, unit_of
from storage.policies import Article
from storage.study import Task


def article_of(title: str, number: str, context: Context) -> tuple[str, Article] | None:
    """The article as it is in force today, with the title of its document; another document's of the same number where
    that one is gone and only one has it."""
    found = context.policies.named(number)
    own = [one for one in found if one[0].title == title]
    chosen = own[0] if own else found[0] if len(found) == 1 else None
    return None if chosen is None else (chosen[0].title, chosen[1])


def gists(tasks: Iterable[Task], context: Context) -> dict[int, str]:
    """What each post is about in a few words, by its number."""
    found: dict[int, str] = {}
    for task in tasks:
        article = article_of(task.document, task.article, context) if task.kind == "post" else None
        found[task.id] = texts.gist(article[1] if article is not None else None)
    return found


def owed_body(staff_id: str, context: Context, first: str = "") -> Body:
    """What somebody still owes, with a button for each; `first` is said before it."""
    owed = context.store.study.owed_by(staff_id)
    said = texts.left(owed, gists(owed, context)) if owed else texts.NOTHING_OWED
    return Body(f"{first}\n\n{said}" if first else said, texts.TITLE_MINE, texts.numbered_buttons(owed))


def complete(task: Task, staff_id: str, context: Context) -> str:
    """Record that somebody has read the article of a post; what to say to that, the same for everybody."""
    study = context.store.study
    duty = study.duty(task.id, staff_id)
    if duty is not None and duty.done_at is not None:
        return texts.noted_already(task.id)
    person = person_of(staff_id, context)
    if person is None or not person.is_serving:
        return texts.NOT_SERVING
    if duty is None:
        if unit_of(person, (task.department,)) is None:
            return texts.NOT_YOURS.format(number=task.id)
        study.give(task.id, task.department, (staff_id,))  # came to the department after the post
    study.done(task.id, staff_id, context.now)
    return texts.noted(task.id)


def results_of(staff_id: str, context: Context, limit: int = 5) -> list[tuple[int, int, int]]:
    """The quizzes that somebody has done: number, right answers, questions. For that person alone."""
    found: list[tuple[int, int, int]] = []
    for task in context.store.study.done_by(staff_id, limit * 4):
        if task.kind == "quiz" and len(found) < limit:
            answers = context.store.quiz.answered(task.id, staff_id)
            found.append((task.id, sum(answers.values()), len(answers)))
    return found
