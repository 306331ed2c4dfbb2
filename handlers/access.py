"""Who may do what. Every question about rights is asked here and nowhere else (article 五.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from handlers.context import Context
from handlers.message import Incoming
from handlers.settings import HandlerSettings
from storage.store import Store


class Role(IntEnum):
    """What somebody may do, each including the ones before it."""

    OUTSIDER = 0
    STAFF = 1
    OWNER = 2
    """Owner of the group that the message is written in, or of any group when it is written in private."""
    SUB_ADMIN = 3
    MAIN_ADMIN = 4

    @property
    def label(self) -> str:
        """The role as people call it."""
        return ("组织外人员", "教职工", "群主", "子管理员", "主管理员")[self.value]


@dataclass(frozen=True, slots=True)
class Ground:
    """All that rights rest on, for those who have no whole context."""

    settings: HandlerSettings
    store: Store


def role_of(message: Incoming, context: Context | Ground) -> Role:
    """The role of the sender in this chat. Goes by staff id alone; a nick or `isAdmin` proves nothing."""
    staff_id = message.sender.staff_id
    if staff_id is None:
        return Role.OUTSIDER
    if is_main_admin(staff_id, context):
        return Role.MAIN_ADMIN
    if context.store.roles.is_sub_admin(staff_id):
        return Role.SUB_ADMIN
    owned = context.store.groups.owned_by(staff_id)
    if any(group.conversation == message.conversation or not message.is_group for group in owned):
        return Role.OWNER
    return Role.STAFF


def may(role: Role, family: str, message: Incoming, context: Context | Ground) -> bool:
    """The sender may run commands of this family that ask for `role`. A sub-admin whose grant names families acts as
    one in those only (article 五.1)."""
    held = role_of(message, context)
    if held is Role.SUB_ADMIN and role >= Role.SUB_ADMIN:
        grant = context.store.roles.get(message.sender.staff_id or "")
        return role is Role.SUB_ADMIN and grant is not None and (not grant.families or family in grant.families)
    return held >= role


def may_ask(message: Incoming, context: Context) -> bool:
    """The sender gets answers about the regulations here.

    Staff do everywhere but in groups with other organisations, where the setting decides. Outsiders do where their
    membership is in order: in class groups (parents, 五.9), and in external groups by the same setting.
    """
    group = context.store.groups.get(message.conversation) if message.is_group else None
    kind = None if group is None else group.kind
    if kind == "external":
        return context.settings.policy.external_groups
    return message.sender.staff_id is not None or kind == "class"


def answers_for(owner: str | None, message: Incoming, context: Context) -> bool:
    """The sender may answer and review for a document of this owner (None: of nobody): the owner, whoever is sub-admin
    for 规章, and main admins."""
    staff_id = message.sender.staff_id
    return staff_id is not None and (staff_id == owner or may(Role.SUB_ADMIN, "规章", message, context))


def is_main_admin(staff_id: str, context: Context | Ground) -> bool:
    """Named in `[roles] main_admins`, or granted the role by one who is."""
    return staff_id in context.settings.roles.main_admins or context.store.roles.is_main_admin(staff_id)


def main_admins(context: Context) -> tuple[str, ...]:
    """Staff ids of all main admins, those of the settings first."""
    granted: Sequence[str] = context.store.roles.main_admins()
    named = context.settings.roles.main_admins
    return (*named, *(staff_id for staff_id in granted if staff_id not in named))
