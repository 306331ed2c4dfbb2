"""`python -m bench` prints every figure, `python -m bench scan lookup` only those."""

from __future__ import annotations

import importlib
import platform
import sys

BENCHES = {
    "reply": "from @ to reply",
    "intake": "messages taken in a second",
    "window": "the outbox's window",
    "memory": "memory of the idle bot",
    "scan": "content flags: scan of a message",
    "lookup": "policy answers: speed of the look-up",
    "policy": "policy answers: how often they are right",
    "findings": "membership clean-up: findings of a large college",
}
"""Modules of this folder with a `run() -> list[str]`, and their headings, in the order of printing."""


def main(wanted: list[str]) -> None:
    """Run these, or all. Ends with status 2 for a name that there is not."""
    if unknown := [name for name in wanted if name not in BENCHES]:
        print(f"no such bench: {' '.join(unknown)}; there are: {' '.join(BENCHES)}", file=sys.stderr)
        sys.exit(2)
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}", flush=True)
    for name in wanted or BENCHES:
        print(f"\n## {BENCHES[name]} ({name})", flush=True)
        for line in importlib.import_module(f"bench.{name}").run():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
