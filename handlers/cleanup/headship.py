"""Who heads a department by the post that the personnel file gives, for departments of which DingTalk names no head."""

from __future__ import annotations

import re
import unicodedata

_POSTS = {
    "学院": ("院长", "书记", "党委书记", "党总支书记"),
    "系": ("主任", "系主任", "书记", "党总支书记"),
    "处": ("处长",),
    "科": ("科长",),
    "部": ("部长", "主任"),
    "室": ("主任",),
    "中心": ("主任",),
    "馆": ("馆长",),
    "所": ("所长",),
    "站": ("站长",),
    "队": ("队长",),
    "组": ("组长",),
    "团委": ("书记",),
    "工会": ("主席",),
}
"""The first post (正职) of what a department's name ends with. 主任 alone says nothing in a 学院: it has 主任 of many things."""
_ANYWHERE = ("负责人", "主要负责人", "部门负责人")
_IN_CHARGE = re.compile(r"主持.{0,4}工作")
"""A deputy who stands in for the head while there is none."""
_BETWEEN = re.compile(r"[、,;/\s兼]+")


def heads(title: str, department: str) -> bool:
    """Whether a post is that of the main head (article 五.7) of the department that the person belongs to.

    `department` is a path, of which the last level counts: 处长 and 教务处处长 head 教务处, 办公室主任 does not.
    """
    level = department.rpartition("/")[2]
    posts = (*next((posts for end, posts in _POSTS.items() if level.endswith(end)), ()), *_ANYWHERE)
    text = unicodedata.normalize("NFKC", title)
    stands_in = bool(_IN_CHARGE.search(text))
    bare = re.sub(r"\(.*?\)", "", text)
    for part in _BETWEEN.split(_IN_CHARGE.sub("", bare).strip()):
        if any(post in _spelled(part, level) for post in posts):
            return True
        if stands_in and part.removeprefix("副") in posts:
            return True
    return False


def _spelled(post: str, level: str) -> tuple[str, ...]:
    """A post with and without the department's name before it, which may share a character with it: 教务处长."""
    if not level or not post.startswith(level):
        return (post,)
    return (post, post[len(level) :], post[len(level) - 1 :])
