"""What people wrote into one table of a rule file, value by value, with one line for every mistake."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Wrong = Callable[[str, str, object], None]
"""Takes the key, what is wrong with it, and the value that was written (None: say none)."""


class Values:
    """One table; `above` is what stands before its keys, `scope.` for `[rule.scope]`."""

    def __init__(self, values: Mapping[str, Any], wrong: Wrong, above: str = "") -> None:
        self._values = values
        self._wrong = wrong
        self._above = above

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def get(self, key: str, default: object = None) -> Any:
        """The value as it was written."""
        return self._values.get(key, default)

    def wrong(self, key: str, said: str, value: object = None) -> None:
        """Note a mistake; `value` is what was written, the key's own value when not given."""
        self._wrong(f"{self._above}{key}", said, self._values.get(key) if value is None else value)

    def only(self, keys: tuple[str, ...]) -> None:
        """Note every key that is none of these."""
        for key in self._values:
            if key not in keys:
                self.wrong(key, f"没有这一项{nearest(key, keys)} / unknown key")

    def text(self, key: str, example: str) -> str:
        """A text that must be there."""
        if key not in self._values:
            self.wrong(key, f"缺少这一项{example} / is missing")
            return ""
        return self._written(key, example)

    def optional(self, key: str, longest: int) -> str:
        """A text of at most so many characters, on one line; empty where nothing is written."""
        if key not in self._values or self._values[key] == "":
            return ""
        text = self._written(key, "")
        if len(text) > longest or len(text.splitlines()) > 1:
            self.wrong(key, f"只能写一行，至多 {longest} 个字 / must be one line of {longest} characters at most")
            return ""
        return text

    def _written(self, key: str, example: str) -> str:
        value = self._values[key]
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.wrong(key, f"要写带引号的文字{example} / must be text in quotes")
        return ""

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of these; the first one where a mistake was noted."""
        value = self._values.get(key)
        if isinstance(value, str) and value in allowed:
            return value
        if key not in self._values:
            self.wrong(key, f"缺少这一项，可写 {'、'.join(allowed)} / is missing")
        else:
            self.wrong(key, f"只能是 {'、'.join(allowed)}{nearest(value, allowed)} / must be one of these")
        return allowed[0]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where nothing is written."""
        value = self._values.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.wrong(key, '要写文字列表，如 ["…", "…"] / must be a list of texts')
        return ()

    def choices(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """A list of names, all among these."""
        names, known = self.texts(key), tuple(allowed)
        for name in names:
            if name not in known:
                self.wrong(key, f"只能是 {'、'.join(known)}{nearest(name, known)} / must be one of these", name)
        return names

    def some_of(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """As `choices`, and a list that is written must not be empty."""
        value = self._values.get(key, [])
        if key in self._values and (not isinstance(value, list) or not value):
            self.wrong(key, f"要写列表，可写 {'、'.join(allowed)} / must be a list of these")
            return ()
        return self.choices(key, allowed)

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number between these, both included."""
        value = self._values.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and (value == default or least <= value <= most):
            return value
        self.wrong(key, f"要写 {least} 到 {most} 的整数 / must be a whole number from {least} to {most}")
        return default

    def yes_or_no(self, key: str) -> bool:
        """`true` or `false`; `false` where nothing is written."""
        value = self._values.get(key, False)
        if isinstance(value, bool):
            return value
        self.wrong(key, "只能是 true 或 false / must be true or false")
        return False

    def table(self, key: str) -> Values:
        """The table of this name within the rule."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"要写小节 [rule.{key}] / must be a section [rule.{key}]")
            value = {}
        return Values(value, self._wrong, f"{self._above}{key}.")


def nearest(written: object, known: Iterable[str]) -> str:
    """«，是不是 …？» with the one that was meant, empty where none is near."""
    near = difflib.get_close_matches(str(written)[:100], list(known), n=1, cutoff=0.6)
    return f"，是不是 {near[0]}？" if near else ""
