"""How groups become known, and how somebody says what a group is for (article 五.5)."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.message import Incoming
from handlers.moderation.masking import mask
from storage.groups import Group

KINDS = {"部门群": "department", "项目群": "project", "班级群": "class", "外部群": "external"}
KIND_LABELS = {code: label for label, code in KINDS.items()}


def is_known(message: Incoming, context: Context) -> bool:
    """The group that the message was written in is in the register, active and with its present title; or there is none."""
    if not message.is_group:
        return True
    group = context.store.groups.get(message.conversation)
    return group is not None and group.status == "active" and message.title in ("", group.title)


def heard(message: Incoming, context: Context) -> None:
    """A message in a group shows that the group exists, is active, and what it is called now."""
    if message.is_group:
        context.store.groups.heard(message.conversation, message.title, context.now)


def register(group: Group, kind: str, department: str, purpose: str, by: str, context: Context) -> Group:
    """Put a group into the register. A group without a known owner gets `by`, who takes the responsibility.

    Numbers of people are masked: whoever asks in the group is shown what stands here.
    """
    registered = replace(
        group,
        kind=kind,
        department=mask(department) or group.department,
        purpose=mask(purpose) or group.purpose,
        owner=group.owner or by,
        registered_at=context.now,
        registered_by=by,
    )
    context.store.groups.save(registered)
    return registered


def look_up(words: str, groups: list[Group]) -> list[Group]:
    """The groups that somebody means: by id, else by exact title, else by part of the title."""
    exact = [group for group in groups if words in (group.conversation, group.title)]
    return exact or [group for group in groups if words and words in group.title]
