"""What the bot says about study: short, kind, readable on a phone; nobody's results where others read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from handlers.markdown import literal
from handlers.message import Button
from storage.policies import Article, Document
from storage.study import Task

TITLE_POST = "规章学习"
TITLE_NOTICE = "规章提醒"
TITLE_REMIND = "学习还没完成"
TITLE_MINE = "我的学习"
TITLE_PROGRESS = "学习进度"
TITLE_OWING = "学习未完成名单"
TITLE_PLANS = "学习计划"

NOTHING_OWED = "你没有要学的了，谢谢！"
NOT_SERVING = "学习只登记名册里的在职教职工。资料不对的话，请联系人事部门。"
NOT_YOURS = "{number} 号发给的不是你所在的部门，不用登记，看过就好。"
WHICH = "学完的是哪一号？请带上编号，例如：/学习 完成 12"
NO_TASK = "没有 {number} 号学习。发送 /学习 我的 看看还有哪些。"
ONLY_HEADS = "谁还没完成，只有本部门负责人和管理员能看。看自己的：/学习 我的"
NOBODY_OWES = "都完成了，没有要催的。"
CLOSED = "已结束 {number} 号，不再提醒。"
CLOSED_ALREADY = "{number} 号早已结束。"

_LONGEST_ARTICLE = 1000
_LONGEST_GIST = 24
_MOST_LINES = 10
_MOST_NAMES = 60
_MOST_NAMES_IN_ALL = 200
_CLAUSE_END = re.compile(r"[，。；：！？,;:!?\n]")


def post(number: int, document: Document, article: Article, late: str) -> str:
    """An article for a group. Nobody can be mentioned in it (docs/platform.md §5.2)."""
    parts = [f"{late}**规章学习 {number} 号**", *_article(document, article)]
    # A button may speak without mentioning the robot, which then hears nothing (docs/platform.md §3, §5.6).
    parts.append("看完请点「学完了」。没有反应时，在群里 @我 或者私聊我发下面这句。")
    return "\n\n".join(parts)


def notice(document: Document, article: Article, late: str) -> str:
    """An article for a group that nobody has to confirm."""
    return "\n\n".join((f"{late}**规章提醒**", *_article(document, article)))


def _article(document: Document, article: Article) -> list[str]:
    summary = [f"简单说：{literal(article.summary)}"] if article.summary else []
    return [quoted(document.title, article), *summary]


def quoted(title: str, article: Article) -> str:
    """An article with its document and number; the end of a long one is left out."""
    lines = [literal(line) for line in article.text.splitlines() if line.strip()]
    text = "\n>\n".join(f"> {line}" for line in lines)
    if len(text) > _LONGEST_ARTICLE:
        text = f"{text[:_LONGEST_ARTICLE]}……\n\n全文：/规章 查看 {article.number}"
    return f"**{name(title, article.number)}**\n\n{text}"


def name(title: str, number: str) -> str:
    """`《…》二.6.(三)`."""
    return f"《{literal(title)}》{literal(number)}"


def gist(article: Article | None) -> str:
    """An article in a few words."""
    if article is None:
        return ""
    words = " ".join((article.summary or article.text).split())
    if len(words) <= _LONGEST_GIST:
        return literal(words.rstrip("。；;"))
    ends = [end.start() for end in _CLAUSE_END.finditer(words[:_LONGEST_GIST])]
    cut = words[: ends[-1]] if ends and ends[-1] >= _LONGEST_GIST // 2 else f"{words[: _LONGEST_GIST - 1]}…"
    return literal(cut)


def done_button(number: int) -> Button:
    """For whoever has read an article."""
    return Button("学完了", f"/学习 完成 {number}")


def numbered_buttons(tasks: Sequence[Task]) -> tuple[Button, ...]:
    """A button for each of several tasks, at most five (docs/platform.md §5.3)."""
    return tuple(
        Button(f"学完 {task.id}", f"/学习 完成 {task.id}")
        if task.kind == "post"
        else Button(f"做题 {task.id}", f"/学习 做题 {task.id}")
        for task in tasks[:5]
    )


def late_note(planned_at: datetime) -> str:
    """What a late post says first."""
    return f"（原定 {planned_at:%m月%d日 %H:%M}，因停机补发）\n\n"


def noted(number: int) -> str:
    """Somebody has read an article; the same words for everybody, so that many answers become one."""
    return f"{number} 号学习已记下，谢谢！"


def noted_already(number: int) -> str:
    """It was recorded before."""
    return f"{number} 号已经记过了，谢谢！"


def left(tasks: Sequence[Task], gists: dict[int, str]) -> str:
    """What somebody still owes; for that person alone."""
    lines = [line(task, gists) for task in tasks[:_MOST_LINES]]
    lines += [f"- 还有 {len(tasks) - _MOST_LINES} 项，完成这些以后再看 /学习 我的"] if len(tasks) > _MOST_LINES else []
    return f"还有 {len(tasks)} 项没完成：\n\n" + "\n".join(lines)


def line(task: Task, gists: dict[int, str]) -> str:
    """One task as an item of a list."""
    if task.kind == "quiz":
        return f"- {task.id} 号：测验（发送 /学习 做题 {task.id}）"
    about = gists.get(task.id, "")
    return f"- {task.id} 号：{name(task.document, task.article)}" + (f" {about}" if about else "")


def remind_of_one(task: Task, title: str, article: Article) -> str:
    """To whoever has not read a single article: here it is again."""
    return f"提醒一下，{task.id} 号学习还没完成：\n\n{quoted(title, article)}\n\n看完点「学完了」就行。"


def remind(tasks: Sequence[Task], gists: dict[int, str]) -> str:
    """To whoever has not finished; everything in one message."""
    text = f"提醒一下，{left(tasks, gists)}\n\n看完点下面的按钮就行。"
    if any(task.kind == "post" for task in tasks):
        first = next(task for task in tasks if task.kind == "post")
        text += f"要看原文，发送：/规章 查看 {first.article}"
    return text


def own(owed: Sequence[Task], gists: dict[int, str], results: Sequence[tuple[int, int, int]]) -> str:
    """Somebody's own state; `results` are quizzes done: number, right, questions."""
    parts = [left(owed, gists) if owed else NOTHING_OWED]
    if results:
        lines = "\n".join(f"- {number} 号测验：答对 {right}/{count}" for number, right, count in results)
        parts.append(f"做过的测验（只有你自己看得到）：\n\n{lines}")
    return "\n\n".join(parts)


def progress(departments: Sequence[tuple[str, Sequence[tuple[Task, int, int]]]], hidden: int) -> str:
    """Counts by department: of each task, how many have done it and how many were asked."""
    parts = ["**学习进度**（完成／应完成人数）"]
    for department, tasks in departments:
        lines = "\n".join(f"- {title(task)}：{done}／{count}" for task, done, count in tasks)
        parts.append(f"**{literal(department)}**\n\n{lines}")
    if hidden:
        parts.append(f"另有 {hidden} 个部门没有列出，全部请用 steward study export 导出。")
    parts.append("看谁还没完成：/学习 未完成 编号　看自己的：/学习 我的")
    return "\n\n".join(parts)


def title(task: Task) -> str:
    """`12 号 五.8`, `13 号测验`."""
    return f"{task.id} 号测验" if task.kind == "quiz" else f"{task.id} 号 {literal(task.article)}"


def owing(task: Task, departments: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Who has not done a task, by department; for heads and admins alone."""
    parts = [f"**{title(task)}** 还没完成的："]
    room = _MOST_NAMES_IN_ALL
    for department, names in departments:
        if room <= 0:
            parts.append("名单太长，其余请用 steward study export 导出。")
            break
        room -= len(names[:_MOST_NAMES])
        shown = "、".join(literal(one) for one in names[:_MOST_NAMES])
        more = f" 等 {len(names)} 人" if len(names) > _MOST_NAMES else f"（{len(names)} 人）"
        parts.append(f"**{literal(department)}**：{shown}{more}")
    parts.append("名单请不要发到群里。我会按设置私下提醒他们。")
    return "\n\n".join(parts)
