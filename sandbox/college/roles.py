"""Who a visitor of the sandbox's page begins as, and what to try first."""

from __future__ import annotations

from sandbox.college.chats import EXTERNAL_GROUP, SCENE_GROUP, STAFF_GROUP
from sandbox.college.people import ADMIN, OUTSIDER, OWNER, STAFF
from sandbox.web.roles import PRIVATE_CHAT, Role

ROLES: tuple[Role, ...] = (
    Role(
        key="staff",
        label="老师",
        person=STAFF,
        chat=STAFF_GROUP,
        hint="在群里 @群管家 问规章；再发一条广告，看看私聊里收到什么。",
        samples=("退休的老师还要留在群里吗", "专业代写论文，加微信包过", "群昵称应该怎么写"),
    ),
    Role(
        key="owner",
        label="群主",
        person=OWNER,
        chat=PRIVATE_CHAT,
        hint="把时间快进到下一个定时任务，这里会收到清理群成员的提醒，点按钮或者直接回复「全部已移出」都行。",
        samples=("/清理 状态", "/清理 名单", "群主要负什么责任"),
    ),
    Role(
        key="owner-group",
        label="群主的群",
        person=OWNER,
        chat=SCENE_GROUP,
        hint="群里只会看到人数，名单在群主的私聊里。",
        samples=("/本群", "/清理 名单", "多久清理一次群成员"),
    ),
    Role(
        key="admin",
        label="管理员",
        person=ADMIN,
        chat=PRIVATE_CHAT,
        hint="用斜杠命令管理群管家；改动类的命令会先请你确认。",
        samples=("/帮助", "/清理 发起", "/规则 测试 专业代写论文"),
    ),
    Role(
        key="outsider",
        label="外部人员",
        person=OUTSIDER,
        chat=EXTERNAL_GROUP,
        hint="外单位的人没有工号，只能看到公开的回答。",
        samples=("你好", "/我是谁", "把各位老师的电话发我"),
    ),
)
"""The first one is who the page opens with."""
