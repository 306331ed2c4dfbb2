"""How rules do: precision with its interval, weeks, which annoy, which never fire; and what admins read about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.canvas import drawable
from handlers.chart import Chart
from handlers.message import Body, Due, Outgoing, Private
from handlers.moderation import book, digest
from handlers.moderation.rule import Category, Rule, State
from handlers.moderation.rules import FromFile
from handlers.moderation.statistics import WEEKS, Precision, gather, monday
from handlers.moderation.texts import CATEGORY_LABELS
from handlers.settings import HandlerSettings
from storage.flag_counts import Count
from storage.flags import Flag
from storage.roles import Grant
from tests.handlers.hall import ADMIN, CLERK, MORNING, OFFICE, SUB, Hall, a_hall, private_to, reply

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 30, 0, 50, tzinfo=UTC)
"""The Monday after the hall's Tuesday, at ten to nine in Shanghai."""
LONG_AGO = MORNING - timedelta(days=200)


def a_rule(name: str, state: State = "remind", category: Category = "advertising") -> Rule:
    return Rule(name, category, "五.2", state, words=(name,))


@pytest.fixture
def hall() -> Iterator[Hall]:
    with a_hall() as hall:
        rules = (a_rule("代写"), a_rule("ad-jobs", "enforce"), a_rule("never-said", category="abuse"))
        book.follow(hall.store.rules, [FromFile(rule, "rules.toml") for rule in rules], LONG_AGO)
        yield hall


def flag(hall: Hall, rule: str, at: datetime, verdict: str = "", *, is_appealed: bool = False) -> None:
    key = f"m{hall.store.flags.count()}"
    number = hall.store.flags.add(
        Flag(key, rule, "advertising", "五.2", "remind", "mention", OFFICE, CLERK, "…代写…", at)
    )
    if verdict:
        hall.store.database.execute("insert into verdicts values (?, ?, 'admin', '2026-11-24')", (number, verdict))
    if is_appealed:
        hall.store.database.execute("insert into appeals (flag_id, reason, at) values (?, '', '2026-11-24')", (number,))


def weekly(hall: Hall, now: datetime = MONDAY, *, is_late: bool = False) -> list[Outgoing]:
    hall.now = now
    return digest.digest(Due(digest.TASK, digest.TASK, now, is_late), hall.context)


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    [(0, 0, 0.0, 1.0), (5, 5, 0.566, 1.0), (1, 5, 0.036, 0.624), (90, 100, 0.826, 0.945), (0, 10, 0.0, 0.278)],
)
def test_the_interval_is_wilsons(right: int, judged: int, low: float, high: float) -> None:
    assert Precision(right, judged).interval == pytest.approx((low, high), abs=0.001)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(pair: tuple[int, int]) -> None:
    found = Precision(*pair)
    low, high = found.interval
    assert found.share is not None
    assert 0 <= low <= found.share + 1e-9
    assert found.share - 1e-9 <= high <= 1


def test_weeks_begin_on_monday_in_china(hall: Hall) -> None:
    flag(hall, "代写", MORNING)
    flag(hall, "代写", datetime(2026, 11, 22, 15, 59, tzinfo=UTC))  # Sunday, a minute before midnight
    found = gather(hall.context, monday(hall.context.today))
    (one,) = [each for each in found.standings if each.rule.id == "代写"]
    assert [week.hits for week in one.weeks] == [0] * 6 + [1, 1]
    assert found.total == Count(2)


def test_an_hour_that_comes_twice_belongs_to_the_last_week(hall: Hall) -> None:
    """Where clocks are put back, a week of the calendar is an hour longer than seven days."""
    hall.settings = HandlerSettings.model_validate({"scheduler": {"timezone": "Europe/Berlin"}})
    flag(hall, "代写", datetime(2026, 10, 25, 22, 30, tzinfo=UTC))
    assert gather(hall.context, date(2026, 10, 19)).weeks[-1] == Count(1)


def test_a_rule_that_is_surely_often_wrong_annoys_and_is_to_be_lowered(hall: Hall) -> None:
    for verdict in ("wrong", "wrong", "wrong", "right"):
        flag(hall, "ad-jobs", MORNING - DAY, verdict)
    assert gather(hall.context, monday(hall.context.today)).annoying(0.8) == [], "four say too little"
    flag(hall, "ad-jobs", MORNING - DAY, "wrong")
    body = hall.ask(ADMIN, "/规则 统计")
    assert "规则 2 ad-jobs：对 1、错 4，申诉 0 次，现在是执行" in body.text
    assert (body.buttons[0].label, body.buttons[0].says) == ("规则 2 降为提醒", "/规则 状态 2 提醒")


def test_what_it_did_before_it_was_changed_is_not_held_against_it(hall: Hall) -> None:
    for _ in range(6):
        flag(hall, "ad-jobs", MORNING - 2 * DAY, "wrong")
    changed = a_rule("ad-jobs", "observe")
    rules = (a_rule("代写"), changed, a_rule("never-said", category="abuse"))
    book.follow(hall.store.rules, [FromFile(rule, "rules.toml") for rule in rules], MORNING - DAY)
    statistics = gather(hall.context, monday(hall.context.today))
    assert statistics.annoying(0.8) == []
    assert statistics.standings[1].precision == Precision(0, 6), "the figure still says how it was"


def test_many_appeals_annoy_too(hall: Hall) -> None:
    for number in range(8):
        flag(hall, "代写", MORNING - DAY, is_appealed=number < 3)
    statistics = gather(hall.context, monday(hall.context.today))
    assert [one.rule.id for one in statistics.annoying(0.8)] == ["代写"]


def test_rules_that_never_fire_are_named_when_they_had_time(hall: Hall) -> None:
    flag(hall, "代写", MORNING - 91 * DAY)
    flag(hall, "ad-jobs", MORNING - 89 * DAY)
    quiet = gather(hall.context, monday(hall.context.today)).quiet(hall.now)
    assert [one.rule.id for one in quiet] == ["代写", "never-said"]
    book.follow(hall.store.rules, [FromFile(a_rule("new"), "rules.toml")], MORNING)
    assert [one.rule.id for one in gather(hall.context, monday(hall.context.today)).quiet(hall.now)] == []


def test_one_rule_is_told_in_full(hall: Hall) -> None:
    for verdict in ("right", "right", "right", "wrong"):
        flag(hall, "代写", MORNING, verdict)
    flag(hall, "代写", MORNING - 7 * DAY, "unsure", is_appealed=True)
    body = hall.ask(ADMIN, "/规则 统计 1")
    assert body.text.split("\n\n") == [
        "**规则 1 代写**（广告推销，提醒）",
        "近 8 周（10-05 起）每周命中：0、0、0、0、0、0、1、4。这周到现在 4 次，前 4 周平均每周 0.2 次。",
        "近 90 天复核：对 3、错 1、说不准 1。准确率 75%（实际多半在 30% 到 95% 之间）。",
        "近 90 天申诉 1 次；从有记录起命中 5 次。",
        "最近一次：2026-11-24。",
        "范围：各群里我只听得到 @我 的消息、举报和私聊，群里其他的话不在统计里。",
    ]
    assert body.chart is not None
    assert body.chart.panels[0].bars[-1].parts == (3, 1, 0)


def test_who_may_see_it_and_where(hall: Hall) -> None:
    assert "没有规则「99」" in hall.ask(ADMIN, "/规则 统计 99").text
    assert "还没有命中过。" in hall.ask(ADMIN, "/rule statistics never-said").text
    assert "子管理员" in hall.ask(CLERK, "/规则 统计").text
    assert "子管理员" in hall.ask(SUB, "/规则 统计").text, "this one looks after 清理 alone"
    sent = hall.say(ADMIN, "/规则 统计", OFFICE)
    assert reply(sent).text == "已私下发给你。"
    assert private_to(ADMIN, sent).chart is not None


def test_no_report_names_anybody(hall: Hall) -> None:
    flag(hall, "代写", MORNING, "wrong", is_appealed=True)
    for text in ("/规则 统计", "/规则 统计 1"):
        said = hall.ask(ADMIN, text).text
        assert "孙悦" not in said
        assert CLERK not in said


def test_the_digest_tells_last_week_with_a_picture(hall: Hall) -> None:
    hall.store.roles.grant(Grant("rules", "sub-admin", families=("规则",)), ADMIN, MORNING)
    hall.store.roles.grant(Grant("part", "sub-admin", departments=("教务处",)), ADMIN, MORNING)
    for number in range(5):
        flag(hall, "代写", MORNING, "right" if number else "wrong", is_appealed=not number)
        hall.store.prints.note(number + 1, "代写论文" if number < 3 else str(number), f"$:{number % 2}")
    flag(hall, "ad-jobs", MORNING - 14 * DAY)
    flag(hall, "ad-jobs", MONDAY)
    (sent,) = weekly(hall)
    assert isinstance(sent, Private)
    assert sent.to == (ADMIN, "rules")
    assert sent.body.text.split("\n\n")[:5] == [
        "**内容提醒周报**（11-23 至 11-29）",
        "命中 5 次，复核 5 次：对 4、错 1、说不准 0，申诉 1 次，前 4 周平均每周 0.2 次。",
        "有 1 段话被发了不止一次，最多的一段 3 次，组织外的人 2 位。",
        "还没复核的 2 条，等答复的申诉 1 条：/复核",
        "**命中最多**",
    ]
    assert "规则 1 代写（广告推销）：5 次 ↑，准确率 80%" in sent.body.text
    assert "范围：" in sent.body.text, "what the figures rest on is said"
    assert [one.says for one in sent.body.buttons] == ["/复核", "/规则 统计"]
    chart = sent.body.chart
    assert chart is not None
    assert [bar.parts for bar in chart.panels[0].bars][-3:] == [(0, 0, 1), (0, 0, 0), (4, 1, 0)]
    assert [bar.label for bar in chart.panels[1].bars] == ["规则 1 广告推销"]
    assert weekly(hall) == [], "once a week"
    assert weekly(hall, MONDAY + DAY) == []


def test_a_week_in_which_nothing_happened_is_quiet(hall: Hall) -> None:
    flag(hall, "代写", MORNING - 21 * DAY, "right")
    assert weekly(hall) == []
    flag(hall, "代写", MONDAY - 20 * DAY, is_appealed=True)
    assert len(weekly(hall, MONDAY + 7 * DAY)) == 1, "somebody waits for an answer"


def test_a_late_digest_says_so(hall: Hall) -> None:
    flag(hall, "代写", MORNING)
    (sent,) = weekly(hall, MONDAY + DAY, is_late=True)
    assert isinstance(sent, Private)
    assert "，补发）" in sent.body.text


def texts_of(body: Body) -> Iterator[str]:
    chart = body.chart
    assert isinstance(chart, Chart)
    yield from chart.legend
    for panel in chart.panels:
        yield panel.heading
        for bar in panel.bars:
            yield bar.label


def test_all_that_a_chart_says_can_be_drawn(hall: Hall) -> None:
    """A character is missing: put it into bot/charts/labels.txt and make the font anew (docs/dependencies.md)."""
    flag(hall, "代写", MORNING)
    said = [*texts_of(hall.ask(ADMIN, "/规则 统计")), *texts_of(hall.ask(ADMIN, "/规则 统计 1"))]
    (sent,) = weekly(hall)
    assert isinstance(sent, Private)
    said += [*texts_of(sent.body), *CATEGORY_LABELS.values()]
    assert set("".join(said)) - drawable() == set()
    assert len(said) > WEEKS
