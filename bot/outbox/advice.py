"""What an admin can do about an error that trying again does not cure."""

from __future__ import annotations

from bot.openapi import ErrorKind, OpenAPIError
from handlers.doctor import permissions

_BY_CODE = {
    "staffId.notExisted": "收件人不在本组织或不在应用可见范围：请在开发者后台扩大可见范围",
    "invalidParameter.robotCode.auth": "robot_code 与应用不匹配：请核对 [dingtalk] robot_code",
    "robot.oto.notExist": "机器人还没有发布或没有单聊能力：请在开发者后台发布机器人",
    "invalidParameter.openConversationId.invalid": "群不存在，或机器人不在群里：请把机器人重新加进群",
    "invalidParameter.msgParam.tooLong": "消息太长：请缩短内容",
    "orgAuthLevelNotEnough": "组织版本或认证级别不够：DING 需要专业版或专属版，其他接口需完成企业认证",
    "internal": "程序内部出错，日志里有详情，请反馈给维护者",
    "460101": "消息太长：请缩短内容",
    "no-way": "会话已过期，又没有可用的发送对象：请对方再说一次",
    "unknown-outcome": "不能确定是否已发出，为免重复不再发送：请另行确认对方是否收到",
    "interrupted": "发送途中程序中断，不能确定是否已送达，为免重复不再发送",
}


def advice(error: OpenAPIError) -> str:
    """One line in Chinese: what happened and what to do, with the platform's own code."""
    known = _BY_CODE.get(error.code)
    if known is None and error.kind is ErrorKind.PERMISSION:
        lacking = "、".join(map(permissions.label, permissions.named_in(error.message, permissions.SEND)))
        known = f"应用缺少权限，请在开发者后台「权限管理」申请 {lacking}"
    if known is None and error.kind is ErrorKind.QUOTA:
        known = "本月调用量已用完，下月恢复；可在管理后台升级"
    return f"{error.code}：{known or error.message or '平台拒绝'}"
