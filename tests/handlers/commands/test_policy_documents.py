"""`/规章 文件`: all versions, and what a main admin changes about them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.staff import StaffFact
from tests.handlers.hall import ADMIN, CLERK, OFFICE, SUB, private_to, reply
from tests.handlers.policy.archive import Archive, an_archive
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST


@pytest.fixture
def archive() -> Iterator[Archive]:
    """The digest (1), and two versions of the regulation of cars (2, 3)."""
    with an_archive() as made:
        for number, text in enumerate((CARS_TEXT, CARS_TEXT.replace("2025年", "2026年")), start=1):
            made.send(ADMIN, "用车.txt", text)
            made.run(f"/规章 导入 {number}")
        yield made


def test_all_versions_with_their_dates(archive: Archive) -> None:
    archive.run("/规章 文件 负责人 3 孙悦")
    text = archive.run("/规章 文件")
    assert f"- **3 号《{CARS}》**第 2 版：现行，2026 年 3 月 1 日起施行，6 条，学院，负责人：孙悦" in text
    assert f"- **2 号《{CARS}》**第 1 版：2025 年 3 月 1 日起施行，2026 年 3 月 1 日起停用，6 条，学院" in text
    assert f"- **1 号《{DIGEST}》**第 1 版：现行，2023 年 11 月 28 日起施行，50 条，学院，要点" in text
    archive.run("/规章 文件 施行 3 2027-01-01")
    assert f"- **3 号《{CARS}》**第 2 版：2027 年 1 月 1 日起施行，还没到" in archive.run("/规章 文件")


def test_an_owner_by_number_or_name(archive: Archive) -> None:
    assert f"《{CARS}》第 2 版（3 号）由孙悦负责" in archive.run("/规章 文件 负责人 3 孙悦")
    assert archive.document(CARS, 2).owner == CLERK
    archive.run(f"/规章 文件 负责人 {CARS} {SUB}")
    assert archive.document(CARS, 2).owner == SUB
    assert "不再有专门的负责人" in archive.run("/规章 文件 负责人 3 无")
    assert archive.document(CARS, 2).owner is None


def test_an_owner_goes_on_to_the_next_version(archive: Archive) -> None:
    archive.run("/规章 文件 负责人 3 孙悦")
    archive.run("/规章 文件 级别 3 上级文件")
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    archive.run("/规章 导入 3 今天")
    assert (archive.document(CARS, 3).owner, archive.document(CARS, 3).rank) == (CLERK, 3)


def test_in_a_group_names_are_told_in_private(archive: Archive) -> None:
    sent = archive.say(ADMIN, "/规章 文件 负责人 3 孙悦", OFFICE)
    assert "孙悦" not in reply(sent).text
    assert "孙悦" in private_to(ADMIN, sent).text
    sent = archive.say(ADMIN, "/规章 文件", OFFICE)
    assert "孙悦" in private_to(ADMIN, sent).text


def test_repealed_after_a_confirmation_and_restored(archive: Archive) -> None:
    asked = archive.ask(ADMIN, "/规章 文件 废止 3").text
    assert f"《{CARS}》第 2 版（3 号）从今天起不再用来作答" in asked
    assert (CARS, 2, True) in archive.versions()
    archive.run("/规章 文件 废止 3")
    assert archive.versions() == [(CARS, 2, False), (CARS, 1, False), (DIGEST, 1, True)]
    assert archive.run("/规章 文件 恢复 3") == f"《{CARS}》第 2 版（3 号）恢复使用。"
    assert archive.versions() == [(CARS, 2, True), (CARS, 1, False), (DIGEST, 1, True)]
    assert archive.audited()[:3] == ["确认", "规章 文件 恢复", "确认"]


def test_repealed_on_a_day(archive: Archive) -> None:
    assert "从 2026 年 12 月 31 日起不再用来作答" in archive.run("/规章 文件 废止 3 2026-12-31")
    assert (CARS, 2, True) in archive.versions()
    assert "现行，2026 年 3 月 1 日起施行，2026 年 12 月 31 日起停用" in archive.run("/规章 文件")


def test_a_version_to_come_is_taken_back(archive: Archive) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT.replace("2025年", "2027年"))
    archive.run("/规章 导入 3")
    assert f"《{CARS}》第 2 版（3 号）继续使用。" in archive.run("/规章 文件 废止 4")
    assert archive.document(CARS, 2).repealed is None


def test_a_version_to_come_begins_at_once_in_the_place_of_the_one_before(archive: Archive) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT.replace("2025年", "2027年"))
    archive.run("/规章 导入 3")
    archive.run("/规章 文件 施行 4 今天")
    assert archive.versions()[:2] == [(CARS, 3, True), (CARS, 2, False)]


def test_an_import_is_taken_back_by_restoring_the_version_before(archive: Archive) -> None:
    text = archive.run("/规章 文件 恢复 2")
    assert text == f"《{CARS}》第 1 版（2 号）恢复使用。《{CARS}》第 2 版（3 号）停用。"
    assert archive.versions() == [(CARS, 2, False), (CARS, 1, True), (DIGEST, 1, True)]


def test_a_digest_comes_back_when_its_official_text_was_wrong(archive: Archive) -> None:
    official = "学院钉钉使用管理暂行办法\n第一条 钉钉只用于办公。\n第二条 本办法自2024年1月1日起施行。"
    archive.send(ADMIN, "办法.txt", official)
    archive.run("/规章 导入 3")
    assert (DIGEST, 1, False) in archive.versions()
    assert "第 1 版（4 号）停用" in archive.run("/规章 文件 恢复 1")
    assert archive.versions()[-2:] == [("学院钉钉使用管理暂行办法", 1, False), (DIGEST, 1, True)]


def test_a_date_may_be_taken_away(archive: Archive) -> None:
    assert "一直按它作答" in archive.run("/规章 文件 施行 3 无")
    assert archive.document(CARS, 2).effective is None


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/规章 文件 负责人", "请写文件编号"),
        ("/规章 文件 负责人 9 孙悦", "没有「9」这份文件"),
        ("/规章 文件 负责人 3", "请写负责人的工号或姓名"),
        ("/规章 文件 负责人 3 孙大圣", "通讯录里没有「孙大圣」"),
        ("/规章 文件 负责人 学院 孙悦", "有几份文件都像是"),
        ("/规章 文件 级别 3", "请写级别：上级文件、学校、学院、部门"),
        ("/规章 文件 级别 3 最高", "没有「最高」这个级别"),
        ("/规章 文件 施行 3 明年", "「明年」不是日期"),
        ("/规章 文件 废止 2", "已经停用了"),
        ("/规章 文件 废止 3 哪天", "「哪天」不是日期"),
        ("/规章 文件 恢复 3", "没有停用，不用恢复"),
    ],
)
def test_what_does_not_fit_is_said(archive: Archive, command: str, answer: str) -> None:
    before = archive.store.policies.documents()
    assert answer in archive.run(command)
    assert archive.store.policies.documents() == before


def test_a_name_that_two_have_asks_for_the_number(archive: Archive) -> None:
    archive.store.staff.put(StaffFact("other", "directory", "孙悦", "财务处"), archive.now)
    assert "有 2 位「孙悦」，请写工号" in archive.run("/规章 文件 负责人 3 孙悦")


def test_who_has_left_answers_for_nothing(archive: Archive) -> None:
    archive.store.staff.put(StaffFact("gone", "personnel-file", "赵离", status="departed"), archive.now)
    assert "「赵离」已经不在学院了" in archive.run("/规章 文件 负责人 3 赵离")
    assert archive.document(CARS, 2).owner is None


@pytest.mark.parametrize("command", ["/规章 文件", "/规章 文件 废止 3", "/规章 文件 负责人 3 孙悦"])
def test_only_main_admins(archive: Archive, command: str) -> None:
    before = archive.store.policies.documents()
    for person in (SUB, CLERK):
        assert "主管理员" in archive.run(command, person)
    assert archive.store.policies.documents() == before


def test_nothing_there() -> None:
    with an_archive(with_digest=False) as archive:
        assert "一份规章也没有" in archive.run("/规章 文件")
