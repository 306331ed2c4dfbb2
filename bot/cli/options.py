"""What several verbs share: `-c/--config`, loading it, and reading JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from bot.settings import Settings, SettingsError, load
from storage.database import Database, DatabaseError

F = TypeVar("F", bound=Callable[..., Any])

BAD_INPUT = 2
"""Exit status for bad usage or bad input."""


def config_option(function: F) -> F:
    """Add `-c/--config FILE`."""
    option = click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path),
        default=None,
        help="配置文件，默认当前文件夹的 config.toml / configuration, default config.toml in the working directory",
    )
    return option(function)


def load_or_exit(config: Path | None) -> Settings:
    """The settings; on mistakes every line goes to standard error and the program ends with status 2."""
    try:
        return load(config)
    except SettingsError as error:
        end_with(*error.problems)


def open_or_exit(settings: Settings) -> Database:
    """The database of the settings; on trouble one line on standard error and status 2."""
    try:
        return Database(settings.database_path)
    except DatabaseError as error:
        end_with(str(error))


def end_with(*lines: str, status: int = BAD_INPUT) -> NoReturn:
    """Say these lines on standard error and end."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(status)


def json_lines(path: Path, key: str) -> Iterator[tuple[int, str]]:
    """Line number and text under `key` of every JSON line of a file, read as it goes, however long the file is.

    Ends the program with status 2 on a bad line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _text_under(key, line, f"{path} 第 {number} 行", f"line {number}")
    except (OSError, UnicodeDecodeError) as error:
        end_with(f"{path}：读不到（{error}）/ cannot be read; the file must be UTF-8")


def _text_under(key: str, line: str, where: str, place: str) -> str:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        end_with(f"{where}：不是 JSON（{error}）/ {place} is not JSON")
    if not isinstance(found, dict) or not isinstance(found.get(key), str):
        end_with(f'{where}：要写 {{"{key}": "…"}} / {place} needs a text under "{key}"')
    text: str = found[key]
    return text


def write_json(value: dict[str, Any]) -> None:
    """One JSON object on a line of standard output, in UTF-8 whatever the console speaks."""
    sys.stdout.buffer.write((json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
