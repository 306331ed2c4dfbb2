"""What an address says of itself."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_loopback(address: str) -> bool:
    """The address is on this machine, where a proxy from the environment would only be in the way."""
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}
