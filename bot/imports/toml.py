"""A TOML file that people wrote, and one line about what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from bot.imports.wrong import TableError


def read_toml(path: Path, most_bytes: int) -> dict[str, Any]:
    """What is in the file. Raises `TableError` when it is too large, cannot be read, or is no TOML in UTF-8."""
    try:
        data = path.read_bytes()
        if len(data) > most_bytes:
            raise TableError(f"{path}：文件太大了（{len(data):,} 字节，最多 {most_bytes:,}）/ the file is too large")
        return tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise TableError(f"{path}：读不到（{error.strerror}）/ cannot be read") from error
    except UnicodeDecodeError as error:
        raise TableError(f"{path}：不是 UTF-8 编码 / is not UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TableError(f"{path}：不是合格的 TOML（{error}）/ not valid TOML") from error
