"""Which department somebody means who writes one: offices write paths, last levels, or the college's name before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def is_within(inner: str, outer: str) -> bool:
    """The department `inner` is `outer` or lies below it."""
    return inner == outer or inner.startswith(outer + "/")


def and_above(path: str) -> Iterator[str]:
    """The path itself, then each one above it."""
    while path:
        yield path
        path = path.rpartition("/")[0]


class Departments:
    """Departments that are known, by path and by last level."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Whatever lies above one of `paths` is known as well."""
        self._paths = dict.fromkeys(path for long in sorted(set(paths)) for path in and_above(long))
        self._by_level: dict[str, list[str]] = {}
        for path in self._paths:
            self._by_level.setdefault(path.rpartition("/")[2], []).append(path)

    def has_level(self, word: str) -> bool:
        """Some department is called this, by its last level."""
        return word in self._by_level

    def path_of(self, written: str) -> str:
        """`教务处/教学科` for itself, for `某学院/教务处/教学科`, and for `教学科` where there is one only.

        Empty for what is not known or not clear.
        """
        rest = written
        while rest:
            if rest in self._paths:
                return rest
            rest = rest.partition("/")[2]
        fitting = self._by_level.get(written.rpartition("/")[2], [])
        return fitting[0] if len(fitting) == 1 and "/" not in written else ""
