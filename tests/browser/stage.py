"""The sandbox with its page, and in the bot's place a robot that answers by a script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from sandbox import college
from sandbox.platform import Sandbox
from sandbox.web.controls import NextJob
from sandbox.web.routes import add_page
from sandbox.world import SandboxClock, ShownButton, ShownMessage, World


def tuesday_morning() -> SandboxClock:
    """A clock that begins at 09:30 in Shanghai, on a workday a week before the monthly clean-up."""
    return SandboxClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))


ANSWER = """已经退休的老师应当移出。

### 二.6.(二) 退休

> 已办理退休的，应及时移出。

**出处**：《使用规定》[全文](https://example.org/rule)

- 群主移出
- 管理员核对

1. 先看名单
2. 再答复
"""


def says(text: str) -> str:
    """The address of a button that makes the person say `text`."""
    return f"dtmd://dingtalkclient/sendMessage?content={quote(text)}"


class Stage:
    """What the tests act on. It is the page's `Controls` too."""

    def __init__(self) -> None:
        self.world = World(SandboxClock())
        college.build(self.world)
        self.sandbox = Sandbox(self.world)
        self.answers: dict[str, str] = {"退休": ANSWER}
        """A word of the question → the robot's answer."""
        add_page(
            self.sandbox.app,
            self.world,
            self.sandbox.say,
            self,
            roles=college.ROLES,
            robot_name=self.sandbox.robot_name,
        )
        self.world.listen(self._answer)

    def _answer(self, message: ShownMessage) -> None:
        if message.author == "robot":
            return
        for word, answer in self.answers.items():
            if word in message.text:
                self.robot(message.chat, answer)

    def robot(
        self, chat: str, text: str, *, kind: str = "markdown", buttons: tuple[ShownButton, ...] = (), at: str = ""
    ) -> None:
        """The robot writes in a chat."""
        self.sandbox.core.show_from_robot(
            chat, via="webhook", kind=kind, text=text, buttons=buttons, at_staff_ids=(at,) if at else ()
        )

    def robot_is_online(self) -> bool:
        """There is no bot, but the page is to look as if."""
        return True

    def next_job(self) -> NextJob:
        """A reminder three days from now."""
        return NextJob("每月群成员清理", self.world.clock.now() + timedelta(days=3))

    async def advance(self) -> NextJob:
        """Remind the owner."""
        job = self.next_job()
        self.world.clock.advance_to(job.at)
        self.robot(
            f"private:{college.OWNER}",
            "请核对 **3** 位成员。",
            kind="actionCard",
            buttons=(
                ShownButton("全部已移出", says("全部已移出 + 100%")),
                ShownButton("看规定", "https://example.org/"),
            ),
        )
        self.robot(f"private:{college.OWNER}", "请今天答复。", kind="ding")
        return job

    async def reset(self) -> None:
        """Forget what was said."""
        self.world.messages.clear()

    @property
    def last(self) -> ShownMessage:
        """The last message that a person wrote."""
        return next(message for message in reversed(self.world.messages) if message.author != "robot")
