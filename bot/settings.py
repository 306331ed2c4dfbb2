"""The configuration: one TOML file, every key overridable by environment, every mistake one clear line."""

from __future__ import annotations

import logging
import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError

from bot.addresses import is_loopback
from bot.bridge.settings import BridgeDoorSettings
from bot.environment import PREFIX, overlay
from bot.mistakes import SECRET_KEYS, mistake, nearest
from bot.model_settings import Address, LanguageModelSettings, SemanticSettings
from bot.secrets import SecretError, secret_of
from handlers.settings import Filled, HandlerSettings, Section

logger = logging.getLogger(__name__)


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
    mute_seconds: Annotated[int, Field(ge=30, le=600)] = Field(
        default=60,
        description="一条连接多少秒没有动静就换掉，钉钉约 25 秒问候一次 / seconds without a frame before a connection is "
        "replaced; DingTalk pings about every 25",
    )
    deaf_seconds: Annotated[int, Field(ge=30, le=86_400)] = Field(
        default=180,
        description="断线多少秒算“没听到”，要告诉管理员 / seconds without any connection before admins are told of the gap",
    )
    tell_groups_of_gaps: bool = Field(
        default=False,
        description="断线后也告诉当时活跃的群 / tell the groups that were active then, too",
    )


class StorageSettings(Section):
    """`[storage]`: the database."""

    path: str = Field(default="steward.db", description="数据库文件，相对配置文件 / database, relative to this file")


class LogSettings(Section):
    """`[log]`."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="日志级别 / level")
    format: Literal["console", "json"] = Field(default="console", description="日志格式 / format")


class HttpSettings(Section):
    """`[http]`: health and metrics on this machine."""

    host: Filled = Field(default="127.0.0.1", description="监听地址 / address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(default=0, description="端口，0 为关闭 / port, 0: off")


class NoticesSettings(Section):
    """`[notices]`: no keys yet."""


class Settings(HandlerSettings):
    """All sections. `base` is the folder of the configuration file; relative paths start there."""

    dingtalk: DingtalkSettings = DingtalkSettings()
    storage: StorageSettings = StorageSettings()
    bridge: BridgeDoorSettings = BridgeDoorSettings()
    notices: NoticesSettings = NoticesSettings()
    semantic: SemanticSettings = SemanticSettings()
    language_model: LanguageModelSettings = LanguageModelSettings()
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
    def samples_path(self) -> Path | None:
        """The admins' own texts that changed rules are tried on, whether or not the file is there; None: there is to be none."""
        return self.base / self.moderation.samples if self.moderation.samples else None

    @property
    def synonyms_path(self) -> Path | None:
        """The admins' own groups of words, whether or not the file is there; None: there is to be none."""
        return self.base / self.policy.synonyms if self.policy.synonyms else None

    @property
    def robot_code(self) -> str:
        """The robot's code; normally the client id."""
        return self.dingtalk.robot_code or self.dingtalk.client_id

    @property
    def secret(self) -> str:
        """The client secret, from settings, environment or file. Raises `SettingsError` for an unreadable file."""
        dingtalk = self.dingtalk
        try:
            return secret_of(
                "[dingtalk] client_secret_file", dingtalk.client_secret, dingtalk.client_secret_file, self.base
            )
        except SecretError as error:
            raise SettingsError([str(error)]) from error

    @property
    def secrets(self) -> list[str]:
        """All secrets, for the log to hide. Raises `SettingsError` for an unreadable file."""
        try:
            sections = (self.semantic, self.language_model, self.bridge)
            keys = [section.secret(self.base) for section in sections]
        except SecretError as error:
            raise SettingsError([str(error)]) from error
        return [secret for secret in (self.secret, *keys) if secret]


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
    settings, problems = examine(path, environ)
    if problems:
        raise SettingsError(problems)
    return settings


def examine(path: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[Settings, list[str]]:
    """Like `load`, but goes on with the default wherever something is wrong, so that all mistakes are told at once.

    Raises `SettingsError` only for a file that cannot be read at all.
    """
    explicit = path is not None
    path = Path("config.toml") if path is None else path
    values: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    if explicit or path.exists():
        values, problems = _known(_read(path))
    problems += overlay(values, environ, sections())
    good: dict[str, Section] = {}
    for name, section in sections().items():
        good[name], bad = _validated(name, section, values.get(name, {}))
        problems += bad
    return Settings.model_validate({**good, "base": path.parent}), problems


def warnings(settings: Settings, path: Path | None) -> list[str]:
    """Secrets that others could read: on this machine, where it has Unix modes, and on the way to a model."""
    lines = [
        f"[{name}] address：{section.address} 没有加密，问题和密钥路上谁都看得到，请改用 https / is not encrypted, use https"
        for name, section in (("semantic", settings.semantic), ("language_model", settings.language_model))
        if section.address.startswith("http://") and not is_loopback(section.address)
    ]
    return lines + _readable_by_others(settings, path) if os.name == "posix" else lines


def _readable_by_others(settings: Settings, path: Path | None) -> list[str]:
    holders: list[Path] = []
    config = Path("config.toml") if path is None else path
    if config.exists():
        values, _ = _known(_read(config))
        holders += [config] if any(section.get(key) for section in values.values() for key in SECRET_KEYS) else []
    files = (
        settings.dingtalk.client_secret_file,
        settings.semantic.key_file,
        settings.language_model.key_file,
        settings.bridge.token_file,
    )
    holders += [settings.base / file for file in dict.fromkeys(files) if file]
    return [
        f"{holder}：其他用户也能读到里面的密钥，请执行 chmod 600 {holder} / readable by others on this machine"
        for holder in holders
        if holder.exists() and holder.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    ]


def missing_credentials(settings: Settings) -> list[str]:
    """What `steward run` needs and does not find, a line each; a secret file that cannot be read is one of them."""
    lines: list[str] = []
    if not settings.dingtalk.client_id:
        lines.append(
            "[dingtalk] client_id 没有填：在开发者后台「凭证与基础信息」复制 Client ID / is missing: copy it from the "
            "developer console"
        )
    try:
        secret = settings.secret
    except SettingsError as error:
        return lines + error.problems
    if not secret:
        lines.append(
            f"[dingtalk] client_secret 没有填：设环境变量 {PREFIX}DINGTALK__CLIENT_SECRET 或写 client_secret_file / "
            "is missing: set the environment variable or client_secret_file"
        )
    return lines


def unreadable_keys(settings: Settings) -> list[str]:
    """A line for each key file of a model, or of the bridge, that cannot be read."""
    lines: list[str] = []
    for section in (settings.semantic, settings.language_model, settings.bridge):
        try:
            section.secret(settings.base)
        except SecretError as error:
            lines.append(str(error))
    return lines


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            [f"{path}：没有这个文件，请从 config.example.toml 复制一份 / no such file: copy config.example.toml"]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "不是 UTF-8 编码 / not UTF-8"
        raise SettingsError([f"{path}：读不到（{why}）/ cannot be read; the file must be UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path}：不是合格的 TOML（{error}）/ not valid TOML, see the line and column"]) from error
    except RecursionError as error:
        raise SettingsError([f"{path}：方括号套得太深，不是配置 / brackets in brackets, too deep"]) from error


def _known(values: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The keys that we know, by section, and a line for each name that we do not. No value is shown: it may be a secret."""
    known = sections()
    kept: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for name, content in values.items():
        homes = [section for section, model in known.items() if name in model.model_fields]
        if name in known and isinstance(content, Mapping):
            fields = known[name].model_fields
            kept[name] = {key: value for key, value in content.items() if key in fields}
            problems += [
                f"[{name}] {key}：没有这个设置项{nearest(key, fields)} / unknown key"
                for key in content
                if key not in fields
            ]
        elif name in known:
            problems.append(f"{name}：这里要写小节 [{name}]，下面每行一项 / must be a section [{name}]")
        elif not isinstance(content, Mapping) and homes:
            problems.append(f"{name}：要写在小节 [{homes[0]}] 下面 / belongs below [{homes[0]}]")
        else:
            problems.append(f"[{name}]：没有这个小节{nearest(name, known)} / unknown section")
    return kept, problems


def _validated(
    name: str, model: type[Section], values: Mapping[str, Any], told: frozenset[str] = frozenset()
) -> tuple[Section, list[str]]:
    """The section, with the default for every key that is wrong, and a line for each of those, once a key."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    bad = {str(found["loc"][0]) for found in errors}
    problems = [mistake(name, model, found) for found in errors if str(found["loc"][0]) not in told]
    rest = {key: value for key, value in values.items() if key not in bad}
    # With a key gone, what was measured against it may be wrong by itself: it goes as well.
    section, more = _validated(name, model, rest, told | bad) if len(rest) < len(values) else (model(), [])
    return section, problems + more
