"""What is said about each thing that a self-check reads: what was found, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.markdown import literal

Said = tuple[str, str]
"""Found, and advice; the advice is empty where nothing is to be done."""

_MOST_NAMES = 5
_LONGEST = 160
_RESTART = "请看日志最后几行，再重启群管家（已收到的不会丢）"

_OURS = {
    "cleanup-reminders": "清理催办",
    "study-reminders": "学习提醒",
    "directory-sync": "读通讯录",
    "retention": "清除过期记录",
    "policy-review": "问答复核提醒",
    "policy-digest": "规章问答周报",
    "moderation-digest": "内容提醒周报",
    "quota-watch": "额度提醒",
}
"""The plans that have no entry in the settings."""

RUNNING = ("正在运行", "")
NOT_KNOWN_WITHOUT_DATABASE = ("数据库读不了，看不出来", "")
DATABASE_NOT_READ = (
    "数据库完好，但这个版本现在读不了",
    "升级后先启动一次群管家，数据库会随之升级；如果程序比数据库旧，请升级程序",
)
NEVER_RUN = ("还没有运行过", "配置好以后执行 steward run")
NOT_TRIED = ("还没有检查过", "")
CONFIGURATION_GOOD = ("配置没有错误", "")
CONNECTED = ("{count} 条连接都在", "")
CONNECTED_IN_PART = ("只有 {count} 条连接，应有 {wanted} 条", "通常几分钟内自动补上；一直这样请看日志")
NOT_CONNECTED = ("一条连接也没有{why}", "会自动重连；几分钟后仍没有，请照“网络”“凭证”“网关”几项处理")
NO_FRAME_YET = ("还没有动静", "")
FRAMES_COME = ("最近一次动静：{at}", "")
MUTE = ("连接还在，但 {ago}没有任何动静", "会自动换新连接；一直这样请检查网络设备是否掐断长连接")
NO_SILENCE = ("近 7 天没有断过线", "")
HEARD = ("最近一次听到：{at}", "")
HEARD_NOW = ("最近一次听到：刚才这条", "")
NEVER_HEARD = (
    "还没有听到过任何消息",
    "在群里 @机器人 说一句试试；没反应就到开发者后台确认：机器人消息接收模式是 Stream、已发布版本、可见范围含本人",
)
RIVAL = (
    "可能有另一个程序也在用这个应用（最近迹象 {at}），它会分走一部分消息",
    "请找到那台机器停掉它；找不到就在开发者后台重置 Client Secret，只填到这一台",
)
NO_RIVAL = ("没有发现别的程序在用这个应用", "")
_BRIDGE = "请看 steward bridge 的服务和日志（docs/bridge.md）"
BRIDGE_OFF = ("没有开消息桥接，群里只听得到 @机器人 的消息", "")
BRIDGE_RUNS = ("消息桥接在运行，{groups} 个群听得到全部消息", "")
BRIDGE_FOR_NOBODY = (
    "消息桥接开了，还没有群同意",
    "请群主在群里 @机器人 发 /群 旁听 同意，或写 [bridge] groups；不用就设 enabled = false",
)
BRIDGE_NEVER_RAN = ("消息桥接开了，近 7 天没有运行过", _BRIDGE)
BRIDGE_STOPPED = ("消息桥接没有在运行（最近 {at}），现在只听得到 @机器人 的消息", _BRIDGE)
BRIDGE_LOSES = ("消息桥接近一天收到 {lines} 行，丢了 {lost} 行", _BRIDGE)
BRIDGE_UNHEARD = (
    "有 {count} 个群同意了旁听，还没收到桥接来的消息：{names}",
    "请看送消息的程序有没有订阅这些群",
)
NOTHING_WAITS = ("没有积压", "")
INBOX_WAITS = ("有 {count} 条收到的消息等了 {ago}还没处理", "处理不过来或卡住了：" + _RESTART)
INBOX_WAITS_FOR_START = ("有 {count} 条收到的消息等程序启动后处理", "")

NOTHING_PARKED_OUT = ("没有发不出去的消息", "")
NOTHING_RETRIED = ("没有等着重试的消息", "")
NOTHING_TROUBLED = ("没有等着重发的消息", "")
OUTBOX_WAITS = ("有 {count} 条消息等了 {ago}还没发", "卡住了：" + _RESTART)
QUOTA_GOOD = ("本月调用 {used:,} 次，额度 {limit:,} 次", "")
QUOTA_TIGHT = (
    "本月调用 {used:,} 次，额度 {limit:,} 次，已经紧张：不急的先缓发，现有 {count} 条等着",
    "发 /配额 看明细",
)
QUOTA_OUT = (
    "本月调用额度已用完：主动消息缓发，现有 {count} 条等着；@我 的回答不受影响",
    "下月 1 日恢复；急用请在钉钉管理后台升级或加购。发 /配额 看明细",
)
EVERYBODY_REACHED = ("没有收不到私信的人", "")
UNREACHABLE = ("有 {count} 人收不到机器人的私信", "请在开发者后台把应用的可见范围扩大到全部员工；已离职的人不必处理")

ONLY_MENTIONS = ("群里只有 @我 的消息我才听得到，这是钉钉的规定", "")
NOTHING_PARKED_IN = ("没有处理出错的消息", "")
RETRYING = ("有 {count} 条消息处理出错，正在重试", "几秒后见分晓；再失败会搁置，发 /自检 搁置 可查")
DOCUMENTS = ("{count} 份规章有效", "")
NO_DOCUMENTS = ("没有有效的规章，什么都答不上来", "执行 steward policy import 文件，导入规章")
RULES = ("{count} 条内容规则", "")
NO_RULES = ("没有内容规则，不会提醒任何内容", "检查 [moderation] rules 指的文件")
GROUPS = ("登记的 {count} 个群都听到过", "")
NO_GROUPS = ("还没有任何群", "把机器人加进群，由群主在群里发：@机器人 /群 登记")
EVERY_GROUP_ANSWERED = ("登记的群里都回答规章问题", "")
EXTERNAL_UNANSWERED = ("{count} 个外部群按设置不回答规章问题", "")
REGISTERED = ("听到过的群都登记了", "")
ADMINS = ("{count} 位主管理员", "")
NO_ADMINS = ("没有主管理员，出了问题没有人知道", "把主管理员的 userid 写进 [roles] main_admins")

NO_PLANS = ("没有清理计划", "需要的话在配置里写 [[cleanup.schedules]]")
DUE_WAITS = ("有 {count} 项到点的任务等了 {ago}还没做完", _RESTART)
NOTHING_DUE_WAITS = ("到点的任务都做了", "")
OWNERS = ("要清理的群都有群主", "")
CALENDAR = ("放假安排已收录", "")


def stopped(at: str) -> Said:
    """It said good-bye."""
    return f"程序已在 {at} 停止", "执行 steward run（装成服务的：systemctl start steward）"


def died(at: str) -> Said:
    """It ended without a good-bye, or hangs."""
    return f"程序在 {at} 之后没有了动静，多半被结束或卡死", _RESTART


def running_since(at: str, version: str) -> Said:
    """It runs."""
    return f"正在运行，{at} 启动，版本 {version}", ""


def configuration(problems: Sequence[str]) -> Said:
    """Mistakes of the configuration; each line says itself what is allowed."""
    more = f"；另有 {len(problems) - 1} 处" if len(problems) > 1 else ""
    return f"{problems[0].partition(' / ')[0]}{more}", "全部错误：steward check-config"


def silences(count: int, began_at: str, ended_at: str | None) -> Said:
    """Times without a connection; the last one is told."""
    if ended_at is None:
        return f"从 {began_at} 断线至今", "会自动重连；请照“网络”“凭证”两项处理"
    return (
        f"近 7 天断线 {count} 次，最近一次 {began_at} 到 {ended_at}",
        "断线时 @我 的消息可能没收到，请相关同事再说一次；常断请检查网络",
    )


def troubles(what: str, said: Sequence[tuple[str, int]]) -> str:
    """`3 条…：` and the errors with their counts."""
    total = sum(count for _, count in said)
    parts = "；".join(
        f"{literal(error)[:_LONGEST]}（{count} 条）" if len(said) > 1 else literal(error)[:_LONGEST]
        for error, count in said[:_MOST_NAMES]
    )
    return f"{total} 条{what}：{parts}"


PARKED_ADVICE = "发 /自检 搁置 看是哪些；原因排除后发 /自检 重试 全部，不要了就 /自检 丢弃"
PARKED_IN_ADVICE = "发 /自检 搁置 看是哪些；数据修好或升级后发 /自检 重试 全部，不要了就 /自检 丢弃"
TROUBLED_ADVICE = "会自动重试；一直这样请照前面的原因处理"


def held(quiet: tuple[str, str] | None, count: int) -> Said:
    """What the night keeps back."""
    if quiet is None:
        return "没有设夜间免打扰", ""
    waiting = f"现有 {count} 条提醒等到早上" if count else "现在没有等着的"
    return f"{quiet[0]} 到 {quiet[1]} 只发回答，{waiting}", ""


def parked_in(count: int) -> Said:
    """Messages whose handling failed for good."""
    return f"{count} 条收到的消息没有处理成，已搁置", PARKED_IN_ADVICE


def unheard(names: Sequence[str]) -> Said:
    """Groups that were registered and never heard."""
    return (
        f"{len(names)} 个群从没听到过：{_listed(names)}",
        "请确认机器人已加进这些群，并在群里 @机器人 说一句；用不着的群可不管",
    )


def unregistered(names: Sequence[str]) -> Said:
    """Groups that no schedule covers, because nobody has said what they are for."""
    return (
        f"{len(names)} 个群还没有登记，定时清理不管它们：{_listed(names)}",
        "请群主在群里发 @机器人 /群 登记，或用 steward import groups 补上",
    )


def overdue(names: Sequence[str]) -> Said:
    """Schedules whose time has passed."""
    return f"到点没有动静：{_plans(names)}", _RESTART


def not_known(names: Sequence[str]) -> Said:
    """Schedules that the running bot has not looked at as they stand in the settings."""
    return (
        f"计划还没有排上：{_plans(names)}",
        "改过配置要重启（或 systemctl reload steward）才生效；已重启仍这样请看日志",
    )


def plans(upcoming: Sequence[tuple[str, str]], past: Sequence[tuple[str, str]]) -> Said:
    """Names and next times of all, names and last times of those that were due before."""
    parts = [
        f"{words}：{'，'.join(f'{_plan(name)} {at}' for name, at in times)}"
        for words, times in (("上次", past), ("接下来", upcoming))
        if times
    ]
    return "；".join(parts) or "还没有到过点", ""


def _plans(names: Sequence[str]) -> str:
    return "、".join(map(_plan, names))


def _plan(name: str) -> str:
    return _OURS.get(name) or literal(name)


def ownerless(names: Sequence[str]) -> Said:
    """Groups of which somebody else has to be reminded."""
    return (
        f"{len(names)} 个群没有群主，清理提醒只能发给部门负责人或主管理员：{_listed(names)}",
        "请群主在群里发 @机器人 /群 登记，或用 steward import groups 补上",
    )


def uncovered(years: Sequence[int]) -> Said:
    """Years of which the official holidays are not known."""
    return (
        f"{'、'.join(map(str, years))} 年的放假安排还没有收录，暂按周一至周五算",
        "国务院公布后升级 chinesecalendar：pip install -U chinesecalendar",
    )


def ago(span: timedelta) -> str:
    """`3 分钟`, `2 小时`, `5 天`, with a space behind for what follows."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 120:
        return f" {minutes} 分钟"
    return f" {minutes // 60} 小时" if minutes < 2880 else f" {minutes // 1440} 天"


def moment(local: datetime) -> str:
    """`11-25 09:30`."""
    return f"{local:%m-%d %H:%M}"


def _listed(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > _MOST_NAMES else ""
    return "、".join(literal(name) for name in names[:_MOST_NAMES]) + more
