"""All slash commands, a family a file; help, role checks and docs are made from this list."""

from __future__ import annotations

from handlers.commands import (
    cleanup,
    confirm,
    doctor,
    general,
    groups,
    groups_bridge,
    help,
    policy,
    policy_curated,
    policy_documents,
    policy_questions,
    policy_queue,
    quota,
    rules,
    schedules,
    study,
    study_plans,
    study_quiz,
)
from handlers.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    *help.COMMANDS,
    *general.COMMANDS,
    *policy.COMMANDS,
    *policy_documents.COMMANDS,
    *policy_queue.COMMANDS,
    *policy_curated.COMMANDS,
    *policy_questions.COMMANDS,
    *rules.COMMANDS,
    *groups.COMMANDS,
    *groups_bridge.COMMANDS,
    *cleanup.COMMANDS,
    *schedules.COMMANDS,
    *study.COMMANDS,
    *study_plans.COMMANDS,
    *study_quiz.COMMANDS,
    *quota.COMMANDS,
    *doctor.COMMANDS,
    *confirm.COMMANDS,
)
