"""What people type instead of tapping: `学完了 12`, `已学完`, and in a quiz `B`."""

from __future__ import annotations

import re
import unicodedata

from handlers.context import Context
from handlers.message import Body, Incoming, Outgoing, Reply
from handlers.study import texts
from handlers.study.quiz import typed_answer
from handlers.study.tasks import complete, owed_body

_LONGEST = 30
_DONE = re.compile(
    r"(?:我|本人)?已?经?(?:学习?|看|读|阅)(?:完|过)(?:成)?(?:了|啦)?(?:第?(\d{1,9})号?)?|第?(\d{1,9})号?已?经?(?:学习?|看|读)(?:完|过)成?了?|已阅|已学习?"
)


def typed(message: Incoming, context: Context) -> list[Outgoing] | None:
    """Take it for an answer where the person owes one; None otherwise, so that it goes on as a question."""
    staff_id = message.sender.staff_id
    if staff_id is None:
        return None
    answered = typed_answer(message, context)
    if answered is not None:
        return answered
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", message.text[: _LONGEST + 1]))
    found = _DONE.fullmatch(bare) if len(message.text) <= _LONGEST else None
    if found is None:
        return None
    owed = [task for task in context.store.study.owed_by(staff_id) if task.kind == "post"]
    number = found[1] or found[2]
    meant = [task for task in owed if number is None or task.id == int(number)]
    if not owed or (number is not None and not meant):
        # «看完了» may be said of anything; «学完了» is of study alone, and is answered with how it stands.
        is_of_study = "学" in bare
        return done(None if number is None else int(number), message, context) if is_of_study else None
    return done(meant[0].id if len(meant) == 1 else None, message, context)


def done(number: int | None, message: Incoming, context: Context) -> list[Outgoing]:
    """Record that the sender has read the article of a post; without a number the only one that is owed.

    In a group the words are the same for everybody; what is left is said in private chats alone.
    """
    staff_id, study = message.sender.staff_id or "", context.store.study
    if number is None:
        owed = [task for task in study.owed_by(staff_id) if task.kind == "post"]
        if len(owed) != 1:
            if message.is_group:
                return [Reply(Body(texts.WHICH if owed else texts.NOTHING_OWED), at_sender=True)]
            return [Reply(owed_body(staff_id, context, texts.WHICH if owed else ""))]
        number = owed[0].id
    task = study.task(number)
    if task is None or task.kind != "post":
        return [Reply(Body(texts.NO_TASK.format(number=number)), at_sender=True)]
    said = complete(task, staff_id, context)
    if message.is_group or said in (texts.NOT_SERVING, texts.NOT_YOURS.format(number=number)):
        return [Reply(Body(said), at_sender=True)]
    return [Reply(owed_body(staff_id, context, said))]
