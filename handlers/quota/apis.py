"""Which calls count against the organisation's month, and what they are for (docs/platform.md §9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

WEBHOOK = "sessionWebhook"
"""Replies through a session webhook: not among the counted calls."""
DING_RECEIVERS = "ding-receivers"
"""People whom a DING was sent to: DINGs have a quota of their own, which counts receivers and not calls."""
REFUSED = "quota-refused"
"""Refusals because the organisation's month is used up, whoever used it: our ledger knows our own calls only."""
_UNMETERED = frozenset({WEBHOOK, DING_RECEIVERS, REFUSED, "accessToken", "gateway/connections/open"})

GROUPS = "发到群里"
PEOPLE = "私聊消息"
DINGS = "发 DING"
DIRECTORY = "读通讯录"
MEMBERS = "读群成员"
FILES = "下载发来的文件"
PICTURES = "上传图表"
OTHER = "其他"
_PURPOSES = {
    "robot/groupMessages": GROUPS,
    "robot/oToMessages": PEOPLE,
    "robot/ding": DINGS,
    "v2/department": DIRECTORY,
    "v2/user": DIRECTORY,
    "im/chat": MEMBERS,
    "robot/messageFiles": FILES,
    "media": PICTURES,
}
"""By the beginning of the API's name in the ledger, which is its path without the version."""


def metered(calls: Mapping[str, int]) -> int:
    """How many of these calls count against the month."""
    return sum(number for api, number in calls.items() if api not in _UNMETERED)


def by_purpose(calls: Mapping[str, int]) -> dict[str, int]:
    """The counted calls by what they are for, in words for people, most used first."""
    found: Counter[str] = Counter()
    for api, number in calls.items():
        if api not in _UNMETERED and number:
            found[_purpose(api)] += number
    return dict(found.most_common())


def _purpose(api: str) -> str:
    return next((purpose for start, purpose in _PURPOSES.items() if api.startswith(f"{start}/")), OTHER)
