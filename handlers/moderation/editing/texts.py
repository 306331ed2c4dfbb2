"""What the bot says about rules to those who look after them. All of it in private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from handlers.markdown import literal
from handlers.message import Button
from handlers.moderation.book import Known
from handlers.moderation.editing import labels
from handlers.moderation.editing.changing import Change
from handlers.moderation.editing.differences import scope_lines, short
from handlers.moderation.editing.labels import all_said, said
from handlers.moderation.masking import mask
from handlers.moderation.replay import Difference, Mistaken, Sample
from handlers.moderation.texts import follows
from storage.rule_waiting import Proposal
from storage.rules import StoredRule

TITLE_LIST = "内容规则"
TITLE_ONE = "内容规则"
TITLE_CHANGED = "规则改好了"
TITLE_HISTORY = "规则的历史"
TITLE_ADD = "新增规则"
TITLE_REPLAY = "规则重放"
TITLE_EXPORT = "规则导出"
TITLE_IMPORT = "规则文件"
TITLE_PROPOSED = "有一项规则改动等你同意"
TITLE_AGREED = "规则改动的结果"

IN_PRIVATE = "规则里有敏感词，不在群里说。请私聊我再发一次。"
NO_RULES = "还没有内容规则。新增请发：/规则 新增"
NONE_FITS = "没有这样的规则。"
NOTHING_CHANGES = "这样改没有变化。"
NO_SAMPLES = "还没有样本可以重放：等有了命中记录，或者把自己的样本放进样本文件。"
PROPOSED = "已提交。另一位主管理员同意后生效，七天内有效。"
NO_PROPOSAL = "没有这项改动：可能已经有人处理，或者过期了。"
OUTDATED = "这条规则后来又改过，请重新提交。"
OWN_PROPOSAL = "自己提的改动要由另一位主管理员同意。"
REFUSED = "已退回，规则没有变。"
HOW_TO_IMPORT = "把规则文件（.toml）私聊发给我，我看过后会给你导入的命令。格式见说明文档「内容规则」。"
TOO_LARGE = "这个规则文件太大了，请在服务器上用 steward rules import 导入。"
DRAFT_GONE = "没有这份规则文件：可能过期了，请再发一次。"
TOO_LONG = "规则太多，这里发不下。请加编号或类别，或在服务器上用 steward rules export 导出。"
MOST_LISTED = 60
MOST_SHOWN = 3
MOST_IMPORTED = 10
_MOST_WORDS = 30
_LONGEST_SAMPLE = 60
_BY = {"file": "规则文件", "cli": "服务器命令"}


def listing(
    known: Sequence[Known], hits: Mapping[str, int], days: int, *, filtered: bool, pending: Sequence[Known] = ()
) -> str:
    """Rules by category: number, name, state, and how often each fired. `pending` are those not in force yet."""
    head = f"**{'符合的' if filtered else '共'} {len(known)} 条内容规则**（命中数为近 {days} 天）"
    parts = [head]
    for category in labels.CATEGORY_WORDS:
        mine = [one for one in known if one.rule.category == category]
        if not mine:
            continue
        name = said(category, labels.CATEGORY_WORDS)
        if len(known) > MOST_LISTED and len(mine) < len(known):
            fired = sum(hits.get(one.rule.id, 0) for one in mine)
            parts.append(f"**{name}** {len(mine)} 条，命中 {fired} 次")
            continue
        lines = [_line(one, hits.get(one.rule.id, 0)) for one in mine[:MOST_LISTED]]
        if len(mine) > MOST_LISTED:
            lines.append(f"- ……另有 {len(mine) - MOST_LISTED} 条，加一个词再找：/规则 列表 {name} 词")
        parts.append(f"**{name}**\n\n" + "\n".join(lines))
    if pending:
        parts.append(f"规则 {'、'.join(str(one.number) for one in pending[:5])} 的改动还没有生效，请看日志。")
    parts.append("看一条：/规则 查看 编号")
    return "\n\n".join(parts)


def _line(one: Known, fired: int) -> str:
    scoped = "，限范围" if scope_lines(one.rule) else ""
    return (
        f"- {one.number} {literal(one.rule.name)}（{literal(one.rule.article)}）：{said(one.rule.state, labels.STATE_WORDS)}{scoped}"
        f"{f'，命中 {fired} 次' if fired else ''}"
    )


def listing_buttons(known: Sequence[Known]) -> tuple[Button, ...]:
    """A button for each category where there are too many rules for one list."""
    if len(known) <= MOST_LISTED:
        return ()
    mine = [category for category in labels.CATEGORY_WORDS if any(one.rule.category == category for one in known)]
    names = [said(category, labels.CATEGORY_WORDS) for category in mine]
    return tuple(Button(name, f"/规则 列表 {name}") for name in names) if len(names) > 1 else ()


def waiting(proposals: Sequence[Proposal]) -> str:
    """Changes that wait for a second admin."""
    lines = "\n".join(f"- {literal(one.rule)}：{literal(one.what)}（/规则 批准 {one.id}）" for one in proposals[:5])
    return f"**等另一位主管理员同意**\n\n{lines}"


def whole(one: Known, fired: int, days: int, zone: tzinfo, by: str) -> str:
    """One rule as it is."""
    rule, stored = one.rule, one.stored
    parts = [
        f"**规则 {one.number}　{literal(rule.name)}**{'（已删除）' if stored.is_removed else ''}",
        *([f"文件里的编号：{literal(rule.id)}"] if rule.meaning else []),
        f"{said(rule.category, labels.CATEGORY_WORDS)}，依据 {literal(rule.article)}，"
        f"轻重：{said(rule.severity, labels.SEVERITY_WORDS)}",
        f"状态：{said(rule.state, labels.STATE_WORDS)}（{follows(rule)}）",
        f"范围：{literal('，'.join(scope_lines(rule))) or '不限'}",
        _matchers(one),
        f"近 {days} 天命中 {fired} 次",
        f"第 {stored.version} 版，{_day(stored, zone)} {literal(by)}：{literal(stored.what)}"
        f"{f'（{literal(stored.why)}）' if stored.why else ''}",
    ]
    if stored.follows is not None:
        parts.append(f"跟随 {literal(stored.follows)}；用命令改过以后就不再跟随。")
    return "\n\n".join(parts)


def whole_buttons(one: Known) -> tuple[Button, ...]:
    """What is next for a rule."""
    if one.stored.is_removed:
        return (Button("恢复", f"/规则 恢复 {one.number}"), Button("历史", f"/规则 历史 {one.number}"))
    nearer = {"observe": "提醒", "remind": "观察", "enforce": "提醒"}[one.rule.state]
    return (
        Button("历史", f"/规则 历史 {one.number}"),
        Button("重放", f"/规则 重放 {one.number}"),
        Button(f"改为{nearer}", f"/规则 状态 {one.number} {nearer}"),
    )


def _matchers(one: Known) -> str:
    rule = one.rule
    parts = [
        f"{label}：{literal(_some(items))}"
        for label, items in (
            ("词", rule.words),
            ("搭配", tuple("+".join(words) for words in rule.combinations)),
            ("识别", tuple(said(name, labels.DETECTOR_WORDS) for name in rule.detectors)),
            ("放行域名", rule.domains),
            ("表达式", rule.expressions),
            ("例外", rule.allow),
        )
        if items
    ]
    if rule.combinations:
        parts.append(f"搭配相隔至多 {rule.within} 字{f'，至少出现 {rule.at_least} 个' if rule.at_least else ''}")
    if rule.passes:
        parts.append(f"看穿：{all_said(rule.passes, labels.PASS_WORDS)}")
    if rule.boundary:
        parts.append("只认完整的词")
    if rule.unless_harmless:
        parts.append("通读整句，读来无害的不算")
    return "\n\n".join(parts)


def _some(items: Sequence[str]) -> str:
    if len(items) <= _MOST_WORDS:
        return "、".join(items)
    return f"{'、'.join(items[:_MOST_WORDS])} 等 {len(items)} 个"


def history(versions: Sequence[StoredRule], names: Mapping[str, str], zone: tzinfo) -> str:
    """The newest versions, newest first."""
    newest = versions[0]
    lines = [
        f"**第 {one.version} 版** {_day(one, zone)} {literal(person(one.by, names))}  \n{literal(one.what)}"
        f"{f'  {chr(10)}原因：{literal(one.why)}' if one.why else ''}"
        for one in versions
    ]
    return "\n\n".join(
        [f"**规则 {newest.number}　{literal(newest.id)}**", *lines, f"回到某一版：/规则 恢复 {newest.number} 版本号"]
    )


def person(by: str, names: Mapping[str, str]) -> str:
    """Who made a version, for people."""
    return _BY.get(by) or names.get(by, by)


def _day(one: StoredRule, zone: tzinfo) -> str:
    return f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}"


def about_to(title: str, change: Change, difference: Difference, mistaken: Sequence[Mistaken]) -> str:
    """What one change would do; asked before it is made."""
    lines = "\n".join(f"- {literal(line)}" for line in change.what)
    return "\n\n".join([f"**{literal(title)}**", lines, *effect(difference, mistaken)])


def effect(difference: Difference, mistaken: Sequence[Mistaken]) -> list[str]:
    """What a change does to the samples and to the examples of the rules."""
    if difference.total:
        parts = [
            f"这样改后：最近 {difference.total} 条样本中多命中 {len(difference.more)} 条、"
            f"少命中 {len(difference.fewer)} 条。"
        ]
    else:
        parts = ["还没有样本，试不出会多命中什么。"]
    for label, samples in (("多命中", difference.more), ("少命中", difference.fewer)):
        if samples:
            parts.append(f"{label}：\n\n{_samples(samples)}")
    if mistaken:
        parts.append(f"⚠ 规则自带的例句有 {len(mistaken)} 句不对：\n\n{mistakes(mistaken)}")
    return parts


def mistakes(mistaken: Sequence[Mistaken]) -> str:
    """Examples that do not do what they should."""
    lines = [
        f"- {literal(one.rule.name)}：「{literal(mask(one.text)[:_LONGEST_SAMPLE])}」"
        f"{'应命中，没有命中' if one.should_fire else f'不应命中，被「{literal(short([rule.name for rule in one.by]))}」命中'}"
        for one in mistaken[:MOST_SHOWN]
    ]
    return "\n".join([*lines, *_rest(len(mistaken))])


def _samples(samples: Sequence[Sample]) -> str:
    lines = [f"- {literal(mask(one.text)[:_LONGEST_SAMPLE])}（{one.origin}）" for one in samples[:MOST_SHOWN]]
    return "\n".join([*lines, *_rest(len(samples))])


def _rest(count: int) -> list[str]:
    return [f"- ……另有 {count - MOST_SHOWN} 条"] if count > MOST_SHOWN else []


def done(number: int, change: Change, version: int) -> str:
    """A change was made."""
    name = f"规则 {number}（{literal(change.after.id)}）"
    if change.is_removed:
        return f"{name}已删除，马上生效。历史还在，恢复请发：/规则 恢复 {number}"
    if change.before is None:
        return f"{name}已新增，先{said(change.after.state, labels.STATE_WORDS)}，马上生效。"
    return f"{name}已改好，现在是第 {version} 版，马上生效。"


def done_buttons(number: int, change: Change) -> tuple[Button, ...]:
    """What may follow a change."""
    buttons = [Button("查看", f"/规则 查看 {number}")]
    if change.before is not None and not change.is_removed:
        buttons.append(Button("改回去", f"/规则 恢复 {number} {change.before.stored.version}"))
    return tuple(buttons)


def ask_second(number: int, who: str, effect: str) -> str:
    """To the other main admins."""
    return (
        f"{literal(who)}想改一条规则，要另一位主管理员同意：\n\n{effect}\n\n"
        f"同意请发：/规则 批准 {number}\n\n不同意请发：/规则 驳回 {number}"
    )


def second_buttons(number: int) -> tuple[Button, ...]:
    """For the other main admins."""
    return Button("同意", f"/规则 批准 {number}"), Button("不同意", f"/规则 驳回 {number}")


def agreed(who: str, rule: str, *, is_agreed: bool) -> str:
    """To whoever proposed a change."""
    end = "同意了，已经生效。" if is_agreed else "没有同意，规则没有变。"
    return f"你提的规则 {literal(rule)} 的改动，{literal(who)}{end}"


def draft(number: int, changes: Sequence[Change], same: int, refused: Sequence[str]) -> str:
    """A rule file was read."""
    new = sum(change.before is None for change in changes)
    parts = [f"**规则文件读好了**\n\n新增 {new} 条，改动 {len(changes) - new} 条，没有变化 {same} 条。"]
    if changes:
        lines = [f"- {literal(one.after.id)}：{literal(short(one.what))}" for one in changes[:MOST_IMPORTED]]
        rest = [f"- ……另有 {len(changes) - MOST_IMPORTED} 条"] if len(changes) > MOST_IMPORTED else []
        parts.append("\n".join([*lines, *rest]))
    parts += [literal(line) for line in refused]
    if changes and not refused:
        parts.append(f"没写到的规则不受影响。导入请发：/规则 导入 {number}")
    return "\n\n".join(parts)


def wrong_file(problems: Sequence[str]) -> str:
    """A rule file has mistakes."""
    shown = [f"- {literal(line.split(' / ')[0][:200])}" for line in problems[:MOST_IMPORTED]]
    rest = [f"- ……另有 {len(problems) - MOST_IMPORTED} 处"] if len(problems) > MOST_IMPORTED else []
    return "**规则文件有错，什么都没有导入**\n\n" + "\n".join([*shown, *rest])


def about_to_import(
    changes: Sequence[Change], held: Sequence[str], found: Difference, wrong: Sequence[Mistaken]
) -> str:
    """What an import would do; asked before it is made."""
    new = sum(change.before is None for change in changes)
    parts = [f"**导入规则：新增 {new} 条，改动 {len(changes) - new} 条**", *effect(found, wrong)]
    if held:
        parts.append(f"{literal(short(held))} 先按「提醒」导入：改为执行要两位主管理员同意。")
    return "\n\n".join(parts)


def replayed(one: Known | None, counts: Mapping[int, tuple[Known, Sequence[Sample]]], total: int) -> str:
    """What the rules as they are catch among the samples."""
    head = f"**重放最近 {total} 条样本**"
    if one is not None:
        caught = counts.get(one.number, (one, ()))[1]
        found = f"\n\n{_samples(caught)}" if caught else ""
        return f"{head}\n\n规则 {one.number}（{literal(one.rule.name)}）命中 {len(caught)} 条。{found}"
    ordered = sorted(counts.values(), key=lambda pair: (-len(pair[1]), pair[0].number))
    lines = [f"- {known.number} {literal(known.rule.name)}：{len(samples)} 条" for known, samples in ordered[:20]]
    if not lines:
        return f"{head}\n\n没有规则命中。"
    return f"{head}\n\n" + "\n".join(lines)
