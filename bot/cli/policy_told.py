"""What an import says on the command line, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from handlers.policy.documents.importing import Plan
from handlers.policy.documents.texts import compared, some

_LISTED = 10


def told(planned: Plan, today: date, number: int | None = None) -> Iterator[str]:
    """What an import does or has done, a line each. `number` is the document's, once it has one."""
    yield from _dates(planned, today, number)
    for old in planned.superseded:
        yield f"取代《{old.title}》第 {old.version} 版 / takes the place of version {old.version}"
    if planned.replaced:
        yield f"另外 {len(planned.replaced)} 份文件停用 / {len(planned.replaced)} other documents go out of force"
    if planned.changes is not None:
        changes = planned.changes
        yield (
            f"{compared(changes).rstrip('。')} / {len(changes.reworded)} articles reworded, {len(changes.added)} added, "
            f"{len(changes.removed)} removed"
        )
    newer = planned.newer
    if newer is not None:
        yield (
            f"⚠ 被取代的《{newer.title}》第 {newer.version} 版从 {newer.effective} 起施行，比这一份还新；如果这是旧版本，请先恢复"
            f"（steward policy restore {newer.id}），再加 --until {newer.effective} 导入 / it takes the place of a newer one: "
            "for a version of the past use --until"
        )
    if planned.superseded:
        yield (
            f"{len(planned.inherited)} 条编号和内容对得上，沿用了原来的常见问法 / "
            f"{len(planned.inherited)} articles inherited their questions"
        )
    if planned.needing:
        count = len(planned.needing)
        yield f"{count} 条还没有常见问法，需要补：{some(planned.needing, 30)} / {count} articles need questions"
    if planned.overlaps:
        count = len(planned.overlaps)
        yield f"⚠ {count} 条和别的文件说到同一件事 / {count} articles speak of the same matter as others"
        for one in planned.overlaps[:_LISTED]:
            yield f"  {one.article.number} 和《{one.document.title}》{one.other.number}（{one.share:.0%}）"
        if count > _LISTED:
            yield f"  …… 另有 {count - _LISTED} 处 / and {count - _LISTED} more"


def _dates(planned: Plan, today: date, number: int | None) -> Iterator[str]:
    begins, ends = planned.document.effective, planned.document.repealed
    source = f"（正文写着「{planned.said}」）" if planned.said else ""
    if begins is not None and begins > today:
        before = "在那以前仍按原来的作答" if planned.superseded else "在那以前不按它作答"
        yield f"{begins} 起施行{source}，{before} / in force from {begins}"
        if planned.said:
            how = f"steward policy set --effective {today} {number or 'DOCUMENT'}"
            yield f"想现在就按它作答：{how} / to answer from it at once"
    elif begins is not None and planned.said:
        yield f"{begins} 起施行{source} / in force since {begins}, as the text says"
    if ends is not None:
        yield f"{ends} 起停用 / in force until {ends}"
