"""A regulation sent as a file: read, shown, and imported with the admin's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.courtesies import BY_KIND
from handlers.message import MessageKind
from handlers.policy.documents import texts
from handlers.policy.documents.drafts import KEPT, wants_file
from tests.handlers.hall import ADMIN, CLERK, OFFICE, OWNER, SUB, reply
from tests.handlers.policy.archive import Archive, an_archive, said
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, says
from tests.handlers.policy.documents.test_overlaps import NET_TEXT


@pytest.fixture
def archive() -> Iterator[Archive]:
    with an_archive() as made:
        yield made


def test_a_file_is_read_shown_and_imported(archive: Archive) -> None:
    body = reply(archive.send(ADMIN, "用车.txt", CARS_TEXT))
    assert body.text.startswith(f"**《{CARS}》读好了，还没有导入**\n\n共 6 条。")
    assert "2025 年 3 月 1 日起施行（正文写着「自2025年3月1日起施行」）。" in body.text
    assert list(says(body)) == ["/规章 导入 1", "/取消"]
    assert archive.versions() == [(DIGEST, 1, True)]
    text = said(archive.say(ADMIN, "/规章 导入 1"))
    assert text.startswith(f"**已导入《{CARS}》第 1 版，6 条**")
    assert archive.versions() == [(CARS, 1, True), (DIGEST, 1, True)]
    assert "提前一个工作日" in said(archive.say(ADMIN, "用车要提前几天申请"))
    assert archive.document(CARS).source_name == "用车.txt"
    assert archive.audited()[0] == "规章 导入"


def test_what_it_takes_the_place_of_and_what_speaks_of_the_same_is_said_before(archive: Archive) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    archive.run("/规章 导入 1")
    text = said(archive.send(ADMIN, "新用车.txt", CARS_TEXT.replace("2025年", "2026年")))
    assert f"取代《{CARS}》第 1 版。" in text
    text = said(archive.send(ADMIN, "网络.txt", NET_TEXT))
    assert "4 条和别的文件说到同一件事" in text
    assert f"第四条 和《{DIGEST}》五.2" in text


def test_an_official_text_says_which_articles_inherit_and_which_need_questions(archive: Archive) -> None:
    official = (
        "学院钉钉使用管理暂行办法\n一、总则\n1．本办法所称钉钉，是指钉钉平台、自带应用和学院开通的第三方应用程序。\n"
    )
    official += "2．食堂的餐具由后勤处统一采购。\n3．本办法适用于学院各部门、各科室及全体教职工。"
    text = said(archive.send(ADMIN, "正式.txt", official))
    assert f"取代《{DIGEST}》第 1 版。" in text
    assert "2 条编号和内容对得上，沿用原来的常见问法。" in text
    assert "1 条还没有常见问法，需要补：一.2。" in text


def test_one_that_begins_later_says_so_and_how_to_begin_now(archive: Archive) -> None:
    later = CARS_TEXT.replace("2025年3月1日", "2027年3月1日")
    text = said(archive.send(ADMIN, "用车.txt", later))
    assert "2027 年 3 月 1 日起才施行" in text
    assert "请发：/规章 导入 1 今天" in text
    text = archive.run("/规章 导入 1")
    number = archive.document(CARS).id
    assert archive.versions() == [(CARS, 1, False), (DIGEST, 1, True)]
    assert f"请发：/规章 文件 施行 {number} 今天" in text
    archive.run(f"/规章 文件 施行 {number} 今天")
    assert archive.versions() == [(CARS, 1, True), (DIGEST, 1, True)]


def test_date_and_title_may_be_said(archive: Archive) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    assert "已导入《学院用车办法》" in archive.run("/规章 导入 1 2026年1月1日 《学院用车办法》")
    assert str(archive.document("学院用车办法").effective) == "2026-01-01"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/规章 导入", "请写草稿编号"),
        ("/规章 导入 x", "请写草稿编号"),
        ("/规章 导入 1 2026-02-30", "不是日期"),
        ("/规章 导入 7", texts.DRAFT_GONE),
        (f"/规章 导入 1 {'长' * 81}", "名称太长"),
        ("/规章 导入 99999999999999999999", texts.DRAFT_GONE),
    ],
)
def test_a_wrong_import_says_what_is_wrong(archive: Archive, command: str, answer: str) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    assert answer in archive.run(command)
    assert archive.versions() == [(DIGEST, 1, True)]


def test_a_draft_is_dropped_or_expires(archive: Archive) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    assert archive.run("/取消") == f"好的，《{CARS}》没有导入。"
    assert archive.run("/规章 导入 1") == texts.DRAFT_GONE
    assert archive.run("/取消") == "现在没有等你确认的命令。"
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    archive.later(KEPT)
    assert archive.run("/规章 导入 2") == texts.DRAFT_GONE


def test_a_command_that_waits_is_dropped_before_a_draft(archive: Archive) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    archive.say(ADMIN, f"/规章 文件 废止 {archive.document(DIGEST).id}")
    assert archive.run("/取消") == "好的，已取消。"
    archive.say(ADMIN, f"/规章 文件 废止 {archive.document(DIGEST).id}")
    archive.later(timedelta(minutes=3))
    assert archive.run("/取消") == f"好的，《{CARS}》没有导入。"


def test_a_draft_is_imported_once(archive: Archive) -> None:
    archive.send(ADMIN, "用车.txt", CARS_TEXT)
    archive.run("/规章 导入 1")
    assert archive.run("/规章 导入 1") == texts.DRAFT_GONE


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("表.xlsx", "x", texts.READABLE),
        ("没有后缀", "x", texts.READABLE),
        ("办法.DOC", "x", texts.OLD_FORMAT),
        ("用车.txt", None, texts.NOT_FETCHED),
        ("用车.txt", "没有条款", "《用车.txt》读不了：没有找到编号的条款"),
        ("用车.txt", "", "《用车.txt》读不了：文件是空的"),
    ],
)
def test_a_file_that_is_none_says_why(archive: Archive, name: str, data: str | None, answer: str) -> None:
    text = said(archive.send(ADMIN, name, data))
    assert answer in text
    assert " / " not in text
    assert archive.run("/规章 导入 1") == texts.DRAFT_GONE


def test_trouble_with_the_download_is_said(archive: Archive) -> None:
    assert said(archive.send(ADMIN, "用车.txt", "", trouble="文件太大了。")) == "文件太大了。"


@pytest.mark.parametrize("person", [SUB, OWNER, CLERK])
def test_everybody_else_gets_one_kind_line_and_their_file_is_not_fetched(archive: Archive, person: str) -> None:
    assert said(archive.send(person, "用车.txt", CARS_TEXT)) == BY_KIND[MessageKind.FILE]
    assert archive.store.drafts.get(1, archive.now) is None
    assert "主管理员" in archive.run("/规章 导入 1", person)


def test_in_a_group_no_file_is_taken(archive: Archive) -> None:
    assert said(archive.send(ADMIN, "用车.txt", CARS_TEXT, chat=OFFICE)) == BY_KIND[MessageKind.FILE]


def test_which_files_are_worth_fetching(archive: Archive) -> None:
    seen: list[bool] = []
    for person, name in ((ADMIN, "用车.TXT"), (ADMIN, "表.xlsx"), (CLERK, "用车.txt"), (None, "用车.txt")):
        message = archive.a_file(person, name)
        seen.append(wants_file(message, archive.context))
    assert seen == [True, False, False, False]


def test_items_stand_below_what_leads_to_them(archive: Archive) -> None:
    text = "宿舍规定\n一、调换\n（一）可以调换宿舍的情形：\n1. 转专业的；\n2. 身体原因的。\n（二）退宿时检查家具。"
    shown = said(archive.send(ADMIN, "宿舍.txt", text))
    assert "- 　一.(一) 可以调换宿舍的情形" in shown
    assert "- 　　一.(一).1 转专业的；" in shown


def test_a_hostile_title_is_no_markup(archive: Archive) -> None:
    text = said(archive.send(ADMIN, "[x](http://x).txt", "# **[点我](http://x)**\n第一条 甲\n第二条 乙"))
    assert "](" not in text
    assert "http://" not in text
