"""The queue of flags: what somebody filters by, and a page of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.groups.register import look_up
from handlers.moderation.editing.labels import CATEGORY_WORDS, STATE_WORDS, code
from handlers.moderation.reviewers import conversations_of
from storage.reviews import Entry, Filter, Reader, Standing

PAGE = 6
"""What fits on a phone."""

STANDING_WORDS: dict[str, Standing] = {
    "待复核": "waiting",
    "未复核": "waiting",
    "已复核": "reviewed",
    "对": "right",
    "错": "wrong",
    "说不准": "unsure",
    "申诉中": "appealed",
    "申诉": "appealed",
    "全部": "all",
    "所有": "all",
    "waiting": "waiting",
    "reviewed": "reviewed",
    "appealed": "appealed",
    "all": "all",
}
_REPORTS = ("举报", "reported")
_LISTS = ("列表", "list")
_PAGE = re.compile(r"第?(\d{1,5})页|p(\d{1,5})", re.IGNORECASE)
_LABELLED_RULE = re.compile(r"(?<!\S)(?:规则|rule)\s*[:=]?\s*#?(\d{1,9})号?(?!\S)", re.IGNORECASE)
"""A rule by its number, `规则 3`."""
_LABELS = ("类别", "规则", "群", "状态", "category", "rule", "group", "state")
_LABELLED = re.compile(rf"(?:{'|'.join(_LABELS)})[:：=]", re.IGNORECASE)


class FilterError(Exception):
    """A word that filters nothing; it says which."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for, and how to ask for it again."""

    filter: Filter
    page: int
    words: tuple[str, ...]
    """The words that filter, without the page."""


def wanted(words: Sequence[str], context: Context) -> Wanted:
    """Understand filters in any order: a category, a state of rules, what a reviewer said, a rule (`规则 3`, its id, part
    of what it is called), a group, a page.

    Raises `FilterError` for a word that is none of these.
    """
    found, page, kept = Filter(), 1, []
    for word in _LABELLED_RULE.sub(r"规则\1", unicodedata.normalize("NFKC", " ".join(words))).split():
        number = _PAGE.fullmatch(word)
        if number is not None:
            page = max(1, int(number[1] or number[2]))
        elif word.casefold() not in _LISTS and word not in _LABELS:
            found = _narrowed(found, _LABELLED.sub("", word), context)
            kept.append(word)
    return Wanted(found, page, tuple(kept))


def _narrowed(found: Filter, word: str, context: Context) -> Filter:
    standing = STANDING_WORDS.get(word.casefold())
    if standing is not None:
        return replace(found, standing=standing)
    if word.casefold() in _REPORTS:
        return replace(found, is_reported=True)
    category, state = code(word, CATEGORY_WORDS), code(word, STATE_WORDS)
    if category is not None:
        return replace(found, category=category)
    if state is not None:
        return replace(found, state=state)
    numbered = _LABELLED_RULE.fullmatch(word)
    if numbered is not None:
        stored = context.store.rules.get(int(numbered[1]))
        if stored is None:
            raise FilterError(word)
        return replace(found, rules=(stored.id,))
    called = {rule.id: (rule.id.casefold(), rule.name.casefold()) for rule in context.scanner.rules}
    exact = tuple(rule for rule, names in called.items() if word.casefold() in names)
    groups = () if exact else look_up(word, context.store.groups.all(active_only=False))
    if groups:
        return replace(found, conversations=tuple(group.conversation for group in groups))
    rules = exact or tuple(rule for rule, (_, name) in called.items() if word.casefold() in name)
    if not rules:
        raise FilterError(word)
    return replace(found, rules=rules)


def within_reach(found: Filter, reader: Reader, context: Context) -> Filter:
    """The same for the groups alone that this reviewer may see."""
    own = conversations_of(reader.staff_id, context)
    if own is None:
        return found
    named = found.conversations
    return replace(found, conversations=own if named is None else tuple(one for one in named if one in set(own)))


def page_of(asked: Wanted, reader: Reader, context: Context) -> tuple[list[Entry], int, int]:
    """The entries, which page it is, and how many entries there are. A page beyond the end is the last one."""
    reachable = within_reach(asked.filter, reader, context)
    count = context.store.reviews.count(reachable, reader)
    page = min(asked.page, max(1, -(-count // PAGE)))
    return context.store.reviews.page(reachable, reader, PAGE, (page - 1) * PAGE), page, count


def first_waiting(reader: Reader, context: Context) -> Entry | None:
    """What to look at next: the first of the queue."""
    entries = context.store.reviews.page(within_reach(Filter(), reader, context), reader, 1, 0)
    return entries[0] if entries else None
