"""Builds the robot message callback of what somebody said (docs/platform.md §3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sandbox.contacts_api import is_admin
from sandbox.core import ROBOT, Core, StoredFile
from sandbox.frames import milliseconds
from sandbox.world import Group, Person, ShownMessage

ONLY_PRIVATE = ("audio", "video", "file")
"""People cannot @ the robot with these in a group (docs/platform.md §3)."""


def robot_message(
    core: Core,
    *,
    message_id: str,
    person: Person,
    group: Group | None,
    kind: str,
    body: dict[str, Any],
    mentions: Sequence[Person],
    quoted: ShownMessage | None,
    webhook: tuple[str, datetime],
) -> dict[str, Any]:
    """The `data` of one callback. `group` is None in a private chat; `body` comes from `body_of`."""
    address, expires_at = webhook
    data: dict[str, Any] = {
        "conversationId": group.conversation_id if group else private_conversation(person),
        "conversationType": "2" if group else "1",
        "chatbotCorpId": core.world.corp_id,
        "chatbotUserId": core.robot_user_id,
        "robotCode": core.robot_code,
        "msgId": message_id,
        "msgtype": kind,
        **body,
        "senderId": person.sender_id,
        "senderNick": person.nick or person.name,
        "senderUnionId": person.union_id,
        "isAdmin": is_admin(core.world, person),
        "createAt": milliseconds(core.world.clock.now()),
        "sessionWebhook": address,
        "sessionWebhookExpiredTime": milliseconds(expires_at),
        "senderPlatform": "Win",
    }
    staff_id = staff_id_now(person)
    if staff_id is not None:
        data["senderStaffId"] = staff_id
        if group is None or not group.is_external:
            data["senderCorpId"] = core.world.corp_id
    if group is not None:
        data["conversationTitle"] = group.title
        data["isInAtList"] = True
        data["atUsers"] = [{"dingtalkId": core.robot_user_id}, *map(_at_user, mentions)]
    if quoted is not None:
        _quote(core, data, quoted, in_group=group is not None)
    return data


def private_conversation(person: Person) -> str:
    """The conversation id of somebody's chat with the robot."""
    return f"cid{uuid.uuid5(uuid.NAMESPACE_OID, person.key).hex}=="


def staff_id_now(person: Person) -> str | None:
    """The staff id that callbacks name: only those who belong to the organisation have one (docs/platform.md §3)."""
    return person.staff_id if person.is_in_directory else None


def _at_user(person: Person) -> dict[str, str]:
    entry = {"dingtalkId": person.sender_id}
    staff_id = staff_id_now(person)
    if staff_id is not None:
        entry["staffId"] = staff_id
    return entry


def body_of(
    core: Core, kind: str, text: str, content: dict[str, Any] | None, *, in_group: bool
) -> tuple[str, dict[str, Any]]:
    """The msgtype and the part that carries the content.

    `content` is what DingTalk would send under `content`; bytes under its key `data` are kept for
    messageFiles/download, and a download code is added where one belongs. A picture that @s the robot in a
    group comes as richText, where the @ stays as a run of its own (docs/platform.md §3). Raises ValueError for a
    kind that DingTalk does not have.
    """
    content = dict(content or {})
    data = content.pop("data", b"")
    if kind == "text":
        return kind, {"text": {"content": f" {text}" if in_group else text, **content}}
    if kind == "picture" and in_group:
        picture = _with_codes(core, "picture", {"type": "picture", **content}, data)
        return "richText", _runs(core, [*([{"text": text}] if text else []), picture], in_group=in_group)
    if kind == "richText":
        return kind, {"content": content} if content else _runs(core, [{"text": text}], in_group=in_group)
    if kind in ("picture", "audio", "video", "file"):
        return kind, {"content": _with_codes(core, kind, _with_defaults(kind, text, content), data)}
    if kind in ("unknownMsgType", "interactiveCard", "chatRecord"):
        return kind, {"content": content or {"unknownMsgType": "机器人不支持此类型消息"}}
    raise ValueError(f"DingTalk has no msgtype {kind!r}")


def _runs(core: Core, runs: list[dict[str, Any]], *, in_group: bool) -> dict[str, Any]:
    at = [{"text": f"@{core.robot_name}"}] if in_group else []
    return {"content": {"richText": [*at, *runs]}}


def _with_defaults(kind: str, text: str, content: dict[str, Any]) -> dict[str, Any]:
    defaults: dict[str, dict[str, Any]] = {
        "picture": {},
        "audio": {"duration": 4000, "recognition": text},
        "video": {"duration": "5", "videoType": "mp4"},
        "file": {"fileName": text or "文件", "spaceId": "1", "fileId": uuid.uuid4().hex[:10]},
    }
    return {**defaults[kind], **content}


def _with_codes(core: Core, kind: str, content: dict[str, Any], data: bytes | str) -> dict[str, Any]:
    code = str(content.get("downloadCode") or uuid.uuid4().hex)
    payload = data.encode() if isinstance(data, str) else data
    core.files[code] = StoredFile(str(content.get("fileName", kind)), payload)
    extra = {"pictureDownloadCode": code} if kind == "picture" else {}
    return {**content, "downloadCode": code, **extra}


def _quote(core: Core, data: dict[str, Any], quoted: ShownMessage, *, in_group: bool) -> None:
    """Add what DingTalk tells of the quoted message. Of the robot's own rich ones it tells the ids only."""
    data["originalMsgId"] = quoted.message_id
    key = core.process_keys.get(quoted.message_id)
    if key is not None:
        data["originalProcessQueryKey"] = key
    part = data.setdefault("text", {"content": ""}) if data["msgtype"] == "text" else data["content"]
    part["isReplyMsg"] = True
    if quoted.author == ROBOT and quoted.kind != "text":
        return
    author = core.world.people.get(quoted.author)
    kind, content = _quoted_content(core, quoted, in_group=in_group)
    part["repliedMsg"] = {
        "msgType": kind,
        "msgId": quoted.message_id,
        "senderId": author.sender_id if author else core.robot_user_id,
        "createdAt": milliseconds(quoted.at),
        "content": content,
    }


def _quoted_content(core: Core, quoted: ShownMessage, *, in_group: bool) -> tuple[str, dict[str, Any]]:
    """msgType and content. In groups only pictures come back with a code to fetch them by (docs/platform.md §3)."""
    kind, said = core.said.get(quoted.message_id, (quoted.kind, {}))
    if kind == "text":
        return kind, {"text": quoted.text}
    if kind == "richText":
        return kind, {"richText": [_quoted_run(run) for run in said.get("richText", [])]}
    if in_group and kind != "picture":
        said = {name: value for name, value in said.items() if name not in ("downloadCode", "fileId", "spaceId")}
    return kind, said


def _quoted_run(run: dict[str, Any]) -> dict[str, Any]:
    """A run of a rich text in the other spelling that quotes have."""
    if run.get("type") == "picture":
        return {"msgType": "picture", "downloadCode": run["downloadCode"]}
    return {"msgType": "text", "content": run.get("text", "")}
