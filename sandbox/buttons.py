"""Message bodies of the robot, as clients show them: the msgKey templates and their buttons (docs/platform.md §5.3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sandbox.fields import BadField, Fields
from sandbox.refusals import Refusal
from sandbox.world import ShownButton, ShownMessage

MOST_PARAM_BYTES = 15_000
SPEAKING = "dtmd://dingtalkclient/sendMessage"
"""Where a button leads that makes the person say something (docs/platform.md §5.6)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a client shows of one message."""

    kind: str
    text: str
    title: str = ""
    buttons: tuple[ShownButton, ...] = ()


def _text(fields: Fields) -> Shown:
    fields.only(("content",))
    return Shown("text", fields.text("content"))


def _markdown(fields: Fields) -> Shown:
    fields.only(("title", "text"))
    return Shown("markdown", fields.text("text"), fields.text("title"))


def _link(fields: Fields) -> Shown:
    fields.only(("title", "text", "messageUrl", "picUrl"))
    fields.text_or("picUrl", "")
    title = fields.text("title")
    return Shown("link", fields.text("text"), title, (ShownButton(title, fields.text("messageUrl")),))


def _one_button(fields: Fields) -> Shown:
    fields.only(("title", "text", "singleTitle", "singleURL"))
    button = ShownButton(fields.text("singleTitle"), fields.text("singleURL"))
    return Shown("actionCard", fields.text("text"), fields.text("title"), (button,))


def _buttons(count: int, title_key: str, url_key: str) -> Callable[[Fields], Shown]:
    names = [(f"{title_key}{number}", f"{url_key}{number}") for number in range(1, count + 1)]

    def show(fields: Fields) -> Shown:
        fields.only(["title", "text", *(name for pair in names for name in pair)])
        buttons = tuple(ShownButton(fields.text(title), fields.text(url)) for title, url in names)
        return Shown("actionCard", fields.text("text"), fields.text("title"), buttons)

    return show


def _plain(kind: str, *needed: str) -> Callable[[Fields], Shown]:
    def show(fields: Fields) -> Shown:
        fields.only(needed)
        return Shown(kind, " ".join(fields.text(name) for name in needed))

    return show


TEMPLATES: dict[str, Callable[[Fields], Shown]] = {
    "sampleText": _text,
    "sampleMarkdown": _markdown,
    "sampleImageMsg": _plain("picture", "photoURL"),
    "sampleLink": _link,
    "sampleActionCard": _one_button,
    "sampleActionCard2": _buttons(2, "actionTitle", "actionURL"),
    "sampleActionCard3": _buttons(3, "actionTitle", "actionURL"),
    "sampleActionCard4": _buttons(4, "actionTitle", "actionURL"),
    "sampleActionCard5": _buttons(5, "actionTitle", "actionURL"),
    "sampleActionCard6": _buttons(2, "buttonTitle", "buttonUrl"),
    "sampleAudio": _plain("audio", "mediaId", "duration"),
    "sampleFile": _plain("file", "mediaId", "fileName", "fileType"),
    "sampleVideo": _plain("video", "videoMediaId", "videoType", "duration", "picMediaId"),
}


def from_template(key: str, param: str) -> Shown:
    """The message that a msgKey and its msgParam (JSON in a string) make. Raises Refusal."""
    template = TEMPLATES.get(key)
    if template is None:
        raise Refusal("invalidParameter.msgKey.invalid", f"msgKey {key!r} does not exist", is_violation=True)
    if len(param.encode()) > MOST_PARAM_BYTES:
        raise Refusal(
            "invalidParameter.msgParam.tooLong", f"msgParam is longer than {MOST_PARAM_BYTES} bytes", is_violation=True
        )
    try:
        values = json.loads(param)
        if not isinstance(values, dict):
            raise BadField("msgParam", "a JSON object in a string is needed")
        return template(Fields(values))
    except ValueError as error:
        raise Refusal("invalidParameter.msgParam.invalid", f"no JSON: {param[:80]}", is_violation=True) from error
    except BadField as error:
        message = f"{key}: {error.message}"
        raise Refusal("invalidParameter.msgParam.invalid", message, is_violation=True) from error


def said_by(message: ShownMessage, title: str) -> str:
    """What somebody says by tapping a button. Raises ValueError for one that is not there or opens an address."""
    button = next((button for button in message.buttons if button.title == title), None)
    if button is None:
        raise ValueError(f"there is no button {title!r}, only {[button.title for button in message.buttons]}")
    address = urlsplit(button.url)
    said = parse_qs(address.query).get("content")
    if f"{address.scheme}://{address.netloc}{address.path}" != SPEAKING or not said:
        raise ValueError(f"the button {title!r} says nothing; it opens {button.url!r}")
    return said[0]
