"""What is wrong in a group: every reason with its article, and what is no finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleanup.findings import REASONS, Found, find
from handlers.cleanup.roster import Roster, merge
from handlers.cleanup.texts import REASON_LABELS
from handlers.settings import CleanupSettings
from storage.groups import Group
from storage.members import Member
from storage.staff import DepartmentRow, StaffFact

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
TODAY = date(2026, 11, 25)
SETTINGS = CleanupSettings(dormant_after_days=180)
KINDS = ("department", "project", "class", "external")
HEAD, DEAN, OTHER_HEAD = "head", "dean", "other"
TEACHING = Group(
    "cidA",
    "教务处群",
    "department",
    "教务处",
    owner=HEAD,
    admins=("deputy",),
    last_heard_at=NOW,
    registered_at=NOW,
    registered_by="import",
)
PEOPLE = {
    HEAD: ("王建国", "教务处", "serving"),
    DEAN: ("周院长", "", "serving"),
    OTHER_HEAD: ("杜春晖", "学生处", "serving"),
    "deputy": ("副处长", "教务处", "serving"),
    "clerk": ("孙悦", "教务处/教学科", "serving"),
    "departed": ("钱离", "教务处", "departed"),
    "retired": ("赵退", "教务处", "retired"),
    "early": ("孙内", "教务处", "early-retired"),
    "elsewhere": ("罗调", "教务处", "transferred-out"),
    "moved": ("黎转", "学生处", "serving"),
    "seconded": ("彭借", "教务处", "seconded"),
    "student": ("方学", "软件2301班", "student"),
    "rehired": ("金返", "教务处", "re-hired"),
    "external": ("乔外", "教务处", "external-teacher"),
    "odd": ("奇怪", "教务处", "unknown"),
    "twin1": ("李明", "教务处", "serving"),
    "twin2": ("李明", "教务处", "retired"),
    "twin3": ("陈静", "教务处", "serving"),
    "twin4": ("陈静", "学生处", "serving"),
}
DEPARTMENTS = [
    DepartmentRow(2, "教务处", 1, "教务处", (HEAD,)),
    DepartmentRow(3, "教学科", 2, "教务处/教学科", ("clerk",)),
    DepartmentRow(4, "考务科", 2, "教务处/考务科"),
    DepartmentRow(5, "学生处", 1, "学生处", (OTHER_HEAD,)),
]


def fact(staff_id: str, **changes: object) -> StaffFact:
    name, department, status = PEOPLE[staff_id]
    leads = staff_id in (HEAD, OTHER_HEAD)
    known = StaffFact(staff_id, "personnel-file", name, department, status=status, is_leader=leads, seen_at=NOW)
    return replace(known, **changes)  # type: ignore[arg-type]


def a_roster(*changed: StaffFact) -> Roster:
    facts = {staff_id: fact(staff_id) for staff_id in PEOPLE} | {one.staff_id: one for one in changed}
    return Roster((merge([one], TODAY) for one in facts.values()), DEPARTMENTS)


def look(
    group: Group, *members: Member | str, roster: Roster | None = None, exempt: Sequence[str] = (), today: date = TODAY
) -> list[Found]:
    """The findings of one group. A member that is a text is a staff id."""
    listed = [Member("cidA", one, source="scene-group") if isinstance(one, str) else one for one in members]
    return find(
        [group],
        lambda conversation: listed if conversation == group.conversation else [],
        roster or a_roster(),
        lambda conversation, member: conversation == group.conversation and member in exempt,
        today,
        SETTINGS,
    )


def reasons(found: Sequence[Found]) -> list[tuple[str | None, str, str]]:
    return [(one.member, one.reason, one.article) for one in found]


def pasted(name: str, source: str = "owner") -> Member:
    return Member("cidA", None, name, source=source)


# -- members -------------------------------------------------------------------------------------------------------

WRONG = [
    ("departed", "departed", "二.6.(一)"),
    ("retired", "retired", "二.6.(二)"),
    ("early", "early-retired", "二.6.(三)"),
    ("elsewhere", "moved", "二.6.(四)"),
    ("moved", "moved", "二.5"),
    ("seconded", "not-serving", "五.8"),
    ("student", "not-serving", "五.8"),
    ("nobody", "unknown-person", "五.8"),
]


@pytest.mark.parametrize(("member", "reason", "article"), WRONG)
def test_each_reason_in_a_department_group_with_its_article(member: str, reason: str, article: str) -> None:
    (found,) = look(TEACHING, member)
    assert (found.member, found.reason, found.article) == (member, reason, article)
    assert (found.conversation, found.kind, found.source) == ("cidA", "department", "scene-group")
    assert found.recommendation
    assert found.name


@pytest.mark.parametrize("member", [HEAD, "deputy", "clerk", "rehired", "external", "odd"])
def test_who_serves_is_no_finding(member: str) -> None:
    assert look(TEACHING, member) == []


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("department", ["departed", "retired", "early", "elsewhere", "moved", "seconded", "student", "nobody"]),
        ("project", ["departed", "retired", "early", "elsewhere", "seconded", "student", "nobody"]),
        ("class", ["departed", "retired", "early", "elsewhere", "nobody"]),
        ("external", ["departed", "retired", "early", "elsewhere", "student", "nobody"]),
    ],
)
def test_each_kind_of_group_has_its_own_rule(kind: str, members: list[str]) -> None:
    everybody = [*(staff_id for staff_id in PEOPLE if not staff_id.startswith("twin")), "nobody"]
    found = look(replace(TEACHING, kind=kind), *everybody)
    assert [one.member for one in found] == [one for one in everybody if one in members]


@pytest.mark.parametrize(("kind", "is_found"), [*zip(KINDS, (True, True, False, False), strict=True)])
def test_people_of_elsewhere_may_be_in_class_and_external_groups(kind: str, is_found: bool) -> None:
    guest = Member("cidA", None, "子涵爸爸 13800001111", "u9", is_outsider=True, source="scene-group")
    found = look(replace(TEACHING, kind=kind), guest)
    assert [(one.reason, one.article) for one in found] == ([("outsider", "五.8")] if is_found else [])
    for one in found:
        assert "13800001111" not in f"{one.member}{one.name}"
        assert one.member is not None
        assert one.member.startswith("子涵爸爸")


def test_two_nameless_guests_are_two_findings() -> None:
    guests = [Member("cidA", None, "", union, is_outsider=True) for union in ("u1", "u2")]
    found = look(TEACHING, *guests)
    assert [one.member for one in found] == ["u1", "u2"]
    assert all("外部人员" in one.name for one in found)


def test_the_day_since_when_is_told() -> None:
    (found,) = look(TEACHING, "retired", roster=a_roster(fact("retired", status_since=date(2026, 6, 30))))
    assert found.detail == "2026-06-30 起"
    (found,) = look(TEACHING, "seconded", roster=a_roster(fact("seconded", status_since=date(2026, 3, 2))))
    assert found.detail == "借调 2026-03-02 起"
    (found,) = look(TEACHING, "moved")
    assert found.detail == "现在学生处"


def test_who_retires_next_month_is_no_finding_yet() -> None:
    assert look(TEACHING, "retired", roster=a_roster(fact("retired", status_since=date(2026, 12, 31)))) == []


# -- moved within the college --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_group", "of_person", "is_found"),
    [
        ("教务处", "学生处", True),
        ("教务处", "教务处", False),
        ("教务处", "教务处/教学科", False),
        ("教务处/教学科", "教务处", False),
        ("教务处/教学科", "教务处/考务科", True),
        ("教学科", "教务处/考务科", True),
        ("教学科", "教务处/教学科", False),
        ("教务处", "教务处分部", True),
        ("", "学生处", False),
        ("教务", "学生处", False),
        ("教务处", "", False),
    ],
)
def test_moved_is_who_belongs_elsewhere(of_group: str, of_person: str, is_found: bool) -> None:
    group = replace(TEACHING, department=of_group, owner=None)
    found = look(group, "moved", roster=a_roster(fact("moved", department=of_person)))
    assert [one.reason for one in found] == (["moved"] if is_found else [])


def test_heads_owners_admins_and_people_of_two_departments_have_not_moved() -> None:
    assert look(TEACHING, OTHER_HEAD) == []
    assert look(replace(TEACHING, admins=("moved",)), "moved") == []
    assert look(replace(TEACHING, department="", owner="moved"), "moved") == []
    directory = fact("moved", source="directory", department="学生处", also_in=("教务处/教学科",))
    assert look(TEACHING, "moved", roster=a_roster(directory)) == []


# -- pasted names --------------------------------------------------------------------------------------------------


def test_a_pasted_name_that_fits_one_person_is_that_person() -> None:
    for name in ("赵退", "教务处-赵退-13800000001", "赵退老师"):
        (found,) = look(TEACHING, pasted(name))
        assert (found.member, found.reason, found.name, found.source) == ("retired", "retired", "赵退", "owner")


def test_a_pasted_name_that_fits_two_is_not_guessed() -> None:
    for name in ("李明", "陈静"):
        (found,) = look(TEACHING, pasted(name))
        assert (found.member, found.reason, found.article) == (name, "unknown-person", "五.8")
        assert "2 个人" in found.detail


def test_a_pasted_name_that_fits_nobody_is_given_back_masked() -> None:
    (found,) = look(TEACHING, pasted("张三 13811112222"))
    assert (found.reason, found.detail) == ("unknown-person", "")
    assert found.member == found.name
    assert found.member is not None
    assert found.member.startswith("张三 138")
    assert "13811112222" not in found.member


@pytest.mark.parametrize("kind", ["class", "external"])
def test_guests_of_any_name_may_be_there_unless_somebody_of_it_has_left(kind: str) -> None:
    group = replace(TEACHING, kind=kind)
    assert look(group, pasted("子涵妈妈"), pasted("陈静"), pasted("张三")) == []
    assert reasons(look(group, pasted("李明"))) == [("李明", "unknown-person", "五.8")]
    assert reasons(look(group, pasted("赵退"))) == [("retired", "retired", "二.6.(二)")]


def test_somebody_listed_by_id_and_by_name_is_found_once() -> None:
    assert len(look(TEACHING, "retired", pasted("赵退"), "retired", pasted("张三"), pasted("张三"))) == 2


# -- the form of names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "shown", "detail"),
    [
        ("department", "孙悦", "缺部门、电话"),
        ("project", "教学科-悦悦-13800000001", "缺真实姓名"),
        ("department", "教学科-孙悦-13800000001", None),
        ("department", "", None),
        ("class", "悦悦", None),
        ("external", "悦悦", None),
    ],
)
def test_names_out_of_form_in_groups_of_staff(kind: str, shown: str, detail: str | None) -> None:
    group = replace(TEACHING, kind=kind)
    found = look(group, Member("cidA", "clerk", shown, source="scene-group"))
    assert [(one.member, one.reason, one.article, one.detail) for one in found] == (
        [] if detail is None else [("clerk", "name-form", "二.3", detail)]
    )


def test_a_list_with_the_bare_name_says_nothing_about_the_form() -> None:
    assert look(TEACHING, Member("cidA", "clerk", "孙 悦", source="file")) == []
    assert [one.reason for one in look(TEACHING, Member("cidA", "clerk", "悦悦", source="file"))] == ["name-form"]


def test_the_graver_reason_counts() -> None:
    assert [one.reason for one in look(TEACHING, Member("cidA", "retired", "退退", source="scene-group"))] == [
        "retired"
    ]


# -- the group itself ----------------------------------------------------------------------------------------------


def test_a_group_in_order_has_no_findings() -> None:
    assert look(TEACHING) == []


def test_unregistered() -> None:
    (found,) = look(Group("cidA", "群"))
    assert (found.member, found.name, found.reason, found.article, found.kind) == (
        None,
        "",
        "unregistered",
        "五.5",
        None,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_dormant_in_every_kind(kind: str) -> None:
    group = replace(TEACHING, kind=kind, last_heard_at=NOW - timedelta(days=181))
    (found,) = look(group)
    assert (found.member, found.reason, found.article, found.detail) == (None, "dormant", "五.6", "181 天没人 @我")
    assert look(replace(group, last_heard_at=NOW - timedelta(days=180))) == []
    (found,) = look(replace(group, coverage="bridge"))
    assert found.detail == "181 天没有消息"


def test_a_group_never_heard_is_dormant_since_it_is_known() -> None:
    long_ago = NOW - timedelta(days=200)
    assert [one.reason for one in look(replace(TEACHING, last_heard_at=None, registered_at=long_ago))] == ["dormant"]
    assert look(replace(TEACHING, last_heard_at=None)) == []
    assert look(replace(TEACHING, last_heard_at=None, registered_at=None)) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("owner", ["departed", "retired", "early", "elsewhere"])
def test_an_owner_who_has_gone(kind: str, owner: str) -> None:
    (found,) = look(replace(TEACHING, kind=kind, owner=owner))
    assert (found.member, found.reason, found.article) == (None, "owner-gone", "五.7")
    assert PEOPLE[owner][0] in found.detail


@pytest.mark.parametrize("owner", ["seconded", "rehired", "nobody", None])
def test_an_owner_who_may_well_serve_is_not_gone(owner: str | None) -> None:
    assert look(replace(TEACHING, kind="project", owner=owner)) == []


@pytest.mark.parametrize(
    ("kind", "department", "owner", "is_found"),
    [
        ("department", "教务处", HEAD, False),
        ("department", "教务处", "clerk", True),
        ("department", "教务处", "nobody", True),
        ("department", "教务处/教学科", "clerk", False),
        ("department", "教学科", "moved", True),
        ("department", "教务处/教学科", HEAD, False),
        ("department", "教务处/考务科", "clerk", False),
        ("department", "没有的处", "clerk", False),
        ("department", "", "clerk", False),
        ("department", "教务处", None, False),
        ("project", "教务处", "clerk", False),
        ("class", "教务处", "clerk", False),
        ("external", "教务处", "clerk", False),
    ],
)
def test_the_head_owns_the_group_of_a_department(kind: str, department: str, owner: str | None, is_found: bool) -> None:
    found = look(replace(TEACHING, kind=kind, department=department, owner=owner))
    assert reasons(found) == ([(None, "owner-wrong", "五.7")] if is_found else [])


def test_the_right_head_is_named() -> None:
    (found,) = look(replace(TEACHING, owner="clerk"))
    assert found.detail == "负责人是王建国"


def test_a_head_who_has_gone_is_no_right_owner() -> None:
    gone = a_roster(fact(HEAD, status="retired"))
    assert [one.reason for one in look(TEACHING, roster=gone)] == ["owner-gone"]
    assert look(replace(TEACHING, owner="clerk"), roster=gone) == []


@pytest.mark.parametrize(
    ("kind", "is_found"), [("department", True), ("project", True), ("external", True), ("class", False)]
)
@pytest.mark.parametrize("admins", [(), (HEAD,)])
def test_one_admin_beside_the_owner(kind: str, is_found: bool, admins: tuple[str, ...]) -> None:
    found = look(replace(TEACHING, kind=kind, admins=admins))
    assert reasons(found) == ([(None, "no-admin", "五.7")] if is_found else [])


def test_whether_there_are_admins_is_not_known_of_every_group() -> None:
    by_command = replace(TEACHING, admins=(), registered_by=HEAD)
    assert look(by_command) == []
    assert [one.reason for one in look(replace(by_command, is_scene_group=True))] == ["no-admin"]
    assert look(replace(by_command, kind=None)) == look(Group("cidA"))


# -- all together --------------------------------------------------------------------------------------------------


def test_who_is_exempted_is_left_out() -> None:
    assert look(TEACHING, "retired", pasted("张三"), exempt=["retired", "张三"]) == []
    assert len(look(TEACHING, "retired", "departed", exempt=["retired"])) == 1
    assert [one.reason for one in look(replace(TEACHING, admins=()), "retired", exempt=["retired"])] == ["no-admin"]


def test_what_concerns_the_group_comes_first_and_each_reason_has_its_words() -> None:
    group = replace(TEACHING, owner="retired", admins=(), last_heard_at=NOW - timedelta(days=999))
    found = look(group, "retired", "departed")
    assert [one.member for one in found] == [None, None, None, "retired", "departed"]
    outside = {"moved" if key in ("transferred-out", "changed-department") else key for key in REASONS}
    assert (
        outside
        == set(REASON_LABELS)
        == {
            *("departed", "retired", "early-retired", "moved", "not-serving", "outsider", "unknown-person"),
            *("name-form", "owner-wrong", "owner-gone", "no-admin", "dormant", "unregistered"),
        }
    )


members = st.builds(
    Member,
    st.just("cidA"),
    st.none() | st.sampled_from([*PEOPLE, "nobody"]),
    st.text(max_size=20),
    st.none() | st.just("u1"),
    st.booleans(),
    st.sampled_from(["file", "scene-group", "owner", "event"]),
)
groups = st.builds(
    replace,
    st.just(TEACHING),
    kind=st.none() | st.sampled_from(KINDS),
    department=st.sampled_from(["", "教务处", "教学科", "学生处", "x/y"]),
    owner=st.none() | st.sampled_from([*PEOPLE, "nobody"]),
    admins=st.lists(st.sampled_from(list(PEOPLE)), max_size=2).map(tuple),
    last_heard_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(group=groups, listed=st.lists(members, max_size=8), data=st.data())
def test_any_group_gives_sound_findings_whatever_the_order(
    group: Group, listed: list[Member], data: st.DataObject
) -> None:
    found = look(group, *listed)
    assert {one.article for one in found} <= {article for article, _, _ in REASONS.values()}
    assert {one.reason for one in found} <= set(REASON_LABELS)
    assert len({(one.member, one.reason) for one in found}) == len(found)
    shuffled = look(group, *data.draw(st.permutations(listed)))
    assert {(one.member, one.reason) for one in shuffled} == {(one.member, one.reason) for one in found}
