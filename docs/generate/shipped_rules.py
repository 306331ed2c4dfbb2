"""The page of the rules that ship, from their files."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.moderation.rule import Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.texts import CATEGORY_LABELS

_SEVERITY = {"low": "轻 / low", "medium": "中 / medium", "high": "重 / high"}
_HEAD = """# 自带的内容规则 / The rules that ship

由 `handlers/moderation/starter/` 生成。新装好时都只观察（`observe`）；看几周 `/规则 统计`，再用 `/规则 状态 编号 remind` 让合适的开始提醒。词都是我们自己挑的，
不全，也不想全：宁可少记一条，也不冤枉人。例子里前几句要命中，后几句像但不能命中，测试逐句守着。

Generated from `handlers/moderation/starter/`. All of them only observe at first; look at `/规则 统计` for some weeks, then let those that fit
remind with `/规则 状态 编号 remind`. The words are our own choice and neither complete nor meant to be: better to miss one than to accuse
somebody. Each rule has sentences on which it must fire, and similar ones on which it must not; tests hold both.
"""


def page() -> str:
    """The whole page: a table for each category."""
    rules = load_rule_files([])
    return "\n".join((_HEAD, *_tables(rules)))


def _tables(rules: tuple[Rule, ...]) -> Iterator[str]:
    for category, label in CATEGORY_LABELS.items():
        mine = [rule for rule in rules if rule.category == category]
        if not mine:
            continue
        yield f"## {label} / {category}\n"
        yield "| 规则 / rule | 管什么 / about | 条款 / article | 轻重 / severity | 词 / words | 命中的例子 / fires on | 不命中 / not on |"
        yield "|---|---|---|---|---|---|---|"
        for rule in mine:
            yield (
                f"| `{rule.id}` | {rule.meaning} | {rule.article} | {_SEVERITY[rule.severity]} | {_words(rule)} "
                f"| {_cell(rule.examples.fire[0])} | {_cell(rule.examples.quiet[0])} |"
            )
        yield ""


def _words(rule: Rule) -> str:
    if not rule.words and not rule.combinations:
        return "、".join(f"`{name}`" for name in rule.detectors)
    return str(len(rule.words) + len(rule.combinations) + len(rule.expressions))


def _cell(text: str) -> str:
    """Without what would end a cell or cannot be seen."""
    return "".join(one for one in text.replace("|", "｜") if one.isprintable())
