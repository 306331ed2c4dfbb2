"""Our pages as the tests of the docs read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


def read(path: str) -> str:
    """The text of a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def markdown() -> list[str]:
    """Paths of all pages that people read, from the root. Digests and the like are data."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def sources() -> list[str]:
    """Paths of all code, pages and settings that git holds, from the root."""
    found = [*ROOT.glob("*.*"), ROOT / "Makefile", ROOT / ".ci/run"]
    for folder in ("bench", "bot", "deploy", "docs", "handlers", "sandbox", "storage", "tests"):
        found += [path for path in (ROOT / folder).rglob("*") if "node_modules" not in path.parts]
    return sorted(path.relative_to(ROOT).as_posix() for path in found if path.is_file() and _is_source(path))


def _is_source(path: Path) -> bool:
    return path.name in ("Makefile", "run") or path.suffix in {".cjs", ".css", ".html", ".js", ".md", ".py", ".toml"}


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and text of every fenced block."""
    return [(found[1], found[2]) for found in _FENCE.finditer(text)]


def inline_code(text: str) -> list[str]:
    """What stands between single backticks, outside of blocks."""
    return _INLINE.findall(_FENCE.sub("", text))


def typed_lines(text: str) -> Iterator[str]:
    """What a page says that somebody may type into a terminal: lines of shell blocks, and inline code."""
    for language, block in blocks(text):
        if language == "sh":
            yield from filter(None, map(str.strip, block.splitlines()))
        elif language == "console":
            yield from (line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ "))
    yield from inline_code(text)
