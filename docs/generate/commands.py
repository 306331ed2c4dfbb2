"""docs/commands.md and the READMEs' tables of slash commands, from the registry."""

from __future__ import annotations

from docs.generate.words import COMMANDS as ENGLISH
from docs.generate.words import RANKS
from handlers.access import Role
from handlers.commands.command import Command
from handlers.commands.registry import COMMANDS

HEAD = """\
# 命令 / Commands

由 `make docs` 生成，请不要手改 / written by `make docs`, not by hand.

命令以 `/` 或全角 `／` 开头；在群里要先 @ 机器人，私聊里直接发。中文命令的两个词之间可以不空格，英文别名大小写都行。
参数写错会收到用法和例子；没有这个命令时，会提示与它最像、而且你能用的那个。标「要确认」的命令先说明影响，两分钟内由同一个人在
同一个会话里发 `/确认 代码` 才执行，`/取消` 放弃。

Commands begin with `/` or full-width `／`; in a group @ the bot first. Wrong arguments are answered with usage and
example, an unknown command with the nearest one that you may run. What is marked «to confirm» says first what it
would do, and runs after `/确认 代码` by the same person in the same chat within two minutes; `/取消` drops it.

身份从低到高：{chinese}；高的可以用低的全部命令。/ Roles from least to most: {english}; each may do what the ones
before it may.
"""


def page() -> str:
    """The text of docs/commands.md."""
    ranks = HEAD.format(chinese="、".join(role.label for role in Role), english=", ".join(RANKS[role] for role in Role))
    return ranks + "".join(_described(command) for command in COMMANDS)


def english_table() -> str:
    """For README.md."""
    rows = [f"| `{_name(one)}` | `{_alias(one)}` | {_who(one.role)[1]} | {_english(one)} |" for one in COMMANDS]
    return "\n".join(["| command | alias | who | what it does |", "|---|---|---|---|", *rows, ""])


def chinese_table() -> str:
    """For README.zh-CN.md."""
    rows = [f"| `{_name(one)}` | `{_alias(one)}` | {_who(one.role)[0]} | {one.summary} |" for one in COMMANDS]
    return "\n".join(["| 命令 | 英文别名 | 谁能用 | 做什么 |", "|---|---|---|---|", *rows, ""])


def _described(command: Command) -> str:
    lines = [
        "",
        f"## {_name(command)}",
        "",
        f"{command.summary} / {_english(command)}",
        "",
        f"- 用法 / usage: `{command.usage}`",
        f"- 例子 / example: `{command.example}`",
        f"- 英文别名 / alias: `{_alias(command)}`",
        f"- 谁能用 / who: {' / '.join(_who(command.role))}",
    ]
    if command.effect is not None:
        lines.append("- 要确认 / to confirm: `/确认 代码`")
    return "\n".join(lines) + "\n"


def _who(least: Role) -> tuple[str, str]:
    """Who may use what this role may, in Chinese and English."""
    return ("任何人", "anybody") if least is Role.OUTSIDER else (least.label, RANKS[least])


def _name(command: Command) -> str:
    return f"/{' '.join(command.words)}"


def _alias(command: Command) -> str:
    return f"/{' '.join(command.aliases)}"


def _english(command: Command) -> str:
    alias = " ".join(command.aliases)
    if alias not in ENGLISH:
        raise ValueError(f"docs/generate/words.py has no English for «{alias}»")
    return ENGLISH[alias]
