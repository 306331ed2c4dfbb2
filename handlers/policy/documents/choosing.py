"""Choosing one of the documents that there are, and putting an earlier version in force again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from storage.policies import Document, Policies

_NUMBER = re.compile(r"[#＃]?(\d{1,9})号?")


def choose(words: str, documents: Sequence[Document], today: date) -> list[Document]:
    """The document of this number (`12`, `#12`) or title. Of a title the version in force, else the newest one.

    Several where more than one title has these words in it; none where no title has.
    """
    words = words.strip().strip("《》")
    number = _NUMBER.fullmatch(words)
    if number is not None:
        return [one for one in documents if one.id == int(number[1])]
    if not words:
        return []
    titles = {one.title for one in documents if words in one.title}
    exact = [title for title in titles if title.strip("《》") == words]
    found = []
    for title in sorted(exact or titles):
        versions = sorted((one for one in documents if one.title == title), key=lambda one: -one.version)
        found.append(next((one for one in versions if one.is_in_force(today)), versions[0]))
    return found


def restoring(document: Document, documents: Sequence[Document], today: date) -> list[Document]:
    """What goes out of force when this version comes in force again: whatever took its place, as far as it is not over."""
    by_id = {one.id: one for one in documents}
    found: list[Document] = []
    seen = {document.id}
    successor = document.superseded_by
    while successor in by_id and successor not in seen:
        seen.add(successor)
        one = by_id[successor]
        if not one.is_over(today):
            found.append(one)
        successor = one.superseded_by
    versions = [one for one in documents if one.title == document.title and one.id != document.id]
    found += [one for one in versions if not one.is_over(today) and one not in found]
    return found


def freed(document: Document, documents: Sequence[Document], day: date, today: date) -> list[Document]:
    """What goes on being in force when this version is repealed from `day` on: what it would have replaced later."""
    if document.begins is None or day > document.begins:
        return []
    return [one for one in documents if one.superseded_by == document.id and one.is_in_force(today)]


def restore(document: Document, policies: Policies, today: date) -> list[Document]:
    """Put a version in force again; what took its place goes out of force when it begins. Returns those."""
    ended = restoring(document, policies.documents(), today)
    policies.restore(document.id, today, instead_of=[one.id for one in ended])
    return ended
