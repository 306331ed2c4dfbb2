"""An article a time, in order, to the groups of each department; paused, resumed, sent by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.message import GroupPost, Priority
from handlers.policy import shipped
from handlers.study.naming import POST_TASK, plan_name, schedule_name
from storage.policies import Article, Document
from storage.roles import Grant
from tests.handlers.hall import ADMIN, SUB, reply
from tests.handlers.study.school import QIAN, STUDENTS, SUN, TEACHING, WANG, ZHOU, School, a_school, posts


@pytest.fixture
def school() -> Iterator[School]:
    with a_school() as made:
        yield made


def owed(school: School, person: str) -> list[str]:
    return [task.article for task in school.store.study.owed_by(person)]


def test_each_department_gets_the_first_article_and_its_serving_staff_owe_it(school: School) -> None:
    sent = school.post()
    found = posts(sent)
    assert set(found) == {TEACHING, STUDENTS}
    text = found[TEACHING]
    assert f"**《{shipped.digest().title}》一.1**" in text
    assert "> 本办法所称钉钉" in text
    assert "简单说：" in text
    assert "@我" in text
    assert [owed(school, person) for person in (WANG, SUN, ZHOU, QIAN)] == [["一.1"]] * 4
    assert owed(school, "retired") == owed(school, "student") == []
    assert school.hall.audited()[0] == "学习 发送"


def test_the_button_says_the_plain_command_and_posts_wait_when_calls_are_scarce(school: School) -> None:
    for one in school.post():
        assert isinstance(one, GroupPost)
        [button] = one.body.buttons
        assert button.says.startswith("/学习 完成 ")
        assert one.priority is Priority.DIGEST
        assert one.expires_at is not None and one.expires_at > school.hall.now


def test_departments_have_their_turn_one_after_the_other_within_working_hours(school: School) -> None:
    moments = [one.not_before for one in school.post() if isinstance(one, GroupPost)]
    assert moments == [None, school.hall.now + timedelta(seconds=10)]
    school.hall.now += timedelta(hours=8, minutes=29, seconds=55)  # half a minute before work ends
    moments = [one.not_before for one in school.post() if isinstance(one, GroupPost)]
    assert moments == [None, None]


def test_the_next_time_comes_the_next_article_and_a_new_department_begins_at_the_beginning(school: School) -> None:
    school.post()
    school.employ("ma", "马处", "财务处")
    school.group("cidMoney", "财务处群", "财务处")
    found = posts(school.post())
    assert "》一.2**" in found[TEACHING]
    assert "》一.1**" in found["cidMoney"]


def test_a_new_version_goes_on_at_the_same_number(school: School) -> None:
    school.post()
    articles = [Article("一.1", "改了的第一条。"), Article("一.2", "改了的第二条。")]
    school.store.policies.add(Document(shipped.digest().title), articles, school.hall.now)
    text = posts(school.post())[TEACHING]
    assert "》一.2**" in text
    assert "> 改了的第二条。" in text


@pytest.mark.parametrize(("repeat", "third"), [(True, "第一条"), (False, None)])
def test_after_the_last_article_it_begins_again_or_ends(repeat: bool, third: str | None) -> None:
    with a_school({"document": "用车办法", "repeat": repeat}) as school:
        articles = [Article("第一条", "由办公室派车。"), Article("第二条", "不得私用。")]
        school.store.policies.add(Document("用车办法"), articles, school.hall.now)
        assert "》第一条**" in posts(school.post())[TEACHING]
        assert "》第二条**" in posts(school.post())[TEACHING]
        found = posts(school.post())
        assert (f"》{third}**" in found[TEACHING]) if third else not found


def test_only_groups_of_the_kinds_and_departments_of_the_plan() -> None:
    with a_school({"departments": ["教务处"]}) as school:
        school.group("cidClass9", "九班", "教务处", kind="class")
        school.group("cidHomeless", "谁的群", "")
        assert set(posts(school.post())) == {TEACHING}


def test_somebody_of_an_inner_department_owes_the_inner_post_alone(school: School) -> None:
    school.group("cidInner", "教学科群", "教务处/教学科")
    school.post()
    assert [task.department for task in school.store.study.owed_by(ZHOU)] == ["教务处/教学科"]
    assert [task.department for task in school.store.study.owed_by(SUN)] == ["教务处"]


def test_two_groups_of_one_department_get_the_same_post(school: School) -> None:
    school.group("cidSecond", "教务处二群", "教务处")
    found = posts(school.post())
    assert found["cidSecond"] == found[TEACHING]
    assert owed(school, SUN) == ["一.1"]


def test_what_comes_late_says_so(school: School) -> None:
    assert "因停机补发" in posts(school.post(is_late=True))[TEACHING]


def test_without_plans_or_groups_nothing_is_sent(school: School) -> None:
    assert school.post("other") == []
    for conversation in (TEACHING, STUDENTS):
        school.store.groups.disbanded(conversation)
    assert school.post() == []


def test_a_paused_plan_sends_nothing_and_goes_on_where_it_stood(school: School) -> None:
    school.post()
    assert "已暂停「weekly」" in school.hall.ask(ADMIN, "/学习 暂停 weekly").text
    assert school.post() == []
    assert "**已暂停**" in school.hall.ask(ADMIN, "/学习 计划").text
    assert "本来就是暂停的" in school.hall.ask(ADMIN, "/学习 暂停").text
    assert "已恢复" in school.hall.ask(ADMIN, "/学习 恢复").text
    assert "》一.2**" in posts(school.post())[TEACHING]
    assert school.hall.audited()[:3] == ["学习 发送", "学习 恢复", "学习 暂停"]
    assert "没有暂停" in school.hall.ask(ADMIN, "/study resume weekly").text


def test_plans_are_listed_with_their_next_three_moments_and_where_each_department_stands(school: School) -> None:
    school.post()
    school.group("cidHomeless", "谁的群", "")
    school.hall.later(timedelta(hours=1))
    text = school.hall.ask(ADMIN, "/学习 计划").text
    assert "**weekly**：每周一 9:00，全部部门的部门群，全部现行规章，学完从头再来" in text
    assert "2026-12-07 09:00（一）、2026-12-14 09:00（一）、2026-12-21 09:00（一）" in text
    assert "- 教务处（1 个群，3 人）：上次 一.1，下次 一.2" in text
    assert "有 1 个群没有登记部门" in text


def test_the_list_of_schedules_points_to_the_plans(school: School) -> None:
    assert school.hall.ask(ADMIN, "/计划 列表").text.endswith("学习计划另看：/学习 计划")


def test_an_admin_sends_the_next_article_now(school: School) -> None:
    asked = school.hall.ask(ADMIN, "/学习 发送")
    assert "2 个部门的 2 个群，5 位在职教职工" in asked.text
    sent = school.confirmed(ADMIN, "/学习 发送 weekly")
    assert set(posts(sent)) == {TEACHING, STUDENTS}
    assert "已安排发送：2 个部门，2 个群" in reply(sent).text
    assert school.store.study.open_tasks()[0].opened_by == ADMIN


def test_a_sub_admin_sends_within_the_own_departments_and_only_with_this_family(school: School) -> None:
    assert "需要子管理员" in school.hall.ask(SUB, "/学习 发送").text  # has 清理 alone
    school.store.roles.grant(Grant(SUB, "sub-admin", ("学生处",), ("学习",)), ADMIN, school.hall.now)
    assert set(posts(school.confirmed(SUB, "/学习 发送"))) == {STUDENTS}
    assert "》一.1**" in posts(school.post())[TEACHING]


def test_wrong_names_and_no_plans_get_the_usage(school: School) -> None:
    assert "请写计划名：weekly" in school.hall.ask(ADMIN, "/学习 暂停 每周").text
    school.hall.settings = school.hall.settings.model_copy(
        update={"study": school.hall.settings.study.model_copy(update={"schedules": ()})}
    )
    assert "现在没有学习计划" in school.hall.ask(ADMIN, "/学习 发送").text
    assert "[[study.schedules]]" in school.hall.ask(ADMIN, "/学习 计划").text


def test_staff_may_not_steer_plans(school: School) -> None:
    for command in ("暂停", "恢复", "发送", "结束 1"):
        assert "需要子管理员" in school.hall.ask(SUN, f"/学习 {command}").text


def test_names_of_schedules_go_both_ways() -> None:
    assert plan_name(schedule_name("weekly")) == "weekly"
    assert schedule_name("weekly") != "weekly" != POST_TASK


def test_a_plan_of_one_article_that_only_reminds() -> None:
    """Article 四.(六).4: look into the workbench often."""
    with a_school({"articles": ["四(六)4"], "confirm": False}) as school:
        for _ in range(2):
            sent = school.post()
            text = posts(sent)[TEACHING]
            assert text.startswith("**规章提醒**") and "》四.(六).4**" in text
            assert all(one.body.buttons == () for one in sent if isinstance(one, GroupPost))
        assert owed(school, SUN) == []
        assert "只发不统计" in school.hall.ask(ADMIN, "/学习 计划").text


def test_a_plan_over_a_document_that_is_not_in_force_says_so() -> None:
    with a_school({"document": "没有的办法"}) as school:
        assert school.post() == []
        assert "没有这份文件" in school.hall.ask(ADMIN, "/学习 计划").text
        assert "现在没有可发的" in school.hall.ask(ADMIN, "/学习 发送").text
