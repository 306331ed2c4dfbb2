"""What people read about what is stored of a person, and about forgetting them. For the command line: «中文 / english»."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from storage.persons import Change, Found

NOTHING = "没有存过这个人的任何东西 / nothing is stored about this person"
NOT_WHOLE = (
    "按名字找到的可能是别人。备份里的要等备份过期。/ what was found by name may be about somebody else; backups hold what they hold "
    "until they expire."
)
STILL_HERE = "还在通讯录里，下次同步会再读进来 / still in the directory: the next sync reads them again"


def counted(found: Iterable[Found]) -> Iterator[str]:
    """A line for each kind of thing that is stored, with how many there are."""
    for one in found:
        yield f"{one.trace.label} {len(one.rows)} 条 ({one.trace.table})"


def planned(changes: Sequence[Change]) -> Iterator[str]:
    """What becomes of each kind of thing; where something is kept, why."""
    for change in changes:
        parts = [
            f"{word} {number}"
            for word, number in (
                ("删除 / deleted", change.deleted),
                ("匿名 / made anonymous", change.changed),
                ("保留 / kept", change.kept),
            )
            if number
        ]
        why = f"（{change.trace.why}）" if change.trace.why and (change.changed or change.kept) else ""
        yield f"{change.trace.label}：{'，'.join(parts)}{why}"


def summary(changes: Sequence[Change]) -> str:
    """How the audit says it: numbers alone."""
    return (
        f"{sum(one.deleted for one in changes)} deleted, {sum(one.changed for one in changes)} anonymous, "
        f"{sum(one.kept for one in changes)} kept"
    )
