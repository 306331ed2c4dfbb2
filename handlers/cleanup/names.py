"""Display names in the college's form: department, real name, phone (article 二.3)."""

from __future__ import annotations

import re
import unicodedata

from handlers.cleanup.plain import BETWEEN, plain
from handlers.cleanup.roster import Person, Roster
from handlers.moderation.masking import mask

_NUMBER = re.compile(r"\d{6}")
"""A mobile, a landline, or the short number that many colleges have; never a year."""
_MOBILE = re.compile(r"(?<!\d)(?:86)?(1[3-9]\d{9})(?!\d)")
_SUFFIX = re.compile(r"(教研室|办公室|中心|学院|处|科|部|室|系)$")
_TITLES = (
    "副?教授|讲师|助教|老师|副?主任|副?处长|副?科长|副?院长|副?书记|副?馆长|副?部长|辅导员|班主任|科员|师傅|同志|同学"
)
_TITLE_AROUND = re.compile(rf"^(?:{_TITLES})|(?:{_TITLES})$")
_RELATIVE = re.compile(r"(妈妈|爸爸|母亲|父亲|家长|爷爷|奶奶|外公|外婆|姥姥|姥爷|家属|爱人|丈夫|妻子)\d*$")
_LEAST = 2
"""Nobody is recognised by one character."""


def parts_missing(display: str, person: Person) -> list[str]:
    """Which of department, name and phone the display name lacks; empty: in form.

    Tolerant: any separators, order, width and case, a department by any level of its path, with or without 科 or 处;
    a landline or short number will do. What we do not know of somebody is not missed.
    """
    at_once = person.name and person.name in display and person.department.rpartition("/")[2] in display
    if at_once and _NUMBER.search(display):
        return []  # nearly everybody; the rest of this is ten times slower
    bare = plain(display)
    missing: list[str] = []
    levels = [level for path in person.departments for level in path.split("/")]
    if levels and not any(_names_department(bare, level) for level in levels):
        missing.append("部门")
    if person.name and plain(person.name) not in bare:
        missing.append("真实姓名")
    if not _NUMBER.search(bare):
        missing.append("电话")
    return missing


def _names_department(bare: str, level: str) -> bool:
    name = plain(level)
    if name in bare:
        return True
    short = _SUFFIX.sub("", name)
    return len(short) >= _LEAST and short in bare


def masked(display: str) -> str:
    """The display name with numbers that identify somebody masked."""
    return mask(display)


def people_meant(display: str, roster: Roster) -> list[Person]:
    """Whom a pasted name can mean: one person, several between whom we do not choose, or nobody.

    Name and number must not point to different people; of several of one name, the number tells which.
    """
    text = unicodedata.normalize("NFKC", display)
    if _RELATIVE.search(plain(text)):
        return []
    by_name = {person.staff_id: person for name in candidate_names(text, roster) for person in roster.named(name)}
    digits = re.sub(r"(?<=\d)[\s\-](?=\d)", "", text)
    by_number = {person.staff_id: person for found in _MOBILE.findall(digits) for person in roster.with_mobile(found)}
    both = by_name.keys() & by_number.keys()
    if both:
        return [by_name[staff_id] for staff_id in sorted(both)]
    return [*by_name.values(), *by_number.values()]


def candidate_names(display: str, roster: Roster) -> list[str]:
    """What in a pasted name could be a person's name: the whole, and each part between separators.

    Digits are left out, and from each part the department's name before it and titles around it.
    """
    parts = [re.sub(r"\d+", "", part) for part in BETWEEN.split(display)]
    found = ["".join(parts), *parts]
    found += [
        part[cut:] for part in found for cut in range(_LEAST, len(part) - 1) if roster.departments.has_level(part[:cut])
    ]
    found += [_TITLE_AROUND.sub("", part) for part in found]
    return [part for part in dict.fromkeys(found) if len(part) >= _LEAST]
