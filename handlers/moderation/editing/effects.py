"""What changes of rules would do: tried on the stored samples and on the examples of all rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Context
from handlers.moderation import book
from handlers.moderation.building import scanner_for
from handlers.moderation.editing import texts
from handlers.moderation.editing.changing import Change
from handlers.moderation.replay import Difference, Mistaken, compare, mistaken_examples
from handlers.moderation.rule import Examples
from handlers.moderation.samples import stored_samples


def effect_of(title: str, change: Change, context: Context) -> str:
    """What a change would do, in words: what is different, and what that catches."""
    difference, mistaken = tried([change], context)
    return texts.about_to(title, change, difference, mistaken)


def tried(changes: Sequence[Change], context: Context) -> tuple[Difference, list[Mistaken]]:
    """What the changes do to the samples, and the examples that are wrong because of the changed rules."""
    settings = context.settings.moderation
    before = [rule for change in changes for rule in change.old]
    after = [rule for change in changes for rule in change.new]
    difference = compare(stored_samples(context.store, context.settings, context.samples), before, after, settings)
    if not after:
        return difference, []
    changed = {change.after.id for change in changes}
    rest = [rule for rule in book.read(context.store.rules).rules if rule.id not in changed]
    # What stays as it is cannot have begun to miss; but what the changed rules catch may be what others must not.
    others = [replace(rule, examples=Examples(quiet=rule.examples.quiet)) for rule in rest if rule.examples.quiet]
    return difference, mistaken_examples(scanner_for(after, settings), [*after, *others])
