"""What the bot says to whoever speaks of a list without answering it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cleanup.texts import line
from handlers.message import Button
from storage.findings import Finding

NOT_IN_GROUP = "清理的答复请私聊发给我，名单和编号都在那里。"


def later(left: int) -> str:
    """Somebody will see to it."""
    return f"好的，不着急。处理完回复我一声就行，还剩 {left} 项。"


def cannot_remove(number: int) -> str:
    """Somebody wants the bot to remove people, or to know how that is done."""
    return (
        "我没有移人的权限，要请群主或群管理员来：打开群设置，在群成员里把人移出。"
        f"移好了回复我，例如「{number} 已移出」；认不准的回复「{number} 不清楚」，我转给管理员。"
    )


def why(findings: Sequence[Finding]) -> str:
    """Somebody asks about people on the list, or where it comes from."""
    lines = "\n".join(f"{line(finding)}  " for finding in findings)
    doubts = (
        f"拿不准就回复「{findings[0].number} 不清楚」，我转给管理员。" if findings else "拿不准的就回复「不清楚」。"
    )
    said = f"名单是按人事名册和钉钉通讯录核对的。资料不对，请联系人事部门更正；{doubts}"
    return f"{lines}\n\n{said}" if lines else said


def take_back(number: int) -> Button:
    """What undoes one answer."""
    return Button(f"撤回 {number}", f"/清理 撤回 {number}")


def slip(number: int) -> str:
    """Somebody answered wrongly."""
    return f"没关系。再答复一次就以新的为准，例如「{number} 不清楚」；也可以撤回第 {number} 项的答复。"
