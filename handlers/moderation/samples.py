"""The samples that a change of rules is tried on: excerpts of flags, which are masked, and the admins' own file.

Numbers of people are masked in excerpts: what detectors find is not found in them again.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.moderation.excerpts import without_kinds
from handlers.moderation.replay import Sample
from handlers.moderation.scope import Circumstances
from handlers.settings import HandlerSettings
from storage.groups import Group
from storage.store import Store

MOST_FLAGS = 200
MOST_OWN = 2000
"""Of the own file, so that an admin does not wait; `steward rules replay` takes all."""


def stored_samples(store: Store, settings: HandlerSettings, own: Sequence[str]) -> list[Sample]:
    """The newest excerpts, each text once, with what is known of where and when they were written; then the own ones."""
    groups: dict[str, Group | None] = {}
    found: dict[str, Sample] = {}
    zone, cleanup = settings.scheduler.timezone, settings.cleanup
    for flag in store.flags.latest(MOST_FLAGS):
        text = without_kinds(flag.excerpt).strip("…")
        if not text or text in found:
            continue
        if flag.conversation not in groups:
            groups[flag.conversation] = store.groups.get(flag.conversation)
        group = groups[flag.conversation]
        found[text] = Sample(
            text,
            f"#{flag.id}",
            Circumstances(
                kind=None if group is None else group.kind,
                group=None if group is None else group.conversation,
                departments=(group.department,) if group is not None and group.department else None,
                at=flag.created_at.astimezone(zone),
                working_hours=(cleanup.working_hours_from, cleanup.working_hours_to),
            ),
        )
    return [*found.values(), *(Sample(text, "样本文件") for text in own if text not in found)]
