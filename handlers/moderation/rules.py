"""Reading rule files (docs/rules.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from handlers.moderation.checking import check
from handlers.moderation.rule import Rule

BUILT_IN = "rules.toml"


class RuleError(Exception):
    """The rules are not usable. `problems` holds one line for each mistake."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def load_rule_files(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules of these files in order, or of the built-in file when there are none.

    Raises `RuleError` with one line for every mistake of every file.
    """
    problems: list[str] = []
    rules: list[Rule] = []
    for name, tables in _tables(paths, problems):
        good, wrong = check(name, tables, {rule.id for rule in rules})
        rules += good
        problems += wrong
    if problems:
        raise RuleError(problems)
    return tuple(rules)


def _tables(paths: Sequence[Path], problems: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if not paths:
        yield f"内置 {BUILT_IN}", tomllib.loads(files("handlers.moderation").joinpath(BUILT_IN).read_text("utf-8"))
    for path in paths:
        try:
            yield str(path), tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            problems.append(f"{path}：没有这个规则文件 / no such rule file")
        except (OSError, UnicodeDecodeError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or "不是 UTF-8 编码 / not UTF-8"
            problems.append(f"{path}：读不到（{why}）/ cannot be read; the file must be UTF-8")
        except tomllib.TOMLDecodeError as error:
            problems.append(f"{path}：不是合格的 TOML（{error}）/ not valid TOML, see the line and column")
        except RecursionError:
            problems.append(f"{path}：方括号套得太深，不是规则 / brackets in brackets, too deep")
