"""A college that does not exist, with everything in its groups that a membership clean-up can find."""

from sandbox.college.chats import (
    CHATS,
    CLASS_GROUP,
    CLEAN_GROUP,
    DORMANT_GROUP,
    EXTERNAL_GROUP,
    ORDINARY_GROUP,
    SCENE_GROUP,
    STAFF_GROUP,
    UNREGISTERED_GROUPS,
    ChatKind,
    group_rows,
    member_rows,
)
from sandbox.college.opening import build
from sandbox.college.people import (
    ADMIN,
    COLLEGE_NAME,
    OTHER_OWNER,
    OUTSIDER,
    OWNER,
    STAFF,
    STUDENT,
    personnel_rows,
)
from sandbox.college.roles import ROLES

__all__ = [
    "ADMIN",
    "CHATS",
    "CLASS_GROUP",
    "CLEAN_GROUP",
    "COLLEGE_NAME",
    "DORMANT_GROUP",
    "EXTERNAL_GROUP",
    "ORDINARY_GROUP",
    "OTHER_OWNER",
    "OUTSIDER",
    "OWNER",
    "ROLES",
    "SCENE_GROUP",
    "STAFF",
    "STAFF_GROUP",
    "STUDENT",
    "UNREGISTERED_GROUPS",
    "ChatKind",
    "build",
    "group_rows",
    "member_rows",
    "personnel_rows",
]
