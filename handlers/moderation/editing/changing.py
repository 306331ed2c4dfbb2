"""A change of one rule: who may make it, whether it needs a second admin, and storing it (articles 五.1, 五.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers import access
from handlers.cleanup.departments import is_within
from handlers.context import Context
from handlers.message import Incoming
from handlers.moderation.book import Known, known_of
from handlers.moderation.editing.differences import differences
from handlers.moderation.editing.fields import EditError
from handlers.moderation.masking import mask
from handlers.moderation.normalise import bare
from handlers.moderation.rule import Rule, State
from handlers.moderation.written import as_json
from storage.audit import AuditEntry
from storage.rule_waiting import Proposal
from storage.rules import StoredRule

PROPOSED_FOR = timedelta(days=7)
_LONGEST_WHAT = 500
_SERIOUS = ("ding", "public")
"""Consequences that only a main admin may lay down."""


@dataclass(frozen=True, slots=True)
class Change:
    """One rule as it is to become. `before` is None for a new one; `is_removed`: it is to go."""

    before: Known | None
    after: Rule
    why: str = ""
    is_removed: bool = False
    follows: str | None = None

    @property
    def what(self) -> tuple[str, ...]:
        """What changes, in lines for people."""
        if self.is_removed:
            return ("删除这条规则",)
        back = self.before is not None and self.before.stored.is_removed
        before = None if self.before is None else self.before.rule
        return (*(["恢复这条规则"] if back else []), *differences(before, self.after))

    @property
    def old(self) -> tuple[Rule, ...]:
        """What counted before, as far as it did."""
        return () if self.before is None or self.before.stored.is_removed else (self.before.rule,)

    @property
    def new(self) -> tuple[Rule, ...]:
        """What counts afterwards."""
        return () if self.is_removed else (self.after,)


def find(word: str, context: Context, *, removed: bool = False) -> Known:
    """The rule of this number or id, or the only one whose id begins so. Raises `EditError`."""
    typed = word.strip().lstrip("#").removesuffix("号")
    rules = context.store.rules
    stored = rules.get(int(typed)) if typed.isdecimal() and len(typed) < 10 else rules.get(typed)
    if stored is None and len(typed) > 2:
        near = [one for one in rules.all() if one.id.startswith(typed)]
        stored = near[0] if len(near) == 1 else None
    if stored is None or (stored.is_removed and not removed):
        raise EditError(f"没有规则「{word[:30]}」，编号见 /规则 列表")
    known = known_of(stored)
    if known is None:
        raise EditError(f"规则 {stored.number} 是更新的版本写的，这里读不懂，改不了")
    return known


def check_rights(change: Change, message: Incoming, context: Context) -> None:
    """Raises `EditError` where the sender may not make this change.

    Sub-admins make and change rules that observe and remind, and add allow-words to any; what is enforced, and who is
    told in public or by DING, is for main admins. A sub-admin of departments changes rules for those alone.
    """
    if is_main_admin(message, context):
        return
    before, after = change.before, change.after
    within = confined(message, context)
    if within and not all(_is_for(rule, within) for rule in (*change.old, after)):
        raise EditError(f"你只能管范围是「{'、'.join(within)}」的规则，请写 部门：")
    enforced = after.state == "enforce" or (before is not None and before.rule.state == "enforce")
    if enforced and not _only_allows(change):
        raise EditError("强制执行的规则只有主管理员能改，你可以用 /规则 放行 加例外词")
    if enforced and _silenced(change):
        raise EditError(f"「{_silenced(change)[0]}」就是规则要找的词，放行了规则就失效，这要主管理员来定")
    told = set(after.consequences) - set(before.rule.consequences if before is not None else ())
    if told & set(_SERIOUS):
        raise EditError("打钉和群里公开只有主管理员能定")


def is_main_admin(message: Incoming, context: Context) -> bool:
    """The sender is one."""
    return access.is_main_admin(message.sender.staff_id or "", context)


def confined(message: Incoming, context: Context) -> tuple[str, ...]:
    """The departments that the sender is confined to; empty: none (article 五.1)."""
    grant = None if is_main_admin(message, context) else context.store.roles.get(message.sender.staff_id or "")
    return grant.departments if grant is not None else ()


def _is_for(rule: Rule, departments: Sequence[str]) -> bool:
    mine = rule.scope.departments
    return bool(mine) and all(any(is_within(one, outer) for outer in departments) for one in mine)


def _only_allows(change: Change) -> bool:
    if change.before is None or change.is_removed or change.before.stored.is_removed:
        return False
    before = change.before.rule
    return replace(change.after, allow=before.allow) == before and set(before.allow) <= set(change.after.allow)


def _silenced(change: Change) -> list[str]:
    """Words of the rule that a new allow-word covers whole wherever they stand alone."""
    before = () if change.before is None else change.before.rule.allow
    new = {bare(word) for word in change.after.allow} - {bare(word) for word in before}
    return [word for word in change.after.words if bare(word) in new]


def needs_second(change: Change, context: Context) -> bool:
    """`[moderation] two_admins`: another main admin has to agree before a rule that was not enforced is."""
    if not context.settings.moderation.two_admins or change.is_removed or change.after.state != "enforce":
        return False
    return not any(rule.state == "enforce" for rule in change.old)


def others(message: Incoming, context: Context) -> tuple[str, ...]:
    """The main admins who are not the sender."""
    return tuple(one for one in access.main_admins(context) if one != message.sender.staff_id)


def put(change: Change, action: str, message: Incoming, context: Context, *, by: str = "") -> int:
    """Store the change and enter it in the audit; returns the number of the rule. `by`: who made it, else the sender."""
    actor = message.sender.staff_id or ""
    what = mask("；".join(change.what))[:_LONGEST_WHAT]
    number = context.store.rules.put(
        StoredRule(
            change.after.id,
            as_json(change.after),
            context.now,
            by or actor,
            what,
            mask(change.why)[:_LONGEST_WHAT],
            is_removed=change.is_removed,
            follows=change.follows,
        )
    )
    subject = f"{number} {change.after.id}"
    context.store.audit.add(AuditEntry(context.now, actor, f"规则 {action}", subject, what[:200], message.conversation))
    return number


def propose(change: Change, message: Incoming, context: Context) -> int:
    """Keep a change until another main admin agrees; returns the number of the proposal."""
    version = 0 if change.before is None else change.before.stored.version
    actor = message.sender.staff_id or ""
    what = mask("；".join(change.what))[:_LONGEST_WHAT]
    number = context.store.rule_proposals.put(
        Proposal(
            change.after.id,
            version,
            as_json(change.after),
            what,
            mask(change.why)[:_LONGEST_WHAT],
            actor,
            context.now,
            context.now + PROPOSED_FOR,
        )
    )
    context.store.audit.add(
        AuditEntry(context.now, actor, "规则 提请", f"{change.after.id}", what[:200], message.conversation)
    )
    return number


def with_state(rule: Rule, state: State) -> Rule:
    """The rule in another state."""
    return replace(rule, state=state)
