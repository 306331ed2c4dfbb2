"""All slash commands, a family a file; help, role checks and docs are made from this list."""

from __future__ import annotations

from handlers.commands import cleanup, confirm, doctor, general, groups, help, policy, quota, rules, schedules
from handlers.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    *help.COMMANDS,
    *general.COMMANDS,
    *policy.COMMANDS,
    *rules.COMMANDS,
    *groups.COMMANDS,
    *cleanup.COMMANDS,
    *schedules.COMMANDS,
    *quota.COMMANDS,
    *doctor.COMMANDS,
    *confirm.COMMANDS,
)
