"""What the bot says about content: kind, short, readable on a phone. Nothing of it is ever said in a group."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.markdown import literal
from handlers.message import MessageKind
from handlers.moderation.consequences import consequence
from handlers.moderation.rule import Rule

CATEGORY_LABELS = {
    "non-work": "与工作无关",
    "advertising": "广告推销",
    "privacy": "个人信息",
    "secrecy": "涉密内容",
    "unlawful": "违法内容",
    "abuse": "不文明用语",
}
"""What people call each category."""

ADVICE = {
    "non-work": "工作群只谈工作，闲聊请换个地方。",
    "advertising": "群里不发广告，请撤回这条消息。",
    "privacy": "请撤回这条消息，号码改为私下发给需要的人。",
    "secrecy": "请马上撤回并联系保密员，涉密内容不能进钉钉。",
    "unlawful": "请马上撤回，这类内容不能发。",
    "abuse": "有话好好说，请撤回这条消息。",
}
"""What the sender is asked to do, for each category. The gravest comes first in `GRAVITY`."""

GRAVITY = ("secrecy", "unlawful", "privacy", "advertising", "abuse", "non-work")

PSEUDO_CATEGORY = "举报"
"""What stands for the category where no rule fired on what was reported."""

TOLD_ALREADY = "这样的内容请不要发到群里。同样的提醒，一天我只说一次。"
TITLE_REPORT = "收到一条举报"
TITLE_REPORTED = "举报已收到"
TITLE_HOW = "怎么举报"
TITLE_TRIAL = "规则测试"

HOW_TO_REPORT = "**怎么举报**\n\n长按要举报的那条消息，选「引用」，再 @我 发送：举报\n\n我会私下转给群主和管理员，不会说是谁举报的。"
THANKS = "收到，谢谢。"
"""To somebody who cannot be written to in private."""

_HEARERS = (("owner", "群主"), ("head", "部门负责人"), ("admins", "主管理员"))

UNSEEN = {
    MessageKind.PICTURE: "〔图片〕",
    MessageKind.AUDIO: "〔语音〕",
    MessageKind.VIDEO: "〔视频〕",
    MessageKind.FILE: "〔文件〕",
    MessageKind.CARD: "〔卡片〕",
    MessageKind.CHAT_RECORD: "〔聊天记录〕",
}
"""What stands for a message whose words cannot be read."""
UNSEEN_OTHERWISE = "〔内容看不到〕"


def report_to_owner(number: int, place: str, excerpt: str, said: Sequence[str]) -> str:
    """To the group's owner and the main admins; the reporter is protected and not named."""
    where = f"「{literal(place)}」里" if place else ""
    fits = f"\n\n可能涉及：{'；'.join(said)}" if said else ""
    return (
        f"**收到一条举报 #{number}**\n\n{where}有人举报了这条消息：\n\n> {literal(excerpt)}{fits}\n\n"
        "请看一下是否要处理。举报人受保护，请不要追问是谁。"
    )


def fits(rule: Rule) -> str:
    """What a reported message may be about."""
    return f"{CATEGORY_LABELS[rule.category]}（{rule.article}）"


def reported(number: int, is_passed_on: bool) -> str:
    """To the reporter, in private."""
    onwards = "已转给群主和管理员处理" if is_passed_on else "已登记"
    return f"举报收到了，编号 #{number}，{onwards}。我不会告诉别人是你举报的，谢谢！"


def reported_before(number: int) -> str:
    """The same message was reported before."""
    return f"这条消息的举报之前已经收到，编号 #{number}，正在处理。谢谢！"


def enough_reports(most: int, contact: str) -> str:
    """To somebody who has reported so many messages today; no blame in it."""
    return f"今天你已经举报了 {most} 条，我都转给管理员了，明天可以再报。要紧的事请直接联系{literal(contact)}。谢谢！"


def reported_by_many(number: int, people: int, place: str, excerpt: str) -> str:
    """To those who can act, once so many different people have reported the same message."""
    where = f"「{literal(place)}」里" if place else ""
    return (
        f"**已有 {people} 人举报同一条消息 #{number}**\n\n{where}这条消息请尽快看一下：\n\n> {literal(excerpt)}\n\n"
        "举报人受保护，请不要追问是谁。"
    )


def follows(rule: Rule) -> str:
    """What follows when the rule fires for the first time."""
    outcome = consequence(rule)
    told = [name for hearer, name in _HEARERS if outcome.of(hearer)]
    first = ["私下提醒本人"] if outcome.sender else []
    return (
        "，".join([*first, *([f"告知{'、'.join(told)}"] if told else []), *(["DING"] if outcome.ding else [])])
        or "只记录"
    )


def trial(found: Sequence[tuple[Rule, str]], is_excused: bool) -> str:
    """What would fire on a text; nothing is recorded. `is_excused`: part of it is taken for a question or a warning."""
    asked = "\n\n其余命中看起来是在询问规定或提醒他人，不会提醒。" if is_excused and found else ""
    if not found:
        said = "命中的部分看起来是在询问规定或提醒他人，不会提醒。" if is_excused else "没有规则会命中这段文字。"
        return f"{said}\n\n只是测试，没有记录。"
    parts = "\n\n".join(
        f"- **{literal(rule.name)}**：{literal(matched)}  \n{CATEGORY_LABELS[rule.category]}，依据 {rule.article}，"
        f"{follows(rule)}"
        for rule, matched in found
    )
    return f"**会命中 {len(found)} 处**\n\n{parts}{asked}\n\n只是测试，没有记录。"
