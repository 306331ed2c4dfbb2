"""What those who answer for documents hear by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.message import Body, Due, Priority, Private
from handlers.policy.curated import weekly
from tests.handlers.hall import ADMIN, OFFICE
from tests.handlers.policy.desk import CARS_TEXT, DIGEST
from tests.handlers.policy.office import FRIEND, KEEPER, TEACHER, Office, an_office

QUESTION = "公务车周末可以停在家里吗"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as made:
        yield made


def digests(office: Office, *, is_late: bool = False) -> dict[str, Body]:
    """Who gets which digest a week later."""
    office.later(timedelta(days=6))
    sent = weekly.digest(Due("policy-digest", "policy-digest", office.now, is_late), office.context)
    assert all(isinstance(one, Private) and one.priority is Priority.DIGEST for one in sent)
    return {person: one.body for one in sent if isinstance(one, Private) for person in one.to}


def test_nobody_hears_that_there_is_nothing_to_tell(office: Office) -> None:
    assert digests(office) == {}


def test_the_owner_reads_what_was_asked_most_and_what_got_no_answer(office: Office) -> None:
    for person in (TEACHER, FRIEND):
        office.asked("各部门用车要提前多久申请", person, is_answered=True, score=0.9)
    office.asked("请问各部门用车需要提前多久申请？", OFFICE, is_answered=True, score=0.9)
    office.asked(QUESTION, score=0.3)
    body = digests(office)[KEEPER]
    assert "问了 4 次，答上 3 次，没答上 1 次" in body.text
    assert "各部门用车要提前多久申请（3 次）" in body.text
    assert f"没答上的**\n\n- {QUESTION}" in body.text
    assert not any(person in body.text for person in (TEACHER, FRIEND, "何老师"))


def test_everybody_hears_of_their_own_documents(office: Office) -> None:
    office.asked(QUESTION, score=0.3)
    office.asked("群主不管事怎么办", document=DIGEST, article="五.8", is_answered=True, score=0.9)
    found = digests(office)
    assert set(found) == {KEEPER, ADMIN}
    assert "群主不管事" not in found[KEEPER].text
    assert QUESTION not in found[ADMIN].text


def test_what_came_near_nothing_is_counted_and_not_shown(office: Office) -> None:
    office.asked("我对象生气了怎么哄", score=0.01)
    office.asked("食堂几点开门", TEACHER, score=0.01)
    assert digests(office) == {}, "that alone is nothing to tell"
    office.asked("我对象生气了怎么哄", score=0.01)
    office.asked("群主不管事怎么办", document=DIGEST, article="五.8", score=0.3)
    body = digests(office)[ADMIN]
    assert "1 次和规章不沾边" in body.text
    assert "对象" not in body.text
    for person in (TEACHER, FRIEND):
        office.asked("食堂几点开门", person, score=0.01)
    assert "食堂几点开门（2 次）" in digests(office)[ADMIN].text


def test_dislikes_with_their_reasons_and_what_waits(office: Office) -> None:
    number = office.asked(QUESTION, is_answered=True)
    office.say(TEACHER, f"/规章 没用 {number} 说的不是周末")
    body = digests(office)[KEEPER]
    assert "没用 1 次" in body.text
    assert "说的不是周末" in body.text
    assert "**问1**" in body.text
    assert "/规章 待答" in [button.says for button in body.buttons]
    again = digests(office)[KEEPER]
    assert "问了 0 次" in again.text, "what was told is not told again"
    assert "**问1**" in again.text, "what waits is"


def test_a_liked_question_is_offered_as_one_of_the_articles_own(office: Office) -> None:
    number = office.asked("用车最晚啥时候报", is_answered=True)
    office.say(TEACHER, f"/规章 有用 {number}")
    body = digests(office)[KEEPER]
    assert "用车最晚啥时候报 → 第三条" in body.text
    assert body.buttons[0].says.startswith("/规章 问法 添加 第三条")


def test_a_late_digest_says_so_and_looks_back_to_the_last_one(office: Office) -> None:
    office.asked(QUESTION)
    digests(office)
    office.asked("驾驶员酒后开车怎么处理")
    office.later(timedelta(days=20))
    body = digests(office, is_late=True)[KEEPER]
    assert "补发" in body.text
    assert "问了 1 次" in body.text


def test_owners_are_asked_once_to_review_what_an_article_has_changed_under(office: Office) -> None:
    office.ask(KEEPER, f"/规章 问答 添加 {QUESTION}｜不可以｜第四条")
    assert weekly.review(office.context) == []
    office.bring(CARS_TEXT.replace("不得用于私事", "一般不得用于私事"))
    [sent] = weekly.review(office.context)
    assert isinstance(sent, Private)
    assert sent.to == (KEEPER,)
    assert "第四条 变了" in sent.body.text
    assert [button.says for button in sent.body.buttons] == ["/规章 问答 查看 1"]
    assert weekly.review(office.context) == []
    assert "待复核的问答 1 条" in digests(office)[KEEPER].text
    office.ask(KEEPER, "/规章 问答 复核 1")
    office.bring(CARS_TEXT.replace("不得用于私事", "原则上不得用于私事"))
    assert len(weekly.review(office.context)) == 1, "a later change is asked about anew"


def test_an_answer_that_nobody_has_looked_at_for_a_year_is_named(office: Office) -> None:
    office.ask(KEEPER, f"/规章 问答 添加 {QUESTION}｜不可以｜第四条")
    office.later(timedelta(days=400))
    assert "一年没复核的问答 1 条" in digests(office)[KEEPER].text
    assert office.context.curated.match(QUESTION) is not None


def test_an_answer_that_reached_nobody_is_told(office: Office) -> None:
    office.say(TEACHER, f"/规章 转交 {office.asked(QUESTION)}")
    office.confirmed(KEEPER, "问1 不可以")
    assert "没能发到" not in digests(office)[KEEPER].text
    office.say(FRIEND, f"/规章 转交 {office.asked('驾驶员能抽烟吗', FRIEND)}")
    office.confirmed(KEEPER, "问2 不能")
    office.later(timedelta(minutes=1))
    office.store.unreachable.missed([FRIEND], office.now)
    assert "没能发到所有提问的人（他们不在应用的可见范围里）**\n\n- 问2 驾驶员能抽烟吗" in digests(office)[KEEPER].text


def test_without_anybody_to_tell_nothing_is_sent() -> None:
    with an_office(roles={"main_admins": []}) as office:
        office.asked("食堂几点开门", document=None)
        assert digests(office) == {}
