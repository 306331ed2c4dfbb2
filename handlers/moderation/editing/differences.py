"""What changed between two versions of a rule, in lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.moderation.editing import labels
from handlers.moderation.editing.labels import Words, all_said, said
from handlers.moderation.rule import Rule

_MOST_NAMED = 8
"""Items of a list; of more there is the count."""


def differences(before: Rule | None, after: Rule) -> list[str]:
    """A line for each part that differs; of a new rule a line for each part that it has."""
    old = before or Rule(after.id, after.category, after.article)
    return [
        *(
            []
            if before is not None
            else [f"类别：{said(after.category, labels.CATEGORY_WORDS)}，条款：{after.article}"]
        ),
        *_changed("类别", said(old.category, labels.CATEGORY_WORDS), said(after.category, labels.CATEGORY_WORDS)),
        *_changed("条款", old.article, after.article),
        *_changed("状态", said(old.state, labels.STATE_WORDS), said(after.state, labels.STATE_WORDS)),
        *_changed("轻重", said(old.severity, labels.SEVERITY_WORDS), said(after.severity, labels.SEVERITY_WORDS)),
        *_listed("词", old.words, after.words),
        *_listed("搭配", map("+".join, old.combinations), map("+".join, after.combinations)),
        *_changed("相隔", f"{old.within} 字", f"{after.within} 字"),
        *_changed("至少", _least(old), _least(after)),
        *_named("识别", old.detectors, after.detectors, labels.DETECTOR_WORDS),
        *_listed("域名", old.domains, after.domains),
        *_listed("表达式", old.expressions, after.expressions),
        *_listed("例外", old.allow, after.allow),
        *_whole("看穿", old.passes, after.passes, labels.PASS_WORDS, "常用的"),
        *_changed("整词", _yes(old.boundary), _yes(after.boundary)),
        *_changed("通读", _yes(old.unless_harmless), _yes(after.unless_harmless)),
        *_whole("告知", old.consequences, after.consequences, labels.CONSEQUENCE_WORDS, "按轻重和状态"),
        *_changed("说明", old.meaning or "无", after.meaning or "无"),
        *_changed("建议", old.advice or "无", after.advice or "无"),
        *_scope(old, after),
        *_listed("应命中", old.examples.fire, after.examples.fire),
        *_listed("不应命中", old.examples.quiet, after.examples.quiet),
    ]


def scope_lines(rule: Rule) -> list[str]:
    """Where, for whom and when the rule counts; none where it always does."""
    scope = rule.scope
    found = (
        ("群类型", all_said(scope.kinds, labels.KIND_WORDS)),
        ("部门", "、".join(scope.departments)),
        ("群", "、".join(scope.groups)),
        ("身份", all_said(scope.roles, labels.ROLE_WORDS)),
        ("时间", labels.hours_said(scope.hours)),
    )
    return [f"{label}：{value}" for label, value in found if value]


def _scope(old: Rule, after: Rule) -> list[str]:
    if old.scope == after.scope:
        return []
    return [f"范围：{'，'.join(scope_lines(old)) or '不限'} → {'，'.join(scope_lines(after)) or '不限'}"]


def _least(rule: Rule) -> str:
    return f"{rule.at_least} 个" if rule.at_least else "全部"


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _changed(label: str, old: str, new: str) -> list[str]:
    return [] if old == new else [f"{label}：{old} → {new}"]


def _named(label: str, old: Sequence[str], new: Sequence[str], words: Words) -> list[str]:
    return _listed(label, (said(one, words) for one in old), (said(one, words) for one in new))


def _whole(label: str, old: Sequence[str], new: Sequence[str], words: Words, usual: str) -> list[str]:
    return _changed(label, all_said(old, words) or usual, all_said(new, words) or usual)


def _listed(label: str, old: Iterable[str], new: Iterable[str]) -> list[str]:
    known, wanted = list(old), list(new)
    was, will = set(known), set(wanted)
    added, gone = [one for one in wanted if one not in was], [one for one in known if one not in will]
    return [
        *([f"加{label}：{short(added)}"] if added else []),
        *([f"删{label}：{short(gone)}"] if gone else []),
    ]


def short(items: Sequence[str]) -> str:
    """The first few of a list, and how many there are."""
    named = "、".join(items[:_MOST_NAMED])
    return named if len(items) <= _MOST_NAMED else f"{named} 等 {len(items)} 个"
