"""The configuration: what a file and the environment come to, and one clear line for every mistake."""

from __future__ import annotations

import json
import os
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mistakes import SECRET_KEYS
from bot.settings import Settings, SettingsError, examine, load, missing_credentials, sections, warnings

SECRET = "s3cret-that-nobody-may-see"


def write(folder: Path, text: str, name: str = "config.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def problems_of(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(write(folder, text), environ or {})
    return caught.value.problems


def problem_of(folder: Path, text: str, environ: dict[str, str] | None = None) -> str:
    (line,) = problems_of(folder, text, environ)
    assert "\n" not in line
    return line


# -- what it comes to ----------------------------------------------------------------------------------------------


def test_without_a_file_everything_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    assert settings == Settings()
    assert settings.database_path == Path("steward.db")
    assert settings.rule_paths == []
    assert [schedule.name for schedule in settings.cleanup.schedules] == ["department-monthly"]


def test_the_file_in_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "[quota]\ncalls_per_month = 500000")
    assert load(None, {}).quota.calls_per_month == 500_000


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, '[storage]\npath = "data/steward.db"\n[moderation]\nrules = ["a.toml", "/etc/b.toml"]')
    settings = load(path, {})
    assert settings.database_path == tmp_path / "data" / "steward.db"
    assert settings.rule_paths == [tmp_path / "a.toml", Path("/etc/b.toml")]


def test_a_file_of_windows_with_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('\ufeff[policy]\r\ncontact = "教务处"\r\n'.encode())
    assert load(path, {}).policy.contact == "教务处"


def test_every_section_and_kind_of_value_is_taken(tmp_path: Path) -> None:
    settings = load(
        write(
            tmp_path,
            """
            [dingtalk]
            client_id = " dingabc "
            connections = 1
            openapi_endpoint = "http://127.0.0.1:8080/"
            [policy]
            refusal_threshold = 1
            external_groups = true
            [scheduler]
            timezone = "Asia/Urumqi"
            [cleanup]
            working_hours_from = 9:15:00
            working_hours_to = "9:45"
            [[cleanup.schedules]]
            name = "班级"
            when = "0 9 1 3,9 *"
            kinds = ["class"]
            on_holiday = "same"
            """.replace("9:15:00", "09:15:00"),
        ),
        {},
    )
    assert settings.dingtalk.client_id == settings.robot_code == "dingabc"
    assert settings.dingtalk.openapi_endpoint == "http://127.0.0.1:8080"
    assert settings.policy.refusal_threshold == 1.0
    assert settings.policy.external_groups is True
    assert settings.scheduler.timezone == ZoneInfo("Asia/Urumqi")
    assert (settings.cleanup.working_hours_from, settings.cleanup.working_hours_to) == (time(9, 15), time(9, 45))
    assert settings.cleanup.schedules[0].kinds == ("class",)


@pytest.mark.parametrize(
    ("variable", "text", "section", "key", "value"),
    [
        ("STEWARD_DINGTALK__CLIENT_ID", "dingenv", "dingtalk", "client_id", "dingenv"),
        ("STEWARD_DINGTALK__CONNECTIONS", "3", "dingtalk", "connections", 3),
        ("STEWARD_POLICY__REFUSAL_THRESHOLD", "0.25", "policy", "refusal_threshold", 0.25),
        ("STEWARD_POLICY__EXTERNAL_GROUPS", "true", "policy", "external_groups", True),
        ("STEWARD_MODERATION__TELL_SENDER", "0", "moderation", "tell_sender", False),
        ("STEWARD_CLEANUP__WORKING_HOURS_TO", "16:00", "cleanup", "working_hours_to", time(16)),
        ("STEWARD_ROLES__MAIN_ADMINS", "manager1, 0147,", "roles", "main_admins", ("manager1", "0147")),
        ("STEWARD_ROLES__MAIN_ADMINS", '["manager1"]', "roles", "main_admins", ("manager1",)),
        ("STEWARD_ROLES__MAIN_ADMINS", "", "roles", "main_admins", ()),
        ("STEWARD_LOG__LEVEL", "debug", "log", "level", "debug"),
        ("STEWARD_SCHEDULER__TIMEZONE", "UTC", "scheduler", "timezone", ZoneInfo("UTC")),
    ],
)
def test_the_environment_goes_over_the_file(
    tmp_path: Path, variable: str, text: str, section: str, key: str, value: Any
) -> None:
    path = write(tmp_path, '[dingtalk]\nclient_id = "dingfile"\nrobot_code = "dingrobot"\n[log]\nlevel = "error"')
    settings = load(path, {variable: text, "STEWARD_HOME": "/opt", "PATH": "/bin"})
    assert getattr(getattr(settings, section), key) == value
    assert settings.robot_code == "dingrobot"


def test_schedules_by_environment_are_json(tmp_path: Path) -> None:
    environ = {"STEWARD_CLEANUP__SCHEDULES": '[{"name": "weekly", "when": "每周一 9:00"}]'}
    assert load(write(tmp_path, ""), environ).cleanup.schedules[0].name == "weekly"
    environ["STEWARD_CLEANUP__SCHEDULES"] = "每周一 9:00"
    assert "[cleanup] schedules = '每周一 9:00'：要写列表" in problem_of(tmp_path, "", environ)


def test_every_key_of_every_section_can_come_from_the_environment(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    for section, model in sections().items():
        for key in model.model_fields:
            value = "\u0000nonsense\u0000"
            settings, problems = examine(path, {f"STEWARD_{section}__{key}".upper(): value})
            found = getattr(getattr(settings, section), key)
            said_so = len(problems) == 1 and problems[0].startswith(f"[{section}] {key} ")
            assert said_so or "nonsense" in str(found) or key in SECRET_KEYS, (section, key, problems, found)


# -- mistakes ------------------------------------------------------------------------------------------------------

BAD_VALUES = [
    ("dingtalk", "client_id = 5", "[dingtalk] client_id = 5：要写带引号的文字"),
    ("dingtalk", "openapi_endpoint = 'api.dingtalk.com'", "https://主机"),
    ("dingtalk", "oapi_endpoint = ''", "https://主机"),
    ("dingtalk", "oapi_endpoint = 'https://oapi.dingtalk .com'", "https://主机"),
    ("dingtalk", "connections = 0", "[dingtalk] connections = 0：至少 1"),
    ("dingtalk", "connections = 9", "[dingtalk] connections = 9：至多 4"),
    ("dingtalk", "connections = 'two'", "要写整数"),
    ("dingtalk", "connections = 1.5", "要写整数"),
    ("dingtalk", "connections = []", "要写整数"),
    ("dingtalk", "connections = true", "要写数字"),
    ("storage", "path = false", "要写带引号的文字"),
    ("roles", "main_admins = 'manager1'", "要写列表"),
    ("roles", "main_admins = ['manager1', 5]", "[roles] main_admins 第 2 项 = 5：要写带引号的文字"),
    ("roles", "main_admins = ['manager1', ' ']", "[roles] main_admins 第 2 项 = ' '：不能空着"),
    ("policy", "refusal_threshold = 1.5", "至多 1"),
    ("policy", "refusal_threshold = nan", "[policy] refusal_threshold = nan：至"),
    ("policy", "refusal_threshold = 'half'", "要写数字"),
    ("policy", "refusal_threshold = true", "要写数字"),
    ("policy", "external_groups = 'maybe'", "要写 true 或 false"),
    ("policy", "external_groups = 3", "要写 true 或 false"),
    ("moderation", "rules = 'rules.toml'", "要写列表"),
    ("moderation", "rules = ['']", "[moderation] rules 第 1 项 = ''：不能空着"),
    ("cleanup", "remind_after_workdays = 0", "至少 1"),
    ("cleanup", "max_reminders = 11", "至多 10"),
    ("cleanup", "dormant_after_days = 999999999999", "至多 36500"),
    ("cleanup", "keep_days = 99999999999999999999", "[cleanup] keep_days = "),
    ("cleanup", "working_hours_from = '25:00'", '如 "08:30"'),
    ("cleanup", "working_hours_from = 830", '如 "08:30"'),
    ("cleanup", "working_hours_from = '830'", '如 "08:30"'),
    ("cleanup", "working_hours_to = '17:30+08:00'", '如 "08:30"'),
    ("cleanup", "working_hours_to = '08:00'", "要晚于 working_hours_from"),
    ("cleanup", "working_hours_from = 2026-11-25", "[cleanup] working_hours_from = 2026-11-25：要写时间"),
    ("cleanup", "post_count_in_group = 'yes please'", "要写 true 或 false"),
    ("cleanup", "schedules = 'monthly'", "要写列表"),
    ("cleanup", "schedules = ['monthly']", "[cleanup] schedules 第 1 项：要写成 [[cleanup.schedules]]"),
    ("scheduler", "timezone = 'Beijing'", "Asia/Shanghai"),
    ("scheduler", "timezone = 8", "Asia/Shanghai"),
    ("quota", "calls_per_month = -1", "至少 1"),
    ("quota", "group_messages_per_minute = 21", "至多 20"),
    ("privacy", "retention_days = 0", "至少 1"),
    ("log", "level = 'loud'", "只能是 'debug', 'info', 'warning' or 'error'"),
    ("http", "port = 65536", "至多 65535"),
    ("http", "port = true", "要写数字"),
    ("http", "host = 127", "要写带引号的文字"),
    ("http", "host = ''", "[http] host = ''：不能空着"),
]


@pytest.mark.parametrize(("section", "line", "said"), BAD_VALUES)
def test_a_bad_value_is_one_line_with_key_value_and_what_is_allowed(
    tmp_path: Path, section: str, line: str, said: str
) -> None:
    found = problem_of(tmp_path, f"[{section}]\n{line}")
    assert found.startswith(f"[{section}] {line.split(' = ')[0]}")
    assert said in found
    assert len(found) < 200


BAD_SCHEDULES = [
    ('when = "每天 9:00"', "[cleanup] schedules 第 1 项 的 name：缺少这一项"),
    ('name = "a"', "[cleanup] schedules 第 1 项 的 when：缺少这一项"),
    ('name = "a b"\nwhen = "每天 9:00"', "第 1 项 的 name = 'a b'：只能用"),
    ('name = "a"\nwhen = "somewhen"', "第 1 项 的 when = 'somewhen'：「somewhen」：认不出这个时间"),
    ('name = "a"\nwhen = "每天 9:00"\nkinds = ["staff"]', "第 1 项 的 kinds 第 1 项 = 'staff'：只能是"),
    ('name = "a"\nwhen = "每天 9:00"\nkinds = []', "第 1 项 的 kinds = []：至少写一类群"),
    ('name = "a"\nwhen = "每天 9:00"\non_holiday = "later"', "第 1 项 的 on_holiday = 'later'：只能是 'next'"),
    ('name = "a"\nwhen = "每天 9:00"\nonholiday = "next"', "第 1 项 的 onholiday：没有这个设置项，是不是 on_holiday？"),
    ('name = "cleanup-reminders"\nwhen = "每天 9:00"', "[cleanup] schedules = […]：计划名重复或已占用"),
]


@pytest.mark.parametrize(("entry", "said"), BAD_SCHEDULES)
def test_a_bad_schedule_is_one_line(tmp_path: Path, entry: str, said: str) -> None:
    assert said in problem_of(tmp_path, f"[[cleanup.schedules]]\n{entry}")


def test_names_that_we_do_not_know_get_the_nearest(tmp_path: Path) -> None:
    assert "没有这个设置项，是不是 client_secret？" in problem_of(tmp_path, '[dingtalk]\nclient_secrt = "x"')
    assert "[dingtlak]：没有这个小节，是不是 dingtalk？" in problem_of(tmp_path, "[dingtlak]\n")
    assert "[base]：没有这个小节" in problem_of(tmp_path, "[base]\n")
    assert "是不是 cleanup？" in problem_of(tmp_path, "", {"STEWARD_CLEANPU__KEEP_DAYS": "3"})
    assert "是不是 keep_days？" in problem_of(tmp_path, "", {"STEWARD_CLEANUP__KEEP_DAY": "3"})


def test_an_hour_that_two_ways_of_checking_refuse_is_told_once(tmp_path: Path) -> None:
    line = problem_of(tmp_path, "[cleanup]\nworking_hours_from = '18:00'\nworking_hours_to = '9:00'")
    assert line.startswith("[cleanup] working_hours_to = '9:00'：要晚于")


def test_a_default_that_does_not_fit_is_shown_as_people_write_it(tmp_path: Path) -> None:
    line = problem_of(tmp_path, "[cleanup]\nworking_hours_from = '18:00'")
    assert line.startswith("[cleanup] working_hours_to = 17:30:00：要晚于")


def test_a_variable_with_one_underscore_is_not_passed_over(tmp_path: Path) -> None:
    line = problem_of(tmp_path, "", {"STEWARD_HTTP_PORT": "8080"})
    assert line.startswith("环境变量 STEWARD_HTTP_PORT：要写两个下划线，STEWARD_HTTP__PORT")
    assert load(write(tmp_path, ""), {"STEWARD_HOME": "/opt/steward", "STEWARD_HTTP": "x"}).http.port == 0


def test_a_key_above_all_sections_is_told_where_it_belongs(tmp_path: Path) -> None:
    assert problem_of(tmp_path, f'client_secret = "{SECRET}"').startswith("client_secret：要写在小节 [dingtalk] 下面")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        """
        [dingtalk]
        client = "x"
        connections = 9
        [log]
        level = "loud"
        format = "xml"
        [lgo]
        [[cleanup.schedules]]
        name = "a"
        when = "x"
        [[cleanup.schedules]]
        name = "b c"
        when = "每天 9:00"
        """,
        {"STEWARD_QUOTA__CALLS_PER_MONTH": "many"},
    )
    assert len(found) == 8
    assert any("schedules 第 1 项 的 when" in line for line in found)
    assert any("schedules 第 2 项 的 name" in line for line in found)


def test_what_is_right_counts_beside_what_is_wrong(tmp_path: Path) -> None:
    path = write(
        tmp_path, '[dingtalk]\nclient_id = "dingabc"\nconnections = 9\n[cleanup]\nworking_hours_from = "20:00"'
    )
    settings, problems = examine(path, {})
    assert {line.split(" = ")[0] for line in problems} == {"[dingtalk] connections", "[cleanup] working_hours_to"}
    assert settings.dingtalk.client_id == "dingabc"
    assert settings.dingtalk.connections == 2
    assert settings.cleanup.working_hours_from < settings.cleanup.working_hours_to


@pytest.mark.parametrize("content", [f'dingtalk = "{SECRET}"', f'[[dingtalk]]\nclient_secret = "{SECRET}"'])
def test_a_section_that_is_none_is_one_line_even_with_an_environment(tmp_path: Path, content: str) -> None:
    line = problem_of(tmp_path, content, {"STEWARD_DINGTALK__CLIENT_ID": "x"})
    assert line.startswith("dingtalk：这里要写小节 [dingtalk]")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[dingtalk\n", "不是合格的 TOML"),
        (b"[log]\nlevel = 'info'\nlevel = 'info'\n", "不是合格的 TOML"),
        ("[policy]\ncontact = '教务处'".encode("gb18030"), "不是 UTF-8"),
        (b"[roles]\nmain_admins = " + b"[" * 50_000, "套得太深"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsError, match=said) as caught:
        load(path, {})
    assert len(caught.value.problems) == 1


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(SettingsError, match=r"没有这个文件|读不到"):
            load(path, {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(
    section=st.sampled_from(sorted(sections())),
    key=st.integers(0, 30),
    text=st.text(max_size=30) | json_values.map(lambda value: json.dumps(value)),
)
def test_no_value_whatever_makes_it_stumble(section: str, key: int, text: str) -> None:
    names = list(sections()[section].model_fields)
    variable = f"STEWARD_{section}__{names[key % len(names)] if names else 'nothing'}".upper()
    settings, problems = examine(None, {variable: text})
    assert isinstance(settings, Settings)
    assert all(line and "\n" not in line for line in problems)


# -- secrets -------------------------------------------------------------------------------------------------------


def test_the_secret_comes_from_settings_environment_or_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"\ufeff{SECRET}\n", encoding="utf-8")
    by_file = load(write(tmp_path, '[dingtalk]\nclient_secret_file = "secret"'), {})
    assert by_file.secret == SECRET
    by_environment = load(write(tmp_path, ""), {"STEWARD_DINGTALK__CLIENT_SECRET": f"{SECRET}\n"})
    assert by_environment.secret == SECRET
    assert load(write(tmp_path, f'[dingtalk]\nclient_secret = "{SECRET}"'), {}).secret == SECRET


def test_the_secret_is_in_no_text_that_could_be_logged(tmp_path: Path) -> None:
    settings = load(write(tmp_path, f'[dingtalk]\nclient_secret = "{SECRET}"'), {})
    assert SECRET not in repr(settings) + str(settings) + settings.model_dump_json()
    for text in (f'client_secret = ["{SECRET}"]', f'client_secret = "{SECRET}"\nconnections = 9', f'x = "{SECRET}"'):
        assert SECRET not in "".join(problems_of(tmp_path, f"[dingtalk]\n{text}"))
    for text in (f'client_secret = "{SECRET}"', f'[dingtlak]\nclient_secret = "{SECRET}"'):
        assert SECRET not in "".join(problems_of(tmp_path, text))


def test_what_is_needed_to_connect_is_told_line_by_line(tmp_path: Path) -> None:
    assert [line.split("：")[0] for line in missing_credentials(load(write(tmp_path, ""), {}))] == [
        "[dingtalk] client_id 没有填",
        "[dingtalk] client_secret 没有填",
    ]
    settings = load(write(tmp_path, f'[dingtalk]\nclient_id = "x"\nclient_secret = "{SECRET}"'), {})
    assert missing_credentials(settings) == []
    settings = load(write(tmp_path, '[dingtalk]\nclient_id = ""\nclient_secret_file = "nowhere"'), {})
    first, second = missing_credentials(settings)
    assert "client_id" in first
    assert "client_secret_file" in second
    assert "读不到" in second
    with pytest.raises(SettingsError, match="读不到"):
        _ = settings.secret


def test_an_empty_secret_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n", encoding="utf-8")
    settings = load(write(tmp_path, '[dingtalk]\nclient_id = "x"\nclient_secret_file = "secret"'), {})
    (line,) = missing_credentials(settings)
    assert "文件是空的" in line


@pytest.mark.skipif(os.name != "posix", reason="only Unix has these modes")
def test_a_secret_that_others_can_read_is_warned_about(tmp_path: Path) -> None:
    path = write(tmp_path, f'[dingtalk]\nclient_secret = "{SECRET}"\nclient_secret_file = "secret"')
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    (tmp_path / "secret").chmod(0o600)
    assert warnings(load(path, {}), path) == []
    path.chmod(0o644)
    (tmp_path / "secret").chmod(0o640)
    told = warnings(load(path, {}), path)
    assert [line.split("：")[0] for line in told] == [str(path), str(tmp_path / "secret")]
    assert "chmod 600" in told[0]
    assert SECRET not in "".join(told)


@pytest.mark.skipif(os.name != "posix", reason="only Unix has these modes")
def test_a_file_without_a_secret_may_be_read_by_all(tmp_path: Path) -> None:
    path = write(tmp_path, '[dingtalk]\nclient_id = "x"\nclient_secret = ""')
    path.chmod(0o644)
    assert warnings(load(path, {}), path) == []


def test_every_setting_says_what_it_means_in_both_languages() -> None:
    entry = sections()["cleanup"].model_fields["schedules"].annotation.__args__[0]  # type: ignore[union-attr]
    for name, model in {**sections(), "cleanup.schedules": entry}.items():
        for key, field in model.model_fields.items():
            chinese, _, english = (field.description or "").partition(" / ")
            assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), (name, key)
            assert english.isascii() or "«" in english, (name, key)
