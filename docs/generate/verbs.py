"""docs/cli.md and the READMEs' tables of the command line's verbs, from the verbs themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from bot.cli import main

HEAD = """\
# 命令行 / The command line

由 `make docs` 生成，请不要手改 / written by `make docs`, not by hand.

`steward` 和 `python -m bot` 是一回事。带 `--json` 的命令每行往标准输出写一个 JSON，其余的话都写到标准错误。
退出状态：0 完成，1 完成且查出了问题（会这样做的命令下面有说明），2 用法或输入有误。

`steward` and `python -m bot` are the same. With `--json` a verb writes one JSON object a line to standard output and
everything else to standard error. Exit status: 0 done, 1 done with findings where the verb says so, 2 bad usage or input.
"""


def verbs() -> list[tuple[tuple[str, ...], click.Command]]:
    """Every verb that does something, with its words: `(("policy", "import"), …)`."""
    return list(_walk((), main))


def page() -> str:
    """The text of docs/cli.md."""
    return HEAD + "".join(_described(words, command) for words, command in verbs())


def english_table() -> str:
    """For README.md."""
    rows = [f"| `{_cell(words, command)}` | {_parts(command)[1]} |" for words, command in verbs()]
    return "\n".join(["| verb | what it does |", "|---|---|", *rows, ""])


def chinese_table() -> str:
    """For README.zh-CN.md."""
    rows = [f"| `{_cell(words, command)}` | {_parts(command)[0]} |" for words, command in verbs()]
    return "\n".join(["| 命令 | 做什么 |", "|---|---|", *rows, ""])


def _walk(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is None:
            raise ValueError(f"the group {' '.join(words)} lists {name} and does not know it")
        yield from _walk((*words, name), below)


def _help(command: click.Command) -> list[str]:
    """The paragraphs of a verb's help, each on one line."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return [" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs]


def _parts(command: click.Command) -> tuple[str, str]:
    """The first paragraph in Chinese and in English."""
    chinese, separator, english = _help(command)[0].rstrip(".").partition(" / ")
    if not separator:
        raise ValueError(f"the help of {command.name} must begin «Chinese / English»")
    return chinese.rstrip("。"), english


def _usage(words: tuple[str, ...], command: click.Command) -> str:
    arguments = [
        parameter.make_metavar(click.Context(command))
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]
    return " ".join(["steward", *words, *arguments])


def _cell(words: tuple[str, ...], command: click.Command) -> str:
    return _usage(words, command).replace("|", "\\|")


def _described(words: tuple[str, ...], command: click.Command) -> str:
    lines = ["", f"## {' '.join(('steward', *words))}", ""]
    for paragraph in _help(command):
        lines += [paragraph, ""]
    lines += ["```text", _usage(words, command) + " [选项 / options]", "```", ""]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            names = ", ".join(parameter.opts)
            metavar = "" if parameter.is_flag else f" {parameter.make_metavar(click.Context(command))}"
            default = f"（默认 / default {parameter.default}）" if parameter.show_default else ""
            lines.append(f"- `{names}{metavar}`: {parameter.help}{default}")
    return "\n".join(lines).rstrip() + "\n"
