"""What the bot says about not having heard: calm, with times, and with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.markdown import literal
from handlers.message import Body
from handlers.moderation.masking import mask
from storage.gaps import Reason

TITLE = "我有一段时间没听到"
TITLE_GROUP = "请再说一次"
TITLE_RIVAL = "可能有两个程序在用同一个机器人"
BECAUSE = {
    Reason.OFFLINE: "连不上钉钉",
    Reason.REFUSED: "钉钉拒绝了连接",
    Reason.STOPPED: "程序没有在运行，或电脑休眠了",
}
ADVICE = {
    Reason.OFFLINE: "请看看服务器的网络、域名解析和代理是否稳定。",
    Reason.REFUSED: "请核对 client_id 和 client_secret，并确认应用已发布、机器人是 Stream 模式。",
    Reason.STOPPED: "如果不是有意停的，请看看服务器是否重启、断电或休眠过。",
}
_LOSS = "这段时间里 @我 的消息可能丢失，请相关同事再说一次。"
_MOST_LISTED = 5

Span = tuple[datetime, datetime, Reason]
"""From when to when, in the configured zone, and why."""


def to_admins(spans: Sequence[Span], groups: Sequence[str], now: datetime) -> Body:
    """To the main admins, of one gap or several; `groups` are the titles of those that were active, the busiest first."""
    if len(spans) == 1:
        began, ended, reason = spans[0]
        parts = [f"**{between(began, ended, now)}（{lasting(ended - began)}）我没有听到消息**：{BECAUSE[reason]}。"]
    else:
        total = sum((ended - began for began, ended, _ in spans), timedelta())
        parts = [f"**我有 {len(spans)} 次没有听到消息**，共 {lasting(total)}：", _listed(spans, now)]
    parts.append(_LOSS)
    if groups:
        named = "、".join(literal(mask(title)) for title in groups[:_MOST_LISTED])
        parts.append(f"之前活跃的群：{named}{_and_more(len(groups))}。")
    worst = max(spans, key=lambda span: span[1] - span[0])[2]
    return Body("\n\n".join([*parts, ADVICE[worst]]), title=TITLE)


def to_group(spans: Sequence[Span], now: datetime) -> Body:
    """One calm line to a group that was active before."""
    times = "、".join(between(began, ended, now) for began, ended, _ in spans[-_MOST_LISTED:])
    return Body(f"{times} 我没有听到消息。那时 @我 的话可能没收到，需要的话请再说一次，谢谢！", title=TITLE_GROUP)


def rival(messages: int, group: str | None, sent_at: datetime, now: datetime) -> Body:
    """To the main admins: messages in the robot's name that we did not send. `group` is None for a private chat."""
    where = f"「{literal(mask(group))}」" if group else "私聊"
    return Body(
        "**可能有另一个程序在用同一个机器人**\n\n"
        f"最近 7 天有人引用过 {messages} 条机器人发的消息，我这里没有发过，最近一条在{where}，"
        f"发于 {moment(sent_at, now)}。如果真是这样，一部分 @我 的消息会被它收走，我听不到。\n\n"
        "请看看旧服务器、测试电脑上是否还有程序用着同一个 Client ID，有就停掉；找不到又不放心，"
        "可以在开发者后台重置 Client Secret。\n\n"
        "如果是学院自己的其他程序借这个机器人发消息，不用理会。",
        title=TITLE_RIVAL,
    )


def _listed(spans: Sequence[Span], now: datetime) -> str:
    lines = [
        f"- {between(began, ended, now)}（{lasting(ended - began)}），{BECAUSE[reason]}"
        for began, ended, reason in spans[-_MOST_LISTED:]
    ]
    earlier = len(spans) - len(lines)
    return "\n".join([f"- 更早还有 {earlier} 次", *lines] if earlier else lines)


def _and_more(groups: int) -> str:
    return f"等 {groups} 个" if groups > _MOST_LISTED else ""


def between(began: datetime, ended: datetime, now: datetime) -> str:
    """`9:12 到 9:31`, with the day where it is not today's."""
    last = f"{ended:%H:%M}".removeprefix("0") if ended.date() == began.date() else moment(ended, now)
    return f"{moment(began, now)} 到 {last}"


def moment(at: datetime, now: datetime) -> str:
    """`9:12`, or `11月24日 9:12` where that is not today."""
    clock = f"{at:%H:%M}".removeprefix("0")
    if at.date() == now.date():
        return clock
    day = f"{at.month}月{at.day}日 {clock}"
    return day if at.year == now.year else f"{at.year}年{day}"


def lasting(duration: timedelta) -> str:
    """`45 秒`, `19 分钟`, `1 小时 5 分钟`, `2 天 3 小时`: two units at most, cut off."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if not (days or hours or minutes):
        return f"{seconds} 秒"
    units = [(days, "天"), (hours, "小时"), (minutes, "分钟")]
    first = next(place for place, (number, _) in enumerate(units) if number)
    return " ".join(f"{number} {unit}" for number, unit in units[first : first + 2] if number)
