"""docs/dependencies.md names what pyproject.toml asks for, and constraints.txt pins all of it."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import read

PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
ASKED = [
    *PROJECT["dependencies"],
    *PROJECT["optional-dependencies"]["semantic"],
    *PROJECT["optional-dependencies"]["test"],
]
ENVIRONMENTS = ({"extra": ""}, {"extra": "", "sys_platform": "win32", "platform_system": "Windows"})

INSTALLERS = {"pip"}
"""Asked for by sqlite-utils; it is in every environment already and pinning it would replace it under its own feet."""


def _names(requirements: list[str]) -> list[str]:
    return [canonicalize_name(Requirement(line).name) for line in requirements]


def _rows(heading: str) -> list[list[str]]:
    part = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", read("docs/dependencies.md"), re.MULTILINE | re.DOTALL)
    assert part is not None
    lines = [line for line in part[1].splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _pins() -> dict[str, str]:
    lines = [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]
    pins = dict(line.split("==") for line in lines)
    return {canonicalize_name(name): version for name, version in pins.items()}


def test_the_page_names_every_direct_dependency_and_no_other() -> None:
    for heading, asked in (
        ("To run", PROJECT["dependencies"]),
        ("With the extra `semantic`", PROJECT["optional-dependencies"]["semantic"]),
        ("To test", PROJECT["optional-dependencies"]["test"]),
    ):
        rows = _rows(heading)
        assert [canonicalize_name(row[0]) for row in rows] == _names(asked)
        assert all(len(row) == 5 and all(row) for row in rows)


def test_the_pins_fit_what_is_asked_for() -> None:
    pins = _pins()
    for line in ASKED:
        asked = Requirement(line)
        assert asked.specifier.contains(pins[canonicalize_name(asked.name)]), line


def test_everything_that_is_brought_along_is_pinned_too() -> None:
    """On Windows as well, as far as the packages that are installed here tell."""
    waiting = set(_names(ASKED))
    seen: set[str] = set()
    while waiting - seen:
        name = min(waiting - seen)
        seen.add(name)
        for line in _requires(name):
            asked = Requirement(line)
            if any(asked.marker is None or asked.marker.evaluate(environment) for environment in ENVIRONMENTS):
                waiting.add(canonicalize_name(asked.name))
    assert seen - _pins().keys() == INSTALLERS
    assert _pins().keys() - seen == set()


def _requires(name: str) -> list[str]:
    """What a package asks for; nothing for those of other systems, which are not installed here."""
    try:
        return requires(name) or []
    except ModuleNotFoundError:
        return []
