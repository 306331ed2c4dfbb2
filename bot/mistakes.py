"""What to say about a bad value of the configuration: key, value, what is allowed, in one line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date, time
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

SECRET_KEYS = ("client_secret", "key", "token")
"""Their values are never shown."""

_SAID = {
    "greater_than_equal": "至少 {ge} / at least {ge}",
    "less_than_equal": "至多 {le} / at most {le}",
    "int_parsing": "要写整数 / must be a whole number",
    "int_parsing_size": "这个数太大了 / the number is too large",
    "int_type": "要写整数 / must be a whole number",
    "int_from_float": "要写整数 / must be a whole number",
    "finite_number": "要写数字 / must be a number",
    "float_parsing": "要写数字 / must be a number",
    "float_type": "要写数字 / must be a number",
    "bool_parsing": "要写 true 或 false / must be true or false",
    "bool_type": "要写 true 或 false / must be true or false",
    "string_type": "要写带引号的文字 / must be text in quotes",
    "string_too_short": "不能空着 / must not be empty",
    "string_pattern_mismatch": "只能用文字、数字、_ - .，最多 40 个 / letters, digits, _ - . only, 40 at most",
    "tuple_type": "要写列表 [...] / must be a list",
    "model_type": "要写成 [[{section}.{key}]] 小节 / must be a section of its own",
    "literal_error": "只能是 {expected} / must be one of these",
    "extra_forbidden": "没有这个设置项{nearest} / unknown key",
    "missing": "缺少这一项 / is missing",
    "time_parsing": '要写时间，如 "08:30" / must be a time such as "08:30"',
    "zoneinfo_str": '要写时区，如 "Asia/Shanghai" / must be a time zone such as "Asia/Shanghai"',
}
_WITHOUT_VALUE = ("extra_forbidden", "missing", "model_type")
_SHOWN_MOST = 60


def mistake(section: str, model: type[BaseModel], found: ErrorDetails) -> str:
    """One line: key, value, what is allowed. Entries of a list are counted from one, as people do."""
    key, *path = found["loc"]
    place = f"[{section}] {key}"
    for part in path:
        place += f" 第 {part + 1} 项" if isinstance(part, int) else f" 的 {part}"
    kind, context = found["type"], dict(found.get("ctx", {}))
    if kind == "value_error":
        said = str(context["error"])
    elif kind in _SAID:
        known = _names_in(model.model_fields[str(key)].annotation)
        near = nearest(str(path[-1]), known) if path else ""
        said = _SAID[kind].format(**{"section": section, "key": key, "nearest": near, **context})
    else:
        said = found["msg"]
    value = "" if kind in _WITHOUT_VALUE else f" = {_shown(str(key), found['input'])}"
    return f"{place}{value}：{said}"


def _names_in(annotation: Any) -> list[str]:
    """The keys of one entry of a list of sections; none for anything else."""
    item = get_args(annotation)[0] if get_origin(annotation) is tuple else None
    return list(item.model_fields) if isinstance(item, type) and issubclass(item, BaseModel) else []


def _shown(key: str, value: Any) -> str:
    """The value, short enough for a line; never a secret."""
    if key in SECRET_KEYS:
        return "***"
    if isinstance(value, list | tuple) and any(isinstance(item, dict | BaseModel) for item in value):
        return "[…]"
    text = value.isoformat() if isinstance(value, date | time) else repr(value)
    return text if len(text) <= _SHOWN_MOST else text[:_SHOWN_MOST] + "…"


def nearest(name: str, known: Iterable[str]) -> str:
    """`，是不是 …？` for a name that is almost one of the known ones, else nothing."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"，是不是 {near[0]}？" if near else ""
