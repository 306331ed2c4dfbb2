"""docs/doctor.md: what a self-check looks at, by the questions that it answers, and what programs get of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.cli.doctor import as_objects
from bot.selfcheck.probes import NOBODY
from handlers.doctor.check import Question
from handlers.doctor.diagnosis import all_checks, diagnose
from handlers.doctor.facts import Asked, Facts
from handlers.doctor.permissions import SEND
from handlers.doctor.probe_texts import lacking
from handlers.doctor.texts import QUESTIONS, TITLES, VERDICTS
from storage.presence import Presence
from storage.probes import Probe

HEAD = """\
# 自检 / The doctor

由 `make docs` 生成，请不要手改 / written by `make docs`, not by hand.

机器人不对劲时，管理员私聊发 `/自检`，或在运行它的机器上执行 `steward doctor`（没在运行、还没运行过也能用）。两边按同样的规则回答四个问题，
每个问题说明查了什么、查到什么、怎么办：/ When something is wrong, an admin says `/自检` in a private chat, or somebody runs `steward
doctor` on the machine, whether or not the bot runs or ever ran. Both answer four questions by the same rules, and say what
was looked at, what was found and what to do:

{questions}

答案 / verdicts: {verdicts}。出现「有问题」的项，那个问题的答案就是「有问题」；「留意」的项不影响答案；有没能检查的项，答案最多是「不确定」。/ One bad
check makes its question's answer bad; a warning does not; what nobody could look at makes it unsure at best.

`/自检` 只列有毛病的，`/自检 详情` 列出每一项。处理出错或发不出去的消息会被搁置：`/自检 搁置` 列出来，`/自检 重试 收12 发34` 或 `/自检 重试 全部`
再来一次（可能已经办过的会先问一句），`/自检 丢弃` 不要了。/ `/自检` tells what is wrong, `/自检 详情` everything. What could not be
handled or sent is put aside: list it, have it done again (asking first where it may have been done already), or drop it.

联网检查大约用掉 2 到 4 次计入额度的接口调用，一分钟内再问不重复。发送权限是这样试的：给一个不存在的工号 `{nobody}` 发一条，钉钉答“没有这个人”就
说明有权限，不会打扰任何人；七天内经接口发成过就不试。/ Trying the network takes two to four counted calls; asked again within a
minute nothing is tried. The permission to send is tried by a message to a staff id that nobody has: DingTalk's answer
that there is no such person shows that we may send. Where a message went out by API within seven days nothing is sent.
"""

JSON_HEAD = """
## 给程序用 / For programs

`steward doctor --json` 每项一行 / one object a check: `check` 见上表 / as above; `questions`: {questions}; `status`: `ok`, `warning`
（留意）, `bad`（有问题）, `unknown`（没能检查）; `found` 查到什么 / what was found; `advice` 怎么办，没事时为空 / what to do, empty where
nothing is. 退出状态 0：没有 `warning` 和 `bad`；1：有；2：配置不能用 / exit status 0: neither `warning` nor `bad`; 1: some; 2: the
configuration is not usable.
"""

LOOKED_AT = {
    "running": ("程序在不在运行：运行时每十五秒报一次到", "whether the process runs; it says so every fifteen seconds"),
    "configuration": ("配置有没有错（只在 steward doctor 里）", "mistakes of the configuration; on the console only"),
    "database": ("数据库文件是否完好", "whether the database's file is whole"),
    "disk": ("磁盘余量：低于 500 MB 留意，低于 100 MB 有问题", "free space: warning below 500 MB, bad below 100 MB"),
    "network": (
        "连不连得上钉钉；域名、防火墙、代理、证书分开说",
        "whether DingTalk is reached; DNS, firewall, proxy, TLS apart",
    ),
    "credentials": ("钉钉认不认 client_id 与 client_secret", "whether DingTalk accepts client id and secret"),
    "clock": (
        "本机时钟与钉钉差多少：超过 60 秒留意，超过 10 分钟有问题",
        "the clock: warning from 60 s, bad from 10 minutes",
    ),
    "gateway": (
        "能不能建立 Stream 连接；正连着就不另试",
        "whether a stream connection may be opened; not tried while one stands",
    ),
    "connections": ("现在有几条连接", "connections that stand now"),
    "frames": ("连接上最近一次动静", "the last frame"),
    "silences": ("近 7 天的断线", "gaps of the last seven days"),
    "messages": ("最近一次听到消息", "the last message heard"),
    "rivals": ("有没有别的程序在用同一个应用", "signs of another process with the same application"),
    "bridge": (
        "开了消息桥接时：在不在运行，丢没丢行，哪些同意了的群还没有消息",
        "where the bridge is on: whether it runs, loses lines, and which groups nothing has come of",
    ),
    "backlog-in": ("收到还没处理的", "what was heard and is not handled"),
    "sending": ("有没有主动发消息的权限", "the permission to send messages"),
    "parked-out": (
        "发不出去被搁置的，按钉钉的错误代码",
        "what could not be sent and was put aside, by DingTalk's code",
    ),
    "retries": ("暂时没发成、还在重试的", "what is being tried again"),
    "backlog-out": ("该发还没发的", "what should have gone out"),
    "held": ("夜间等着的", "what waits for the morning"),
    "quota": ("本月调用额度", "the month's calls"),
    "unreachable": ("收不到机器人私信的人", "people whom no private message reaches"),
    "mentions": ("提醒一句：群里只有 @ 才听得到", "a reminder: in groups only mentions are heard"),
    "parked-in": ("处理出错被搁置的", "messages whose handling failed and that were put aside"),
    "retrying": ("处理出错、正在重试的", "messages that are handled once more"),
    "documents": ("有没有有效的规章", "whether there are regulations in force"),
    "external": ("按设置不回答规章问题的外部群", "external groups in which the settings allow no answers"),
    "rules": ("有没有内容规则", "whether there are content rules"),
    "groups": ("登记了却从没听到过的群", "groups of the register that were never heard"),
    "admins": ("有没有主管理员", "whether there is a main admin"),
    "semantic": (
        "句向量模型能不能用、备好没有；用不了时按字面查",
        "whether the sentence model works and is ready; without it words alone decide",
    ),
    "language-model": (
        "语言模型能不能用、转述用上了多少；用不了时发原文",
        "whether the language model works, and how much of what it says is used; without it the plain answer goes out",
    ),
    "plans": (
        "每个计划上次、下次的时间，有没有到点没发的",
        "last and next times of each plan, and whether one is late",
    ),
    "due": ("到点了还没做完的", "what came due and is not done"),
    "registered": ("听到过却没登记、定时清理管不到的群", "groups that were heard and that no schedule covers"),
    "owners": ("要清理却没有群主的群", "groups to be cleaned up that have no owner"),
    "calendar": ("放假安排收录到哪年", "whether the official holidays are known"),
    "departments": ("读部门的权限、通讯录权限范围", "the permission to read departments, and the contact scope"),
    "members": ("读成员的权限", "the permission to read members"),
    "scene-groups": ("有场景群时，读群的权限", "the permission to read groups, where there is a scene group"),
}
"""What each check looks at, in Chinese and English; a test holds that none is missing."""


def page() -> str:
    """The text of docs/doctor.md."""
    checks = all_checks(diagnose(_example()))
    questions = "\n".join(f"- **{chinese}** / {english}" for chinese, english in QUESTIONS.values())
    verdicts = "、".join(f"{chinese} / {english}" for chinese, english in VERDICTS.values())
    parts = [HEAD.format(questions=questions, verdicts=verdicts, nobody=NOBODY)]
    common = [check.name for check, resting in checks if len(resting) == len(Question)]
    parts.append(_table("共同的 / Common to all", common))
    for question, (chinese, english) in QUESTIONS.items():
        own = [check.name for check, resting in checks if resting == (question,)]
        parts.append(_table(f"{chinese} / {english[0].upper()}{english[1:]}", own))
    parts.append(JSON_HEAD.format(questions=", ".join(f"`{question}`" for question in Question)))
    objects = [one for one in as_objects(diagnose(_example())) if one["check"] == "sending"]
    parts += ["```json", *(json.dumps(one, ensure_ascii=False) for one in objects), "```", ""]
    return "\n".join(parts)


def _table(heading: str, names: list[str]) -> str:
    rows = [
        f"| `{name}` | {TITLES[name][0]} / {TITLES[name][1]} | {LOOKED_AT[name][0]} / {LOOKED_AT[name][1]} |"
        for name in names
    ]
    head = ["| | 项目 / check | 看什么 / what is looked at |", "|---|---|---|"]
    return "\n".join([f"## {heading}", "", *head, *rows, ""])


def _example() -> Facts:
    """A running bot that may not send."""
    now = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
    found, advice = lacking([SEND])
    return Facts(
        now=now,
        zone=ZoneInfo("Asia/Shanghai"),
        asked=Asked.CONSOLE,
        probes={"sending": Probe("sending", now, "bad", found, advice)},
        presence=Presence(now, now, "0.1.0", "pc", 1, wanted_connections=2, connections=2, heard_at=now),
    )
