"""What the bot says about commands themselves."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.access import Role
from handlers.commands.command import Command
from handlers.markdown import literal
from handlers.moderation.masking import mask

TITLE_HELP = "使用帮助"
TITLE_CONFIRM = "请确认"
DROPPED = "好的，已取消。"
NOTHING_WAITS = "现在没有等你确认的命令。"
CODE_DOES_NOT_FIT = "确认代码不对：可能打错了、用过了、过了两分钟，或者不是在原来的会话里。请把命令重新发一次。"

INTRODUCTION = "**我是群管家**，可以："
ABILITIES = (
    "- 答规章：直接问，例如「退休的老师还要留在群里吗」",
    "- 管内容：引用一条消息，@我 发送「举报」",
    "- 理成员：到时间提醒群主核对群成员",
)
"""What the bot does; the first only where regulations are answered."""
HEARS = "群里只有 @我 的消息我才看得到。"
MORE = "要看某个命令的用法，发送：/帮助 命令名，例如 /帮助 {name}"


def overview(commands: Sequence[Command], role: Role, *, may_ask: bool) -> str:
    """What the bot is for, and the commands of one person, a line a family."""
    parts = [INTRODUCTION, "\n".join(ABILITIES if may_ask else ABILITIES[1:]), HEARS]
    if commands:
        lines = []
        for first in dict.fromkeys(command.words[0] for command in commands):
            members = [command for command in commands if command.words[0] == first]
            further = "｜".join(dict.fromkeys(command.words[1] for command in members if len(command.words) > 1))
            if len(members[0].words) > 1:
                lines.append(f"- /{first} {further}")
            else:
                lines.append(f"- /{first}：{members[0].summary}" + (f"；还有 {further}" if further else ""))
        parts.append(f"你可以用的命令（{role.label}）：\n\n" + "\n".join(lines))
        families = [command.words[0] for command in commands if len(command.words) > 1]
        if families:
            parts.append(MORE.format(name=families[-1]))
    return "\n\n".join(parts)


def family(commands: Sequence[Command], near: Command | None) -> str:
    """The commands of a family; `near` is the one that was probably meant."""
    lines = "\n".join(f"- {command.usage}：{command.summary}" for command in commands)
    hint = f"是不是想用：{near.example}\n\n" if near is not None else ""
    return f"{hint}**/{commands[0].words[0]}** 有这些用法：\n\n{lines}"


def detail(command: Command) -> str:
    """One command in full."""
    english = f"/{' '.join(command.aliases)}"
    lines = [
        f"**/{' '.join(command.words)}**",
        "",
        command.summary,
        "",
        f"- 用法：{command.usage}",
        f"- 例如：{command.example}",
        f"- 英文：{english}",
    ]
    if command.role > Role.STAFF:
        lines.append(f"- 谁能用：{needed(command.role)}")
    return "\n".join(lines)


def needed(role: Role) -> str:
    """A role as the least that is needed."""
    return role.label if role is Role.MAIN_ADMIN else f"{role.label}及以上"


def unknown(text: str, near: Command | None) -> str:
    """No such command."""
    typed = literal(mask(text))[:20].strip()
    if near is None:
        return f"没有「{typed}」这个命令。发送 /帮助 看看能做什么。"
    return f"没有「{typed}」这个命令，是不是想用：\n\n{near.example}\n\n{near.summary}。"


def refused(command: Command, role: Role, conversation: str | None) -> str:
    """Not this person, or not here."""
    name = "/" + " ".join(command.words)
    text = f"{name} 需要{needed(command.role)}，你现在是{role.label}。如需权限，请联系主管理员。"
    if conversation is not None:
        text += f"\n\n本群 ID：{conversation}"
    return text


def usage(command: Command, what: str) -> str:
    """The arguments do not fit."""
    return f"{literal(mask(what))}。\n\n- 用法：{command.usage}\n- 例如：{command.example}"


def ask_to_confirm(effect: str, code: str) -> str:
    """What would happen, and how to let it happen."""
    return f"{effect}\n\n确定的话，两分钟内发送：**/确认 {code}**"
