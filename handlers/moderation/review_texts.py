"""What reviewers read: the queue, one flag, and what came of their word. Nobody is named; the text is what counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from handlers.markdown import literal
from handlers.message import Button
from handlers.moderation.appeal_texts import SAID
from handlers.moderation.editing.labels import STATE_WORDS, said
from handlers.moderation.rule import Rule
from handlers.moderation.texts import CATEGORY_LABELS, PSEUDO_CATEGORY
from storage.flags import Flag
from storage.reviews import Row
from storage.tellings import Telling
from storage.verdicts import Tally

TITLE_QUEUE = "复核"
TITLE_ONE = "复核一条提醒"
TITLE_DONE = "复核记下了"
TITLE_POST = "温馨提醒"

NOTHING = "没有要复核的，都看过了。"
NONE_FITS = "没有符合条件的。发送 /复核 看等着复核的。"
NOT_THERE = "没有这个编号，或者不由你复核（和自己有关的、别的部门的，要请别人看）"
NOT_PUBLIC = "这条不能在群里提：规则没有这样写，或者不是群里的消息"
CALLED_WRONG = "这条已经复核为误会，不在群里提了"
POSTED_ALREADY = "这条已经在群里提过了，不再重复。"

VERDICTS = {"right": "对", "wrong": "错", "unsure": "说不准"}
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
    rows: Sequence[Row],
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
    return "\n\n".join((head, *(_row(row, places, names, zone) for row in rows)))


def _row(row: Row, places: Mapping[str, str], names: Mapping[str, str], zone: tzinfo) -> str:
    flag = row.flag
    marks = ["申诉中"] if row.appeal is not None and row.appeal.settled_at is None else []
    marks += [VERDICTS[row.verdict]] if row.verdict else []
    marks += ["已撤回"] if flag.recalled_at is not None else []
    standing = f"　{'，'.join(marks)}" if marks else ""
    return (
        f"**#{flag.id}** {_label(flag)}{standing}  \n{literal(flag.excerpt)}  \n"
        f"{_where(flag, places)}，{_at(flag.created_at, zone)}，{_by(flag, names.get(flag.rule))}"
    )


def queue_buttons(rows: Sequence[Row], page: int, pages: int, words: Sequence[str]) -> tuple[Button, ...]:
    """The first of the page, and the pages around it."""
    asked = " ".join(("/复核 列表", *words))
    buttons = [Button(f"看 #{rows[0].flag.id}", f"/复核 {rows[0].flag.id}")]
    if page > 1:
        buttons.append(Button("上一页", f"{asked} 第{page - 1}页"))
    if page < pages:
        buttons.append(Button("下一页", f"{asked} 第{page + 1}页"))
    return tuple(buttons)


def one(row: Row, rule: Rule | None, told: Sequence[Telling], places: Mapping[str, str], zone: tzinfo) -> str:
    """All that helps to judge a flag. `rule` is None where it is gone, or somebody reported what no rule finds."""
    flag = row.flag
    parts = [
        f"**#{flag.id} {_label(flag)}（{flag.article}）**",
        f"> {literal(flag.excerpt)}",
        f"{_where(flag, places)}，{_at(flag.created_at, zone)}，{_SOURCES[flag.source]}"
        + ("，发送人已撤回" if flag.recalled_at is not None else ""),
        _by(flag, rule.name if rule is not None else None)
        + (f"（{said(flag.state, STATE_WORDS)}）" if flag.category in CATEGORY_LABELS else ""),
    ]
    heard = dict.fromkeys(_HEARD[telling.rung] for telling in told if telling.rung in _HEARD)
    parts.append(f"已告知：{'、'.join(heard)}" if heard else "还没有告诉任何人。")
    if row.appeal is not None:
        parts.append(
            "**发送人说是误会**" + (f"：{literal(row.appeal.reason)}" if row.appeal.reason else "，没有写理由")
        )
    parts.append(f"复核过：{VERDICTS[row.verdict]}，可以改" if row.verdict else "命中得对不对？")
    return "\n\n".join(parts)


def verdict_buttons(flag: Flag, *, may_post: bool) -> tuple[Button, ...]:
    """The three words, and the post in the group where the rule allows it."""
    buttons = [Button(word, f"/复核 {flag.id} {word}") for word in VERDICTS.values()]
    if may_post:
        buttons.append(Button("在群里提醒大家", f"/复核 {flag.id} 公开"))
    return tuple(buttons)


def judged(flag: Flag, word: str, tally: Tally, offered: str | None, name: str | None) -> str:
    """To the reviewer."""
    counted = f"{_by(flag, name)}，至今复核：对 {tally.right}，错 {tally.wrong}，说不准 {tally.unsure}。"
    text = f"#{flag.id} 记为「{VERDICTS[word]}」，谢谢。\n\n{counted}"
    if word == "wrong" and offered is not None:
        text += f"\n\n以后遇到「{literal(offered)}」要不要放行？点按钮，或者改好再发：/规则 放行 {literal(flag.rule)} {literal(offered)}"
    return text


def same_again(flag: Flag, word: str) -> str:
    """The verdict is what it was."""
    return f"#{flag.id} 之前就{SAID[word]}，没有变化。"


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


def _label(flag: Flag) -> str:
    return CATEGORY_LABELS.get(flag.category, PSEUDO_CATEGORY)


def _by(flag: Flag, name: str | None) -> str:
    """What found it; `name` is what people call the rule, None where it is gone."""
    return f"规则「{literal(name or flag.rule)}」" if flag.category in CATEGORY_LABELS else "没有规则命中"


def _where(flag: Flag, places: Mapping[str, str]) -> str:
    if flag.source == "private":
        return "私聊"
    return f"「{literal(places.get(flag.conversation, '') or '未登记的群')}」"


def _at(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%m-%d %H:%M}"
