"""Quotas and throttling, all off until switched on (docs/platform.md §9)."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from datetime import datetime, timedelta, timezone

from sandbox.refusals import Refusal, monthly_quota_used, too_many_a_second
from sandbox.world import World

CHINA = timezone(timedelta(hours=8))
WEBHOOK_BLOCK = timedelta(minutes=10)


class Window:
    """Counts what happened in the last `length` of the world's time."""

    def __init__(self, length: timedelta) -> None:
        self._length = length
        self._moments: deque[datetime] = deque()

    def enter(self, now: datetime) -> int:
        """Count one more; returns how many there are now."""
        while self._moments and self._moments[0] <= now - self._length:
            self._moments.popleft()
        self._moments.append(now)
        return len(self._moments)


class Quotas:
    """The switches: set a number to hold the bot to it, None to let everything through."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.calls_per_month: int | None = None
        """API calls of the organisation in a calendar month (China's time)."""
        self.calls_per_second: int | None = None
        """Calls of one API in any second."""
        self.webhook_per_minute: int | None = None
        """Session webhook messages to one chat; beyond it the chat is blocked for ten minutes (130101)."""
        self.group_sends_per_minute: int | None = None
        """groupMessages/send to one group; beyond it `send.too.fast`."""
        self.dings_per_month: int | None = None
        """Receivers of DINGs in a calendar month."""
        self.has_ding = True
        """False: the organisation's edition has no DING."""
        self.flow_controlled: set[str] = set()
        """Staff ids that batchSend answers as flow controlled."""
        self.out_of_sight: set[str] = set()
        """Staff ids outside the application's visible scope, which batchSend filters out."""
        self.used: Counter[str] = Counter()
        """Metered API calls by month, such as `2026-11`."""
        self.dings_used: Counter[str] = Counter()
        self._seconds: dict[str, Window] = defaultdict(lambda: Window(timedelta(seconds=1)))
        self._minutes: dict[str, Window] = defaultdict(lambda: Window(timedelta(minutes=1)))
        self._blocked_until: dict[str, datetime] = {}

    def month(self) -> str:
        """The present calendar month in China."""
        return self._world.clock.now().astimezone(CHINA).strftime("%Y-%m")

    def enter_call(self, path: str, *, is_legacy: bool) -> None:
        """Count one metered call. Raises Refusal when a limit is passed."""
        month = self.month()
        if self.calls_per_month is not None and self.used[month] >= self.calls_per_month:
            raise monthly_quota_used(self.used[month], self.calls_per_month, is_legacy=is_legacy)
        in_second = self._seconds[path].enter(self._world.clock.now())
        if self.calls_per_second is not None and in_second > self.calls_per_second:
            raise too_many_a_second(path, is_legacy=is_legacy)
        self.used[month] += 1

    def enter_webhook(self, chat: str) -> None:
        """Count one webhook message to a chat. Raises Refusal 130101 when it was too fast or is still blocked."""
        now = self._world.clock.now()
        in_minute = self._minutes[f"webhook {chat}"].enter(now)
        if self.webhook_per_minute is None:
            return
        is_blocked = self._blocked_until.get(chat, now) > now
        if in_minute > self.webhook_per_minute and not is_blocked:
            self._blocked_until[chat] = now + WEBHOOK_BLOCK
            is_blocked = True
        if is_blocked:
            raise Refusal("130101", f"send too fast, exceed {self.webhook_per_minute} times per minute")

    def enter_group_send(self, conversation: str) -> None:
        """Count one groupMessages/send. Raises Refusal `send.too.fast`."""
        in_minute = self._minutes[f"group {conversation}"].enter(self._world.clock.now())
        if self.group_sends_per_minute is not None and in_minute > self.group_sends_per_minute:
            raise Refusal("send.too.fast", "消息发送过快,请稍后再试")

    def enter_ding(self, receivers: int) -> None:
        """Count the receivers of a DING. Raises Refusal when there are no DINGs (left)."""
        if not self.has_ding:
            raise Refusal("orgAuthLevelNotEnough", "当前组织版本不支持机器人DING,请升级专业版或专属版", status=403)
        month = self.month()
        if self.dings_per_month is not None and self.dings_used[month] + receivers > self.dings_per_month:
            raise Refusal("ding.quota.exceeded", "本月DING额度已用完", status=403)
        self.dings_used[month] += receivers
