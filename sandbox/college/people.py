"""The departments and people of the sample college. All names, numbers and careers are invented."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

COLLEGE_NAME = "青梧学院"

ADMIN = "T1001"
"""陈启航, head of the college office and main admin (article 五.1)."""
OWNER = "T1021"
"""周明远, head of the teaching office, owner of several groups."""
OTHER_OWNER = "T1061"
"""许文博, dean of the computing faculty, owner of groups too."""
STAFF = "T1065"
"""林晓彤, a teacher without any role."""
STUDENT = "S2301"
"""方子涵, a student of the class 软件2301班."""
OUTSIDER = "guest-lu"
"""卢浩, an engineer of another company: no staff id."""

DEPARTMENTS: tuple[tuple[int, str, int | None, str], ...] = (
    (1, COLLEGE_NAME, None, ""),
    (10, "学院办公室", 1, "T1001"),
    (11, "文秘科", 10, "T1002"),
    (12, "综合科", 10, "T1004"),
    (15, "人事处", 1, "T1011"),
    (16, "师资科", 15, "T1012"),
    (17, "劳资科", 15, "T1014"),
    (20, "教务处", 1, "T1021"),
    (21, "教学科", 20, "T1022"),
    (22, "考务科", 20, "T1026"),
    (30, "学生处", 1, "T1031"),
    (31, "学生管理科", 30, "T1032"),
    (32, "资助中心", 30, "T1035"),
    (40, "信息中心", 1, "T1041"),
    (41, "网络科", 40, "T1042"),
    (42, "系统运维科", 40, "T1045"),
    (50, "后勤处", 1, "T1051"),
    (51, "总务科", 50, "T1052"),
    (52, "车辆管理科", 50, "T1055"),
    (60, "计算机学院", 1, "T1061"),
    (61, "软件教研室", 60, "T1062"),
    (62, "网络教研室", 60, "T1067"),
    (63, "软件2301班", 60, "T1066"),
    (70, "经济管理学院", 1, "T1071"),
    (71, "会计教研室", 70, "T1072"),
    (72, "营销教研室", 70, "T1076"),
    (73, "会计2202班", 70, "T1074"),
    (80, "外国语学院", 1, "T1081"),
    (81, "英语教研室", 80, "T1082"),
    (82, "公共外语教研室", 80, "T1086"),
    (90, "图书馆", 1, "T1091"),
    (91, "采编部", 90, "T1092"),
    (92, "流通部", 90, "T1095"),
)
"""Number, name, number of the department above, staff id of its head."""

_ROSTER = """
T1001 陈启航 10 主任
T1002 沈佳宁 11 科长
T1003 顾思远 11 秘书
T1004 魏子昂 12 科长
T1005 苏婉清 12 科员
T1006 韩立群 12 科员
T1007 钟雅雯 11 机要秘书
T1011 宋致和 15 处长
T1012 叶知秋 16 科长
T1013 吕思雨 16 科员
T1014 范宏伟 17 科长
T1015 戴雨桐 17 科员
T1016 彭立新 17 科员 借调 2026-03-02
T1017 袁慕白 16 科员
T1021 周明远 20 处长
T1022 郑书涵 21 科长
T1023 冯嘉怡 21 科员
T1024 曹景行 21 科员
T1025 潘玉梅 21 科员 退休 2026-06-30 gone
T1026 程亦凡 22 科长
T1027 田若兰 22 科员
T1028 段志高 22 科员 离职 2026-05-15 gone
T1029 任心怡 22 科员
T1030 贺俊杰 21 副处长
T1031 杜春晖 30 处长
T1032 姚梦琪 31 科长
T1033 谭力行 31 辅导员
T1034 廖雨菲 31 辅导员
T1035 邹海燕 32 主任
T1036 熊一鸣 32 科员
T1037 金秀英 32 顾问 返聘 2026-09-01
T1038 白若溪 31 辅导员（产假）
T1041 江临风 40 主任
T1042 蒋承宇 41 科长
T1043 尹思齐 41 工程师
T1044 黎俊熙 41 工程师
T1045 石清扬 42 科长
T1046 龙雅静 42 工程师
T1047 史可为 42 工程师
T1048 陶乐天 42 工程师
T1051 万国庆 50 处长
T1052 赖明珠 51 科长
T1053 武建国 51 科员
T1054 康小芹 51 科员 内退 2026-01-01
T1055 毛振华 52 科长
T1056 邱大勇 52 驾驶员
T1057 秦守义 52 驾驶员 退休 2026-08-31
T1058 侯丽萍 51 科员
T1061 许文博 60 院长
T1062 邵一诺 61 主任
T1063 孟凡星 61 副教授
T1064 万思琪 61 讲师
T1065 林晓彤 61 讲师
T1066 雷子轩 61 讲师
T1067 钱伯言 62 主任
T1068 汤静姝 62 讲师
T1069 常德才 62 副教授 内退 2026-03-01
T1070 骆宾川 62 讲师
T1059 乔安琪 61 外聘教师 外聘 2026-09-01
T1060 温书瑶 61 讲师 - - new
T1071 易建章 70 院长
T1072 赵婉如 71 主任
T1073 黄雅琴 71 讲师
T1074 吴佩珊 71 讲师
T1075 孙德胜 71 教授 退休 2026-07-01
T1076 高晨曦 72 主任
T1077 罗志强 72 讲师 调离 2026-04-20 gone
T1078 郭芷若 72 讲师
T1079 何云帆 72 讲师（访学）
T1080 胡佳丽 71 讲师
T1081 梁静宜 80 院长
T1082 谢安然 81 主任
T1083 唐宁远 81 讲师
T1084 董思敏 81 讲师
T1085 余晚晴 81 讲师 离职 2026-07-10 gone
T1086 蔡韵诗 82 主任
T1087 丁浩然 82 讲师
T1088 傅雪莹 82 讲师 调离 2026-08-20
T1091 卓文渊 90 馆长
T1092 裴秋实 91 主任
T1093 施雨薇 91 馆员
T1094 阎少峰 91 馆员
T1095 柳如茵 92 主任
T1096 岳小川 92 馆员
T1097 符秀兰 92 馆员 内退 2025-12-31
T1098 詹书林 92 馆员
T1099 章以宁 22 科员 - - new
T1100 陆远舟 41 工程师
T1101 安可欣 31 辅导员 - - new
T1103 尚云舒 32 科员
T1104 邢一凡 72 讲师
T1105 农嘉懿 82 讲师
T1106 应晓峰 51 科员
T1107 柯明玉 92 馆员
T1108 辛子言 17 科员
T1102 桂明礼 12 科员 离职 2026-09-30 gone
S2301 方子涵 63 学生 学生 2023-09-01
S2302 崔宇航 63 学生 学生 2023-09-01
S2303 洪诗雨 63 学生 学生 2023-09-01
S2304 包志豪 63 学生 学生 2023-09-01
S2305 诸葛晴 63 学生 学生 2023-09-01
S2306 左佳琪 63 学生 学生 2023-09-01
S2307 吉星宇 63 学生 学生 2023-09-01
S2308 项美玲 63 学生 学生 2023-09-01
S2309 祝思成 63 学生 学生 2023-09-01
S2310 阮天乐 63 学生 学生 2023-09-01
S2311 蓝若冰 63 学生 学生 2023-09-01
S2312 席慕远 63 学生 学生 2023-09-01
S2201 闵秋月 73 学生 学生 2022-09-01
S2202 纪晓峰 73 学生 学生 2022-09-01
S2203 路遥佳 73 学生 学生 2022-09-01
S2204 娄雪晴 73 学生 学生 2022-09-01
S2205 江可心 73 学生 学生 2022-09-01
S2206 颜世杰 73 学生 学生 2022-09-01
S2207 郝佳音 73 学生 学生 2022-09-01
S2208 龚子墨 73 学生 学生 2022-09-01
S2209 殷小曼 73 学生 学生 2022-09-01
S2210 费俊朗 73 学生 学生 2022-09-01
"""
"""Staff id, name, department, title; then, where it is not 在职, the status, its date and a remark: `gone` means no
longer in the directory, `new` means not yet in the personnel file."""

_OUTSIDERS = (("guest-lu", "卢浩", "启明软件 卢浩"), ("guest-fang", "方建平", "子涵爸爸"))
_CASUAL_NICKS = {"T1070": "宾川老师", "T1043": "思齐", "T1087": "公共外语教研室 丁浩然"}
"""Display names that are not in the college's form (article 二.3)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the college or beside it, with what the personnel file says."""

    key: str
    staff_id: str | None
    name: str
    dept_id: int | None
    title: str
    mobile: str
    nick: str
    status: str
    """在职, 离职, 退休, 内退, 调离, 借调, 返聘, 外聘 or 学生; empty for outsiders."""
    since: str
    """The day since when, YYYY-MM-DD; empty where it does not matter."""
    is_in_directory: bool
    is_in_personnel_file: bool

    @property
    def union_id(self) -> str:
        """An opaque id of DingTalk's look, always the same for the same person."""
        return hashlib.blake2b(self.key.encode(), digest_size=12).hexdigest() + "iEiE"


def _read_entry(line: str, number: int) -> Entry:
    staff_id, name, dept, title, *rest = line.split()
    status, since, remark = (*rest, "", "", "")[:3]
    dept_id, mobile = int(dept), f"1990000{number:04d}"
    return Entry(
        key=staff_id,
        staff_id=staff_id,
        name=name,
        dept_id=dept_id,
        title=title,
        mobile=mobile,
        nick=_CASUAL_NICKS.get(staff_id, f"{_NAMES[dept_id]}-{name}-{mobile}"),
        status=status.strip("-") or "在职",
        since=since.strip("-"),
        is_in_directory=remark != "gone",
        is_in_personnel_file=remark != "new",
    )


_NAMES = {dept_id: name for dept_id, name, _, _ in DEPARTMENTS}
ENTRIES: dict[str, Entry] = {
    entry.key: entry
    for entry in (
        *(_read_entry(line, number) for number, line in enumerate(_ROSTER.strip().splitlines(), 1)),
        *(
            Entry(key, None, name, None, "", f"1990001{number:04d}", nick, "", "", False, False)
            for number, (key, name, nick) in enumerate(_OUTSIDERS, 1)
        ),
    )
}
"""Everybody, by the key that the sandbox gives them."""


def department_path(dept_id: int) -> str:
    """The names from below the college down to the department, `教务处/教学科`; empty for the college itself."""
    above = {number: parent for number, _, parent, _ in DEPARTMENTS}
    names: list[str] = []
    step: int | None = dept_id
    while step is not None and step != 1:
        names.insert(0, _NAMES[step])
        step = above[step]
    return "/".join(names)


def is_within(dept_id: int | None, ancestor: int) -> bool:
    """The department is `ancestor` or lies below it."""
    above = {number: parent for number, _, parent, _ in DEPARTMENTS}
    while dept_id is not None and dept_id != ancestor:
        dept_id = above[dept_id]
    return dept_id is not None


def personnel_rows() -> list[dict[str, str]]:
    """The file that the personnel office hands over, with the columns of `steward import staff`."""
    return [
        {
            "工号": entry.key,
            "姓名": entry.name,
            "部门": department_path(entry.dept_id or 1),
            "手机": entry.mobile,
            "职务": entry.title,
            "状态": entry.status,
            "日期": entry.since,
        }
        for entry in ENTRIES.values()
        if entry.is_in_personnel_file
    ]
