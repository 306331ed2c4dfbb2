"""Display names in the college's form: department, real name, phone (article 二.3)."""

from __future__ import annotations

import re

from handlers.cleanup.roster import Person

_SEPARATORS = re.compile(r"[\s\-—–_+·•|/／、，,.:：()（）\[\]【】]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def parts_missing(display: str, person: Person) -> list[str]:
    """Which of department, name and phone the display name lacks; empty: in form.

    Tolerant: any separators and order, a department by any level of its path, with or without 科 or 处.
    """
    bare = _SEPARATORS.sub("", display)
    missing: list[str] = []
    if not any(_names_department(bare, level) for level in person.department.split("/") if level):
        missing.append("部门")
    if person.name and person.name not in bare:
        missing.append("真实姓名")
    if not _MOBILE.search(bare):
        missing.append("电话")
    return missing


def _names_department(bare: str, level: str) -> bool:
    short = re.sub(r"(教研室|办公室|中心|学院|处|科|部|室)$", "", level)
    return level in bare or (len(short) >= 2 and short in bare)


def masked(display: str) -> str:
    """The display name with phone numbers masked."""
    return re.sub(r"(1[3-9]\d)\d{4}(\d{4})", r"\1****\2", display)


def candidate_names(display: str) -> list[str]:
    """What in a pasted name could be a person's name: the whole, and each part between separators, digits left out."""
    parts = [re.sub(r"\d+", "", part) for part in _SEPARATORS.split(display)]
    whole = re.sub(r"\d+", "", _SEPARATORS.sub("", display))
    return [part for part in dict.fromkeys([whole, *parts]) if len(part) >= 2]
