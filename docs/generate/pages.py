"""Which files are generated, and from what."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from docs.generate import commands, configuration, doctor, formats, shipped_rules, verbs

ROOT = Path(__file__).parents[2]


@cache
def pages() -> dict[str, str]:
    """Path from the root, and the text that belongs there: whole pages, and READMEs with their tables renewed."""
    return {
        "config.example.toml": configuration.example(),
        "docs/configuration.md": configuration.page(),
        "docs/commands.md": commands.page(),
        "docs/cli.md": verbs.page(),
        "docs/doctor.md": doctor.page(),
        "docs/formats.md": formats.page(),
        "docs/shipped-rules.md": shipped_rules.page(),
        "README.md": _renewed("README.md", {"commands": commands.english_table(), "verbs": verbs.english_table()}),
        "README.zh-CN.md": _renewed(
            "README.zh-CN.md", {"commands": commands.chinese_table(), "verbs": verbs.chinese_table()}
        ),
    }


def _renewed(path: str, tables: dict[str, str]) -> str:
    """A file with what stands between `<!-- begin: name -->` and `<!-- end: name -->` replaced."""
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- begin: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        if not marked.search(text):
            raise ValueError(f"{path} has no place for the table «{name}»")
        text = marked.sub(lambda found, table=table: f"{found[1]}\n{table}\n{found[2]}", text)  # type: ignore[misc]
    return text
