"""What the bot says about the questions of an article."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.markdown import literal
from handlers.message import Button
from handlers.policy.curated.found_by import Sorted
from handlers.policy.documents.texts import some
from storage.article_questions import ArticleQuestion, QuestionSource
from storage.policies import Article, Document

TITLE = "常见问法"
ON_A_PAGE = 20
_FROM: dict[QuestionSource, str] = {
    "shipped": "",
    "import": "",
    "admin": "（后加的）",
    "liked": "（有人说答得好）",
    "passed-on": "（有人转来问过）",
}


def overview(documents: Sequence[tuple[Document, Sequence[Article]]]) -> str:
    """How many articles of each document have questions, and which have none."""
    lines = []
    for document, articles in documents:
        without = [article.number for article in articles if not article.questions]
        has = "都有常见问法" if not without else f"{len(without)} 条还没有常见问法：{some(without)}"
        lines.append(f"- 《{literal(document.title)}》{len(articles)} 条，{has}")
    return "**常见问法**\n\n" + "\n".join(lines) + "\n\n看一条的：/规章 问法 编号"


def listed(document: Document, article: Article, questions: Sequence[ArticleQuestion], page: int) -> str:
    """A page of the questions of one article, numbered as they can be named. Pages count from 1."""
    name = _name(document, article)
    add = f"加：/规章 问法 添加 {article.number} 问题（几个问题各占一行）"
    if not questions:
        return f"{name} 还没有常见问法，只按条文来找。\n\n{add}"
    first = (page - 1) * ON_A_PAGE
    lines = [
        f"{place}. {literal(one.question)}{_FROM[one.source]}"
        for place, one in enumerate(questions[first : first + ON_A_PAGE], start=first + 1)
    ]
    last = pages(len(questions))
    which = f"，第 {page} 页，共 {last} 页" if last > 1 else ""
    return (
        f"{name} 的常见问法（{len(questions)} 个{which}）：\n\n"
        + "\n".join(lines)
        + f"\n\n{add}\n\n删：/规章 问法 删除 {article.number} 序号"
    )


def pages(count: int) -> int:
    """How many pages so many questions take; the newest stand on the last."""
    return max(1, -(-count // ON_A_PAGE))


def added(document: Document, article: Article, found: Sorted, *, other_is_theirs: bool) -> str:
    """What became of the questions. `other_is_theirs`: this person may take them out where they are now."""
    name, parts = _name(document, article), list[str]()
    if found.new:
        parts.append(f"已加到 {name}：{_each(found.new)}\n\n从下一条消息起，这样问更容易找到它。")
    if found.known:
        parts.append(f"{name} 已经有这个问法了，没有再加：{_each(found.known)}")
    if found.elsewhere:
        lines = [
            f"{literal(question)} → 已经在 {_name(owner, other)} 那里" for question, owner, other in found.elsewhere
        ]
        how = "先从那里删掉。" if other_is_theirs else "请找那份文件的负责人或管理员。"
        parts.append(f"没有加：{_together(lines)}\n\n一个问法只放在一条那里。要换地方，{how}")
    return "\n\n".join(parts)


def about_to_remove(document: Document, article: Article, question: str) -> str:
    """The effect of `/规章 问法 删除`."""
    return f"从 {_name(document, article)} 删掉问法「{literal(question)}」，以后不靠它来找。"


def removed(document: Document, article: Article, question: str) -> str:
    """A question is out of use."""
    return f"已从 {_name(document, article)} 删掉：{literal(question)}"


def several(number: str, found: Sequence[tuple[Document, Article]]) -> str:
    """Several documents have an article of this number."""
    return f"几份文件都有「{literal(number)}」，看哪一份的？" + _together(
        [f"《{literal(document.title)}》" for document, _ in found]
    )


def show(article: Article, document: Document, label: str, page: int = 1) -> Button:
    """Lists the questions of an article."""
    return Button(label, f"/规章 问法 {article.number} 《{document.title}》" + (f" {page}" if page > 1 else ""))


def put_back(article: Article, document: Document, question: str) -> Button:
    """Undoes a removal."""
    return Button("加回去", f"/规章 问法 添加 {article.number} 《{document.title}》 {question}")


def _each(questions: Sequence[str]) -> str:
    return _together([literal(one) for one in questions])


def _together(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else "\n\n" + "\n".join(f"- {line}" for line in lines)


def _name(document: Document, article: Article) -> str:
    return f"《{literal(document.title)}》{article.number}"
