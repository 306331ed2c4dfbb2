"""How a body looks on the platform: message types, buttons with their plain commands, splitting. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bot.outbox.cuts import SHORTEST_PART, beginning, parts, size
from handlers.markdown import literal
from handlers.message import Body, Button

LONGEST_TEXT = 3800
"""Characters in one message; bots in the field split at 3,800 to 4,000 (docs/platform.md §9)."""
LONGEST_BYTES = 12_000
"""Of one message's text as JSON: `msgParam` may have 15,000, title and buttons included (docs/platform.md §5.3)."""
_BLOCK = re.compile(r"#{1,6}\s|>|[-*+]\s|\d+[.)、]\s|```|\|")
"""What begins a block of Markdown, and only at the beginning of a line."""
LONGEST_TITLE = 20
SHORT_LABEL = 5
"""Characters."""
MOST_BUTTONS = 5
"""`sampleActionCard5` is the largest; beyond it buttons become links (docs/platform.md §5.3)."""


def split(body: Body) -> Iterator[Body]:
    """The body in parts under the platform's limits, at ends of paragraphs where there are any; a chart on the first,
    buttons on the last.

    Raises ValueError for a body without any text: DingTalk refuses those.
    """
    if not body.text.strip():
        raise ValueError("a message without text cannot be sent")
    below = commands_below(body.buttons)
    found = parts(body.text, max(SHORTEST_PART, LONGEST_TEXT - len(below)), LONGEST_BYTES - size(below))
    for number, part in enumerate(found, start=1):
        is_last = number == len(found)
        yield Body(part, body.title, body.buttons if is_last else (), body.chart if number == 1 else None)


def fits(body: Body) -> bool:
    """The body goes out as one message."""
    text = body.text + commands_below(body.buttons)
    return len(text) <= LONGEST_TEXT and size(text) <= LONGEST_BYTES


def commands_below(buttons: tuple[Button, ...]) -> str:
    """The plain command of every button: some clients ignore buttons (docs/platform.md §5.6)."""
    if not buttons:
        return ""
    lines = _lines(buttons, [f"{literal(button.label)}：{button.says}" for button in buttons])
    return f"\n\n按钮没反应时，直接发送：\n\n{lines}"


def _lines(buttons: tuple[Button, ...], shown: list[str]) -> str:
    """A list of what is shown for each button; two short ones about the same number (有用 12, 没用 12) share a line."""
    lines: list[str] = []
    number = ""
    for button, text in zip(buttons, shown, strict=True):
        last = button.says.rsplit(" ", 1)[-1]
        is_short = len(button.label) <= SHORT_LABEL and last.isdecimal()
        if is_short and last == number:
            lines[-1] += f"　{text}"
            number = ""
        else:
            lines.append(f"- {text}")
            number = last if is_short else ""
    return "\n".join(lines)


def button_url(button: Button) -> str:
    """The address that makes whoever taps it say the button's words (docs/platform.md §5.6)."""
    return f"dtmd://dingtalkclient/sendMessage?content={quote(button.says, safe='')}"


def title_of(body: Body) -> str:
    """What the list of chats shows: the title, else the first line without Markdown signs."""
    if body.title:
        return beginning(body.title, LONGEST_TITLE)
    first = next((line for line in body.text.splitlines() if line.strip()), "群管家")
    return beginning(re.sub(r"[#*_>`\[\]]", "", first).strip(), LONGEST_TITLE) or "群管家"


def with_links(body: Body) -> Body:
    """The same with each button as a link in the text, and its plain command: what a card says that cannot mention
    anybody, in Markdown that can (docs/platform.md §4, §5.6).
    """
    if not body.buttons:
        return body
    shown = [f"[{literal(button.label)}]({button_url(button)})：{button.says}" for button in body.buttons]
    lines = _lines(body.buttons, shown)
    return replace(body, text=f"{body.text}\n\n点蓝字；没反应的话，@我 发送冒号后面的字：\n\n{lines}", buttons=())


def can_mention(body: Body) -> bool:
    """It goes out as Markdown; a card cannot mention anybody (docs/platform.md §4)."""
    return not body.buttons or len(body.buttons) > MOST_BUTTONS


def for_webhook(body: Body, at_staff_ids: tuple[str, ...], *, stand_in_text: bool = False) -> dict[str, Any]:
    """The body for a session webhook (docs/platform.md §4). `stand_in_text`: the mentions are in the text already."""
    title, text = title_of(body), body.text + commands_below(body.buttons)
    buttons = body.buttons
    if can_mention(body):
        text = text if stand_in_text else mentioning(at_staff_ids, text)
        markdown = {"title": title, "text": text + _links(buttons)}
        return {"msgtype": "markdown", "markdown": markdown, "at": {"atUserIds": list(at_staff_ids)}}
    card: dict[str, Any] = {"title": title, "text": text}
    if len(buttons) == 1:
        card |= {"singleTitle": buttons[0].label, "singleURL": button_url(buttons[0])}
    else:
        card |= {
            "btnOrientation": "0",
            "btns": [{"title": button.label, "actionURL": button_url(button)} for button in buttons],
        }
    return {"msgtype": "actionCard", "actionCard": card}


def for_openapi(body: Body) -> tuple[str, dict[str, Any]]:
    """`msgKey` and `msgParam` for the robot's send calls (docs/platform.md §5.3)."""
    title, text = title_of(body), body.text + commands_below(body.buttons)
    buttons = body.buttons
    if can_mention(body):
        return "sampleMarkdown", {"title": title, "text": text + _links(buttons)}
    if len(buttons) == 1:
        single = {"singleTitle": buttons[0].label, "singleURL": button_url(buttons[0])}
        return "sampleActionCard", {"title": title, "text": text} | single
    parameters = {"title": title, "text": text}
    for number, button in enumerate(buttons, start=1):
        parameters |= {f"actionTitle{number}": button.label, f"actionURL{number}": button_url(button)}
    return f"sampleActionCard{len(buttons)}", parameters


def mentioning(staff_ids: tuple[str, ...], text: str) -> str:
    """The text with an @ for each before it; apart from it where its first line is a heading, a list or a quotation."""
    if not staff_ids:
        return text
    mentions = " ".join(f"@{staff_id}" for staff_id in staff_ids)
    return f"{mentions}\n\n{text}" if _BLOCK.match(text) else f"{mentions} {text}"


def _links(buttons: tuple[Button, ...]) -> str:
    if not buttons:
        return ""
    return "\n\n" + "\n\n".join(f"[{literal(button.label)}]({button_url(button)})" for button in buttons)
