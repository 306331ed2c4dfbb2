"""Secrets of the configuration: given there, by environment, or in a file of their own."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr


class SecretError(Exception):
    """The file that should hold a secret cannot be used; one line says which, and why."""


def secret_of(place: str, given: SecretStr, file: str, base: Path) -> str:
    """The secret, empty where there is none. `place` is the key of the file as people know it, `[dingtalk] client_secret_file`.

    `file` is relative to `base`, the folder of the configuration. Raises `SecretError`.
    """
    if found := given.get_secret_value().strip():
        return found
    if not file:
        return ""
    path = base / file
    try:
        secret = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "不是 UTF-8 文字 / not UTF-8 text"
        raise SecretError(f"{place} = {str(path)!r}：读不到（{why}）/ cannot be read") from error
    if not secret:
        raise SecretError(f"{place} = {str(path)!r}：文件是空的 / the file is empty")
    return secret
