"""Groups and departments that somebody names in a scope: a slip there would keep a rule silent for ever."""

from __future__ import annotations

from dataclasses import replace

from handlers.context import Context
from handlers.moderation.editing.fields import EditError
from handlers.moderation.rule import Rule, Scope
from handlers.moderation.scope import Circumstances, counts


def with_groups(rule: Rule, context: Context) -> Rule:
    """The rule with ids in place of titles. Raises `EditError` for what is neither, and for titles of several groups."""
    if not rule.scope.groups:
        return rule
    ids = tuple(dict.fromkeys(_group(named, context) for named in rule.scope.groups))
    return replace(rule, scope=replace(rule.scope, groups=ids))


def _group(named: str, context: Context) -> str:
    if context.store.groups.get(named) is not None:
        return named
    titled = [group.conversation for group in context.store.groups.all() if group.title == named]
    if len(titled) > 1:
        raise EditError(f"有 {len(titled)} 个群叫「{named[:30]}」，请写群 ID，见 /群 列表")
    if not titled:
        raise EditError(f"没有「{named[:30]}」这个群，请写群名或群 ID，见 /群 列表")
    return titled[0]


def unknown_departments(rule: Rule, context: Context) -> list[str]:
    """Those that neither the directory nor the register of groups knows; none where both know of no department at all."""
    known = {row.path for row in context.store.staff.departments()}
    known |= {group.department for group in context.store.groups.all() if group.department}
    if not known:
        return []
    everywhere = Circumstances(departments=tuple(known))
    return [
        named
        for named in rule.scope.departments
        if not counts(replace(rule, scope=Scope(departments=(named,))), everywhere)
    ]
