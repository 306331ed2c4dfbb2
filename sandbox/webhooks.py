"""Session webhooks: replies to the conversation that a message came from, for ninety minutes (docs/platform.md §4)."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.buttons import Shown
from sandbox.core import Core
from sandbox.endpoints import Ask, Endpoint, Family
from sandbox.fields import BadField, Fields
from sandbox.refusals import Refusal
from sandbox.world import ShownButton

SESSION_MINUTES = 90
MOST_BYTES = 20_000
"""Of a whole body (docs/platform.md §9)."""
PATH = "/robot/sendBySession"
OTHER_FIELDS = ("msgtype", "at", "msgUuid")


@dataclass(frozen=True, slots=True)
class Session:
    """A bearer secret for one chat."""

    chat: str
    expires_at: datetime


class Webhooks:
    """Opens sessions and takes what is posted to them."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._sessions: dict[str, Session] = {}
        self.issued: list[str] = []
        """All sessions, those that have expired included."""
        self.session_minutes = SESSION_MINUTES

    def open(self, chat: str) -> tuple[str, datetime]:
        """A webhook address for a chat, and when it expires."""
        key = secrets.token_hex(16)
        expires_at = self._core.world.clock.now() + timedelta(minutes=self.session_minutes)
        self._sessions[key] = Session(chat, expires_at)
        self.issued.append(key)
        return f"{self._core.url}{PATH}?session={key}", expires_at

    def expire_all(self) -> None:
        """Make every session unknown, as DingTalk sometimes does long before its time."""
        self._sessions.clear()

    def endpoints(self) -> list[Endpoint]:
        """The one call of this part."""
        known = (*OTHER_FIELDS, *_SHOWN)
        return [Endpoint("POST", PATH, self._post, known, Family.WEBHOOK, needs_token=False, is_metered=False)]

    def _post(self, ask: Ask) -> dict[str, Any]:
        session = self._sessions.get(ask.call.query.get("session", ""))
        if session is None or session.expires_at <= self._core.world.clock.now():
            raise Refusal("300001", "session 不存在")
        kind = ask.fields.text("msgtype")
        if kind not in _SHOWN:
            raise Refusal("400105", f"unsupported msgtype {kind!r}", is_violation=True)
        for other in _SHOWN:
            if other != kind and ask.fields.has(other):
                raise BadField(other, f"a message of msgtype {kind} has no such part")
        shown = _SHOWN[kind](ask.fields.part(kind))
        if len(json.dumps(ask.call.body, ensure_ascii=False).encode("utf-8", "replace")) > MOST_BYTES:
            raise Refusal("460101", f"message too long, exceed {MOST_BYTES} bytes", is_violation=True)
        at = self._at(ask.fields.part("at"), shown) if ask.fields.has("at") else []
        self._core.quotas.enter_webhook(session.chat)
        text = shown.text
        if kind == "text":
            text += "".join(f" @{staff_id}" for staff_id in at if f"@{staff_id}" not in text)
        self._core.show_from_robot(
            session.chat,
            via="webhook",
            kind=kind,
            text=text,
            title=shown.title,
            buttons=shown.buttons,
            at_staff_ids=tuple(at),
        )
        return {"errcode": 0, "errmsg": "ok"}

    def _at(self, fields: Fields, shown: Shown) -> list[str]:
        """Who is really notified: in Markdown only those whose id stands in the text as well; cards @ nobody."""
        fields.only(("atUserIds", "atMobiles", "isAtAll", "atDingtalkIds"))
        fields.flag("isAtAll", False)
        staff_ids = _names(fields, "atUserIds")
        mobiles = _names(fields, "atMobiles")
        _names(fields, "atDingtalkIds")
        people = self._core.world.people.values()
        staff_ids += [p.staff_id for p in people if p.staff_id is not None and p.mobile in mobiles and p.mobile]
        if shown.kind == "text":
            return staff_ids
        if shown.kind == "markdown":
            return [staff_id for staff_id in staff_ids if f"@{staff_id}" in shown.text]
        return []


def _names(fields: Fields, name: str) -> list[str]:
    """A list of strings that may be missing or empty. Raises BadField."""
    try:
        return list(fields.texts(name)) if fields.has(name) else []
    except BadField as error:
        if error.why == "missing":
            return []
        raise


def _text(fields: Fields) -> Shown:
    fields.only(("content",))
    return Shown("text", fields.text("content"))


def _markdown(fields: Fields) -> Shown:
    fields.only(("title", "text"))
    return Shown("markdown", fields.text("text"), fields.text("title"))


def _action_card(fields: Fields) -> Shown:
    fields.only(("title", "text", "singleTitle", "singleURL", "btnOrientation", "btns", "hideAvatar"))
    if fields.text_or("btnOrientation", "0") not in ("0", "1"):
        raise BadField("btnOrientation", '"0" (vertical) or "1" (horizontal) is needed')
    if fields.has("btns"):
        if fields.has("singleTitle") or fields.has("singleURL"):
            raise BadField("btns", "either btns or singleTitle, not both")
        parts = fields.parts("btns")
        for part in parts:
            part.only(("title", "actionURL"))
        buttons = tuple(ShownButton(part.text("title"), part.text("actionURL")) for part in parts)
    else:
        buttons = (ShownButton(fields.text("singleTitle"), fields.text("singleURL")),)
    return Shown("actionCard", fields.text("text"), fields.text("title"), buttons)


def _link(fields: Fields) -> Shown:
    fields.only(("title", "text", "messageUrl", "picUrl"))
    fields.text_or("picUrl", "")
    title = fields.text("title")
    return Shown("link", fields.text("text"), title, (ShownButton(title, fields.text("messageUrl")),))


def _feed_card(fields: Fields) -> Shown:
    fields.only(("links",))
    links = fields.parts("links")
    for link in links:
        link.only(("title", "messageURL", "picURL"))
        link.text_or("picURL", "")
    buttons = tuple(ShownButton(link.text("title"), link.text("messageURL")) for link in links)
    return Shown("feedCard", "\n".join(button.title for button in buttons), buttons[0].title, buttons)


_SHOWN = {
    "text": _text,
    "markdown": _markdown,
    "actionCard": _action_card,
    "link": _link,
    "feedCard": _feed_card,
}
