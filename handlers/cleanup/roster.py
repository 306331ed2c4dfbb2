"""Who everybody is: the words of all sources on a person, merged by a stated precedence (design §1.5).

1. The personnel file says who retired, moved on or teaches from outside; DingTalk does not know. It overrules.
2. An event of leaving, or being gone from the directory after a full sync, means departed, unless the file says
   something more exact.
3. The directory gives the name, the department and the number where the file is silent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from storage.staff import DepartmentRow, Staff, StaffFact

STATUS_WORDS = {
    "serving": (
        *("在职", "在岗", "在编", "在职在岗", "在册", "正式", "聘用", "合同制", "合同工", "人事代理", "编外", "试用"),
        *("产假", "病假", "休假", "长假", "进修", "访学", "serving", "active"),
    ),
    "departed": (
        *("离职", "已离职", "辞职", "辞退", "解聘", "合同终止", "合同到期", "解除合同", "离校", "去世", "已故"),
        *("departed", "left"),
    ),
    "retired": ("退休", "已退休", "离休", "retired"),
    "early-retired": ("内退", "已内退", "提前退休", "内部退养", "early-retired"),
    "transferred-out": ("调离", "已调离", "调出", "调走", "transferred-out"),
    "seconded": ("借调", "借出", "外借", "挂职", "seconded"),
    "re-hired": ("返聘", "退休返聘", "re-hired", "rehired"),
    "external-teacher": ("外聘", "外聘教师", "兼职", "兼职教师", "external-teacher", "external"),
    "student": ("学生", "在读", "student"),
    "unknown": ("未知", "unknown"),
}
"""Code word of each status, and how personnel files write it."""

LABELS = {code: words[0] for code, words in STATUS_WORDS.items()}
_CODES = {word: code for code, words in STATUS_WORDS.items() for word in words}
GONE = frozenset({"departed", "retired", "early-retired", "transferred-out"})
"""These no longer belong to the organisation (article 二.6)."""


def status_code(word: str) -> str | None:
    """The code word for what a personnel file writes, remarks in brackets apart; None for a word that we do not know."""
    plain = unicodedata.normalize("NFKC", word).strip().lower()
    return _CODES.get(plain) or _CODES.get(re.sub(r"\s*\(.*\)$", "", plain))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the organisation, as all sources together have it."""

    staff_id: str
    name: str
    department: str
    mobile: str
    title: str
    status: str
    status_since: date | None
    is_leader: bool
    sources: tuple[str, ...]
    old_department: str = ""
    """The directory's department where the personnel file has another."""

    @property
    def is_serving(self) -> bool:
        """Serving staff of the college, or working for it by contract."""
        return self.status in {"serving", "re-hired", "external-teacher"}


def merge(facts: Sequence[StaffFact]) -> Person:
    """One person out of all sources' words on them. `facts` is not empty and about one staff id."""
    by_source = {fact.source: fact for fact in facts}
    file, directory, event = (by_source.get(source) for source in ("personnel-file", "directory", "event"))
    base = file or directory or facts[0]
    status, since = base.status, base.status_since
    if file is None or file.status == "serving":
        for other in (event, directory):
            if other is not None and other.status == "departed":
                status, since = "departed", other.status_since
    department = base.department or (directory.department if directory else "")
    return Person(
        staff_id=base.staff_id,
        name=base.name or (directory.name if directory else ""),
        department=department,
        mobile=base.mobile or (directory.mobile if directory else ""),
        title=base.title or (directory.title if directory else ""),
        status=status,
        status_since=since,
        is_leader=any(fact.is_leader for fact in facts),
        sources=tuple(sorted(by_source)),
        old_department=directory.department if directory is not None and directory.department != department else "",
    )


class Roster:
    """Everybody, by staff id and by name."""

    def __init__(self, people: Iterable[Person], departments: Iterable[DepartmentRow] = ()) -> None:
        self._people = {person.staff_id: person for person in people}
        self._by_name: dict[str, list[Person]] = {}
        for person in self._people.values():
            self._by_name.setdefault(person.name, []).append(person)
        self._heads = {department.path: department.manager_ids for department in departments}

    @classmethod
    def load(cls, staff: Staff) -> Roster:
        """Everybody whom any source knows."""
        people = (merge(list(facts)) for _, facts in groupby(staff.all_facts(), key=lambda fact: fact.staff_id))
        return cls(people, staff.departments())

    def __len__(self) -> int:
        return len(self._people)

    def get(self, staff_id: str) -> Person | None:
        """The person with this id, or None."""
        return self._people.get(staff_id)

    def named(self, name: str) -> list[Person]:
        """Everybody of this name."""
        return self._by_name.get(name, [])

    def has_department(self, path: str) -> bool:
        """The directory has a department of this path."""
        return path in self._heads

    def head_of(self, department: str) -> tuple[str, ...]:
        """Staff ids of the serving heads of a department, or of the nearest one above that has any."""
        path = department
        while path:
            heads = tuple(
                staff_id
                for staff_id in self._heads.get(path, ())
                if (person := self._people.get(staff_id)) is None or person.status not in GONE
            )
            if heads:
                return heads
            path = path.rpartition("/")[0]
        return ()

    def name_of(self, staff_id: str | None) -> str:
        """What to call somebody: the name, or the bare id of somebody unknown."""
        if staff_id is None:
            return "（未知）"
        person = self._people.get(staff_id)
        return person.name if person is not None and person.name else staff_id
