"""`python -m bench` prints every figure, `python -m bench scan lookup` only those."""

from __future__ import annotations

import argparse
import importlib
import inspect
import platform
import sys
import traceback

BENCHES = {
    "reply": "from @ to reply",
    "crowd": "a thousand conversations at once",
    "sustained": "a minute of more than can be answered, beside a bare bot on the SDK",
    "intake": "messages taken in a second",
    "window": "the outbox's window",
    "memory": "memory of the idle bot",
    "scan": "content flags: scan of a message",
    "lookup": "policy answers: speed of the look-up",
    "policy": "policy answers: how often they are right",
    "findings": "membership clean-up: findings of a large college",
    "soak": "ten minutes of faults",
}
"""Modules of this folder with a `run()` that yields lines, and their headings, in the order of printing."""


def main() -> None:
    """Run those that are named, or all. Ends with status 1 when one failed, 2 for a name that there is not."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(BENCHES)}; all by default")
    parser.add_argument("--seconds", type=float, help="how long sustained and soak take, instead of 60 and 600")
    parser.add_argument("--seed", type=int, help="the faults of an earlier soak")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in BENCHES]:
        parser.error(f"no such bench: {' '.join(unknown)}; there are: {' '.join(BENCHES)}")
    chosen = {name: value for name in ("seconds", "seed") if (value := getattr(given, name)) is not None}
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}", flush=True)
    failed = []
    for name in given.names or BENCHES:
        print(f"\n## {BENCHES[name]} ({name})", flush=True)
        run = importlib.import_module(f"bench.{name}").run
        try:
            for line in run(**{key: chosen[key] for key in chosen.keys() & inspect.signature(run).parameters.keys()}):
                print(line, flush=True)
        except Exception:  # noqa: BLE001 - half an hour of other figures is not to be lost for it
            traceback.print_exc()
            failed.append(name)
    if failed:
        sys.exit(f"failed: {' '.join(failed)}")


if __name__ == "__main__":
    main()
