"""Who everybody is: the words of all sources on a person, merged by a stated precedence.

1. The personnel file says who retired, moved on or teaches from outside; DingTalk does not know. It overrules.
   What it dates into the future has not happened yet.
2. An event of leaving, or being gone from the directory after a full sync, means departed, unless the file says
   something more exact. Of the two, the newer counts.
3. The directory gives the name, the department and the number where the file is silent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from handlers.cleanup.departments import Departments, and_above, is_within
from handlers.cleanup.headship import heads
from handlers.cleanup.plain import plain
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
_MOBILE_DIGITS = 11


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
    also_in: tuple[str, ...] = ()
    """Further departments that the person belongs to."""

    @property
    def is_serving(self) -> bool:
        """Serving staff of the college, or working for it by contract."""
        return self.status in {"serving", "re-hired", "external-teacher"}

    @property
    def departments(self) -> tuple[str, ...]:
        """Paths of all departments that the person belongs to."""
        return tuple(filter(None, (self.department, *self.also_in)))


def called(staff_id: str, staff: Staff, today: date) -> str:
    """What to call one person, where the whole roster is not needed: the name, or the bare id of somebody unknown."""
    facts = staff.facts_of(staff_id)
    return (merge(facts, today).name if facts else "") or staff_id


def merge(facts: Sequence[StaffFact], today: date | None = None, known: Departments | None = None) -> Person:
    """One person out of all sources' words on them. `facts` is not empty and about one staff id.

    `today` tells which statuses have begun; without it, all have. `known` are the directory's departments, by which
    the personnel file's way of writing them is understood.
    """
    by_source = {fact.source: fact for fact in facts}
    file, directory, event = (by_source.get(source) for source in ("personnel-file", "directory", "event"))
    base = file or directory or facts[0]
    latest = max(filter(None, (event, directory)), key=_seen_at, default=None)
    said = file or latest or base
    status, since = said.status, said.status_since
    if today is not None and since is not None and since > today and status in _LEAVING:
        status, since = "serving", None
    if latest is not None and latest.status == "departed" and status in _ENDED_BY_LEAVING:
        status, since = "departed", latest.status_since
    department = base.department or (directory.department if directory else "")
    if known is not None:
        department = known.path_of(department) or department
    title = base.title or (directory.title if directory else "")
    return Person(
        staff_id=base.staff_id,
        name=base.name or (directory.name if directory else ""),
        department=department,
        mobile=base.mobile or (directory.mobile if directory else ""),
        title=title,
        status=status,
        status_since=since,
        is_leader=heads(title, department) or any(fact.is_leader for fact in facts),
        sources=tuple(sorted(by_source)),
        also_in=_also_in(department, directory),
    )


_LEAVING = GONE | {"seconded"}
_ENDED_BY_LEAVING = frozenset({"serving", "re-hired", "external-teacher", "seconded", "unknown"})
"""Who leaves the organisation is none of these any more. Students may go without an account (article 二.1)."""


def _seen_at(fact: StaffFact) -> datetime:
    return fact.seen_at or datetime.min.replace(tzinfo=UTC)


def _also_in(department: str, directory: StaffFact | None) -> tuple[str, ...]:
    """The directory's departments beside `department`; none where it does not know of that one, and so is out of date."""
    if directory is None:
        return ()
    paths = tuple(filter(None, (directory.department, *directory.also_in)))
    if not any(is_within(path, department) or is_within(department, path) for path in paths):
        return ()
    return tuple(path for path in paths if path != department)


class Roster:
    """Everybody, by staff id, by name and by number."""

    def __init__(self, people: Iterable[Person], departments: Iterable[DepartmentRow] = ()) -> None:
        self._people = {person.staff_id: person for person in people}
        self._by_name: dict[str, list[Person]] = {}
        self._by_mobile: dict[str, list[Person]] = {}
        self._heads = {department.path: department.manager_ids for department in departments}
        self._heads_by_post: dict[str, list[str]] = {}
        for person in self._people.values():
            if person.name:
                self._by_name.setdefault(plain(person.name), []).append(person)
            if heads(person.title, person.department):
                self._heads_by_post.setdefault(person.department, []).append(person.staff_id)
            if person.mobile:
                self._by_mobile.setdefault(person.mobile[-_MOBILE_DIGITS:], []).append(person)
        self.departments = Departments(
            (*self._heads, *(path for person in self._people.values() for path in person.departments))
        )
        """Those of the directory, and those that people belong to."""

    @classmethod
    def load(cls, staff: Staff, today: date | None = None) -> Roster:
        """Everybody whom any source knows. A status that begins after `today` does not count yet."""
        rows = staff.departments()
        known = Departments(row.path for row in rows)
        by_person = groupby(staff.all_facts(), key=lambda fact: fact.staff_id)
        return cls((merge(list(facts), today, known) for _, facts in by_person), rows)

    def __len__(self) -> int:
        return len(self._people)

    def __iter__(self) -> Iterator[Person]:
        """Everybody, by staff id."""
        return iter(self._people.values())

    def get(self, staff_id: str) -> Person | None:
        """The person with this id, or None."""
        return self._people.get(staff_id)

    def named(self, name: str) -> list[Person]:
        """Everybody of this name, spaces and dots in it apart."""
        return self._by_name.get(plain(name), [])

    def with_mobile(self, number: str) -> list[Person]:
        """Everybody with this mobile number."""
        return self._by_mobile.get(number[-_MOBILE_DIGITS:], [])

    def heads_at(self, department: str) -> tuple[str, ...]:
        """Staff ids of the serving heads of exactly this department: those that the directory names, else those whose
        post says so."""
        return self._serving(self._heads.get(department, ())) or self._serving(self._heads_by_post.get(department, ()))

    def knows_head_by_post(self, department: str) -> bool:
        """The directory names no serving head of exactly this department."""
        return not self._serving(self._heads.get(department, ()))

    def _serving(self, staff_ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            staff_id
            for staff_id in staff_ids
            if (person := self._people.get(staff_id)) is None or person.status not in GONE
        )

    def head_of(self, department: str) -> tuple[str, ...]:
        """Staff ids of the serving heads of a department, or of the nearest one above that has any."""
        return next(filter(None, map(self.heads_at, and_above(self._path(department)))), ())

    def heads_over(self, department: str) -> frozenset[str]:
        """Staff ids of the serving heads of a department and of all above it."""
        return frozenset(head for path in and_above(self._path(department)) for head in self.heads_at(path))

    def _path(self, department: str) -> str:
        """The path, also of a department that is not known, because one above it may be."""
        return self.departments.path_of(department) or department

    def name_of(self, staff_id: str | None) -> str:
        """What to call somebody: the name, or the bare id of somebody unknown."""
        if staff_id is None:
            return "（未知）"
        person = self._people.get(staff_id)
        return person.name if person is not None and person.name else staff_id
