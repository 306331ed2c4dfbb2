"""Where the bridge's lines come in: the part of `[bridge]` that only `steward bridge` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from bot.addresses import is_loopback
from bot.secrets import secret_of
from handlers.settings import BridgeSettings, Filled


class BridgeDoorSettings(BridgeSettings):
    """`[bridge]`: whether, of which groups, and by which door."""

    pipe: str = Field(
        default="",
        description="命名管道，相对配置文件，steward bridge --pipe 用 / named pipe for steward bridge --pipe",
    )
    host: Filled = Field(
        default="127.0.0.1",
        description="steward bridge --listen 的地址，只能是本机 / address of steward bridge --listen, this machine only",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        default=8810, description="steward bridge --listen 的端口 / its port"
    )
    token: SecretStr = Field(
        default=SecretStr(""),
        description="来送消息的程序要带的口令，至少 16 位，建议改用环境变量或文件 / what whoever brings messages has to show; "
        "16 characters at least; better by environment or file",
    )
    token_file: str = Field(default="", description="存放口令的文件 / file that holds the token")

    @field_validator("host")
    @classmethod
    def _is_this_machine(cls, host: str) -> str:
        """Colleagues' chats come in here: no other machine is let in, whatever it knows."""
        if not is_loopback(f"http://{f'[{host}]' if ':' in host else host}"):
            raise ValueError("只能是本机地址，如 127.0.0.1 / must be this machine, such as 127.0.0.1")
        return host

    def secret(self, base: Path) -> str:
        """The token, empty where there is none. Raises `SecretError` for a file that cannot be used."""
        return secret_of("[bridge] token_file", self.token, self.token_file, base)
