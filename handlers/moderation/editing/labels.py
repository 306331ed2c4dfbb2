"""What people call the parts of a rule. The first word for each is the one that the bot says; all are understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from handlers.groups.register import KINDS
from handlers.moderation import detectors, passes
from handlers.moderation.hours import DAYS, WORKING_HOURS

Words = Mapping[str, tuple[str, ...]]
"""For each code the words for it."""

CATEGORY_WORDS: Words = {
    "advertising": ("广告推销", "广告", "推销"),
    "privacy": ("个人信息", "隐私"),
    "secrecy": ("涉密内容", "涉密", "保密"),
    "unlawful": ("违法内容", "违法"),
    "abuse": ("不文明用语", "不文明", "辱骂"),
    "non-work": ("与工作无关", "无关", "闲聊"),
}
STATE_WORDS: Words = {
    "observe": ("观察", "只记录"),
    "remind": ("提醒",),
    "enforce": ("执行", "强制", "强制执行"),
}
SEVERITY_WORDS: Words = {"low": ("轻", "低"), "medium": ("中", "一般"), "high": ("重", "高")}
CONSEQUENCE_WORDS: Words = {
    "sender": ("本人",),
    "owner": ("群主",),
    "head": ("部门负责人", "负责人"),
    "admins": ("管理员", "主管理员"),
    "ding": ("打钉", "钉"),
    "public": ("群里公开", "公开"),
}
ROLE_WORDS: Words = {
    "staff": ("教职工", "老师"),
    "owner": ("群主",),
    "sub-admin": ("子管理员",),
    "main-admin": ("主管理员",),
    "outsider": ("组织外人员", "外部人员"),
    "student": ("学生",),
}
KIND_WORDS: Words = {code: (label, label.removesuffix("群")) for label, code in KINDS.items()}
DETECTOR_WORDS: Words = {name: (detectors.LABELS.get(name, name),) for name in detectors.ALL_NAMES}
PASS_WORDS: Words = {name: (passes.LABELS.get(name, name),) for name in passes.NAMES}

NONE = ("无", "不限", "没有", "默认", "清空")
"""What empties a field."""

_DAY_WORDS = "一二三四五六日"
_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")


def code(word: str, words: Words) -> str | None:
    """The code that a word means: the code itself, a word for it, or the one word that begins so."""
    typed = unicodedata.normalize("NFKC", word).strip().casefold()
    for each, known in words.items():
        if typed == each or typed in known:
            return each
    near = {each for each, known in words.items() if typed and known[0].startswith(typed)}
    return near.pop() if len(near) == 1 else None


def said(one: str, words: Words) -> str:
    """What people call it; what is not known stays as it is."""
    return words.get(one, (one,))[0]


def all_said(codes: Iterable[str], words: Words) -> str:
    """The same for several."""
    return "、".join(said(one, words) for one in codes)


def hours_code(text: str) -> str:
    """`工作时间` and `周一至周五 8:00-18:00` as rule files write them; anything else stays as it is."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if typed in ("工作时间", "上班时间"):
        return WORKING_HOURS
    typed = _DAY.sub(lambda day: DAYS[_DAY_WORDS.index(day[1].replace("天", "日"))], typed.removeprefix("每天"))
    typed = re.sub(r"\s*[至到~—–]\s*", "-", typed)
    typed = re.sub(r"(?<=[a-z])\s*、\s*(?=[A-Z])", ",", typed)
    return re.sub(r"(?<=[a-z])(?=\d)", " ", typed).strip()


def hours_said(hours: str) -> str:
    """The same the other way round."""
    if hours == WORKING_HOURS:
        return "工作时间"
    for day, word in zip(DAYS, _DAY_WORDS, strict=True):
        hours = re.sub(day, f"周{word}", hours, flags=re.IGNORECASE)
    return re.sub(r"(周.)-(周.)", r"\1至\2", hours)
