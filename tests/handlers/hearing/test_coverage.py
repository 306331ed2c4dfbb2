"""What is said to be heard is heard, and how much was missed is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.hearing import coverage
from handlers.hearing.coverage import Coverage, Standing
from storage.bridge import Tally
from tests.handlers.hall import ADMIN, CLASS, CLERK, EXTERNAL, NEW, OFFICE, OWNER, SUB, Hall, a_hall, reply

ON = {"enabled": True}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall(bridge=ON) as made:
        yield made


def of(hall: Hall, group: str = OFFICE) -> Coverage:
    return coverage.of_group(group, hall.settings.bridge, hall.store, hall.now)


def here(hall: Hall, person: str | None = CLERK, group: str = OFFICE) -> str:
    return hall.ask(person, "/本群", group).text


def running(hall: Hall, tally: Tally | None = None) -> int:
    run = hall.store.bridge.begin("stdin", hall.now)
    hall.store.bridge.beat(run, tally or Tally(), hall.now)
    hall.store.coverage.heard({OFFICE: 1}, hall.now)
    return run


def lasts(hall: Hall, run: int, by: timedelta, tally: Tally | None = None) -> None:
    hall.later(by)
    hall.store.bridge.beat(run, tally or Tally(), hall.now)


def test_without_consent_only_mentions_are_heard_whatever_came(hall: Hall) -> None:
    running(hall)
    assert of(hall) == Coverage()
    assert "我能听到：只有 @我 的消息" in here(hall)


def test_consent_alone_is_not_hearing(hall: Hall) -> None:
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    assert of(hall).mode == "mention-only"
    assert "还没有收到桥接来的消息" in here(hall)


def test_a_group_is_heard_while_the_bridge_runs_and_has_brought_something(hall: Hall) -> None:
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    since = hall.now
    run = running(hall)
    lasts(hall, run, HOUR)
    assert of(hall) == Coverage("bridge", since, 0.0, None, True)
    assert "我能听到：全部消息（2026-11-24 起，经消息桥接；近 7 天没有发现漏听）" in here(hall)
    assert "全部消息" in here(hall, None), "people of another organisation know it, too"
    assert of(hall, CLASS) == Coverage()


def test_a_bridge_that_died_without_a_word_is_noticed(hall: Hall) -> None:
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    run = running(hall)
    lasts(hall, run, HOUR)
    died = hall.now
    hall.later(3 * MINUTE)
    found = of(hall)
    assert (found.mode, found.silent_since) == ("mention-only", died)
    assert "消息桥接 11-24 10:30 起没有运行" in here(hall)


def test_a_process_for_another_group_says_nothing_of_this_one(hall: Hall) -> None:
    for group in (OFFICE, CLASS):
        hall.store.coverage.allow(group, OWNER, hall.now)
        hall.store.coverage.heard({group: 1}, hall.now)
    one = hall.store.bridge.begin("stdin", hall.now, [OFFICE])
    other = hall.store.bridge.begin("stdin", hall.now, [CLASS])
    lasts(hall, one, HOUR)
    lasts(hall, one, HOUR)
    hall.store.bridge.beat(other, Tally(), hall.now - HOUR)
    assert (of(hall).mode, of(hall).loss) == ("bridge", 0.0)
    assert of(hall, CLASS).mode == "mention-only"
    assert of(hall, CLASS).loss == pytest.approx(1 / 2)


def test_time_without_a_bridge_is_missed(hall: Hall) -> None:
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    run = running(hall)
    lasts(hall, run, 3 * HOUR)
    hall.later(HOUR)
    again = running(hall)
    assert of(hall).loss == pytest.approx(1 / 4)
    assert "约漏听 25%" in here(hall)
    lasts(hall, again, 6 * DAY + 23 * HOUR)
    assert of(hall).loss == pytest.approx(1 / (7 * 24), abs=1e-6), "one hour of the last seven days"
    lasts(hall, again, HOUR)
    assert of(hall).loss == 0.0


def test_runs_beside_each_other_cover_the_time_once(hall: Hall) -> None:
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    one = running(hall)
    lasts(hall, one, HOUR)
    two = running(hall)
    hall.later(2 * HOUR)
    hall.store.bridge.beat(two, Tally(), hall.now, is_last=True)
    hall.later(HOUR)
    assert of(hall).loss == pytest.approx(1 / 4)


def test_lines_that_were_lost_are_missed(hall: Hall) -> None:
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    run = running(hall)
    lasts(hall, run, HOUR, Tally(lines=95, taken=93, bad=2, dropped=3, missing=2))
    assert of(hall).loss == pytest.approx(7 / 100)
    assert "约漏听 7%" in here(hall)


def test_a_little_is_not_told_as_nothing() -> None:
    assert coverage.loss_in_words(0.001) == "近 7 天漏听不到 1%"
    assert coverage.loss_in_words(0.006) == "近 7 天约漏听 1%"


def test_a_report_says_what_it_rests_on(hall: Hall) -> None:
    assert coverage.summary(hall.context) == "范围：各群里我只听得到 @我 的消息、举报和私聊，群里其他的话不在统计里。"
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    run = running(hall)
    lasts(hall, run, HOUR)
    assert coverage.summary(hall.context) == (
        "范围：1 个群听得到全部消息（近 7 天没有发现漏听），其余 2 个群只听得到 @我 的消息。"
    )
    assert coverage.summary(hall.context, [OFFICE]) == "范围：1 个群听得到全部消息（近 7 天没有发现漏听）。"
    hall.later(HOUR)
    assert coverage.summary(hall.context) == "范围：1 个群的消息桥接现在没有运行，3 个群只听得到 @我 的消息。"


def agreed(hall: Hall, person: str = OWNER, group: str = OFFICE) -> str:
    asked = hall.ask(person, "/群 旁听 同意", group).text
    assert "**全部消息**" in asked
    code = asked.split("/确认 ")[1][:4]
    return reply(hall.say(person, f"/确认 {code}", group)).text


def test_the_owner_agrees_in_the_group_and_may_stop_at_any_time(hall: Hall) -> None:
    assert "本群已同意旁听" in agreed(hall)
    assert "由王建国在 2026-11-24 同意" in hall.ask(CLERK, "/群 旁听", OFFICE).text
    assert "王建国" not in hall.ask(None, "/群 旁听", OFFICE).text
    assert "已停止旁听" in hall.ask(OWNER, "/群 旁听 停止", OFFICE).text
    assert of(hall) == Coverage()
    assert "2026-11-24 停了" in hall.ask(CLERK, "/群 旁听", OFFICE).text
    assert [action for action in hall.audited() if "旁听" in action] == ["群 旁听 停止", "群 旁听 同意"]


def test_only_the_owner_and_main_admins_agree(hall: Hall) -> None:
    assert "本群已同意旁听" in agreed(hall, ADMIN)
    assert "已停止旁听" in hall.ask(ADMIN, "/群 旁听 停止", OFFICE).text
    for person in (CLERK, SUB, None):
        hall.say(person, "/群 旁听 同意", OFFICE)
        assert hall.store.coverage.consents() == []
        assert "确认" not in hall.ask(person, "/群 旁听 同意", OFFICE).text


@pytest.mark.parametrize(
    ("group", "said"), [(EXTERNAL, "外部群里有别的单位的人"), (NEW, "还没有登记"), (None, "请在要说的那个群里")]
)
def test_where_nobody_may_agree(hall: Hall, group: str | None, said: str) -> None:
    assert said in hall.ask(ADMIN, "/群 旁听 同意", group).text


def test_while_it_is_off_nobody_agrees() -> None:
    with a_hall() as hall:
        assert "还没有开启消息桥接" in hall.ask(OWNER, "/群 旁听 同意", OFFICE).text


def test_what_the_college_allows_an_owner_does_not_stop() -> None:
    with a_hall(bridge={"enabled": True, "groups": [OFFICE]}) as hall:
        assert "由学院批准" in hall.ask(CLERK, "/群 旁听", OFFICE).text
        assert "已经同意过了" in hall.ask(OWNER, "/群 旁听 同意", OFFICE).text
        assert "请找管理员" in hall.ask(OWNER, "/群 旁听 停止", OFFICE).text


def test_a_group_that_turns_out_to_have_other_organisations_in_it_is_heard_no_more(hall: Hall) -> None:
    agreed(hall)
    running(hall)
    assert of(hall).mode == "bridge"
    group = hall.store.groups.get(OFFICE)
    assert group is not None
    hall.store.groups.save(replace(group, kind="external"))
    assert of(hall) == Coverage()
    assert "只有 @我 的消息" in here(hall)
    assert coverage.allowed_groups(hall.settings.bridge, hall.store.coverage) == frozenset()
    assert "已停止旁听" in hall.ask(OWNER, "/群 旁听 停止", OFFICE).text


def test_stopping_what_does_not_run(hall: Hall) -> None:
    assert "没有在旁听" in hall.ask(OWNER, "/群 旁听 停止", OFFICE).text


def test_how_the_bridge_is_for_whoever_looks_after_it(hall: Hall) -> None:
    def standing() -> Standing | None:
        return coverage.standing(hall.settings.bridge, hall.store, hall.now)

    assert standing() == Standing(is_running=False, last_at=None)
    hall.store.coverage.allow(OFFICE, OWNER, hall.now)
    hall.store.coverage.allow(CLASS, OWNER, hall.now)
    run = running(hall)
    lasts(hall, run, MINUTE, Tally(lines=9, taken=8, bad=1))
    assert standing() == Standing(True, hall.now, 9, 1, 2, ("软件2301班级群",))
    last = hall.now
    hall.later(2 * DAY)
    assert standing() == Standing(False, last, 0, 0, 2, ("软件2301班级群",))
    with a_hall() as other:
        assert coverage.standing(other.settings.bridge, other.store, other.now) is None
