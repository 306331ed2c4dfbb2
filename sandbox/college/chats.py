"""The groups of the sample college: who owns them, who sits in them, and what is wrong there."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Literal

from sandbox.college.people import ENTRIES, department_path, is_within

ChatKind = Literal["部门群", "项目群", "班级群", "外部群"]


@dataclass(frozen=True, slots=True)
class Chat:
    """One group, with its members as rules and exceptions."""

    slug: str
    title: str
    kind: ChatKind
    dept_id: int
    owner: str
    admins: tuple[str, ...] = ()
    purpose: str = ""
    whole_departments: tuple[int, ...] = ()
    """Everybody of these departments who is still in the directory is a member."""
    others: tuple[str, ...] = ()
    """Keys of members beyond these: guests, and those who should have been removed."""
    missing: tuple[str, ...] = ()
    """Keys of people of these departments who never joined."""
    is_scene_group: bool = False
    is_registered: bool = True
    pasted_names: tuple[str, ...] = ()
    """Names in the list that the owner gave as a file which fit nobody."""
    quiet_days: int = field(default=1)
    """How many days ago the robot last heard something here."""

    @property
    def conversation_id(self) -> str:
        """A conversation id of DingTalk's look, always the same for the same group."""
        digest = hashlib.blake2b(self.slug.encode(), digest_size=16).digest()
        return "cid" + base64.b64encode(digest).decode()

    @property
    def chat_id(self) -> str:
        """The older id of the same group that some events carry."""
        return "chat" + hashlib.blake2b(self.slug.encode(), digest_size=16).hexdigest()

    @property
    def members(self) -> tuple[str, ...]:
        """Keys of all members: owner, admins, the departments in order of staff id, the others."""
        of_departments = (
            entry.key
            for entry in ENTRIES.values()
            if entry.is_in_directory and any(is_within(entry.dept_id, dept) for dept in self.whole_departments)
        )
        everyone = dict.fromkeys((self.owner, *self.admins, *of_departments, *self.others))
        return tuple(key for key in everyone if key not in self.missing)


CHATS: tuple[Chat, ...] = (
    # 段志高 departed, 潘玉梅 retired, 黎俊熙 moved to another office; all three are still members
    Chat(
        "jiaowu",
        "教务处工作群",
        "部门群",
        20,
        owner="T1021",
        admins=("T1022",),
        purpose="教务处日常工作",
        whole_departments=(20,),
        others=("T1028", "T1025", "T1044"),
        is_scene_group=True,
    ),
    # transferred to another employer, departed, and a name that fits nobody
    Chat(
        "kaowu",
        "期末考务协调群",
        "项目群",
        22,
        owner="T1021",
        admins=("T1026",),
        purpose="期末考试安排",
        whole_departments=(22,),
        others=("T1032", "T1042", "T1062", "T1077", "T1085", "T1072", "T1082"),
        pasted_names=("小周老师",),
    ),
    # everybody's group: whoever has left, retired or moved on and was never removed
    Chat(
        "quanyuan",
        "全院教职工通知群",
        "项目群",
        10,
        owner="T1001",
        admins=("T1002", "T1007"),
        purpose="全院通知",
        whole_departments=(10, 15, 20, 30, 40, 50, 61, 62, 71, 72, 80, 90),
        others=("T1061", "T1071", "T1102"),
        is_scene_group=True,
    ),
    # early retired, external teacher, an engineer of another company, a display name out of form
    Chat(
        "jisuanji",
        "计算机学院教职工群",
        "部门群",
        60,
        owner="T1061",
        admins=("T1062", "T1067"),
        purpose="学院工作通知",
        whole_departments=(61, 62),
        others=("guest-lu",),
        is_scene_group=True,
    ),
    # owner is not the head of the unit
    Chat(
        "ruanjian",
        "软件教研室",
        "部门群",
        61,
        owner="T1065",
        admins=("T1066",),
        purpose="教研活动",
        whole_departments=(61,),
        is_scene_group=True,
    ),
    # a class: its students and their parents may be here, a teacher who has left may not
    Chat(
        "rj2301",
        "软件2301班级群",
        "班级群",
        63,
        owner="T1066",
        admins=("S2301",),
        purpose="班级通知",
        whole_departments=(63,),
        others=("T1065", "T1085", "guest-fang"),
        is_scene_group=True,
    ),
    # a class whose list the owner hands in; one of its teachers has retired
    Chat(
        "kj2202",
        "会计2202班级群",
        "班级群",
        73,
        owner="T1074",
        admins=("S2201",),
        purpose="班级通知",
        whole_departments=(73,),
        others=("T1033", "T1075"),
        pasted_names=("会计小助手",),
    ),
    # the owner has retired
    Chat(
        "jingguan",
        "经济管理学院工作群",
        "部门群",
        70,
        owner="T1075",
        admins=("T1072",),
        purpose="学院工作通知",
        whole_departments=(71, 72),
        others=("T1071",),
    ),
    # no admin beside the owner; early retired, retired
    Chat(
        "houqin",
        "后勤处工作群",
        "部门群",
        50,
        owner="T1051",
        purpose="值班与报修",
        whole_departments=(50,),
    ),
    # nothing to find: the group to compare with
    Chat(
        "xinxi",
        "信息中心值班群",
        "部门群",
        40,
        owner="T1041",
        admins=("T1045",),
        purpose="系统值班",
        whole_departments=(40,),
        missing=("T1043",),
        is_scene_group=True,
    ),
    # a student helps out, one re-hired; one moved to the teaching office
    Chat(
        "xuesheng",
        "学生处工作群",
        "部门群",
        30,
        owner="T1031",
        admins=("T1032", "T1035"),
        purpose="学生工作",
        whole_departments=(30,),
        others=("T1030", "S2201"),
        is_scene_group=True,
    ),
    # seconded to another employer
    Chat(
        "renshi",
        "人事处工作群",
        "部门群",
        15,
        owner="T1011",
        admins=("T1012",),
        purpose="人事工作",
        whole_departments=(15,),
        others=("T1102",),
        is_scene_group=True,
    ),
    # asleep for most of a year, with an engineer of another company
    Chat(
        "xitong",
        "图书馆系统升级项目群",
        "项目群",
        90,
        owner="T1091",
        admins=("T1092",),
        purpose="2025 年系统升级",
        others=("T1094", "T1046", "T1047", "guest-lu"),
        quiet_days=300,
    ),
    # with another company: its people may be here
    Chat(
        "xiaoqi",
        "校企合作交流群",
        "外部群",
        60,
        owner="T1061",
        admins=("T1067",),
        purpose="与启明软件的实训合作",
        others=("T1062", "T1065", "guest-lu"),
    ),
    # two that nobody has registered
    Chat(
        "waiyu",
        "外国语学院教研群",
        "部门群",
        80,
        owner="T1081",
        admins=("T1082",),
        whole_departments=(80,),
        others=("T1100",),
        is_registered=False,
        quiet_days=2,
    ),
    Chat(
        "yingxin",
        "迎新工作群",
        "项目群",
        30,
        owner="T1021",
        admins=("T1033",),
        others=("T1034", "T1048", "S2201", "S2302"),
        is_registered=False,
        quiet_days=5,
    ),
)
_ID = {chat.slug: chat.conversation_id for chat in CHATS}

SCENE_GROUP = _ID["jiaowu"]
"""教务处工作群: owned by OWNER, its members can be read by the robot."""
ORDINARY_GROUP = _ID["kaowu"]
"""期末考务协调群: owned by OWNER, its members come from a file."""
STAFF_GROUP = _ID["jisuanji"]
"""计算机学院教职工群: STAFF is a member, OUTSIDER is one but should not be."""
CLASS_GROUP = _ID["rj2301"]
"""软件2301班级群: STUDENT and STAFF are members, a parent too."""
EXTERNAL_GROUP = _ID["xiaoqi"]
"""校企合作交流群: OUTSIDER is a member and may be."""
CLEAN_GROUP = _ID["xinxi"]
"""信息中心值班群: nothing to find."""
DORMANT_GROUP = _ID["xitong"]
"""图书馆系统升级项目群: silent for 300 days."""
UNREGISTERED_GROUPS = tuple(chat.conversation_id for chat in CHATS if not chat.is_registered)


def group_rows() -> list[dict[str, str]]:
    """The register as the college office would hand it over, with the columns of `steward import groups`."""
    return [
        {
            "群ID": chat.conversation_id,
            "群名": chat.title,
            "类型": chat.kind,
            "部门": department_path(chat.dept_id),
            "群主": chat.owner,
            "管理员": ";".join(chat.admins),
            "用途": chat.purpose,
        }
        for chat in CHATS
        if chat.is_registered
    ]


def member_rows() -> list[dict[str, str]]:
    """The lists that owners of ordinary groups handed in, with the columns of `steward import members`.

    People of other organisations have no 工号; they stand there by the name that the group shows.
    """
    listed = [chat for chat in CHATS if chat.is_registered and not chat.is_scene_group]
    return [
        {"群ID": chat.conversation_id, "工号": staff_id, "姓名": name}
        for chat in listed
        for staff_id, name in (
            *((ENTRIES[key].staff_id or "", ENTRIES[key].nick) for key in chat.members),
            *(("", name) for name in chat.pasted_names),
        )
    ]
