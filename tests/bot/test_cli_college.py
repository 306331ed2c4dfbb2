"""A whole college from the office's own files, and exactly the findings that a careful reader would write down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from storage.database import Database
from storage.members import Member
from storage.store import Store

STAFF = """东山职业学院教职工花名册,,,,,,
制表：人事处　2024年11月,,,,,,
,,,,,,
序号,职工号,姓 名,所在部门,手机号码,职务,人员状态,日期
1,A001,林　远,教务处,13800000001,处长,在职,
2,A002,周启明,教务处,13800000002,副处长,在职,
3,A003,钱小芸 ,教务处/教学科,13800000003,科长,在职,
4,A004,孙博,教务处/教学科,13800000004,科员,退　休,2024/6/30
5,A005,李慧兰,教务处/教学科,13800000005,科员,内退,2024年3月1日
6,A006,吴晓东,教务处,13800000006,科员,离职,20240801
7,A007,郑海,教务处,13800000007,科员,调离,2024-09-01
8,A008,王佳,教务处,13800000008,科员,借调,2024-09-01
9,A009,冯雪,教务处,13800000009,科员,返聘,
10,A010,陈立,教务处,13800000010,科员,退休,2099-07-31
11,A011,褚燕,学生处,13800000011,处长,在职,
12,A012,卫国,学生处,13800000012,科员,在职,
13,A013,蒋红,学生处/资助科,13800000013,科员,,
14,A014,沈涛,信息学院,13800000014,院长,在职,
15,A015,韩梅,信息学院/软件教研室,13800000015,主任,在职,
16,A017,朱丽叶,信息学院/软件教研室,13800000017,教师,外聘,
17,A018,秦风,信息学院/网络教研室,13800000018,教师,在职,
18,A019,尤佳,信息学院/网络教研室,13800000019,教师,在职,
19,A020,许多,信息学院,13800000020,辅导员,在职,
20,A021,何方,后勤处,13800000021,处长,退休,2024-01-01
21,A022,吕布衣,后勤处,13800000022,副处长,在职,
22,A023,施工,后勤处,13800000023,科员,在职,
23,A024,张伟,后勤处,13800000024,科员,在职,
24,A025,张伟,信息学院,13800000025,教师,在职,
25,A026,孔明,图书馆,13800000026,馆长,在职,
26,A028,严谨,图书馆,13800000028,馆员,在职,
27,A029,华安,图书馆,13800000029,馆员,离职(合同到期),2025-12-31
28,S001,金鑫,,13900000001,,学生,
29,S002,魏来,,13900000002,,学生,
30,A033,邹平,保卫处,13800000033,科员,在职,
31,A035,柏松,教务处,13800000035,科员,在职,
32,A037,窦建,教务处/考试科,13800000037,科员,在职,
,,,,,,,
"""
GROUPS = [
    ("JW", "教务处工作群", "部门群", "教务处", "A001", "A002；A003"),
    ("XS", "学生处工作群", "部门群", "学生处", "卫国", ""),
    ("HQ", "后勤处工作群", "部门群", "后勤处", "A021", "A022"),
    ("RJ", "软件教研室群", "部门群", "信息学院/软件教研室", "A014", "A015"),
    ("XM", "智慧校园项目群", "项目群", "信息学院", "A018", "A018"),
    ("BJ", "软件2401班群", "班级群", "信息学院", "A020", ""),
    ("WB", "校企合作群", "外部群", "信息学院", "A014", "A015"),
    ("TS", "图书馆闲聊", "", "图书馆", "A026", "A028"),
]
MEMBERS = """群ID ,员工号,群昵称
JW,A001,教务处-林远-13800000001
JW,A002,周启明
JW,A003,教学科 钱小芸 660003
JW,A004,孙博
JW,A005,教学科-李慧兰-13800000005
JW,A006,
JW,A007,郑海
JW,A008,教务处-王佳-13800000008
JW,A009,教务处冯雪13800000009
JW,A010,陈立
JW,A011,学生处-褚燕-13800000011
JW,A012,学生处-卫国-13800000012
JW,A035,柏松-13800000035
JW,A037,考试科-窦老师-13800000037
JW,S001,金鑫
JW,B999,临时工小刘
JW,,路人甲
JW,,严谨
JW,A004,孙博
XS,A011,学生处 褚燕 13800000011
XS,A012,学生处 卫国 13800000012
XS,A013,资助科-蒋红-13800000013
XS,,教务处-孙博-13800000004
HQ,A021,何方
HQ,A022,吕布衣
HQ,,张伟
HQ,,后勤处-张伟-13800000024
RJ,A014,沈涛
RJ,A015,韩梅
RJ,A017,朱丽叶
RJ,A025,张伟
RJ,A019,尤佳
XM,A018,秦风
XM,A023,施工
XM,A008,王佳
XM,A009,冯雪
XM,S002,魏来
XM,A029,华安
XM,A033,邹平平
BJ,A020,许多
BJ,S001,金鑫
BJ,,金鑫妈妈
BJ,,班里家长王女士
BJ,A005,李慧兰
BJ,A008,王佳
WB,A014,沈涛
WB,,东山软件公司-小赵
WB,A004,孙博
WB,A008,王佳
TS,A026,孔明
TS,A029,华安
TS,A024,张伟
"""
EXPECTED = {
    ("JW", "A004", "retired", "二.6.(二)"),
    ("JW", "A005", "early-retired", "二.6.(三)"),
    ("JW", "A006", "departed", "二.6.(一)"),
    ("JW", "A007", "moved", "二.6.(四)"),
    ("JW", "A008", "not-serving", "五.8"),
    ("JW", "A012", "moved", "二.5"),
    ("JW", "A028", "moved", "二.5"),
    ("JW", "A035", "name-form", "二.3"),
    ("JW", "A037", "name-form", "二.3"),
    ("JW", "S001", "not-serving", "五.8"),
    ("JW", "B999", "unknown-person", "五.8"),
    ("JW", "路人甲", "unknown-person", "五.8"),
    ("XS", None, "no-admin", "五.7"),
    ("XS", None, "owner-wrong", "五.7"),
    ("XS", "A004", "retired", "二.6.(二)"),
    ("HQ", None, "owner-gone", "五.7"),
    ("HQ", "A021", "retired", "二.6.(二)"),
    ("HQ", "张伟", "unknown-person", "五.8"),
    ("RJ", "A019", "moved", "二.5"),
    ("XM", None, "no-admin", "五.7"),
    ("XM", "A008", "not-serving", "五.8"),
    ("XM", "S002", "not-serving", "五.8"),
    ("XM", "A029", "departed", "二.6.(一)"),
    ("XM", "A033", "name-form", "二.3"),
    ("BJ", "A005", "early-retired", "二.6.(三)"),
    ("WB", "A004", "retired", "二.6.(二)"),
    ("TS", None, "unregistered", "五.5"),
    ("TS", "A029", "departed", "二.6.(一)"),
}
"""Among those who are not here: who retires later, is re-hired or teaches from outside, the head of another department,
parents, guests, students in their class group, and who is called by the bare name in a list."""
ONLY_DINGTALK_KNOWS = {
    ("JW", "访客", "outsider", "五.8"),
    ("XM", None, "dormant", "五.6"),
    # DingTalk's own list gives what is shown in the group, a file's may give the bare name.
    ("JW", "A002", "name-form", "二.3"),
    ("JW", "A010", "name-form", "二.3"),
}


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture(autouse=True)
def the_college(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("staff.csv").write_bytes(STAFF.replace("\n", "\r\n").encode("gb18030"))
    write_register("groups.xlsx", GROUPS)
    Path("members.csv").write_text(MEMBERS, encoding="utf-8-sig")
    for what, file in (("staff", "staff.csv"), ("groups", "groups.xlsx"), ("members", "members.csv")):
        result = run("import", what, file)
        assert result.exit_code == 0, result.stderr


def write_register(name: str, groups: Sequence[Sequence[str]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["钉钉群登记表"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["群 ID", "群名称", "群类型", "所属部门", "群主", "管理员"])
    for group in groups:
        sheet.append(list(group))
    book.save(name)


def found(*options: str) -> list[tuple[str, str | None, str, str]]:
    result = run("cleanup", "findings", "--json", *options)
    assert result.exit_code == 1, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    return [(row["group"], row["member"], row["reason"], row["article"]) for row in rows]


def test_the_findings_are_the_ones_written_down_by_hand() -> None:
    assert set(found()) == EXPECTED
    assert len(found()) == len(EXPECTED)


@pytest.mark.parametrize("group", [group[0] for group in GROUPS])
def test_one_group_alone_has_its_own(group: str) -> None:
    assert set(found("--group", group)) == {one for one in EXPECTED if one[0] == group}


def test_what_only_dingtalk_knows_comes_on_top() -> None:
    with Database("steward.db") as database:
        store, long_ago = Store(database), datetime(2024, 1, 5, tzinfo=UTC)
        project = store.groups.get("XM")
        assert project is not None
        store.groups.save(replace(project, first_heard_at=long_ago, last_heard_at=long_ago))
        guests = [Member(group, None, "访客", is_outsider=True, source="scene-group") for group in ("JW", "BJ", "WB")]
        for guest in guests:
            listed = [*store.members.of(guest.conversation), guest]
            store.members.replace(guest.conversation, listed, "scene-group", datetime.now(UTC))
    assert set(found()) == EXPECTED | ONLY_DINGTALK_KNOWS
