"""A new rule: from one line, or step by step where something is missing."""

from __future__ import annotations

from collections import Counter

from handlers.context import Context
from handlers.message import Body, Button
from handlers.moderation import book
from handlers.moderation.editing import labels, texts
from handlers.moderation.editing.fields import Edit, EditError, Written, edited_table, from_table
from handlers.moderation.editing.labels import CATEGORY_WORDS, all_said, code, said
from handlers.moderation.rule import Rule
from handlers.policy.documents.naming import is_number
from handlers.policy.normalise import fold

_MOST_ARTICLES = 4
_USUAL = ("五.2",)


def new_rule(written: Written, context: Context) -> Rule | Body:
    """The rule that was written, in observe state; or the next question. Raises `EditError`.

    Words may stand without a label: `广告 五.2 代写、代考`.
    """
    head = written.head.split()
    if not head:
        return _which_category()
    category = code(head[0], CATEGORY_WORDS)
    if category is None:
        raise EditError(f"没有「{head[0][:20]}」这一类，可写：{all_said(CATEGORY_WORDS, CATEGORY_WORDS)}")
    if len(head) < 2 and not written.edits:
        return _which_article(category, context)
    if len(head) < 2 or not is_number(fold(head[1])):
        raise EditError("类别后面请写依据的条款，如 五.2")
    edits = written.edits
    if len(head) > 2:
        edits = (Edit("词", "、".join(head[2:])), *edits)
    if not edits:
        return Body(_what_for(category, head[1]), texts.TITLE_ADD)
    table = {"id": _free_id(category, context), "category": category, "article": head[1], "state": "observe"}
    return from_table(edited_table(table, edits))


def _free_id(category: str, context: Context) -> str:
    taken = {one.id for one in context.store.rules.all()}
    number = 1
    while f"{category}-{number}" in taken:
        number += 1
    return f"{category}-{number}"


def _which_category() -> Body:
    buttons = tuple(
        Button(said(one, CATEGORY_WORDS), f"/规则 新增 {said(one, CATEGORY_WORDS)}") for one in CATEGORY_WORDS
    )
    return Body("要新增哪一类规则？", texts.TITLE_ADD, buttons)


def _which_article(category: str, context: Context) -> Body:
    name = said(category, CATEGORY_WORDS)
    used = Counter(rule.article for rule in book.read(context.store.rules).rules if rule.category == category)
    articles = list(dict.fromkeys([*(article for article, _ in used.most_common(_MOST_ARTICLES)), *_USUAL]))
    buttons = tuple(Button(article, f"/规则 新增 {name} {article}") for article in articles)
    return Body(f"「{name}」依据哪一条？点一个，或者接着写：/规则 新增 {name} 条款", texts.TITLE_ADD, buttons)


def _what_for(category: str, article: str) -> str:
    start = f"/规则 新增 {said(category, CATEGORY_WORDS)} {article}"
    return (
        "找什么？请接着写，例如：\n\n"
        f"- {start} 词：代写、代考\n- {start} 搭配：代写+论文、代考+微信 相隔：8\n"
        f"- {start} 识别：{said('mobile', labels.DETECTOR_WORDS)}\n\n"
        "后面还可以写 例外：、群类型：、时间：、说明：、建议：。新规则先观察，只记录。"
    )
