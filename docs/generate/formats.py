"""docs/formats.md: what programs read and write, shown by real runs."""

from __future__ import annotations

import contextlib
import shlex
import tempfile
from pathlib import Path

from click.testing import CliRunner

from bot.cli import main

HEAD = """\
# 给程序用的格式 / Formats for programs

由 `make docs` 生成，例子是真的运行结果 / written by `make docs`; the examples are real runs.

加 `--json` 的命令每行往标准输出写一个 JSON 对象（UTF-8），其余的话写到标准错误。不联网，也不需要钉钉凭证。/ With `--json` a verb
writes one JSON object a line to standard output, in UTF-8, and everything else to standard error. No network, no credentials.
"""

PARTS = (
    (
        "## steward policy test",
        "`answered` 为 false 时不作答，`articles` 仍按相近程度列出（至多三条）。`score` 在 0 到 1 之间，达到 `[policy] refusal_threshold` "
        "才作答。/ Where `answered` is false the bot refuses; `articles` are the nearest all the same, best first, three at most. "
        "`score` is between 0 and 1; from `[policy] refusal_threshold` on the bot answers.",
        {"questions.jsonl": '{"question": "退休的老师还要留在群里吗"}\n{"question": "食堂几点开门"}\n'},
        ("steward policy test --json questions.jsonl",),
    ),
    (
        "## steward scan",
        "`span` 是命中部分在原文里的起止位置，按字符（码点）计，含头不含尾；`matched` 就是原文的这一段。三种状态的规则都算；"
        "看起来是在问规定、提醒别人或引用条款的不算。除了 JSON 行（`text` 或 `content`），也读 .csv .xlsx .txt；一条超过五万字的"
        "分成几条。/ `span` counts code points of the original text, end excluded; `matched` is that part of it. Rules of every state count; what looks like a question about "
        "the rules, a warning or a quotation does not. Besides JSON lines (`text` or `content`), .csv, .xlsx and .txt are read; a "
        "message of more than 50,000 characters comes as several.",
        {"messages.jsonl": '{"text": "专 业 代 写，包过"}\n{"text": "下午三点在二楼会议室开会"}\n'},
        ("steward scan --json messages.jsonl",),
    ),
    (
        "## steward cleanup findings",
        "`member` 是工号；名单里只有姓名时是那个姓名；问题在群本身时是 null。有问题时退出状态是 1。/ `member` is the staff id, the "
        "pasted name where there is none, or null for a finding on the group itself. Exit status 1 when there are any.",
        {
            "staff.csv": "工号,姓名,部门,状态,日期\n0001,沈一帆,教务处,在职,\n0002,何晓曼,教务处,退休,2026-06-30\n",
            "groups.csv": "群ID,群名,类型,部门,群主,管理员\ncidA,教务处工作群,部门群,教务处,0001,0001\n",
            "members.csv": "群ID,工号,姓名\ncidA,0001,教务处沈一帆13800000001\ncidA,0002,教务处何晓曼13800000002\n",
        },
        (
            "steward import staff staff.csv",
            "steward import groups groups.csv",
            "steward import members members.csv",
            "steward cleanup findings --json",
        ),
    ),
)
"""Heading, explanation, files, commands."""


def page() -> str:
    """The text of docs/formats.md."""
    lines = [HEAD]
    for heading, explanation, files, commands in PARTS:
        lines += [heading, "", explanation, ""]
        for name, text in files.items():
            lines += [
                f"`{name}`:",
                "",
                f"```{'json' if name.endswith('.jsonl') else 'csv'}",
                text.rstrip("\n"),
                "```",
                "",
            ]
        lines += ["```console", *_run(files, commands), "```", ""]
    return "\n".join(lines)


def _run(files: dict[str, str], commands: tuple[str, ...]) -> list[str]:
    """The commands with what each wrote to standard output, run in a folder with these files."""
    said: list[str] = []
    with tempfile.TemporaryDirectory(prefix="steward-docs-") as folder, contextlib.chdir(folder):
        for name, text in files.items():
            Path(name).write_text(text, encoding="utf-8")
        for command in commands:
            done = CliRunner().invoke(main, shlex.split(command)[1:])
            if not isinstance(done.exception, SystemExit | None) or done.exit_code not in (0, 1):
                raise RuntimeError(f"{command}: {done.output}") from done.exception
            said += [f"$ {command}", *done.stdout.splitlines()]
    return said
