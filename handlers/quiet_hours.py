"""The night: when only answers are sent, and everything that can wait waits for the morning. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from handlers.settings import HandlerSettings


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` to `ends` of every day in `zone`, over midnight where `ends` is earlier; never when they are equal."""

    begins: time
    ends: time
    zone: ZoneInfo

    @classmethod
    def of(cls, settings: HandlerSettings) -> Self:
        """As the settings have them."""
        return cls(settings.quota.quiet_from, settings.quota.quiet_to, settings.scheduler.timezone)

    def until(self, moment: datetime) -> datetime | None:
        """When the quiet time in which `moment` lies is over; None when it lies in none. The end itself is not quiet."""
        local = moment.astimezone(self.zone)
        at = local.time()
        is_over_midnight = self.ends < self.begins
        if self.begins == self.ends or not (
            at >= self.begins or at < self.ends if is_over_midnight else self.begins <= at < self.ends
        ):
            return None
        day = local.date() + timedelta(days=1) if is_over_midnight and at >= self.begins else local.date()
        over_at = datetime.combine(day, self.ends, self.zone).astimezone(UTC)
        # Where clocks are put back in the night, `ends` comes twice: the first one may be over already.
        return (
            over_at if over_at > moment else datetime.combine(day, self.ends.replace(fold=1), self.zone).astimezone(UTC)
        )
