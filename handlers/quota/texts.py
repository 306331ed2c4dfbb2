"""What the bot says about the month's quota: short enough for a phone, with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.message import Body, Button
from handlers.quota.standing import Allowance, Level, Standing

TITLE = "本月用量"
TITLE_CALLS = "接口额度提醒"
TITLE_DINGS = "DING 额度提醒"
LABELS = {Level.PLENTY: "充足", Level.TIGHT: "偏紧", Level.SHORT: "紧张", Level.OUT: "已用完"}
_EFFECTS = {
    Level.TIGHT: "汇总先缓发，通讯录改为每周读两次；回答和提醒照常。",
    Level.SHORT: "提醒和汇总都先缓发，通讯录暂停读取；回答照常。",
    Level.OUT: "提醒和汇总都先缓发，私聊也可能发不出；群里和私聊里的直接回答不占额度，照常。",
}
_MORE = (
    "可以在钉钉管理后台升级版本或加购调用量，再把配置里的 [quota] calls_per_month 改成新额度；"
    "不急的汇总和清理，可以等下个月再发起。"
)
_MORE_DINGS = "用完后 DING 会发不出。可以升级版本，或把新额度填进 [quota] dings_per_month。"
_SCOPE = "这里只算群管家自己的调用。全组织共用的额度，以开发者后台「资源管理」为准。"
_REFUSED = "钉钉今天答复说全组织的额度已用完，可能是别的应用用掉的"
_BAR_CELLS = 10
_MOST_PURPOSES = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages wait because calls are scarce."""

    reminders: int = 0
    digests: int = 0


def overview(now: Standing, waiting: Waiting, pushes: int) -> str:
    """All that `/配额` says; `pushes` is how many messages and events DingTalk delivered this month."""
    parts = [
        f"**本月接口用量：{LABELS[now.level]}**",
        f"{bar(now.calls)} {percent(now.calls)}",
        f"已用 {now.calls.used:,} 次，额度 {now.calls.limit:,} 次；今天 {now.used_today:,} 次。",
        _list([*_outlook(now), f"缓发：{_held(waiting)}"]),
    ]
    if now.level > Level.PLENTY:
        parts.append(_EFFECTS[now.level])
    if now.by_purpose:
        used_for = [f"{purpose} {number:,} 次" for purpose, number in _most(now.by_purpose).items()]
        parts += ["**用在哪里**", _list(used_for)]
    apart = [f"会话内回复 {now.webhook_replies:,} 次，收到推送 {pushes:,} 条", _dings(now)]
    parts += ["**另有额度，不占上面的**", _list(apart)]
    if now.level > Level.PLENTY or _runs_out(now) is not None:
        parts.append(_MORE)
    return "\n\n".join([*parts, _SCOPE])


def calls_run_out(now: Standing) -> Body:
    """To main admins: calls are scarcer than they have heard so far this month."""
    parts = [
        f"**钉钉接口额度{LABELS[now.level]}**",
        f"{_gone(now.calls, '次')}。{_prospect(now)}。",
        f"现在起：{_EFFECTS[now.level]}",
        _MORE,
    ]
    return Body("\n\n".join(parts), TITLE_CALLS, (Button("看明细", "/配额"),))


def dings_run_out(now: Standing) -> Body:
    """To main admins: the same about DINGs."""
    text = f"**DING 额度{LABELS[now.ding_level]}**\n\n{_gone(now.dings, '人次')}。\n\n{_MORE_DINGS}"
    return Body(text, TITLE_DINGS, (Button("看明细", "/配额"),))


def bar(allowance: Allowance) -> str:
    """Ten cells; a cell is full when its tenth is gone, and none is empty when all are gone."""
    full = min(_BAR_CELLS, int(allowance.share * _BAR_CELLS))
    return "■" * full + "□" * (_BAR_CELLS - full)


def percent(allowance: Allowance) -> str:
    """The share in whole percents, rounded down: 100% only when it is reached."""
    return f"{allowance.used * 100 // allowance.limit}%"


def _gone(allowance: Allowance, unit: str) -> str:
    return f"本月已用 {allowance.used:,} {unit}，额度 {allowance.limit:,}（{percent(allowance)}）"


def _outlook(now: Standing) -> list[str]:
    if now.pace is None:
        return [f"预计：{_prospect(now)}"]
    workday, day_off = round(now.pace.workday), round(now.pace.day_off)
    return [f"近两周：工作日每天约 {workday:,} 次，休息日约 {day_off:,} 次", f"预计：{_prospect(now)}"]


def _prospect(now: Standing) -> str:
    if now.is_refused:
        return _REFUSED
    if now.calls.used >= now.calls.limit:
        return "本月的已经用完，下月 1 日恢复"
    if now.forecast is None:
        return "记录还太少，过几天才能估计"
    day = _runs_out(now)
    if day is None:
        return f"够用到月底，全月约 {now.forecast.by_the_end:,} 次"
    when = "今天" if day == now.today else f"{day.month} 月 {day.day} 日前后"
    return f"照这样用，{when}就会用完"


def _runs_out(now: Standing) -> date | None:
    return None if now.forecast is None else now.forecast.runs_out_on


def _held(waiting: Waiting) -> str:
    counts = {"提醒": waiting.reminders, "汇总": waiting.digests}
    return "、".join(f"{name} {number} 条" for name, number in counts.items() if number) or "没有"


def _dings(now: Standing) -> str:
    used = f"DING {now.dings.used:,} 人次"
    if now.dings.limit:
        return f"{used}，额度 {now.dings.limit:,}（{percent(now.dings)}）"
    return f"{used}，额度还没有填（[quota] dings_per_month）"


def _most(by_purpose: Mapping[str, int]) -> Mapping[str, int]:
    return dict(list(by_purpose.items())[:_MOST_PURPOSES])


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
