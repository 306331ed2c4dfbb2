"""What the bot says about study plans, to owners and admins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.groups.register import KIND_LABELS
from handlers.markdown import literal
from handlers.settings import StudySchedule
from handlers.study.lessons import Lesson
from storage.study import Position

NONE = "现在没有学习计划，可在配置文件的 [[study.schedules]] 里添加。"
PAUSED = "已暂停「{name}」，恢复：/学习 恢复 {name}"
PAUSED_ALREADY = "「{name}」本来就是暂停的。恢复：/学习 恢复 {name}"
RESUMED = "已恢复「{name}」，会接着上次的条款往下发。"
NOT_PAUSED = "「{name}」没有暂停。"
NOTHING_TO_SEND = "「{name}」现在没有可发的：没有登记了部门的群，没有可学的条款，或者已经全部学完。看明细：/学习 计划"
_MOST_UNITS = 10


def plan(schedule: StudySchedule, moments: Sequence[datetime], *, is_paused: bool) -> str:
    """A plan: when, to whom, what, and its next moments."""
    kinds = "、".join(KIND_LABELS[kind] for kind in schedule.kinds)
    whom = "、".join(map(literal, schedule.departments)) or "全部部门"
    what = f"《{literal(schedule.document)}》" if schedule.document else "全部现行规章"
    again = "学完从头再来" if schedule.repeat else "学完为止"
    following = "、".join(f"{moment:%Y-%m-%d %H:%M}（{'一二三四五六日'[moment.weekday()]}）" for moment in moments)
    state = "**已暂停**，恢复以后才会发" if is_paused else f"接下来：{following or '没有'}"
    what += f"的 {'、'.join(map(literal, schedule.articles))}" if schedule.articles else ""
    again += "" if schedule.confirm else "，只发不统计"
    return f"**{literal(schedule.name)}**：{literal(schedule.when)}，{whom}的{kinds}，{what}，{again}\n\n{state}"


NO_LESSONS = "- 现行规章里没有这份文件或这几条，现在不会发"


def standing(rows: Sequence[tuple[str, Position | None, Lesson | None, int, int]], homeless: int) -> str:
    """Where departments stand: each one's name, last article, next lesson, groups, people."""
    lines = [
        f"- {literal(unit)}（{groups} 个群，{people} 人）：上次 {literal(last.article) if last else '还没有'}，"
        f"下次 {literal(lesson.article.number) if lesson else '已学完'}"
        for unit, last, lesson, groups, people in rows[:_MOST_UNITS]
    ]
    if len(rows) > _MOST_UNITS:
        lines.append(f"- 另有 {len(rows) - _MOST_UNITS} 个部门")
    if not rows:
        lines.append("- 还没有登记了部门的群，现在不会发。登记：在群里 @我 发送 /群 登记")
    if homeless:
        lines.append(f"- 有 {homeless} 个群没有登记部门，不发")
    return "\n".join(lines)


def effect(name: str, departments: int, groups: int, people: int, when: str) -> str:
    """What sending now would do."""
    return (
        f"将按「{literal(name)}」把下一条发到 {departments} 个部门的 {groups} 个群，{people} 位在职教职工要完成。{when}"
    )


def sent(departments: int, groups: int, when: str) -> str:
    """After sending."""
    return f"已安排发送：{departments} 个部门，{groups} 个群，几分钟内陆续发出。{when}\n\n看进度：/学习 进度"
