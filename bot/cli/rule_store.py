"""What the verbs about content rules share: the rules in force, whether the bot runs, has run or never did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.cli.options import end_with, open_or_exit
from bot.own_samples import OwnSamples
from bot.settings import Settings
from handlers.moderation import book
from handlers.moderation.replay import Sample
from handlers.moderation.rule import Rule
from handlers.moderation.rules import RuleError, load_rule_files
from handlers.moderation.samples import stored_samples
from storage.store import Store


def rules_in_force(settings: Settings) -> tuple[Rule, ...]:
    """The rules of the database; where it has none yet, those of the rule files, which it will begin with.

    Ends the program with a line for every mistake. Never makes a database.
    """
    if settings.database_path.is_file():
        with open_or_exit(settings) as database:
            rules = Store(database).rules
            if rules.revision():
                found = book.read(rules)
                if found.problems:
                    end_with(*found.problems)
                return found.rules
    return rules_of(settings.rule_paths)


def rules_of(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules of these files, of the built-in ones where there are none; ends the program with every mistake."""
    try:
        return load_rule_files(paths)
    except RuleError as error:
        end_with(*error.problems)


def samples_of(settings: Settings) -> list[Sample]:
    """The stored excerpts and the admins' own file."""
    own = OwnSamples(settings.samples_path).current()
    if not settings.database_path.is_file():
        return [Sample(text, "样本文件") for text in own]
    with open_or_exit(settings) as database:
        return stored_samples(Store(database), settings, own)
