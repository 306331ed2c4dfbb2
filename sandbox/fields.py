"""Reads the fields of a request strictly: a missing or ill-typed one is a breach that the sandbox notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.refusals import Refusal


class BadField(Refusal):
    """A field is missing, empty or of the wrong type. The wrapper words it in the family's style."""

    def __init__(self, name: str, why: str) -> None:
        kind = "empty" if why == "missing" else "invalid"
        super().__init__(f"invalidParameter.{name}.{kind}", f"{name}: {why}", is_violation=True)
        self.name = name
        self.why = why


class Fields:
    """The named values of one request body or query string."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def _take(self, name: str) -> Any:
        value = self._values.get(name)
        if value is None or value == "":
            raise BadField(name, "missing")
        return value

    def has(self, name: str) -> bool:
        """The field was sent and is not null."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """A string that is not empty. Raises BadField."""
        value = self._take(name)
        if not isinstance(value, str):
            raise BadField(name, f"a string is needed, not {value!r}")
        return value

    def text_or(self, name: str, default: str) -> str:
        """A string, or the default where the field was not sent or is empty."""
        return self.text(name) if self._values.get(name) not in (None, "") else default

    def number(self, name: str, default: int | None = None, *, most: int | None = None) -> int:
        """A JSON number without fraction, not negative. Raises BadField."""
        if default is not None and not self.has(name):
            return default
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadField(name, f"a whole number is needed, not {value!r}")
        if value < 0 or (most is not None and value > most):
            raise BadField(name, f"{value} is outside 0…{most}")
        return value

    def number_text(self, name: str, default: int, *, most: int | None = None) -> int:
        """A whole number written as text, as in query strings and paging marks; a JSON number is taken as well."""
        value = self._values.get(name)
        if value in (None, ""):
            return default
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        return Fields({name: value}).number(name, most=most)

    def flag(self, name: str, default: bool) -> bool:
        """A JSON boolean. Raises BadField."""
        value = self._values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise BadField(name, f"true or false is needed, not {value!r}")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of strings that is not empty. Raises BadField."""
        value = self._take(name)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise BadField(name, f"a list of strings is needed, not {value!r}")
        if not value:
            raise BadField(name, "missing")
        return value

    def part(self, name: str) -> Fields:
        """An object inside this one. Raises BadField."""
        value = self._take(name)
        if not isinstance(value, dict):
            raise BadField(name, f"an object is needed, not {value!r}")
        return Fields(value)

    def parts(self, name: str) -> list[Fields]:
        """A list of objects that is not empty. Raises BadField."""
        value = self._take(name)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise BadField(name, f"a list of objects is needed, not {value!r}")
        return [Fields(item) for item in value]

    def only(self, known: Iterable[str]) -> None:
        """Raises BadField for a field that the call does not have: a misspelt name would be ignored in silence."""
        for name in self._values.keys() - set(known):
            raise BadField(name, "this call has no such field")
