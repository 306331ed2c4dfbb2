"""config.example.toml and docs/configuration.md, from the fields of the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.environment import PREFIX
from bot.settings import sections
from docs.generate.words import NOT_YET, SECTIONS

HEAD = f"""\
# 群管家的配置 / Steward's configuration
#
# 复制成 config.toml，去掉要改的那一行行首的 #，填上自己的值，再用 steward check-config 检查。
# 「# 」开头的是说明，「#」后面没有空格的是设置项和它的默认值。
# 每一项也可以写成环境变量 {PREFIX}<小节>__<设置项>，环境变量优先。
#
# Copy this file to config.toml, take the # off a line to change it, then run: steward check-config
# Lines with "# " explain; lines with "#" and no space hold a key with its default.
# Every key can be given by environment as {PREFIX}<SECTION>__<KEY>; the environment wins.
"""
SCHEDULES = (
    "清理计划，可以写任意多个；写成 schedules = [] 就没有定时清理。下面是默认的一个",
    "scheduled clean-ups, any number; schedules = [] means none. The one below is the default",
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the settings. `default` is TOML; `entries` are the keys of each entry, for a list of tables; `examples`
    are entries of a list that is empty by default."""

    name: str
    chinese: str
    english: str
    default: str
    allowed: str
    entries: tuple[tuple[Key, ...], ...] = ()
    examples: tuple[tuple[Key, ...], ...] = ()


def example() -> str:
    """The text of config.example.toml."""
    blocks = [HEAD]
    for section in _sections():
        chinese, english = SECTIONS[section]
        blocks.append(f"# ==== {chinese} / {english} ====\n[{section}]\n")
        # What follows a list of tables would belong to its last table.
        blocks += [
            _commented(section, key) for key in sorted(keys(section), key=lambda key: bool(key.entries or key.examples))
        ]
    return "\n".join(blocks)


def page() -> str:
    """The text of docs/configuration.md."""
    lines = [
        "# 设置 / Settings",
        "",
        "由 `make docs` 生成，请不要手改 / written by `make docs`, not by hand.",
        "",
        "一个 TOML 文件，默认是当前文件夹里的 `config.toml`；没有文件就全用默认值。每一项也可以用环境变量给出，环境变量优先。"
        "写错的每一处，`steward check-config` 都用一行说明：哪一项、什么值、允许什么。",
        "",
        "One TOML file, `config.toml` in the working directory by default; without it all defaults hold. Every key can be "
        "given by an environment variable, which wins. `steward check-config` answers every mistake with one line that "
        "names the key, the value and what is allowed.",
    ]
    for section in _sections():
        chinese, english = SECTIONS[section]
        lines += ["", f"## [{section}] {chinese} / {english}"]
        for key in keys(section):
            lines += ["", *_described(section, key)]
    return "\n".join(lines) + "\n"


def keys(section: str) -> list[Key]:
    """The keys of a section. A field without a description in both languages is a ValueError."""
    fields = sections()[section].model_fields
    return [_key(f"[{section}]", name, field, field.default) for name, field in fields.items()]


def variable(section: str, key: str) -> str:
    """The environment variable that sets a key."""
    return f"{PREFIX}{section}__{key}".upper()


def _sections() -> Iterator[str]:
    known = sections()
    if missing := known.keys() ^ SECTIONS.keys():
        raise ValueError(f"docs/generate/words.py and the settings differ in {sorted(missing)}")
    yield from SECTIONS


def _key(where: str, name: str, field: FieldInfo, default: Any) -> Key:
    if (entry := _entry(field.annotation)) is not None:
        parts = tuple(
            tuple(_key(f"{where} {name}", part, of, getattr(one, part)) for part, of in entry.model_fields.items())
            for one in default or field.examples or ()
        )
        if default:
            return Key(name, *SCHEDULES, "", "", parts)
        chinese, _, english = (field.description or "").partition(" / ")
        return Key(name, chinese, english, "[]", "", examples=parts)
    chinese, separator, english = (field.description or "").partition(" / ")
    if not separator:
        raise ValueError(f"{where} {name} needs a description «Chinese / English»")
    rule = allowed(field)
    if f"{where} {name}" in NOT_YET:
        chinese, english = f"{chinese.strip()}（现在还不起作用）", f"{english.strip()} (without effect so far)"
    return Key(name, chinese.strip(), english.strip(), toml(default), "" if rule in chinese else rule)


def _entry(annotation: Any) -> type[BaseModel] | None:
    """The model of the entries, where a field is a list of tables."""
    inner = get_args(annotation)[0] if get_origin(annotation) is tuple else None
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _commented(section: str, key: Key) -> str:
    lines = [f"# {key.chinese}", f"# {key.english}"]
    if key.allowed:
        lines.append(f"# 允许 / allowed: {key.allowed}")
    if not key.entries:
        return "\n".join([*lines, f"#{key.name} = {key.default}", *_shown(section, key), ""])
    for entry in key.entries:
        lines.append(f"#[[{section}.{key.name}]]")
        for part in entry:
            lines += [
                f"# {part.chinese} / {part.english}",
                *([f"# 允许 / allowed: {part.allowed}"] if part.allowed else []),
            ]
            lines.append(f"#{part.name} = {part.default}")
    return "\n".join([*lines, ""])


def _shown(section: str, key: Key) -> list[str]:
    """Entries that are no default: to be typed, not to be uncommented."""
    lines: list[str] = []
    for entry in key.examples:
        lines += ["#", f"#   [[{section}.{key.name}]]"]
        lines += [f"#   {part.name} = {part.default}  # {part.chinese} / {part.english}" for part in entry]
    return lines


def _described(section: str, key: Key) -> list[str]:
    lines = [f"### {key.name}", "", f"{key.chinese} / {key.english}", ""]
    if key.allowed:
        lines.append(f"- 允许 / allowed: {key.allowed}")
    if not key.entries:
        lines += [f"- 默认 / default: `{key.default}`", f"- 环境变量 / environment: `{variable(section, key.name)}`"]
        lines += [""] if key.examples else []
    for entry in key.entries or key.examples:
        lines += [
            "```toml",
            f"[[{section}.{key.name}]]",
            *(f"{part.name} = {part.default}" for part in entry),
            "```",
            "",
        ]
        for part in entry:
            rule = f"；{part.allowed}" if part.allowed else ""
            lines.append(f"- `{part.name}`: {part.chinese} / {part.english}{rule}")
    return lines


def toml(value: Any) -> str:
    """A default as it is written in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case SecretStr():
            return toml(value.get_secret_value())
        case time():
            return f'"{value:%H:%M}"'
        case ZoneInfo():
            return f'"{value.key}"'
        case str():
            return json.dumps(value, ensure_ascii=False)
        case tuple():
            return f"[{', '.join(map(toml, value))}]"
    raise TypeError(f"no TOML for {value!r}")


def allowed(field: FieldInfo) -> str:
    """What values a key takes, where the description alone leaves it open."""
    annotation = field.annotation
    least = _bound(field, "ge")
    most = _bound(field, "le")
    if least is not None:
        return f"{least}–{most}" if most is not None else f"≥ {least}"
    if get_origin(annotation) is tuple and get_origin(get_args(annotation)[0]) is Literal:
        return " ".join(get_args(get_args(annotation)[0]))
    if get_origin(annotation) is Literal:
        return " | ".join(get_args(annotation))
    return {bool: "true | false", time: "HH:MM"}.get(annotation, "") if isinstance(annotation, type) else ""


def _bound(field: FieldInfo, name: str) -> float | None:
    """The rule of this name among the field's constraints."""
    return next((getattr(rule, name) for rule in field.metadata if hasattr(rule, name)), None)
