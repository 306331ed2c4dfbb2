"""Regulations at one desk: real rows, and an index over what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from handlers.commands.command import Call
from handlers.commands.policy import COMMANDS
from handlers.context import Context
from handlers.message import Body, ChatKind, Incoming, Reply, Sender
from handlers.moderation.scanner import Scanner
from handlers.policy import shipped
from handlers.policy.answering.answer import Answer, answer
from handlers.policy.documents.corpus import parse
from handlers.policy.documents.importing import Imported, take_in
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import HandlerSettings
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
DIGEST = "学院钉钉使用管理暂行办法（要点）"
CARS = "学院公务用车管理规定"
CARS_TEXT = f"""{CARS}
第一章 总则
第一条 为规范学院公务用车管理，制定本规定。
第二条 公务用车由学院办公室统一调度。
第二章 用车
第三条 各部门用车，应当提前一个工作日提出申请，由部门负责人签字。
第四条 公务用车不得用于私事，不得出借给外单位或者个人。
第五条 驾驶员不得酒后驾车；因违章产生的罚款由驾驶员本人承担。
第六条 本规定自2025年3月1日起施行。
"""


class Desk:
    """What people ask is answered from what has been imported."""

    def __init__(self, store: Store, **policy: object) -> None:
        self.store = store
        self.settings = HandlerSettings.model_validate({"policy": policy})
        self._index = PolicyIndex()
        self._revision: object = None

    @property
    def context(self) -> Context:
        revision = self.store.policies.revision()
        if revision != self._revision:
            self._index, self._revision = PolicyIndex.load(self.store.policies, NOW.date()), revision
        return Context(NOW, self.settings, self.store, self._index, Scanner.__new__(Scanner))  # nothing is scanned here

    def forget_index(self) -> None:
        """Something was changed behind its back."""
        self._revision = None

    def bring(self, text: str, title: str = "", **how: object) -> Imported:
        """Import a regulation."""
        return take_in(parse(text, title), self.store.policies, NOW, NOW.date(), **how)  # type: ignore[arg-type]

    def ask(self, text: str, person: str | None = "li", conversation: str | None = None) -> Answer:
        return answer(a_message(text, person, conversation), self.context)

    def call(self, text: str, message: Incoming | None = None) -> Body:
        """Run a command as the router would."""
        words = text.removeprefix("/").split(maxsplit=2)
        command = next(one for one in COMMANDS if tuple(words[:2]) in (one.words, one.aliases))
        rest = words[2] if len(words) > 2 else ""
        sent = command.run(Call(message or a_message(text), tuple(rest.split()), rest), self.context)
        (body,) = [one.body for one in sent if isinstance(one, Reply)]
        return body


@contextmanager
def a_desk(*, with_digest: bool = True, **policy: object) -> Iterator[Desk]:
    with Database(":memory:") as database:
        desk = Desk(Store(database), **policy)
        if with_digest:
            shipped.install_if_empty(desk.store, NOW)
        yield desk


def a_message(text: str, person: str | None = "li", conversation: str | None = None) -> Incoming:
    kind = ChatKind.GROUP if conversation else ChatKind.PRIVATE
    return Incoming("m", conversation or f"private-{person}", kind, Sender(person), text)


def says(body: Body) -> Sequence[str]:
    """What the buttons of a body say."""
    return [button.says for button in body.buttons]
