"""The robot's calls on api.dingtalk.com: messages to groups and people, DINGs, files (docs/platform.md §5.2)."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.buttons import from_template
from sandbox.core import PRIVATE, Core
from sandbox.endpoints import Ask, Endpoint
from sandbox.fields import BadField
from sandbox.paging import page
from sandbox.refusals import Refusal
from sandbox.world import Group

SCOPE = "qyapi_robot_sendmsg"
DING_SCOPE = "企业机器人发送撤回DING消息"
MOST_RECEIVERS = 20
MOST_DING_RECEIVERS = {1: 200, 2: 20, 3: 20}
VOICES = (
    "Standard_Female_Voice",
    "Cantonese_Female_Voice",
    "Gentine_Female_Voice",
    "Overbearing_Female_Voice",
    "Lovely_Girl_Voice",
    "Standard_Male_Voice",
)


def endpoints() -> list[Endpoint]:
    """All calls of this part."""
    robot = "/v1.0/robot"
    message = ("robotCode", "msgKey", "msgParam")
    group = ("robotCode", "openConversationId")
    return [
        Endpoint(
            "POST", f"{robot}/groupMessages/send", _group_send, (*message, "openConversationId", "coolAppCode", "token")
        ),
        Endpoint(
            "POST", f"{robot}/groupMessages/query", _group_query, (*group, "processQueryKey", "maxResults", "nextToken")
        ),
        Endpoint("POST", f"{robot}/groupMessages/recall", _recall, (*group, "processQueryKeys")),
        Endpoint("POST", f"{robot}/oToMessages/batchSend", _batch_send, (*message, "userIds")),
        Endpoint("GET", f"{robot}/oToMessages/readStatus", _read_status, ("robotCode", "processQueryKey")),
        Endpoint("POST", f"{robot}/otoMessages/batchRecall", _recall, ("robotCode", "processQueryKeys")),
        Endpoint("POST", f"{robot}/messageFiles/download", _download, ("robotCode", "downloadCode")),
        Endpoint(
            "POST",
            f"{robot}/ding/send",
            _ding,
            ("robotCode", "remindType", "receiverUserIdList", "content", "callVoice"),
            scope=DING_SCOPE,
        ),
        Endpoint("POST", f"{robot}/installed/groups/query", _installed, ("robotCode", "pageNumber", "pageSize")),
        Endpoint("POST", f"{robot}/groups/query", _groups, ("robotCode", "maxResult", "nextToken")),
    ]


def _robot(ask: Ask) -> None:
    if ask.fields.text("robotCode") != ask.core.robot_code:
        message = "robotCode does not belong to the application of this token"
        raise Refusal("invalidParameter.robotCode.auth", message, is_violation=True)


def _group(ask: Ask) -> Group:
    group = ask.core.world.groups.get(ask.fields.text("openConversationId"))
    if group is None or not group.has_robot:
        raise Refusal("invalidParameter.openConversationId.invalid", "群不存在或机器人不在群内")
    return group


def _new_key() -> str:
    return uuid.uuid4().hex


def _group_send(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    group = _group(ask)
    shown = from_template(ask.fields.text("msgKey"), ask.fields.text("msgParam"))
    ask.core.quotas.enter_group_send(group.conversation_id)
    key = _new_key()
    ask.core.show_from_robot(
        group.conversation_id,
        via="groupMessages",
        kind=shown.kind,
        text=shown.text,
        title=shown.title,
        buttons=shown.buttons,
        process_key=key,
    )
    return {"processQueryKey": key}


def _batch_send(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    staff_ids = ask.fields.texts("userIds")
    if len(staff_ids) > MOST_RECEIVERS:
        message = f"{len(staff_ids)} userIds; {MOST_RECEIVERS} are allowed"
        raise Refusal("invalidParameter.userIds.overMax", message, is_violation=True)
    shown = from_template(ask.fields.text("msgKey"), ask.fields.text("msgParam"))
    invalid = [staff_id for staff_id in staff_ids if ask.core.staff(staff_id) is None]
    if len(invalid) == len(staff_ids):
        raise Refusal("staffId.notExisted", "userIds中没有有效的员工")
    quotas = ask.core.quotas
    filtered = [id_ for id_ in staff_ids if id_ in quotas.out_of_sight and id_ not in invalid]
    controlled = [id_ for id_ in staff_ids if id_ in quotas.flow_controlled and id_ not in (*invalid, *filtered)]
    key = _new_key()
    for staff_id in dict.fromkeys(staff_ids):
        if staff_id not in (*invalid, *filtered, *controlled):
            ask.core.show_from_robot(
                PRIVATE + staff_id,
                via="oToMessages",
                kind=shown.kind,
                text=shown.text,
                title=shown.title,
                buttons=shown.buttons,
                process_key=key,
            )
    return {
        "processQueryKey": key,
        "invalidStaffIdList": invalid,
        "flowControlledStaffIdList": controlled,
        "filteredStaffIdList": filtered,
    }


def _known_keys(core: Core) -> set[str]:
    return set(core.process_keys.values())


def _group_query(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    _group(ask)
    if ask.fields.text("processQueryKey") not in _known_keys(ask.core):
        raise Refusal("invalidParameter.processQueryKey.invalid", "processQueryKey不存在")
    return {"sendStatus": "SUCCESS", "readUserIds": [], "readUsers": [], "hasMore": False, "nextToken": ""}


def _read_status(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    key = ask.fields.text("processQueryKey")
    if key not in _known_keys(ask.core):
        raise Refusal("invalidParameter.processQueryKey.invalid", "processQueryKey不存在")
    receivers = [
        ask.core.world.people[message.chat.removeprefix(PRIVATE)]
        for message in ask.core.world.messages
        if ask.core.process_keys.get(message.message_id) == key
    ]
    read = [{"userId": person.staff_id, "name": person.name, "readStatus": "UNREAD"} for person in receivers]
    return {"sendStatus": "SUCCESS", "messageReadInfoList": read}


def _recall(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    if "openConversationId" in (ask.call.body or {}) or ask.call.path.endswith("groupMessages/recall"):
        _group(ask)
    keys = ask.fields.texts("processQueryKeys")
    done = [key for key in keys if key in _known_keys(ask.core)]
    gone = {message_id for message_id, key in ask.core.process_keys.items() if key in done}
    ask.core.world.recall(gone)
    return {"successResult": done, "failedResult": {key: "processQueryKey不存在" for key in keys if key not in done}}


def _download(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    code = ask.fields.text("downloadCode")
    if code not in ask.core.files:
        raise Refusal("invalidParameter.downloadCode.invalid", "downloadCode不存在或已过期")
    return {"downloadUrl": f"{ask.core.url}/sandbox-files/{code}"}


def _ding(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    kind = ask.fields.number("remindType")
    most = MOST_DING_RECEIVERS.get(kind)
    if most is None:
        raise BadField("remindType", f"{kind} is none of 1 (app), 2 (SMS), 3 (phone)")
    receivers = ask.fields.texts("receiverUserIdList")
    if len(receivers) > most:
        raise BadField("receiverUserIdList", f"{len(receivers)} receivers; {most} are allowed")
    text = ask.fields.text("content")
    if ask.fields.text_or("callVoice", VOICES[0]) not in VOICES:
        raise BadField("callVoice", "no such voice")
    ask.core.quotas.enter_ding(len(receivers))
    failed = {staff_id: "用户不存在" for staff_id in receivers if ask.core.staff(staff_id) is None}
    for staff_id in receivers:
        if staff_id not in failed:
            ask.core.show_from_robot(PRIVATE + staff_id, via="ding", kind="ding", text=text)
    return {"openDingId": _new_key(), "failedList": failed}


def _own_groups(core: Core) -> list[str]:
    return [group.conversation_id for group in core.world.groups.values() if group.has_robot]


def _installed(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    number, size = ask.fields.number("pageNumber", 1), ask.fields.number("pageSize", 20, most=100)
    part = page(_own_groups(ask.core), max(number - 1, 0) * size, size)
    return {"openConversationIds": part.items, "hasMore": part.has_more}


def _groups(ask: Ask) -> dict[str, Any]:
    _robot(ask)
    start = ask.fields.number_text("nextToken", 0)
    part = page(_own_groups(ask.core), start, ask.fields.number("maxResult", 20, most=100))
    return {"openConversationIds": part.items, "hasMore": part.has_more, "nextToken": part.next_mark}
