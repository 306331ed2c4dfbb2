"""What the bot says about questions that wait for somebody to answer them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from handlers.markdown import literal
from handlers.message import Button
from handlers.policy.texts import gist
from storage.policies import Article, Document
from storage.policy_queue import Entry

TITLE_PASSED = "已转给负责人"
TITLE_QUESTION = "有一个规章问题等你答"
TITLE_LIST = "等你答的规章问题"
TITLE_ANSWER = "你问的规章问题有答复了"
TITLE_CORRECTION = "规章问题的答复有更正"
TITLE_WITHDRAWN = "一条规章答复已撤回"

LIKED = "记下了，谢谢。"
NOT_ANSWERED = "这个问题还没有答上来。要不要转给负责人，请他来答？"
PASSED_ON_ALREADY = "已经转过了，有答复我会告诉你。"
ONLY_IN_GROUP = "你不是本组织的成员，私下我回不了你。请在班级群里问，再点转交。"
NOTHING_WAITS = "现在没有等你答的规章问题。"
ASK_IN_PRIVATE = "请私聊我回答，问题和答复不在群里处理。"
NOTHING_TO_WITHDRAW = "这个问题还没有答复过，没有可撤回的。"
SETTLED_ALREADY = "这个问题已经处理过了。"

_LISTED = 8
_ADDRESS = re.compile(r"(https?://[A-Za-z0-9][A-Za-z0-9./?=&%:+\-_]{2,300})")
_LONGEST_QUESTION = 60
_ENDS = re.compile(r"\s*[；;]+\s*")


def mark(entry_id: int) -> str:
    """How a question is called: `问12`. Whoever answers writes it, or quotes what carries it."""
    return f"问{entry_id}"


def pass_on(asked_id: int) -> Button:
    """The button under an answer that is none."""
    return Button("转给负责人", f"/规章 转交 {asked_id}")


def passed_on(title: str | None, *, in_group: bool) -> str:
    """Said to whoever asked. `title`: of the document whose owner has it now; None: the main admins have it."""
    whom = "管理员" if title is None else f"《{literal(title)}》的负责人"
    where = "在这个群里告诉大家" if in_group else "私下告诉你"
    return f"已转给{whom}，不会说是谁问的。有了答复，我{where}。"


def too_many(most: int, contact: str) -> str:
    """Somebody has passed on enough for a day."""
    return f"一天最多转 {most} 个问题，明天可以接着转。着急的话，请直接问{contact}。"


def nobody(contact: str) -> str:
    """There is neither an owner nor an admin."""
    return f"现在没有人负责回答，请直接问{contact}。"


def closed_already(contact: str) -> str:
    """Whoever answers has looked at it and gave no answer."""
    return f"负责人看过这个问题，没有写答复。请直接问{contact}。"


def answered_already(answer: str, on: datetime) -> str:
    """The same question has an answer. `on` is local."""
    return f"这个问题已经有答复了：\n\n{quote(answer)}\n\n（负责人 {on:%Y-%m-%d} 答复）"


def disliked(asked_id: int) -> str:
    """Asks for the reason, which nobody has to give."""
    return f"记下了，谢谢。愿意的话说一句哪里不对，我转给负责人：\n\n/规章 没用 {asked_id} 这里写原因"


def reason_noted(*, is_told: bool) -> str:
    """The reason was taken."""
    return "记下了，已转给负责人，不会说是谁说的。" if is_told else "记下了，会一并转给负责人，不会说是谁说的。"


def for_owner(entry: Entry, article: Article | None, *, known_answer: int | None, is_last: bool) -> str:
    """A question, for whoever answers for the document."""
    name = mark(entry.id)
    why = "有人问，我没有答上来" if entry.why == "passed-on" else "有人觉得我的回答没用"
    lines = [f"**{name}** {why}：", quote(entry.question)]
    if entry.reason:
        lines.append(f"他们说：{literal(entry.reason)}")
    if article is not None and entry.document is not None:
        nearest = "最接近的是" if entry.why == "passed-on" else "当时给的是"
        lines.append(f"{nearest}《{literal(entry.document)}》{article.number}：{literal(gist(article, 60))}")
    if known_answer is not None:
        lines.append(f"问答 {known_answer} 号就是答这个的，可能要改一改。")
    lines.append(
        f"**怎么答**：引用这条消息，直接写答复；或者发：{name} 答复内容\n\n"
        f"想附上条款，写在最前面：{name} {'五.8' if article is None else article.number} 答复内容\n\n"
        "发出以前会先给你看一遍。"
    )
    if is_last:
        lines.append("今天不再一条条打扰了；还有的话，发 /规章 待答 都能看到。")
    return "\n\n".join(lines)


def for_owner_buttons(entry: Entry, document: Document | None) -> tuple[Button, ...]:
    """Labels carry the question's number, so that several questions can go out as one message."""
    name = mark(entry.id)
    look = () if document is None else (Button(f"{name} 看条款", f"/规章 查看 {entry.article} {document.title}"),)
    return (*look, Button(f"{name} 不答", f"/规章 不答 {entry.id}"))


def waiting(entries: Sequence[Entry]) -> str:
    """What waits for one person, oldest first."""
    lines = [
        f"- **{mark(one.id)}** {short(one.question)}{'（嫌回答没用）' if one.why == 'disliked' else ''}"
        for one in entries[:_LISTED]
    ]
    more = f"\n\n还有 {len(entries) - _LISTED} 个，答了前面的再看。" if len(entries) > _LISTED else ""
    name = mark(entries[0].id)
    how = f"答哪个就发：{name} 答复内容\n\n看细节：/规章 待答 {entries[0].id}"
    return f"**等你答的规章问题 {len(entries)} 个**\n\n" + "\n".join(lines) + f"{more}\n\n{how}"


def no_such(number: int) -> str:
    """No question of this number that this person answers for."""
    return f"没有「{mark(number)}」，或者它不归你答"


def several_quoted(ids: Sequence[int]) -> str:
    """What was quoted carries several questions."""
    names = "、".join(map(mark, ids))
    return f"引用的那条里有 {names}，答的是哪个？请写明，例如：{mark(ids[0])} 答复内容"


def preview(entry: Entry, read: str, *, askers: int, is_masked: bool, is_correction: bool, has_articles: bool) -> str:
    """What is about to be sent. `read` is what the askers will read."""
    whom = f"会发给提问的 {askers} 位" if askers else "没有人在等这个答复"
    lines = [
        f"{mark(entry.id)}{' 更正' if is_correction else ''}：{whom}；以后有人这样问，也先给这条答复。他们读到的是：",
        "---",
        read,
        "---",
    ]
    if is_masked:
        lines.append("注意：里面像是电话、证件的号码已经隐去，答复里不放号码。")
    if not has_articles:
        lines.append(f"没有附条款。要附的话取消重写，条款写在最前面：{mark(entry.id)} 五.8 答复内容")
    return "\n\n".join(lines)


def to_asker(
    question: str,
    answer: str,
    articles: Sequence[tuple[Document, Article]],
    on: datetime,
    *,
    title: str | None,
    is_correction: bool,
) -> str:
    """The answer as the askers read it. `on` is the local day of the answer, `title` the document of whoever gave it."""
    head = "你问过的这个问题，答复有更正：" if is_correction else "你问过："
    who = "管理员" if title is None else f"《{literal(title)}》的负责人"
    lines = [head, quote(question), f"**答复**：{safe(answer)}"]
    if articles:
        lines.append(
            "依据：" + "、".join(f"《{literal(document.title)}》{article.number}" for document, article in articles)
        )
    lines.append(f"（{who} {on:%Y-%m-%d} 答复）")
    return "\n\n".join(lines)


def withdrawn(question: str, contact: str) -> str:
    """Said to those who got an answer that holds no more."""
    return f"你问过：\n\n{quote(question)}\n\n之前给你的答复已经撤回，请先不要照它办。有了新的答复我再告诉你；着急请问{contact}。"


def not_answered(question: str, reason: str, contact: str) -> str:
    """Said to those who asked, when whoever answers gives no answer."""
    why = f"负责人说：{literal(reason)}" if reason else "负责人看过了，规章里没有写这件事。"
    return f"你问过：\n\n{quote(question)}\n\n{why}\n\n需要的话请问{contact}。"


def sent(entry_id: int, curated_id: int, people: int, groups: int, morning: datetime | None) -> str:
    """Said to whoever answered. `morning`, local: when it goes out, where it is night; None: now."""
    to = "、".join(filter(None, (f"{people} 位提问的人" if people else "", f"{groups} 个群" if groups else "")))
    went = (
        (f"已发给 {to}。" if morning is None else f"现在是夜里，{morning:%H:%M} 发给 {to}。")
        if to
        else "没有人在等，答复记下了。"
    )
    return (
        f"{mark(entry_id)} {went}以后有人这样问，我先给这条答复（问答 {curated_id} 号）；它依据的条款变了，会请你复核。"
    )


def sent_buttons(entry_id: int, curated_id: int, add: Button | None) -> tuple[Button, ...]:
    """What can be done about an answer that was just given."""
    return (
        *(() if add is None else (add,)),
        Button("看这条问答", f"/规章 问答 查看 {curated_id}"),
        Button("撤回答复", f"/规章 撤回 {entry_id}"),
    )


def as_question(question: str, document: Document, article: Article) -> Button:
    """Makes the question one of those that are looked up with an article."""
    one = " ".join(_ENDS.sub("，", question).split())  # each line, and what stands after a semicolon, would be one more
    return Button(f"加为{article.number}的问法", f"/规章 问法 添加 {article.number} 《{document.title}》 {one}")


def about_to_withdraw(entry: Entry, askers: int) -> str:
    """The effect of `/规章 撤回`."""
    told = f"会告诉提问的 {askers} 位这条答复作废；" if askers else ""
    return f"撤回 {mark(entry.id)} 的答复：{told}以后不再给这条答复，问题重新等答。"


def withdrawn_for_owner(entry_id: int) -> str:
    """Said to whoever withdrew an answer."""
    return f"已撤回，{mark(entry_id)} 重新等答。新的答复发：{mark(entry_id)} 答复内容"


def closed(entry_id: int, told: int) -> str:
    """Said to whoever closed a question."""
    return f"{mark(entry_id)} 不答了。" + (f"已告诉提问的 {told} 位。" if told else "")


def quote(text: str) -> str:
    """Somebody's words, line by line, as a quotation."""
    return "\n>\n".join(f"> {literal(line)}" for line in text.splitlines() if line.strip())


def safe(text: str) -> str:
    """What whoever answers wrote, with its lines and web addresses, but without markup."""
    return "\n\n".join(_line(line) for line in text.splitlines() if line.strip())


def _line(line: str) -> str:
    # `split` with one group gives the text between the addresses and the addresses by turns.
    return " ".join(part if at % 2 else literal(part) for at, part in enumerate(_ADDRESS.split(line)) if part.strip())


def short(question: str) -> str:
    """A question in a list."""
    said = literal(question)
    return said if len(said) <= _LONGEST_QUESTION else said[: _LONGEST_QUESTION - 1] + "…"
