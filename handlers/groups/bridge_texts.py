"""What the bot says about looking at all messages of a group."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.hearing.coverage import Coverage, line
from handlers.markdown import literal
from storage.coverage import Consent

TITLE = "旁听本群"
ONLY_IN_GROUP = "请在要说的那个群里 @我 发送"
NOT_ENABLED = "学院还没有开启消息桥接，请先问管理员"
NOT_REGISTERED = "本群还没有登记，请先发送：/群 登记 类型 部门 用途"
NOT_EXTERNAL = "外部群里有别的单位的人，不旁听"
NOT_YOURS = "要由本群的群主来同意"
ALLOWED_ALREADY = "本群已经同意过了，可用 /群 旁听 查看"
STOPPED_ALREADY = "本群没有在旁听"
NAMED = "本群由学院在设置里批准旁听，要停请找管理员"

_PROMISE = "我只找不合规定的内容，只私下提醒本人，不在群里点名；消息原文看完就丢，只留打了码的几个字。"
EFFECT = f"同意后，本群的**全部消息**会经学院的桥接程序交给我看，不再只是 @我 的。{_PROMISE}随时可以 /群 旁听 停止。"
"""Before it is confirmed."""
ALLOWED = f"**本群已同意旁听**\n\n从现在起，本群的全部消息我都会看。{_PROMISE}\n\n群主随时可以发送：/群 旁听 停止"
"""In the group, for everybody to read."""
STOPPED = "已停止旁听。以后我只看 @我 的消息。"


def standing(coverage: Coverage, consent: Consent | None, who: str, zone: ZoneInfo, *, is_named: bool) -> str:
    """What is heard of the group, and by whose word; `who` is empty for people who are told no names."""
    lines = [line(coverage, zone)]
    if coverage.is_allowed and is_named:
        lines.append("由学院批准。")
    elif coverage.is_allowed and consent is not None:
        by = f"由{literal(who)}" if who else "由群主"
        lines.append(f"{by}在 {consent.allowed_at.astimezone(zone):%Y-%m-%d} 同意，随时可以停：/群 旁听 停止")
    elif consent is not None and consent.ended_at is not None:
        lines.append(f"以前同意过，{consent.ended_at.astimezone(zone):%Y-%m-%d} 停了。")
    if coverage.is_allowed:
        lines.append(_PROMISE)
    return "\n\n".join(lines)
