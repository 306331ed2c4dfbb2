"""What the schedule calls the tasks of this room."""

from __future__ import annotations

POST_TASK = "study-post"
REMIND_TASK = "study-reminders"
_PREFIX = "study:"
"""Names of the settings are unlike each other within a section only."""


def schedule_name(plan: str) -> str:
    """What a study plan is called among all schedules."""
    return _PREFIX + plan


def plan_name(schedule: str) -> str:
    """The other way round."""
    return schedule.removeprefix(_PREFIX)
