"""Reading rule files (docs/rules.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from handlers.moderation.checking import check
from handlers.moderation.rule import Rule

BUILT_IN = tuple(
    f"starter/{name}.toml" for name in ("advertising", "privacy", "secrecy", "unlawful", "non_work", "abuse")
)
"""The rules that come with the product, a file for each category."""


class RuleError(Exception):
    """The rules are not usable. `problems` holds one line for each mistake."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class FromFile:
    """A rule and the file that it stands in, as people name it."""

    rule: Rule
    file: str


def load_rule_files(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules of these files in order, or of the built-in files when there are none.

    Raises `RuleError` with one line for every mistake of every file.
    """
    return tuple(one.rule for one in read_rule_files(paths))


def read_rule_files(paths: Sequence[Path]) -> tuple[FromFile, ...]:
    """The same, with the file of each."""
    problems: list[str] = []
    found: list[FromFile] = []
    for name, short, tables in _tables(paths, problems):
        good, wrong = check(name, tables, {one.rule.id for one in found})
        found += [FromFile(rule, short) for rule in good]
        problems += wrong
    if problems:
        raise RuleError(problems)
    return tuple(found)


def read_rule_text(name: str, data: bytes) -> tuple[Rule, ...]:
    """The rules of a file that somebody sent. Raises `RuleError`."""
    try:
        tables = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RuleError([f"{name}：不是 UTF-8 编码 / not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise RuleError([_no_toml(name, error)]) from error
    except RecursionError as error:
        raise RuleError([_too_deep(name)]) from error
    rules, problems = check(name, tables, ())
    if problems:
        raise RuleError(problems)
    return tuple(rules)


def _tables(paths: Sequence[Path], problems: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if not paths:
        for name in BUILT_IN:
            built_in = files("handlers.moderation").joinpath(name).read_text("utf-8")
            yield f"内置 {name}", "内置", tomllib.loads(built_in)
    for path in paths:
        try:
            yield str(path), path.name, tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            problems.append(f"{path}：没有这个规则文件 / no such rule file")
        except (OSError, UnicodeDecodeError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or "不是 UTF-8 编码 / not UTF-8"
            problems.append(f"{path}：读不到（{why}）/ cannot be read; the file must be UTF-8")
        except tomllib.TOMLDecodeError as error:
            problems.append(_no_toml(str(path), error))
        except RecursionError:
            problems.append(_too_deep(str(path)))


def _no_toml(name: str, error: tomllib.TOMLDecodeError) -> str:
    return f"{name}：不是合格的 TOML（{error}）/ not valid TOML, see the line and column"


def _too_deep(name: str) -> str:
    return f"{name}：方括号套得太深，不是规则 / brackets in brackets, too deep"
