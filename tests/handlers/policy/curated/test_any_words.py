"""Whatever people write behind a command of the queue or of the answers, the bot has a word for it and keeps no number."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.message import Quoted
from tests.handlers.policy.office import FRIEND, KEEPER, TEACHER, Office, an_office

QUESTION = "公务车周末可以停在家里吗"
WORDS = st.text(max_size=60) | st.text("问12第四条五.8｜|\n 　：，答案问法条款9１②不可以", max_size=60)
COMMANDS = st.sampled_from(
    ["", "问1", "1 ", "/规章 回答 1 ", "/规章 不答 1 ", "/规章 没用 2 ", "/规章 待答 ", "/规章 转交 "]
    + [f"/规章 问答 {word} " for word in ("列表", "查看", "添加", "修改 1", "停用", "复核 1")]
)
NUMBER = re.compile(r"(?<![\d*＊])1[3-9]\d{9}(?!\d)")


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with an_office() as made:
        made.say(TEACHER, f"/规章 转交 {made.asked(QUESTION)}")
        made.asked(QUESTION, KEEPER, is_answered=True)
        made.ask(KEEPER, "/规章 问答 添加 驾驶员能抽烟吗｜不能｜第五条")
        yield made


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=COMMANDS, words=WORDS, is_quoting=st.booleans())
def test_there_is_always_an_answer(office: Office, command: str, words: str, is_quoting: bool) -> None:
    quoted = Quoted(text="**问1** 有人问") if is_quoting else None
    for person in (KEEPER, FRIEND):
        sent = office.say(person, f"{command}{words} 13812345678", quoted=quoted)
        assert sent
        assert all(one.body.text.strip() for one in sent if hasattr(one, "body"))
    kept = [
        *(row[0] for row in office.store.database.rows("select answer from curated_answers")),
        *(row[0] for row in office.store.database.rows("select phrasing from curated_phrasings")),
        *(row[0] for row in office.store.database.rows("select reason from policy_queue")),
        *(row[0] for row in office.store.database.rows("select reason from policy_ratings")),
    ]
    assert not [text for text in kept if NUMBER.search(text)]
