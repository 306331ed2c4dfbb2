"""What the bot says with curated answers, and about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from handlers.markdown import literal
from handlers.message import Button
from handlers.policy.curated.matching import Given, Linked
from handlers.policy.curated.queue_texts import quote, safe, short
from handlers.policy.texts import gist
from storage.curated import CuratedAnswer
from storage.policies import Article, Document

TITLE_LIST = "问答"
TITLE_ONE = "一条问答"
TITLE_REVIEW = "有问答要复核"
NONE = "还没有问答。答了别人转来的问题就会有；也可以直接添加：/规章 问答 添加 问题｜答案｜五.8"
NONE_OF_YOURS = "问答由文件负责人和管理员来写，你名下没有要管的规章文件。有规章问题请直接问我。"
NONE_FITS = "没有这样的问答。全部的：/规章 问答 列表"

_LISTED = 10
_LONGEST_ARTICLE = 400


def given(found: Given, title: str | None, zone: tzinfo) -> str:
    """The answer as people who ask read it. `title`: of the document whose owner answers; None: the admins do."""
    answer = found.answer
    who = "管理员" if title is None else f"《{literal(title)}》的负责人"
    lines = [safe(answer.answer)]
    if found.articles:
        lines.append("依据：" + _articles(found.articles))
    lines.append(f"（{who} {answer.reviewed_at.astimezone(zone):%Y-%m-%d} 答复）")
    return "\n\n".join(lines)


def comes_first(found: Given) -> str:
    """Said in a trial, before what the look-up would find."""
    return f"**先给问答 {found.answer.id}**：{short(found.answer.answer)}\n\n没有这条问答的话："


def title_of(found: Given) -> str:
    """What the list of chats shows."""
    return " ".join(found.answer.answer.split())[:20]


def look(found: Given, ambiguous: frozenset[str] = frozenset()) -> tuple[Button, ...]:
    """Shows the first two articles that the answer rests on."""
    return tuple(
        Button(
            f"看 {article.number}",
            f"/规章 查看 {article.number}" + (f" {document.title}" if article.number in ambiguous else ""),
        )
        for document, article in found.articles[:2]
    )


def listed(found: Sequence[Given], zone: tzinfo) -> str:
    """Curated answers, a line each."""
    lines = [
        f"- **{one.answer.id}** {short(one.answer.phrasings[0])}（{_state(one)}，{_day(one.answer.reviewed_at, zone)}）"
        for one in found[:_LISTED]
    ]
    more = f"\n\n还有 {len(found) - _LISTED} 条，写上词来找：/规章 问答 列表 词" if len(found) > _LISTED else ""
    return (
        f"**问答 {len(found)} 条**\n\n" + "\n".join(lines) + f"{more}\n\n看一条：/规章 问答 查看 {found[0].answer.id}"
    )


def whole(found: Given, zone: tzinfo) -> str:
    """One curated answer with everything about it, for whoever answers for it."""
    answer = found.answer
    asked = "\n".join(f"- {literal(phrasing)}" for phrasing in answer.phrasings)
    lines = [
        f"**问答 {answer.id}**（{_state(found)}）",
        f"这样问的会得到它：\n\n{asked}",
        f"答案：\n\n{quote(answer.answer)}",
    ]
    lines += [_linked(one) for one in found.linked] or ["没有附条款：条款变了不会提醒复核。"]
    lines.append(f"{_day(answer.reviewed_at, zone)} 复核，{_day(answer.created_at, zone)} 写成。")
    return "\n\n".join(lines)


def whole_buttons(found: Given) -> tuple[Button, ...]:
    """What can be done about it."""
    number = found.answer.id
    if found.answer.state == "stopped":
        return (Button("重新启用", f"/规章 问答 复核 {number}"),)
    if any(one.standing == "gone" for one in found.linked):
        return (Button("停用", f"/规章 问答 停用 {number}"),)
    return (Button("仍然有效", f"/规章 问答 复核 {number}"), Button("停用", f"/规章 问答 停用 {number}"))


def review(found: Sequence[Given]) -> str:
    """Asks whoever answers to look again at answers whose articles have changed."""
    lines = [
        f"- **问答 {one.answer.id}** {short(one.answer.phrasings[0])}：{'、'.join(_why(each) for each in one.linked if each.standing != 'same')}"
        for one in found[:_LISTED]
    ]
    more = f"\n\n还有 {len(found) - _LISTED} 条：/规章 问答 列表 待复核" if len(found) > _LISTED else ""
    return (
        f"**{len(found)} 条问答依据的条款变了，先不用了**\n\n"
        + "\n".join(lines)
        + f"{more}\n\n请看看答案还对不对：对就复核，不对就改或停用。"
    )


def review_buttons(found: Sequence[Given]) -> tuple[Button, ...]:
    """Opens the first few."""
    return tuple(Button(f"看问答 {one.answer.id}", f"/规章 问答 查看 {one.answer.id}") for one in found[:3])


def added(found: Given, zone: tzinfo) -> str:
    """A new answer is in use."""
    return f"已添加，从现在起这样问就给它。\n\n{whole(found, zone)}"


def exists(number: int) -> str:
    """The question has an answer already."""
    return f"这样问的已经有问答 {number} 了，请改那一条：/规章 问答 修改 {number} 答案 新的答案"


def about_to_change(before: Given, after: Given, zone: tzinfo, *, is_masked: bool) -> str:
    """The effect of `/规章 问答 修改`."""
    masked = "\n\n注意：里面像是电话、证件的号码已经隐去。" if is_masked else ""
    return f"问答 {before.answer.id} 会改成：\n\n{whole(after, zone)}{masked}"


def changed(answer: CuratedAnswer) -> str:
    """A change is in use."""
    return f"问答 {answer.id} 已修改，从现在起照新的答。"


def about_to_stop(answer: CuratedAnswer) -> str:
    """The effect of `/规章 问答 停用`."""
    return f"停用问答 {answer.id}：{short(answer.phrasings[0])}。以后这样问，改按规章条文回答。"


def stopped(answer: CuratedAnswer) -> str:
    """An answer is given no more."""
    return f"问答 {answer.id} 已停用。要恢复：/规章 问答 复核 {answer.id}"


def reviewed(answer: CuratedAnswer) -> str:
    """Somebody has looked at an answer."""
    return f"问答 {answer.id} 已复核，继续使用。"


def gone(found: Given) -> str:
    """It cannot be reviewed as it is."""
    numbers = "、".join(f"《{one.link.document}》{one.link.article}" for one in found.linked if one.standing == "gone")
    return f"{numbers} 已经没有了，请写明现在依据哪一条，例如：/规章 问答 复核 {found.answer.id} 五.8"


def _linked(one: Linked) -> str:
    name = f"依据《{literal(one.link.document)}》{one.link.article}"
    if one.article is None:
        return f"{name}：**这一条已经没有了**"
    if one.standing == "same":
        return f"{name}：{literal(gist(one.article, 60))}"
    text = one.article.text
    shown = text if len(text) <= _LONGEST_ARTICLE else text[:_LONGEST_ARTICLE] + "……"
    return f"{name}：**条文变了**，现在是：\n\n{quote(shown)}"


def _why(one: Linked) -> str:
    return f"{one.link.article} {'变了' if one.standing == 'changed' else '没有了'}"


def _state(found: Given) -> str:
    if found.answer.state == "stopped":
        return "已停用"
    return "在用" if found.is_current else "待复核"


def _articles(articles: Sequence[tuple[Document, Article]]) -> str:
    return "、".join(f"《{literal(document.title)}》{article.number}" for document, article in articles)


def _day(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d}"
