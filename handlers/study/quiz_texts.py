"""What the bot says in a quiz, and to the admins who make one."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.markdown import literal
from handlers.message import Button
from handlers.study.texts import name
from handlers.study.written import LETTERS, Written
from storage.quiz import Question

TITLE_QUIZ = "规章小测验"
TITLE_DRAFT = "题目草稿"
TITLE_QUESTIONS = "题目"

NOTHING_TO_ANSWER = "你没有要做的测验，谢谢！"
NOT_IN_YOURS = "这道题不在你的测验里。看自己要做的：/学习 做题"
NO_QUESTIONS = "还没有题目。出一道：/学习 出题 五.8"
NO_DRAFT = "这一条不好自动出题，请自己写，例如：\n\n{example}"
TAKEN_UP = "{number} 号题可以用了。发测验：/学习 测验 {number}"
RETIRED = "{number} 号题已停用。"
NO_SUCH_QUESTION = "没有 {number} 号题"
NO_SUCH_DRAFT = "没有 {number} 号草稿，可能已经采用或停用了"
THERE_ALREADY = "这一条已经有同样的题了"

_LONGEST_LABEL = 18
_MOST_LISTED = 20
_LONGEST_LISTED = 30


def opening(count: int) -> str:
    """What a quiz begins with."""
    return f"**规章小测验**，共 {count} 题，一两分钟。\n\n以第一次作答为准；对错只有你自己看得到，部门只统计是否完成。"


def question(asked: Question, number: int, count: int) -> str:
    """One question with its options."""
    options = "\n\n".join(
        f"{letter}. {literal(option)}" for letter, option in zip(LETTERS, asked.options, strict=False)
    )
    return f"**第 {number}/{count} 题**\n\n{literal(asked.stem)}\n\n{options}\n\n点选项，或者直接回复字母。"


def buttons(asked: Question) -> tuple[Button, ...]:
    """A button for each option."""
    return tuple(
        Button(_short(f"{letter}. {option}"), f"/学习 答 {asked.id} {letter}")
        for letter, option in zip(LETTERS, asked.options, strict=False)
    )


def verdict(asked: Question, *, is_right: bool, is_first: bool) -> str:
    """Right or wrong, kindly."""
    right = f"{LETTERS[asked.answer]}. {literal(asked.options[asked.answer])}"
    said = "答对了！" if is_right else f"这题应选 **{right}**，看看原文："
    return said if is_first else f"{said}\n\n（这题已经答过，以第一次为准。）"


def finished(right: int, count: int) -> str:
    """After the last question; for that person alone."""
    praise = "，全对！" if right == count else "。"
    return f"测验完成，谢谢！答对 {right}/{count}{praise}这个结果只有你自己看得到。"


def draft(number: int, proposed: Written) -> str:
    """A draft for an admin to judge."""
    return (
        f"**草稿 {number} 号**，看过没问题再点「采用」：\n\n{_whole(proposed.stem, proposed.options, proposed.answer)}\n\n"
        f"要改的话，复制下面这句，改好发给我：\n\n/学习 出题 {literal(proposed.line())}"
    )


def draft_buttons(number: int, again: str | None) -> tuple[Button, ...]:
    """Take it up, or see another one (`again`)."""
    taken = Button("采用", f"/学习 采用 {number}")
    return (taken,) if again is None else (taken, Button("换一题", again))


def added(number: int, asked: Question) -> str:
    """A question that an admin wrote is stored."""
    return (
        f"已存为 {number} 号题（依据 {name(asked.document, asked.article)}）：\n\n"
        f"{_whole(asked.stem, asked.options, asked.answer)}\n\n发测验：/学习 测验 {number}"
    )


def whole(asked: Question) -> str:
    """One question with its answer; for admins."""
    where = f"**{asked.id} 号题** {name(asked.document, asked.article)}"
    return f"{where}\n\n{_whole(asked.stem, asked.options, asked.answer)}"


def _whole(stem: str, options: Sequence[str], answer: int) -> str:
    lines = [
        f"{LETTERS[place]}. {literal(option)}" + ("（正确）" if place == answer else "")
        for place, option in enumerate(options)
    ]
    return "\n\n".join((literal(stem), *lines))


def listing(questions: Sequence[Question]) -> str:
    """The questions that can be asked, newest first."""
    newest = list(reversed(questions))
    lines = "\n".join(f"- {one.id} 号 {literal(one.article)}：{_cut(one.stem)}" for one in newest[:_MOST_LISTED])
    more = f"\n\n只列出最新的 {_MOST_LISTED} 道。" if len(newest) > _MOST_LISTED else ""
    return f"可以用的题有 {len(newest)} 道：\n\n{lines}{more}\n\n看一道：/学习 题目 编号　停用：/学习 停用 编号"


def effect(questions: Sequence[Question], people: int, departments: Sequence[str], calls: int, when: str) -> str:
    """What starting a quiz would do."""
    lines = "\n".join(f"- {one.id} 号 {literal(one.article)}：{_cut(one.stem)}" for one in questions)
    where = "、".join(map(literal, departments[:8])) + (" 等" if len(departments) > 8 else "")
    return (
        f"将把 {len(questions)} 道题私下发给 {where} 的 {people} 位在职教职工，约用 {calls} 次接口：\n\n{lines}{when}"
    )


def started(number: int, count: int, people: int, when: str) -> str:
    """After starting a quiz."""
    return f"{number} 号测验已发出：{count} 道题，{people} 位。{when}\n\n看进度：/学习 进度"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def _cut(text: str) -> str:
    return literal(text if len(text) <= _LONGEST_LISTED else f"{text[: _LONGEST_LISTED - 1]}…")
