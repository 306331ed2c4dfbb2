"""What owners say about a list without answering it: a promise, a plea, a slip, `撤回3`, a doubt. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from handlers.cleanup.answers import Names, understand_command
from handlers.courtesies import is_promise

LONGEST = 30
"""Characters; a longer text is more than a remark."""

_CLEAR = r"(?:移|踢|删|清理|清出|清退|请出)"
_PLEA = re.compile(
    rf"(?:(?:你|您|机器人|群管家|管家|帮忙|帮我|帮|替我|麻烦|请|能不能|能否|可以|可不可以).{{0,10}}{_CLEAR}"
    rf"|(?:怎么|如何|怎样|咋).{{0,6}}{_CLEAR}.{{0,6}}|{_CLEAR}不了.{{0,6}}|我?(?:没有?|无)权限.{{0,4}}{_CLEAR}?.{{0,4}})"
    r"(?:人|掉|走|出|出去|出群|一下|了|吧|吗|么|呢|啊|呀|谢谢)*"
)
_SLIP = re.compile(
    r"(?:不好意思|抱歉|糟糕|哎呀?|我|刚才|刚刚|上面|不小心)*(?:点|答|选|发|写|弄|搞|按|回复?|填)错了?(?:一个|人)?"
)
_TAKE_BACK = re.compile(r"(?:请|我要|我想|帮我|麻烦)?(?:撤回|撤销|取消)")
_ASKS = re.compile(r"[?？吗呢么]|怎|为什么|为何|凭什么|哪|谁|是不是")
_ABOUT_THE_LIST = re.compile(
    r"(?:这个?|这份|你的?|群管家的?)?(?:名单|数据|资料|信息)(?:是|都|准)*(?:怎么|从?哪里?|哪儿|什么地方|根据什么|依据什么|准).{0,8}"
)
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Remark:
    """What kind of remark it is; `numbers` are those whose answers are taken back.

    `plea`: the bot is asked to remove somebody, or how that is done. `why`: somebody asks about these people on the
    list, or, without numbers, about the list.
    """

    kind: Literal["promise", "plea", "slip", "take-back", "why"]
    numbers: tuple[int, ...] = ()


def remark_in(text: str, today: date, names: Names | None = None) -> Remark | None:
    """The remark that the text is as a whole; None for a question or anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or len(plain) > LONGEST:
        return None
    if is_promise(plain):
        return Remark("promise")
    begins = _TAKE_BACK.match(plain)
    if begins is not None:
        found = understand_command("removed", plain[begins.end() :].strip(), today, names)
        numbers = tuple(number for answer in found.answers for number in answer.numbers)
        return Remark("take-back", numbers) if numbers and not found.rest else None
    bare = _SIGNS.sub("", plain)
    if _SLIP.fullmatch(bare):
        return Remark("slip")
    if _PLEA.fullmatch(bare):
        return Remark("plea")
    named = tuple(number for name, numbers in (names or {}).items() if name in plain for number in numbers)
    if (named and _ASKS.search(plain)) or _ABOUT_THE_LIST.fullmatch(bare):
        return Remark("why", named)
    return None
