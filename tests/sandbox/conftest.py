"""A running sandbox with a tiny organisation, and a client that speaks to it byte by byte."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.platform import Sandbox
from tests.sandbox import college_of_three
from tests.sandbox.client import Client


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox whose clock stands still."""
    sandbox = Sandbox(college_of_three.world(), seed=7)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    """A client with a good token that has not connected yet."""
    client = Client(sandbox.url)
    yield client
    await client.close()
