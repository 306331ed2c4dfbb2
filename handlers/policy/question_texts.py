"""What the bot says about the questions of an article."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.markdown import literal
from handlers.message import Button
from storage.article_questions import ArticleQuestion
from storage.policies import Article, Document

TITLE = "常见问法"
_LISTED = 40


def listed(document: Document, article: Article, questions: Sequence[ArticleQuestion]) -> str:
    """The questions of one article, numbered as they can be named."""
    name = _name(document, article)
    add = f"加一个：/规章 问法 添加 {article.number} 问题"
    if not questions:
        return f"{name} 还没有常见问法，只按条文来找。\n\n{add}"
    lines = [
        f"{place}. {literal(one.question)}{'（后加的）' if one.source == 'person' else ''}"
        for place, one in enumerate(questions[:_LISTED], start=1)
    ]
    more = f"\n\n…… 一共 {len(questions)} 个" if len(questions) > _LISTED else ""
    return (
        f"{name} 的常见问法：\n\n"
        + "\n".join(lines)
        + f"{more}\n\n{add}\n\n删一个：/规章 问法 删除 {article.number} 序号"
    )


def added(document: Document, article: Article, question: str) -> str:
    """A question is in use."""
    return f"已加到 {_name(document, article)}：{literal(question)}\n\n从下一条消息起，这样问更容易找到它。"


def has_it(document: Document, article: Article) -> str:
    """The article has the question already, in these or other words."""
    return f"{_name(document, article)} 已经有这个问法了。"


def elsewhere(document: Document, article: Article) -> str:
    """Another article has the question, and one question can lead to one article only."""
    return f"这个问法已经在 {_name(document, article)} 那里了。要换地方，先从那里删掉。"


def about_to_remove(document: Document, article: Article, question: str) -> str:
    """The effect of `/规章 问法 删除`."""
    return f"从 {_name(document, article)} 删掉问法「{literal(question)}」，以后不靠它来找。"


def removed(document: Document, article: Article, question: str) -> str:
    """A question is out of use."""
    return f"已从 {_name(document, article)} 删掉：{literal(question)}"


def show(article: Article, document: Document) -> Button:
    """Lists the questions of an article."""
    return Button("看它的问法", f"/规章 问法 列表 {article.number} 《{document.title}》")


def _name(document: Document, article: Article) -> str:
    return f"《{literal(document.title)}》{article.number}"
