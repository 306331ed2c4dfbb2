"""Writing TOML: texts and lists of texts, which is all that our files hold."""

from __future__ import annotations

import json
from collections.abc import Sequence


def text(value: str) -> str:
    """A basic string. What JSON escapes, TOML escapes alike; the one control character that JSON leaves is added."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def texts(values: Sequence[str]) -> str:
    """A list of basic strings, a line each where there are several."""
    if len(values) < 2:
        return f"[{', '.join(map(text, values))}]"
    return "[\n" + "".join(f"  {text(value)},\n" for value in values) + "]"
