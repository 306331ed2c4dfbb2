"""One nursery for all tests here: importing everything takes most of a second, forking a hundredth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.processes import Nursery, open_nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Starts bots quickly."""
    with open_nursery() as made:
        yield made
