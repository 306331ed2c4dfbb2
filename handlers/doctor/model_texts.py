"""What a self-check says of the two models that may help with answers. Neither is ever more than a warning: the plain
answer stands without them. Pairs of what was found and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.markdown import literal

Said = tuple[str, str]

_OFF_SEMANTIC = "不用它就把 [semantic] source 写成 off"
_OFF_LANGUAGE = "不用它就把 [language_model] address 留空"
SEMANTIC_OFF = ("没有启用，按字面查条文", "")
SEMANTIC_GOOD = ("可用（{milliseconds} 毫秒）", "")
LANGUAGE_OFF = ("没有启用，直接发条文原文", "")

_TROUBLES: Mapping[str, Said] = {
    "timeout": ("{seconds} 秒内没有答复", "换快一些的模型，或调大 [{section}] timeout_seconds"),
    "unreachable": ("连不上", "核对 [{section}] address 和这台机器的网络"),
    "refused": ("接口不接受请求", "核对 [{section}] 的 address、model 和 key"),
    "overloaded": ("接口太忙或者额度用完", "过几分钟再自检；一直这样请问接口的提供方"),
    "broken": ("模型自己出错", "过几分钟再自检；一直这样请问接口的提供方"),
    "redirect": ("接口要转到别的地址，没有跟去", "把 [{section}] address 写成最后的地址"),
    "unreadable": ("答复读不懂", "核对 [{section}] address：要写到 /v1 为止，是 OpenAI 兼容的接口"),
    "huge": ("答复太大，没有读完", "核对 [{section}] address 和 model"),
}
_WHY_DROPPED: Mapping[str, str] = {
    "empty": "没有内容",
    "declined": "说条文没有回答",
    "long": "太长",
    "markup": "带了格式或怪字符",
    "link": "带了链接",
    "mention": "带了 @",
    "uncited": "没有写明依据",
    "not-retrieved": "引了没查到的条文",
    "number": "有条文里没有的数字或日期",
    "word": "有条文里没有的词",
    "unfounded": "说了条文之外的话",
}


def semantic_filling(there: int, wanted: int) -> Said:
    """Vectors are being made."""
    return f"正在准备：{there}/{wanted} 条；备好以前按字面查", ""


def semantic_ready(count: int) -> Said:
    """In use."""
    return f"在用，{count} 条已备好", ""


def semantic_missing(package: str) -> Said:
    """What it needs is not installed."""
    return (
        f"没有装 {literal(package)}，按字面查条文",
        f"在项目文件夹里执行 pip install '.[semantic]' -c constraints.txt，再重启；{_OFF_SEMANTIC}",
    )


def semantic_trouble(trouble: str, seconds: float) -> Said:
    """It does not work; `trouble` is a word of `bot.model_calls`."""
    found, advice = _trouble(trouble, "semantic", seconds)
    return f"{found}，按字面查条文", f"{advice}；{_OFF_SEMANTIC}"


def language_good(milliseconds: int, recent: Mapping[str, int]) -> Said:
    """In use; `recent` counts what became of its last texts."""
    return f"可用（{milliseconds} 毫秒）{_recent(recent)}", ""


def language_dropping(recent: Mapping[str, int]) -> Said:
    """It answers, and most of what it says cannot be shown."""
    return (
        f"能用，但多数转述没用上，改发了原文{_recent(recent)}",
        f"换一个更守规矩、更快的模型；{_OFF_LANGUAGE}",
    )


def language_dropped(reason: str) -> Said:
    """What it said to a plain trial did not hold."""
    return (
        f"能用，但试着转述时没通过核对（{_WHY_DROPPED.get(reason, reason)}），这样的会改发原文",
        f"换一个更守规矩的模型；{_OFF_LANGUAGE}",
    )


def language_trouble(trouble: str, seconds: float) -> Said:
    """It does not work; `trouble` is a word of `bot.model_calls`."""
    found, advice = _trouble(trouble, "language_model", seconds)
    return f"{found}，问答改发条文原文", f"{advice}；{_OFF_LANGUAGE}"


def _trouble(trouble: str, section: str, seconds: float) -> Said:
    found, advice = _TROUBLES.get(trouble, ("用不了", "请看日志"))
    return found.format(seconds=f"{seconds:g}"), advice.format(section=section)


def _recent(recent: Mapping[str, int]) -> str:
    total = sum(recent.values())
    if not total:
        return ""
    lost = {why: count for why, count in recent.items() if why != "used"}
    worst = max(lost, key=lambda why: lost[why], default="")
    name = _WHY_DROPPED.get(worst) or _TROUBLES.get(worst, (worst, ""))[0].format(seconds="限定")
    because = f"，没用上的多半是{name}" if worst else ""
    return f"；最近 {total} 次用上 {recent.get('used', 0)} 次{because}"
