"""From facts to verdicts and advice: one situation at a time, beside a bot that is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.doctor import texts
from handlers.doctor.check import Check, Question, Verdict
from handlers.doctor.diagnosis import all_checks, diagnose, is_all_well
from handlers.doctor.facts import Asked, Facts, Plan
from handlers.hearing.coverage import Standing
from handlers.quota.standing import Level
from storage.backlog import Aside, Trouble, Waiting
from storage.gaps import Gap, Reason
from storage.presence import Presence
from storage.probes import Probe, Status

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
H, S, A, T = Question
PROBED = [
    "network",
    "credentials",
    "clock",
    "gateway",
    "departments",
    "members",
    "scene-groups",
    "sending",
    "database",
    "disk",
]
PRESENCE = Presence(
    started_at=NOW - timedelta(days=2),
    beat_at=NOW - timedelta(seconds=9),
    version="0.1.0",
    host="pc",
    pid=7,
    wanted_connections=2,
    connections=2,
    heard_at=NOW - timedelta(seconds=20),
)
WELL = Facts(
    now=NOW,
    zone=ZONE,
    asked=Asked.CONSOLE,
    probes={name: Probe(name, NOW, "ok", "好") for name in PROBED},
    presence=PRESENCE,
    heard_at=NOW - timedelta(minutes=3),
    plans=(Plan("monthly", True, NOW + timedelta(days=6)),),
)


def minutes(number: float) -> datetime:
    """So many minutes ago."""
    return NOW - timedelta(minutes=number)


def probed(name: str, status: Status, found: str = "坏", advice: str = "这样做") -> Facts:
    return replace(WELL, probes={**WELL.probes, name: Probe(name, NOW, status, found, advice)})


def wrong(facts: Facts) -> dict[str, Check]:
    """All checks that are not well, by name."""
    return {check.name: check for check, _ in all_checks(diagnose(facts)) if check.status != "ok"}


def verdicts(facts: Facts) -> dict[Question, Verdict]:
    return {answer.question: answer.verdict for answer in diagnose(facts)}


def trouble(code: str = "invalid", latest: datetime = NOW, error: str = "invalid：群不存在", count: int = 1) -> Trouble:
    return Trouble(code, error, count, latest, latest)


def test_a_bot_that_is_well_has_four_good_answers() -> None:
    for asked in Asked:
        facts = replace(WELL, asked=asked)
        assert verdicts(facts) == dict.fromkeys(Question, Verdict.WELL)
        assert wrong(facts) == {}
        assert is_all_well(diagnose(facts))
        assert "一切正常" in texts.short(diagnose(facts), facts)


SITUATIONS: list[tuple[str, Facts, str, Status, tuple[Question, ...], str]] = [
    # what it is · facts · the one check that finds it · how bad · whose verdict is «wrong» · a word of the advice
    ("never run", replace(WELL, presence=None), "running", "bad", (H, S, A, T), "steward run"),
    (
        "stopped",
        replace(WELL, presence=replace(PRESENCE, stopped_at=minutes(9))),
        "running",
        "bad",
        (H, S, A, T),
        "run",
    ),
    ("died", replace(WELL, presence=replace(PRESENCE, beat_at=minutes(2))), "running", "bad", (H, S, A, T), "日志"),
    ("bad configuration", replace(WELL, problems=("甲", "乙")), "configuration", "bad", (H, S, A, T), "check-config"),
    ("broken file", probed("database", "bad"), "database", "bad", (H, S, A, T), "这样做"),
    ("no network", probed("network", "bad"), "network", "bad", (H, S, A, T), "这样做"),
    ("wrong secret", probed("credentials", "bad"), "credentials", "bad", (H, S, A, T), "这样做"),
    ("little room", probed("disk", "warning"), "disk", "warning", (), "这样做"),
    ("clock ahead", probed("clock", "warning"), "clock", "warning", (), "这样做"),
    ("no stream", probed("gateway", "bad"), "gateway", "bad", (H,), "这样做"),
    ("may not send", probed("sending", "bad"), "sending", "bad", (S,), "这样做"),
    ("may not read people", probed("members", "bad"), "members", "bad", (T,), "这样做"),
    # hearing
    (
        "no connection",
        replace(WELL, presence=replace(PRESENCE, connections=0, trouble="连不上钉钉 / no network")),
        "connections",
        "bad",
        (H,),
        "重连",
    ),
    ("one of two", replace(WELL, presence=replace(PRESENCE, connections=1)), "connections", "warning", (), "日志"),
    ("mute", replace(WELL, presence=replace(PRESENCE, heard_at=minutes(3))), "frames", "bad", (H,), "长连接"),
    (
        "mute from the start",
        replace(WELL, presence=replace(PRESENCE, heard_at=None)),
        "frames",
        "bad",
        (H,),
        "换新连接",
    ),
    ("deaf now", replace(WELL, silences=(Gap(minutes(9), None, Reason.OFFLINE),)), "silences", "bad", (H,), "重连"),
    (
        "deaf today",
        replace(WELL, silences=(Gap(minutes(99), minutes(90), Reason.OFFLINE),)),
        "silences",
        "warning",
        (),
        "再说一次",
    ),
    ("a rival now", replace(WELL, rivals_at=minutes(5)), "rivals", "bad", (H,), "Client Secret"),
    ("a rival days ago", replace(WELL, rivals_at=minutes(60 * 50)), "rivals", "warning", (), "停掉它"),
    ("a bridge for nobody", replace(WELL, bridge=Standing(False, None)), "bridge", "warning", (), "旁听 同意"),
    ("a bridge that never ran", replace(WELL, bridge=Standing(False, None, groups=1)), "bridge", "warning", (), "日志"),
    (
        "a bridge that ended",
        replace(WELL, bridge=Standing(False, minutes(9), groups=1)),
        "bridge",
        "warning",
        (),
        "日志",
    ),
    ("a bridge that loses", replace(WELL, bridge=Standing(True, NOW, 9, 1, 1)), "bridge", "warning", (), "日志"),
    (
        "a bridge without a group's lines",
        replace(WELL, bridge=Standing(True, NOW, 9, 0, 2, ("教务群",))),
        "bridge",
        "warning",
        (),
        "订阅",
    ),
    ("slow", replace(WELL, to_handle=Waiting(3, minutes(2))), "backlog-in", "warning", (), "重启"),
    ("stuck", replace(WELL, to_handle=Waiting(3, minutes(6))), "backlog-in", "bad", (H,), "重启"),
    # sending
    ("not sent", replace(WELL, parked_out=(trouble(),)), "parked-out", "bad", (S,), "/自检 重试 全部"),
    (
        "not sent long ago",
        replace(WELL, parked_out=(trouble(latest=minutes(1500)),)),
        "parked-out",
        "warning",
        (),
        "搁置",
    ),
    ("perhaps sent", replace(WELL, parked_out=(trouble("interrupted"),)), "parked-out", "warning", (), "搁置"),
    ("trying again", replace(WELL, troubled=(trouble("504"),)), "retries", "warning", (), "自动重试"),
    ("trying for long", replace(WELL, troubled=(trouble("504", minutes(31)),)), "retries", "bad", (S,), "自动重试"),
    ("queue", replace(WELL, to_send=Waiting(2, minutes(6))), "backlog-out", "warning", (), "重启"),
    ("stuck queue", replace(WELL, to_send=Waiting(2, minutes(31))), "backlog-out", "bad", (S,), "重启"),
    ("calls are scarce", replace(WELL, quota=Level.SHORT), "quota", "warning", (), "/配额"),
    ("calls are gone", replace(WELL, quota=Level.OUT), "quota", "bad", (S,), "下月"),
    ("people out of sight", replace(WELL, unreachable=2), "unreachable", "warning", (), "可见范围"),
    # answering
    ("failed", replace(WELL, parked_in=Aside(1, minutes(5))), "parked-in", "bad", (A,), "/自检 重试 全部"),
    ("failed long ago", replace(WELL, parked_in=Aside(1, minutes(1500))), "parked-in", "warning", (), "丢弃"),
    ("failing", replace(WELL, to_try_again=Waiting(1, NOW)), "retrying", "warning", (), "搁置"),
    ("no regulation", replace(WELL, documents=0), "documents", "bad", (A,), "policy import"),
    ("no rule", replace(WELL, rules=0), "rules", "warning", (), "[moderation] rules"),
    ("no group", replace(WELL, groups=0), "groups", "warning", (), "/群 登记"),
    ("a group never heard", replace(WELL, unheard=("甲群",)), "groups", "warning", (), "加进"),
    ("no admin", replace(WELL, admins=0), "admins", "warning", (), "[roles] main_admins"),
    ("words alone", probed("semantic", "warning"), "semantic", "warning", (), "这样做"),
    ("plain answers", probed("language-model", "warning"), "language-model", "warning", (), "这样做"),
    # timing
    (
        "late",
        replace(WELL, plans=(Plan("monthly", True, minutes(30), is_overdue=True),)),
        "plans",
        "bad",
        (T,),
        "重启",
    ),
    ("not there yet", replace(WELL, plans=(Plan("monthly", False),)), "plans", "warning", (), "改过配置要重启"),
    ("none", replace(WELL, plans=(Plan("retention", True, NOW, is_ours=True),)), "plans", "warning", (), "schedules"),
    ("due and not done", replace(WELL, due_to_handle=Waiting(1, minutes(31))), "due", "bad", (T,), "日志"),
    ("not in the register", replace(WELL, unregistered=("甲群",)), "registered", "warning", (), "/群 登记"),
    ("nobody to remind", replace(WELL, ownerless=("甲群",)), "owners", "warning", (), "登记"),
    ("next year", replace(WELL, uncovered_years=(2027,)), "calendar", "warning", (), "chinesecalendar"),
]


@pytest.mark.parametrize(
    ("facts", "name", "status", "questions", "advice"),
    [row[1:] for row in SITUATIONS],
    ids=[row[0] for row in SITUATIONS],
)
def test_one_thing_is_found_by_one_check_and_says_what_to_do(
    facts: Facts, name: str, status: Status, questions: tuple[Question, ...], advice: str
) -> None:
    found = wrong(facts)
    assert list(found) == [name]
    assert found[name].status == status
    assert advice in found[name].advice
    assert {question for question, verdict in verdicts(facts).items() if verdict is Verdict.WRONG} == set(questions)
    assert Verdict.UNSURE not in verdicts(facts).values()
    assert not is_all_well(diagnose(facts))
    shown = texts.short(diagnose(facts), facts)
    assert found[name].found in shown and found[name].advice in shown
    assert texts.TITLES[name][0] in shown


def test_every_situation_of_every_check_has_a_name_for_people() -> None:
    seen = {check.name for row in SITUATIONS for check, _ in all_checks(diagnose(row[1]))}
    assert seen == set(texts.TITLES)
    found = {row[2] for row in SITUATIONS}
    assert set(texts.TITLES) - found == {
        "messages",
        "mentions",
        "held",
        "external",
        "departments",
        "scene-groups",
    }


HARMLESS = {
    "a gap of last week": replace(WELL, silences=(Gap(minutes(5000), minutes(4990), Reason.STOPPED),)),
    "a message of this moment": replace(WELL, to_handle=Waiting(9, minutes(0.5))),
    "a burst to one group": replace(WELL, to_send=Waiting(40, minutes(4))),
    "reminders that wait for the morning": replace(WELL, held_for_night=3),
    "a long reading before a clean-up": replace(WELL, due_to_handle=Waiting(1, minutes(20))),
    "a connection of this moment": replace(
        WELL, presence=replace(PRESENCE, started_at=minutes(0.2), heard_at=None, connections=2)
    ),
    "a clock that is a little behind": replace(WELL, presence=replace(PRESENCE, beat_at=NOW + timedelta(seconds=5))),
}


@pytest.mark.parametrize("facts", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_as_it_should_be_is_no_finding(facts: Facts) -> None:
    assert wrong(facts) == {}


# -- what nobody could look at -------------------------------------------------------------------------------------


def test_without_network_nobody_can_be_sure() -> None:
    probes = {
        name: Probe(name, NOW, "ok" if name in ("database", "disk") else "unknown", "没有检查") for name in PROBED
    }
    facts = replace(WELL, probes=probes)
    assert verdicts(facts) == dict.fromkeys(Question, Verdict.UNSURE)
    assert is_all_well(diagnose(facts))
    shown = texts.short(diagnose(facts), facts)
    assert "没能检查：网络、凭证、时钟、网关、" in shown
    assert "有问题" not in shown


def test_what_is_wrong_counts_more_than_what_is_not_known() -> None:
    facts = replace(WELL, probes={}, documents=0)
    assert verdicts(facts) == {H: Verdict.UNSURE, S: Verdict.UNSURE, A: Verdict.WRONG, T: Verdict.UNSURE}


def test_a_bot_that_never_heard_anything_may_be_well() -> None:
    facts = replace(WELL, heard_at=None)
    assert verdicts(facts) == {H: Verdict.UNSURE, S: Verdict.WELL, A: Verdict.WELL, T: Verdict.WELL}
    assert "Stream" in wrong(facts)["messages"].advice
    assert "❔ 消息：还没有听到过任何消息。在群里" in texts.short(diagnose(facts), facts)


def test_a_bot_that_never_ran_is_not_blamed_for_hearing_nothing() -> None:
    found = wrong(replace(WELL, presence=None, heard_at=None))
    assert (found["messages"].status, found["messages"].advice) == ("unknown", "")


def test_whoever_asks_in_a_chat_proves_that_it_runs_and_hears() -> None:
    facts = replace(WELL, asked=Asked.CHAT, presence=None, heard_at=None)
    assert verdicts(facts) == dict.fromkeys(Question, Verdict.WELL)


def test_what_waits_while_nothing_runs_is_no_finding_of_its_own() -> None:
    facts = replace(
        WELL,
        presence=replace(PRESENCE, stopped_at=minutes(99)),
        to_handle=Waiting(2, minutes(99)),
        to_send=Waiting(2, minutes(99)),
        due_to_handle=Waiting(2, minutes(99)),
        plans=(Plan("monthly", True, minutes(99), is_overdue=True),),
    )
    assert list(wrong(facts)) == ["running"]
    backlog = next(check for check, _ in all_checks(diagnose(facts)) if check.name == "backlog-in")
    assert "2 条" in backlog.found


def test_of_a_database_that_cannot_be_read_nothing_is_claimed() -> None:
    facts = replace(probed("database", "bad"), is_store_readable=False, presence=None, documents=0, plans=())
    found = wrong(facts)
    assert (found["database"].status, found["running"].status) == ("bad", "unknown")
    assert set(found) == {"database", "running"}
    assert set(verdicts(facts).values()) == {Verdict.WRONG}


def test_a_good_file_that_this_version_cannot_read_wants_a_start() -> None:
    found = wrong(replace(WELL, is_store_readable=False))
    assert (found["database"].status, "启动一次" in found["database"].advice) == ("warning", True)
    assert set(found) == {"database", "running"}


def test_what_an_earlier_process_said_of_itself_is_not_told_of_this_one() -> None:
    for old in (replace(PRESENCE, stopped_at=minutes(9)), replace(PRESENCE, beat_at=minutes(9), version="0.0.9")):
        facts = replace(WELL, asked=Asked.CHAT, presence=old)
        checks = {check.name: check for check, _ in all_checks(diagnose(facts))}
        assert checks["running"].found == "正在运行"
        assert "connections" not in checks and "frames" not in checks


# -- how it is said ------------------------------------------------------------------------------------------------


def test_results_of_an_earlier_check_say_how_old_they_are() -> None:
    old = {name: replace(probe, at=minutes(180)) for name, probe in WELL.probes.items()}
    facts = replace(WELL, probes=old)
    network = next(check for check, _ in all_checks(diagnose(facts)) if check.name == "network")
    assert network.found == "好（3 小时前查的）"
    assert "3 小时前检查的" in texts.short(diagnose(facts), facts)
    assert "刚才检查的" in texts.short(diagnose(WELL), WELL)


def test_everything_is_shown_once_in_full() -> None:
    facts = replace(WELL, asked=Asked.CHAT)
    shown = texts.full(diagnose(facts), facts)
    names = {check.name for answer in diagnose(facts) for check in answer.checks}
    assert sum(line.startswith("- ✅ ") for line in shown.splitlines()) == len(names)
    for name in names:
        assert shown.count(f"✅ {texts.TITLES[name][0]}：") == 1
    for chinese, _ in texts.QUESTIONS.values():
        assert f"**{chinese}：正常**" in shown


def test_the_worst_stands_first() -> None:
    facts = replace(WELL, admins=0, documents=0)
    shown = texts.short(diagnose(facts), facts)
    assert "发现 1 个问题" in shown
    assert shown.index("❌ 规章") < shown.index("⚠️ 管理员")


def test_words_of_the_platform_are_no_markup() -> None:
    facts = replace(
        WELL,
        parked_out=(trouble(error="x：[点我](https://evil) @所有人"), trouble("b", error="乙", count=2)),
        unheard=("[群](http://x)",),
        presence=replace(PRESENCE, connections=0, trouble="**坏**"),
    )
    shown = texts.short(diagnose(facts), facts)
    assert "](" not in shown and "@所有人" not in shown and "**坏" not in shown
    assert "3 条消息发不出去" in shown and "乙（2 条）" in shown


def test_why_there_is_no_connection_is_told_without_the_words_of_other_checks() -> None:
    trouble = "钉钉不接受这个应用（x_y）：请核对 [dingtalk] client_id / DingTalk refuses the application"
    found = wrong(replace(WELL, presence=replace(PRESENCE, connections=0, trouble=trouble)))
    assert found["connections"].found == "一条连接也没有：钉钉不接受这个应用（x＿y）"


def test_plans_are_told_with_their_last_and_next_times() -> None:
    plans = (
        Plan("monthly", True, NOW + timedelta(days=6), NOW - timedelta(days=23)),
        Plan("retention", True, NOW + timedelta(hours=18), NOW - timedelta(hours=6), is_ours=True),
    )
    facts = replace(WELL, plans=plans)
    found = {check.name: check.found for check, _ in all_checks(diagnose(facts))}
    assert found["plans"] == "上次：monthly 11-02 09:30；接下来：清除过期记录 11-26 03:30，monthly 12-01 09:30"


def test_the_night_is_told_with_what_waits_for_its_end() -> None:
    def held(facts: Facts) -> str:
        return {check.name: check.found for check, _ in all_checks(diagnose(facts))}["held"]

    assert held(WELL) == "22:00 到 07:00 只发回答，现在没有等着的"
    assert held(replace(WELL, held_for_night=3)) == "22:00 到 07:00 只发回答，现有 3 条提醒等到早上"
    assert held(replace(WELL, quiet=None)) == "没有设夜间免打扰"


def test_where_the_settings_allow_no_answers_is_told() -> None:
    found = {check.name: check for check, _ in all_checks(diagnose(replace(WELL, external_unanswered=2)))}
    assert (found["external"].status, "2 个外部群" in found["external"].found) == ("ok", True)


@given(
    st.fixed_dictionaries({name: st.sampled_from(["ok", "warning", "bad", "unknown"]) for name in PROBED}),
    st.sampled_from(Asked),
    st.booleans(),
)
def test_each_answer_is_as_bad_as_its_worst_check(
    found: dict[str, Status], asked: Asked, is_store_readable: bool
) -> None:
    probes = {name: Probe(name, NOW, status, "甲", "乙") for name, status in found.items()}
    facts = replace(WELL, probes=probes, asked=asked, is_store_readable=is_store_readable)
    answers = diagnose(facts)
    for answer in answers:
        seen = {check.status for check in answer.checks}
        worst = Verdict.WRONG if "bad" in seen else Verdict.UNSURE if "unknown" in seen else Verdict.WELL
        assert answer.verdict is worst
    shown = texts.short(answers, facts)
    for check, _ in all_checks(answers):
        assert (f"{texts.MARKS[check.status]} {texts.TITLES[check.name][0]}：" in shown) == (
            check.status in ("bad", "warning") or (check.status == "unknown" and check.advice != "")
        )
    assert ("自检：一切正常" in shown) == all(check.status == "ok" for check, _ in all_checks(answers))
    assert texts.full(answers, facts)


def test_long_lists_of_names_are_cut() -> None:
    facts = replace(WELL, unheard=tuple(f"群{number}" for number in range(300)))
    assert len(wrong(facts)["groups"].found) < 100
    assert "300 个群" in wrong(facts)["groups"].found


def test_shared_checks_come_first_and_name_all_four_questions() -> None:
    found = all_checks(diagnose(WELL))
    assert [check.name for check, questions in found if len(questions) == 4] == [
        "configuration",
        "running",
        "database",
        "disk",
        "network",
        "credentials",
        "clock",
    ]
    assert [len(questions) for _, questions in found] == sorted(
        (len(questions) for _, questions in found), reverse=True
    )
    assert len({check.name for check, _ in found}) == len(found)


def test_a_bridge_that_runs_is_well_and_so_is_none() -> None:
    assert wrong(replace(WELL, bridge=Standing(True, NOW, 9, 0, 2))) == {}
    assert wrong(WELL) == {}
