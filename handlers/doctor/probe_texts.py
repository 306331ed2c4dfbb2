"""What is said about each thing that a self-check tries: what was found, and what to do. Pairs of the two.

What the platform or the system says in its own words comes in through `foreign`, so that it is no markup in a chat.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.doctor import permissions
from handlers.markdown import literal

Said = tuple[str, str]
"""Found, and advice; the advice is empty where nothing is to be done."""

_MEGABYTE = 1024 * 1024
_LONGEST = 160

UNREACHED = {
    "dns": (
        "域名 {host} 解析不了",
        "请检查这台机器的网络和 DNS；在校内请网络中心放行 *.dingtalk.com",
    ),
    "refused": ("{host} 拒绝连接", "请检查防火墙是否放行 443 端口，以及配置里的接口地址"),
    "timeout": ("{host} {seconds} 秒内没有答复", "请检查网络是否通畅，防火墙是否放行 *.dingtalk.com 的 443 端口"),
    "tls": (
        "{host} 的证书不受信任，多半被网关或代理替换了",
        "请让网络中心对 *.dingtalk.com 免做解密，并核对本机时钟",
    ),
    "proxy": ("代理用不了，连不上 {host}", "请检查环境变量 HTTPS_PROXY 指向的代理，或在 NO_PROXY 里写上 {host}"),
    "cut": ("与 {host} 的连接中途断开", "请检查网络、代理与防火墙，过一会儿再自检"),
    "error-page": (
        "{host} 出错（HTTP {status}）",
        "钉钉或中间的代理暂时出错：过几分钟再自检，一直这样请检查代理",
    ),
    "stranger": (
        "{host} 的答复不是钉钉的（HTTP {status}）",
        "多半被代理或上网认证页拦截：请在这台机器上完成上网认证，或让网络中心放行",
    ),
}
"""By the kind of trouble; none of them is a refusal by DingTalk."""

NO_NETWORK = ("钉钉连不上，没法检查", "")
NO_CREDENTIALS = ("应用凭证不可用，没法检查", "")
PLATFORM_BUSY = ("钉钉暂时忙或出错，没法检查", "")
NOT_FILLED_IN = ("还没有填应用凭证，没法检查", "")
OFFLINE = ("这次不联网，没有检查", "")
CREDENTIALS_GOOD = ("钉钉认可 client_id 与 client_secret", "")
GATEWAY_IN_USE = ("机器人正连着 {count} 条，不必另试", "")
GATEWAY_GOOD = ("钉钉允许建立 Stream 连接", "")
SCENE_GROUPS_NOT_NEEDED = ("没有已知的场景群，不需要这项权限", "")
SCENE_GROUPS_GOOD = ("读得到场景群", "")
SCENE_GROUP_CLOSED = (
    "有一个场景群现在读不到（{code}）",
    "如果群已改造或解散，不必处理；否则请核对该群是否由本应用创建",
)
SEND_PROVEN = ("最近一次经接口发出消息：{at}", "")
SEND_GOOD = ("向一个不存在的人试发，钉钉答“没有这个人”：有权限，没有打扰任何人", "")
NO_DATABASE = ("还没有数据库，第一次运行时会建好", "")
DATABASE_GOOD = ("数据库完好", "")
DATABASE_GOOD_SO_FAR = ("数据库很大，{seconds} 秒内没有查完，查过的部分完好", "想查完整个文件：steward doctor")
DATABASE_BROKEN = (
    "数据库损坏：{what}",
    "请停止群管家，先把数据库文件复制一份留底，再用最近的备份恢复（steward restore）",
)
DATABASE_UNREADABLE = ("数据库读不了：{what}", "请检查 [storage] path 指的文件、它的权限和磁盘")


def network_good(host: str, milliseconds: int) -> Said:
    """DingTalk answers."""
    return f"连得上 {host}（{milliseconds} 毫秒）", ""


def unreached(kind: str, host: str, *, seconds: float = 0, status: int = 0) -> Said:
    """DingTalk was not reached; `kind` is a key of `UNREACHED`."""
    found, advice = UNREACHED[kind]
    return found.format(host=host, seconds=f"{seconds:g}", status=status), advice.format(host=host)


def credentials_refused(code: str) -> Said:
    """DingTalk answers and does not accept the application."""
    return (
        f"钉钉不接受这个应用（{foreign(code)}）",
        "请在开发者后台「凭证与基础信息」核对 Client ID 与 Client Secret，改好 [dingtalk] 后重启",
    )


def platform_in_trouble(code: str) -> Said:
    """DingTalk answers that it cannot just now."""
    return f"钉钉暂时忙或出错（{foreign(code)}）", "过几分钟再自检"


def clock(seconds_ahead: int) -> Said:
    """How far this machine's clock is from DingTalk's; positive: ahead of it."""
    if abs(seconds_ahead) <= 1:
        return "本机时钟与钉钉一致", ""
    return f"本机时钟比钉钉{'快' if seconds_ahead > 0 else '慢'} {_duration(abs(seconds_ahead))}", ""


CLOCK_ADVICE = "请打开系统的时间同步（Linux：timedatectl set-ntp true；Windows：设置里的“自动设置时间”）"
NO_DATE = ("钉钉的答复没有带时间，没法核对时钟", "")


def departments(count: int) -> Said:
    """What the application sees of the tree of departments."""
    if count:
        return f"读得到通讯录，根部门下有 {count} 个部门", ""
    return "读得到通讯录，但一个部门也看不到", "请在开发者后台「权限管理」把通讯录权限范围改为全部员工"


MEMBERS_GOOD = ("读得到部门成员", "")


def lacking(points: Sequence[str]) -> Said:
    """Permissions are missing."""
    names = "、".join(permissions.label(point) for point in points)
    return f"应用缺少权限：{names}", "请在开发者后台「权限管理」申请，批准后立即生效"


def quota_used_up(code: str) -> Said:
    """The month's calls are gone, which the check of the quota says with what to do."""
    return f"组织本月的接口调用量已用完，没法检查（{foreign(code)}）", ""


def address_refused(code: str) -> Said:
    """DingTalk does not take calls from where we are."""
    return (
        f"钉钉不接受来自这台机器的调用（{foreign(code)}）",
        "请在开发者后台「安全设置」的服务器出口 IP 里加上本机的公网地址",
    )


def refused(code: str, advice: str) -> Said:
    """Any other refusal; `advice` is what we know of the code, if anything."""
    otherwise = "请按错误代码核对应用设置；权限与通讯录范围在开发者后台「权限管理」"
    return f"钉钉拒绝了（{foreign(code)}）", advice or otherwise


def disk(free: int, folder: str) -> Said:
    """Free bytes where the database is."""
    return f"磁盘还有 {_size(free)} 可用（{folder}）", ""


DISK_ADVICE = "请清理磁盘或把数据库搬到更大的盘（[storage] path）；写满后既收不进也发不出"


def foreign(text: str) -> str:
    """Words of others, short and without markup."""
    return literal(text)[:_LONGEST]


def _size(number: int) -> str:
    megabytes = number / _MEGABYTE
    return f"{megabytes / 1024:.1f} GB" if megabytes >= 1024 else f"{megabytes:.0f} MB"


def _duration(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} 秒"
    if seconds < 7200:
        return f"{seconds // 60} 分钟"
    return f"{seconds // 3600} 小时" if seconds < 172_800 else f"{seconds // 86_400} 天"
