"""What the bot says about what happens when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.markdown import literal

TITLE = "定时计划"
NONE = "现在没有定时清理计划，可在配置文件的 [[cleanup.schedules]] 里添加。"
STUDY = "\n\n学习计划另看：/学习 计划"


def schedules(lines: Sequence[tuple[str, str, str, Sequence[datetime]]], uncovered: Sequence[int]) -> str:
    """The schedules: name, `when`, kinds, and their next three moments."""
    parts = ["**定时计划**"]
    for name, when, kinds, moments in lines:
        following = "、".join(f"{moment:%Y-%m-%d %H:%M}（{'一二三四五六日'[moment.weekday()]}）" for moment in moments)
        parts.append(f"**{literal(name)}**：{literal(when)}，{kinds}\n\n接下来：{following or '没有'}")
    if uncovered:
        years = "、".join(str(year) for year in uncovered)
        parts.append(
            f"提醒：{years} 年的放假安排还没有收录，暂按周一至周五计算（只避开元旦、五一、国庆当天前后），"
            "请管理员更新 chinesecalendar。"
        )
    return "\n\n".join(parts)
