"""What reviewers read: the queue, one flag, and what came of their word. Nobody is named; the text is what counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import islice

from handlers.markdown import literal
from handlers.message import Button
from handlers.moderation.appeal_texts import SAID, numbered
from handlers.moderation.appeals import MOST_AT_ONCE
from handlers.moderation.editing.labels import STATE_WORDS, said
from handlers.moderation.excerpts import together
from handlers.moderation.rule import Rule
from handlers.moderation.texts import CATEGORY_LABELS, PSEUDO_CATEGORY
from storage.flag_counts import NONE, Count
from storage.flags import Flag
from storage.reviews import Entry, Row
from storage.tellings import Telling

TITLE_QUEUE = "复核"
TITLE_ONE = "复核一条提醒"
TITLE_DONE = "复核记下了"
TITLE_POST = "温馨提醒"

NOTHING = "没有要复核的，都看过了。"
NONE_FITS = "没有符合条件的。发送 /复核 看等着复核的。"
NOT_PUBLIC = "这条不能在群里提：规则没有这样写，或者不是群里的消息"
CALLED_WRONG = "这条已经复核为误会，不在群里提了"
POSTED_ALREADY = "这条已经在群里提过了，不再重复。"

VERDICTS = {"right": "对", "wrong": "错", "unsure": "说不准"}
_MOST_COUNTED = 3
"""Rules whose verdicts are counted up for the reviewer."""
_HEARD = {
    "sender": "本人",
    "owner": "群主",
    "head": "部门负责人",
    "admins": "主管理员",
    "ding": "DING",
    "public": "群里",
}
_SOURCES = {
    "report": "有人举报",
    "private": "私聊",
    "scan": "导出扫描",
    "bridge": "群消息接入",
    "mention": "@ 我的消息",
}


def queue(
    entries: Sequence[Entry],
    page: int,
    pages: int,
    count: int,
    places: Mapping[str, str],
    names: Mapping[str, str],
    zone: tzinfo,
    words: Sequence[str],
) -> str:
    """A page of the queue. `places`: titles of groups by conversation; `names`: what people call rules, by id."""
    by = f"（{literal('、'.join(words))}）" if words else ""
    which = f"，第 {page}/{pages} 页" if pages > 1 else ""
    head = f"**{'待复核' if not words else '找到'} {count} 条**{by}{which}"
    return "\n\n".join((head, *(_entry(entry, places, names, zone) for entry in entries)))


def _entry(entry: Entry, places: Mapping[str, str], names: Mapping[str, str], zone: tzinfo) -> str:
    first = entry[0].flag
    marks = ["申诉中"] if any(row.is_appealed for row in entry) else []
    verdicts = [VERDICTS[row.verdict] for row in entry if row.verdict]
    marks += dict.fromkeys(verdicts)
    marks += ["有没看的"] if 0 < len(verdicts) < len(entry) else []
    marks += ["已撤回"] if any(row.flag.recalled_at is not None for row in entry) else []
    standing = f"　{'，'.join(marks)}" if marks else ""
    labels = "、".join(dict.fromkeys(_label(row.flag) for row in entry))
    by = "、".join(dict.fromkeys(_by(row.flag, names.get(row.flag.rule)) for row in entry))
    return (
        f"**{_numbers(entry)}** {labels}{standing}  \n{_excerpts(entry)}  \n"
        f"{_where(first, places)}，{_at(first.created_at, zone)}，{by}"
    )


def queue_buttons(entries: Sequence[Entry], page: int, pages: int, words: Sequence[str]) -> tuple[Button, ...]:
    """The first of the page, and the pages around it."""
    asked = " ".join(("/复核 列表", *words))
    first = entries[0][0].flag.id
    buttons = [Button(f"看 #{first}", f"/复核 {first}")]
    if page > 1:
        buttons.append(Button("上一页", f"{asked} 第{page - 1}页"))
    if page < pages:
        buttons.append(Button("下一页", f"{asked} 第{page + 1}页"))
    return tuple(buttons)


def one(
    entry: Entry,
    names: Mapping[str, str],
    numbers: Mapping[str, int],
    told: Sequence[Telling],
    places: Mapping[str, str],
    zone: tzinfo,
) -> str:
    """All that helps to judge the flags of one message.

    `names` and `numbers` go by the rule's id; one is not there where it is gone, or where somebody reported what no rule
    finds.
    """
    first = entry[0].flag
    labels = dict.fromkeys(f"{_label(row.flag)}（{row.flag.article}）" for row in entry)
    sources = dict.fromkeys(_SOURCES[row.flag.source] for row in entry)
    is_recalled = any(row.flag.recalled_at is not None for row in entry)
    found = [_found_by(row.flag, names.get(row.flag.rule), numbers.get(row.flag.rule)) for row in entry]
    parts = [
        f"**{_numbers(entry)} {'、'.join(labels)}**",
        f"> {_excerpts(entry)}",
        f"{_where(first, places)}，{_at(first.created_at, zone)}，{'、'.join(sources)}"
        + ("，发送人已撤回" if is_recalled else ""),
        found[0]
        if len(entry) == 1
        else "\n".join(
            f"- #{row.flag.id} {line}" + (f"，复核过：{VERDICTS[row.verdict]}" if row.verdict else "")
            for row, line in zip(entry, found, strict=True)
        ),
    ]
    heard = dict.fromkeys(_HEARD[telling.rung] for telling in told if telling.rung in _HEARD)
    parts.append(f"已告知：{'、'.join(heard)}" if heard else "还没有告诉任何人。")
    appealed = [row for row in entry if row.appeal is not None]
    if appealed:
        reasons = dict.fromkeys(literal(row.appeal.reason) for row in appealed if row.appeal and row.appeal.reason)
        which = f" {_numbers(appealed)} " if len(entry) > 1 else ""
        parts.append(f"**发送人说{which}是误会**" + (f"：{'；'.join(reasons)}" if reasons else "，没有写理由"))
    parts.append(_asked(entry))
    return "\n\n".join(parts)


def _found_by(flag: Flag, name: str | None, number: int | None) -> str:
    state = f"（{said(flag.state, STATE_WORDS)}）" if flag.category in CATEGORY_LABELS else ""
    return _by(flag, name, number) + state


def _asked(entry: Entry) -> str:
    """What the buttons below mean."""
    if len(entry) == 1:
        verdict = entry[0].verdict
        return f"复核过：{VERDICTS[verdict]}，可以改" if verdict else "命中得对不对？"
    meant = _meant(entry)
    alone = f"只判一条就发：/复核 {meant[-1].flag.id} 错"
    if not meant[0].is_waiting:
        return f"都复核过了，可以一起改；{alone}"
    if len(meant) == 1:
        return f"{_numbers(meant)} 还没复核，命中得对不对？"
    return f"命中得对不对？按钮把 {_numbers(meant)} 一起判了；{alone}"


def verdict_buttons(entry: Entry, postable: int | None) -> tuple[Button, ...]:
    """The three words on what waits, else on all; and the post in the group about the flag whose rule allows it."""
    meant = _meant(entry)
    every, numbers = ("都" if len(meant) > 1 else ""), "、".join(str(row.flag.id) for row in meant)
    buttons = [Button(f"{every}{word}", f"/复核 {numbers} {word}") for word in VERDICTS.values()]
    if postable is not None:
        buttons.append(Button("在群里提醒大家", f"/复核 {postable} 公开"))
    return tuple(buttons)


def _meant(entry: Entry) -> Sequence[Row]:
    """What the buttons judge: what waits, else all, as many as a command takes."""
    return ([row for row in entry if row.is_waiting] or entry)[:MOST_AT_ONCE]


def judged(
    flags: Sequence[Flag],
    word: str,
    counts: Mapping[str, Count],
    offered: Sequence[tuple[str, str]],
    names: Mapping[str, str],
) -> str:
    """To the reviewer. `counts` and `names` go by the rule's id; `offered`: the rule, as it is written in a command, and
    the word that it could let be."""
    parts = [f"{numbered([flag.id for flag in flags])} 记为「{VERDICTS[word]}」，谢谢。"]
    rules = {_by(flag, names.get(flag.rule)): flag.rule for flag in flags}
    for by, rule in islice(rules.items(), _MOST_COUNTED):
        count = counts.get(rule, NONE)
        parts.append(f"{by}，至今复核：对 {count.right}，错 {count.wrong}，说不准 {count.unsure}。")
    parts += ["其他规则：/规则 统计"] if len(rules) > _MOST_COUNTED else []
    parts += [
        f"以后遇到「{literal(allow)}」要不要放行？点按钮，或者改好再发：/规则 放行 {literal(rule)} {literal(allow)}"
        for rule, allow in offered
    ]
    return "\n\n".join(parts)


def same_again(flags: Sequence[Flag], word: str) -> str:
    """The verdict is what it was."""
    return f"{numbered([flag.id for flag in flags])} 之前就{SAID[word]}，没有变化。"


def not_there(number: int) -> str:
    """There is no such flag, or the reviewer may not see it; which of both is not said."""
    return f"没有编号 {number} 的提醒，或者不由你复核（和自己有关的、别的部门的，要请别人看）"


def about_to_post(text: str, place: str) -> str:
    """What the group would read, before an admin lets it."""
    return f"将在「{literal(place)}」发这一条，不提是谁：\n\n{text}"


def post(flag: Flag, rule: Rule) -> str:
    """To the whole group: what does not belong there, and what does. Nobody's name, nobody's words."""
    meaning = rule.meaning.rstrip("。.；; ")
    about = f"（{literal(meaning)}）" if meaning else ""
    what = "与工作无关的内容" if rule.category == "non-work" else CATEGORY_LABELS[rule.category]
    return f"**温馨提醒**\n\n群里请不要发{what}{about}。{_GENERAL[rule.category]}（依据 {flag.article}）"


_GENERAL = {
    "non-work": "闲聊请换个地方，谢谢大家。",
    "advertising": "谢谢大家。",
    "privacy": "号码等个人信息请私下发给需要的人。",
    "secrecy": "涉密内容不能进钉钉，拿不准请先问保密员。",
    "unlawful": "谢谢大家。",
    "abuse": "有话好好说，谢谢大家。",
}


def posted(place: str) -> str:
    """To the admin."""
    return f"好的，发到「{literal(place)}」了，没有提是谁。"


def unknown_filter(word: str) -> str:
    """A word that says nothing to the queue."""
    return f"「{word}」不是类别、规则、群名或状态"


def _numbers(entry: Sequence[Row]) -> str:
    return numbered([row.flag.id for row in entry])


def _excerpts(entry: Entry) -> str:
    return " / ".join(map(literal, together(row.flag.excerpt for row in entry)))


def _label(flag: Flag) -> str:
    return CATEGORY_LABELS.get(flag.category, PSEUDO_CATEGORY)


def _by(flag: Flag, name: str | None, number: int | None = None) -> str:
    """What found it; `name` is what people call the rule, None where it is gone."""
    if flag.category not in CATEGORY_LABELS:
        return "没有规则命中"
    return f"规则{'' if number is None else f' {number}'}「{literal(name or flag.rule)}」"


def _where(flag: Flag, places: Mapping[str, str]) -> str:
    if flag.source == "private":
        return "私聊"
    return f"「{literal(places.get(flag.conversation, '') or '未登记的群')}」"


def _at(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%m-%d %H:%M}"
