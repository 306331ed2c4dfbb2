"""New versions: what they take the place of, when, and which questions they inherit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handlers.policy import shipped
from handlers.policy.documents.importing import Changes, repealed_in
from handlers.policy.documents.inheriting import inherit
from handlers.policy.documents.texts import compared
from handlers.policy.shipped import digest
from storage.policies import Article
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, NOW, Desk, a_desk

OFFICIAL = """学院钉钉使用管理暂行办法

为规范钉钉的使用，制定本办法。

一、总则
1．本办法所称钉钉，是指钉钉平台、自带应用和学院开通的第三方应用程序。
2．钉钉仅限办公使用，严禁发布、转发与工作无关和违反法律的内容，谁发布谁承担责任。
3．本办法适用于学院各部门、各科室及全体教职工。
二、账号管理
1．食堂的餐具由后勤处统一采购。
"""


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def in_force(desk: Desk, day: date) -> list[tuple[str, int]]:
    return [(one.title, one.version) for one in desk.store.policies.documents() if one.is_in_force(day)]


TODAY = NOW.date()


def test_the_official_text_takes_the_place_of_the_digest_and_inherits_its_questions(desk: Desk) -> None:
    done = desk.bring(OFFICIAL)
    assert [one.title for one in done.superseded] == [DIGEST]
    assert done.inherited == ("一.1", "一.2", "一.3")
    assert done.count == 4
    assert in_force(desk, TODAY) == [("学院钉钉使用管理暂行办法", 1)]
    body = desk.ask("后勤的人也要遵守吗").body
    assert "**《学院钉钉使用管理暂行办法》一.3**" in body.text
    assert "正式文件" not in body.text


def test_an_article_about_something_else_and_the_introduction_inherit_nothing(desk: Desk) -> None:
    done = desk.bring(OFFICIAL)
    by_number = {article.number: article for article in desk.store.policies.articles(done.document.id)}
    assert by_number["二.1"].questions == ()
    assert by_number["前言"].questions == ()
    assert len(by_number["一.2"].questions) >= 12
    assert by_number["一.2"].summary


def test_a_text_that_is_alike_takes_the_place_of_the_digest_under_any_title(desk: Desk) -> None:
    done = desk.bring(OFFICIAL, "某某学院办公平台使用规定（试行）")
    assert [one.title for one in done.superseded] == [DIGEST]
    assert in_force(desk, TODAY) == [("某某学院办公平台使用规定（试行）", 1)]


def test_another_regulation_stands_beside_the_digest(desk: Desk) -> None:
    done = desk.bring(CARS_TEXT)
    assert done.superseded == ()
    assert done.inherited == ()
    assert in_force(desk, TODAY) == [(CARS, 1), (DIGEST, 1)]


def test_a_new_version_takes_the_place_of_the_old(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    done = desk.bring(CARS_TEXT.replace("一个工作日", "两个工作日"), f"《{CARS}》")
    assert [(one.title, one.version) for one in done.superseded] == [(CARS, 1)]
    assert in_force(desk, TODAY) == [(f"《{CARS}》", 1), (DIGEST, 1)]
    assert desk.bring(CARS_TEXT).document.version == 2


def test_what_differs_from_the_version_before(desk: Desk) -> None:
    assert desk.bring(CARS_TEXT).plan.changes is None
    assert not desk.bring(CARS_TEXT).plan.changes
    text = CARS_TEXT.replace("一个工作日", "两个工作日").replace("第二条 公务用车由学院办公室统一调度。\n", "")
    changes = desk.bring(text.replace("第六条", "第七条 车辆每年年检。\n第六条")).plan.changes
    assert changes == Changes(reworded=("第三条",), added=("第七条",), removed=("第二条",))
    assert compared(changes) == "和上一版相比，改了 1 条（第三条），新增 1 条（第七条），删去 1 条（第二条）。"
    assert desk.bring(OFFICIAL).plan.changes is None


def test_what_a_text_says_to_repeal_goes_out_of_force_with_its_beginning(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    desk.bring("学院车辆管理暂行办法\n第一条 车辆由后勤处管理。")
    text = "学院车辆管理办法\n第一条 车辆由办公室管理。\n第二条 本办法自2026年3月1日起施行，原"
    done = desk.bring(f"{text}《{CARS}》（院发〔2025〕3号）和《学院车辆管理暂行办法》同时废止。")
    assert {one.title for one in done.superseded} == {CARS, "学院车辆管理暂行办法"}
    assert in_force(desk, TODAY) == [("学院车辆管理办法", 1), (DIGEST, 1)]
    assert done.plan.changes is None
    assert (CARS, 1) in in_force(desk, date(2026, 2, 28))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("原《甲办法》同时废止。", ["甲办法"]),
        ("《甲办法》《乙规定》、《丙细则（试行）》即行废止。", ["甲办法", "乙规定", "丙细则（试行）"]),
        ("违反《甲办法》的，由办公室处理；不合格的证件废止。", []),
        ("依据《甲办法》制定。", []),
        ("已经废止的证件交回。", []),
        ("《" * 200 + "废止", []),
    ],
)
def test_titles_that_are_repealed(text: str, titles: list[str]) -> None:
    assert repealed_in([Article("一", text)]) == titles


def test_the_only_one_in_force(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    desk.bring("印章办法\n第一条 印章由办公室保管。", only_one=True)
    assert in_force(desk, TODAY) == [("印章办法", 1)]


def test_a_version_of_the_future_waits_for_its_day(desk: Desk) -> None:
    desk.bring(CARS_TEXT)
    desk.bring(CARS_TEXT, effective=date(2027, 3, 1))
    assert in_force(desk, date(2027, 2, 28)) == [(CARS, 1), (DIGEST, 1)]
    assert in_force(desk, date(2027, 3, 1)) == [(CARS, 2), (DIGEST, 1)]
    desk.bring(CARS_TEXT)
    assert in_force(desk, date(2027, 3, 1)) == [(CARS, 3), (DIGEST, 1)]


def test_own_questions_and_summary_come_first() -> None:
    before = [Article("一", "群主由部门负责人担任", summary="旧", questions=("谁当群主", "群主是谁"))]
    found, inherited = inherit(
        [Article("一", "群主由部门负责人担任。", summary="新", questions=("群主是谁",))], [before]
    )
    assert found == [Article("一", "群主由部门负责人担任。", summary="新", questions=("群主是谁", "谁当群主"))]
    assert inherited == ["一"]


def test_a_whole_official_text_in_other_words_inherits_where_the_matter_agrees(desk: Desk) -> None:
    """Written by ourselves, every article in other words than the digest's; five of them are about something else."""
    text = (Path(__file__).parent / "texts" / "official.md").read_text(encoding="utf-8")
    done = desk.bring(text)
    changed = ("二.4", "三.3", "四.(三).1", "四.(五).3", "五.4")
    assert [one.title for one in done.superseded] == [DIGEST]
    assert done.plan.needing == changed
    assert len(done.inherited) == done.count - len(changed) == 45
    assert done.document.effective == date(2026, 3, 1)
    by_number = {article.number: article for article in desk.store.policies.articles(done.document.id)}
    assert all(len(by_number[number].questions) >= 12 for number in done.inherited)
    assert all(not by_number[number].questions and not by_number[number].summary for number in changed)


def test_no_article_inherits_those_of_another_matter() -> None:
    """Every article of the digest under the number of every other one: very few pass for the same."""
    articles = digest().articles[1:]
    wrong = [
        (one.number, other.number)
        for one in articles
        for other in articles
        if one.number.rpartition(".")[0] != other.number.rpartition(".")[0]
        and inherit([replace(other, number=one.number, summary="", questions=())], [[one]])[1]
    ]
    assert len(wrong) < 0.01 * len(articles) ** 2, wrong


KEEP = "各部门应当至少设两名管理员，不得由外聘人员担任，名单报学院办公室备案。"


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (KEEP, "每个部门设两名管理员"),
        (KEEP.replace("应当", "要"), "每个部门设两名管理员"),
        (KEEP.replace("两名", "三名"), ""),
        (KEEP.replace("不得", "可以"), ""),
        ("各部门的管理员由主管领导在每年开学前统一挑选，人数由部门自定。", ""),
    ],
)
def test_a_summary_goes_on_only_while_it_is_true(text: str, summary: str) -> None:
    before = [Article("一", KEEP, summary="每个部门设两名管理员", questions=("管理员几个",))]
    [found] = inherit([Article("一", text)], [before])[0]
    assert found.summary == summary


@pytest.mark.parametrize(
    "article",
    [
        Article("二", "群主由部门负责人担任"),
        Article("一", "食堂早上六点半开门"),
        Article("一", "群"),
        Article("一", "…"),
    ],
)
def test_number_and_matter_must_both_agree(article: Article) -> None:
    before = [Article("一", "群主由部门负责人担任", questions=("谁当群主",))]
    assert inherit([article], [before]) == ([article], [])


def test_the_digest_is_installed_once_and_only_into_an_empty_database(desk: Desk) -> None:
    shipped.install_if_empty(desk.store, NOW)
    assert len(desk.store.policies.documents()) == 1
    with a_desk(with_digest=False) as other:
        other.bring(CARS_TEXT)
        shipped.install_if_empty(other.store, NOW)
        assert in_force(other, TODAY) == [(CARS, 1)]
