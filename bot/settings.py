"""The configuration: one TOML file, every key overridable by environment, every mistake one clear line."""

from __future__ import annotations

import difflib
import json
import logging
import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError

from handlers.settings import HandlerSettings, Section

logger = logging.getLogger(__name__)

PREFIX = "STEWARD_"
_SECRET_KEYS = ("client_secret",)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("要写成 https://主机 的形式 / must look like https://host")
    return text.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]


class DingtalkSettings(Section):
    """`[dingtalk]`: the application and where DingTalk is."""

    client_id: str = Field(default="", description="应用的 Client ID（AppKey） / the application's client id")
    client_secret: SecretStr = Field(
        default=SecretStr(""),
        description="应用的 Client Secret，建议改用环境变量或文件 / the secret; better by environment or file",
    )
    client_secret_file: str = Field(default="", description="存放密钥的文件 / file that holds the secret")
    robot_code: str = Field(
        default="", description="机器人编码，留空同 client_id / robot code; empty: same as client_id"
    )
    corp_id: str = Field(default="", description="组织 corpId，可留空 / the organisation's corp id; may be empty")
    openapi_endpoint: Address = Field(default="https://api.dingtalk.com", description="新版接口地址 / new API")
    oapi_endpoint: Address = Field(default="https://oapi.dingtalk.com", description="旧版接口地址 / legacy API")
    connections: Annotated[int, Field(ge=1, le=4)] = Field(
        default=2, description="同时保持几条连接，1–4 / live connections, 1 to 4"
    )


class StorageSettings(Section):
    """`[storage]`: the database."""

    path: str = Field(default="steward.db", description="数据库文件，相对配置文件 / database, relative to this file")


class QuotaSettings(Section):
    """`[quota]`: how much and how fast."""

    calls_per_month: Annotated[int, Field(ge=1)] = Field(
        default=10_000, description="组织每月接口调用上限 / calls a month that the organisation has"
    )
    group_messages_per_minute: Annotated[int, Field(ge=1, le=20)] = Field(
        default=15,
        description="每群每分钟最多几条（平台限 20） / messages a minute to one group; the platform allows 20",
    )
    calls_per_second: Annotated[int, Field(ge=1, le=60)] = Field(
        default=10, description="每类接口每秒最多几次 / calls a second for one kind of API"
    )


class PrivacySettings(Section):
    """`[privacy]`: how long things are kept."""

    retention_days: Annotated[int, Field(ge=1)] = Field(
        default=365, description="收发记录保留天数 / days that messages and answers are kept"
    )
    flag_retention_days: Annotated[int, Field(ge=1)] = Field(
        default=180, description="内容提醒记录保留天数 / days that content flags are kept"
    )


class LogSettings(Section):
    """`[log]`."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="日志级别 / level")
    format: Literal["console", "json"] = Field(default="console", description="日志格式 / format")


class HttpSettings(Section):
    """`[http]`: health and metrics on this machine."""

    host: str = Field(default="127.0.0.1", description="监听地址 / address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=0, description="端口，0 为关闭 / port, 0: off")


class NoticesSettings(Section):
    """`[notices]`: no keys yet."""


class StudySettings(Section):
    """`[study]`: no keys yet."""


class Settings(HandlerSettings):
    """All sections. `base` is the folder of the configuration file; relative paths start there."""

    dingtalk: DingtalkSettings = DingtalkSettings()
    storage: StorageSettings = StorageSettings()
    quota: QuotaSettings = QuotaSettings()
    privacy: PrivacySettings = PrivacySettings()
    notices: NoticesSettings = NoticesSettings()
    study: StudySettings = StudySettings()
    log: LogSettings = LogSettings()
    http: HttpSettings = HttpSettings()
    base: Path = Field(default=Path(), exclude=True)

    @property
    def database_path(self) -> Path:
        """Where the database is."""
        return self.base / self.storage.path

    @property
    def rule_paths(self) -> list[Path]:
        """The rule files; empty: the built-in ones."""
        return [self.base / name for name in self.moderation.rules]

    @property
    def robot_code(self) -> str:
        """The robot's code; normally the client id."""
        return self.dingtalk.robot_code or self.dingtalk.client_id

    @property
    def secret(self) -> str:
        """The client secret, from settings, environment or file. Raises `SettingsError` for an unreadable file."""
        if self.dingtalk.client_secret.get_secret_value():
            return self.dingtalk.client_secret.get_secret_value()
        if not self.dingtalk.client_secret_file:
            return ""
        path = self.base / self.dingtalk.client_secret_file
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                [f"[dingtalk] client_secret_file = {str(path)!r}：读不到（{error}）/ cannot be read"]
            ) from error


class SettingsError(Exception):
    """The configuration is not usable. `problems` holds one line for each mistake."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def sections() -> dict[str, type[Section]]:
    """The sections by name."""
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the file (None: `config.toml` if it is there, else defaults) and the environment.

    Raises `SettingsError` with one line for every mistake.
    """
    explicit = path is not None
    path = Path("config.toml") if path is None else path
    values: dict[str, Any] = {}
    if explicit or path.exists():
        values = _read(path)
    problems = _unknown_names(values)
    problems += _overlay(values, environ)
    if problems:
        raise SettingsError(problems)
    try:
        return Settings.model_validate({**values, "base": path.parent})
    except ValidationError as error:
        raise SettingsError(_problems(error)) from error


def warnings(settings: Settings, path: Path | None) -> list[str]:
    """Secrets that others on this machine could read. Where there are no Unix modes (Windows) nothing is said."""
    if os.name != "posix":
        return []
    holders: list[Path] = []
    config = Path("config.toml") if path is None else path
    if config.exists() and any(key in _read(config).get("dingtalk", {}) for key in _SECRET_KEYS):
        holders.append(config)
    if settings.dingtalk.client_secret_file:
        holders.append(settings.base / settings.dingtalk.client_secret_file)
    return [
        f"{holder}：其他用户也能读到里面的密钥，请执行 chmod 600 {holder} / readable by others on this machine"
        for holder in holders
        if holder.exists() and holder.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    ]


def missing_credentials(settings: Settings) -> list[str]:
    """What `steward run` needs and does not find, a line each."""
    lines: list[str] = []
    if not settings.dingtalk.client_id:
        lines.append(
            "[dingtalk] client_id 没有填：在开发者后台「凭证与基础信息」复制 Client ID / is missing: copy it from the "
            "developer console"
        )
    if not settings.secret:
        lines.append(
            f"[dingtalk] client_secret 没有填：设环境变量 {PREFIX}DINGTALK__CLIENT_SECRET 或写 client_secret_file / "
            "is missing: set the environment variable or client_secret_file"
        )
    return lines


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            [f"{path}：没有这个文件，请从 config.example.toml 复制一份 / no such file: copy config.example.toml"]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}：读不到（{error}）/ cannot be read; the file must be UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path}：不是合格的 TOML（{error}）/ not valid TOML, see the line and column"]) from error


def _unknown_names(values: Mapping[str, Any]) -> list[str]:
    known = sections()
    problems: list[str] = []
    for name, content in values.items():
        if name not in known:
            problems.append(f"[{name}]：没有这个小节{_nearest(name, known)} / unknown section")
        elif not isinstance(content, Mapping):
            problems.append(f"{name} = {content!r}：这里要写小节 [{name}] / must be a section")
        else:
            problems += [
                f"[{name}] {key}：没有这个设置项{_nearest(key, known[name].model_fields)} / unknown key"
                for key in content
                if key not in known[name].model_fields
            ]
    return problems


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"，是不是 {near[0]}？" if near else ""


def _overlay(values: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Put `STEWARD_<SECTION>__<KEY>` over the file. Lists are JSON, or words with commas between them."""
    known = sections()
    problems: list[str] = []
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or "__" not in variable:
            continue
        section, _, key = variable.removeprefix(PREFIX).lower().partition("__")
        if section not in known:
            problems.append(f"环境变量 {variable}：没有小节 {section}{_nearest(section, known)} / unknown section")
        elif key not in known[section].model_fields:
            near = _nearest(key, known[section].model_fields)
            problems.append(f"环境变量 {variable}：[{section}] 没有 {key}{near} / unknown key")
        else:
            values[section] = dict(values.get(section, {}))
            values[section][key] = _value(environ[variable], known[section].model_fields[key].annotation)
    return problems


def _value(text: str, annotation: Any) -> Any:
    if get_origin(annotation) is not tuple:
        return text
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, list):
        return found
    if isinstance(get_args(annotation)[0], type) and issubclass(get_args(annotation)[0], BaseModel):
        return text
    return [part.strip() for part in text.split(",") if part.strip()]


_SAID = {
    "greater_than_equal": "至少 {ge} / at least {ge}",
    "less_than_equal": "至多 {le} / at most {le}",
    "int_parsing": "要写整数 / must be a whole number",
    "int_type": "要写整数 / must be a whole number",
    "int_from_float": "要写整数 / must be a whole number",
    "float_parsing": "要写数字 / must be a number",
    "float_type": "要写数字 / must be a number",
    "bool_parsing": "要写 true 或 false / must be true or false",
    "bool_type": "要写 true 或 false / must be true or false",
    "string_type": "要写带引号的文字 / must be text in quotes",
    "tuple_type": "要写列表 [...] / must be a list",
    "literal_error": "只能是 {expected} / must be one of these",
    "extra_forbidden": "没有这个设置项 / unknown key",
    "missing": "缺少这一项 / is missing",
    "time_parsing": '要写时间，如 "08:30" / must be a time such as "08:30"',
    "zone_info_str": '要写时区，如 "Asia/Shanghai" / must be a time zone such as "Asia/Shanghai"',
}


def _problems(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for found in error.errors(include_url=False):
        section, *rest = [str(part) for part in found["loc"]]
        key = ".".join(rest)
        said = _SAID.get(found["type"], found["msg"]).format(**{"ge": "", "le": "", **found.get("ctx", {})})
        value = "***" if rest and rest[-1] in _SECRET_KEYS else repr(found["input"])
        lines.append(f"[{section}] {key} = {value}：{said}")
    return lines
