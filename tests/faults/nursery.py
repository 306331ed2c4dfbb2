"""Bots by the dozen: a process that has imported everything forks one for each line of orders.

    python -m tests.faults.nursery

A line of JSON on standard input starts a bot; lines on standard output tell its pid, and later its end. Forked and not
started anew, because a start costs most of a second of importing, and storms kill hundreds of times. Each bot is a
process of its own nevertheless, with its own files, sockets, threads and death.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from tests.faults import hurried, runner


def main() -> None:
    """Serve until standard input ends; bots that are left then end by themselves."""
    gc.freeze()
    life, grip = os.pipe()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: _reap())
    for line in iter(sys.stdin.buffer.readline, b""):
        order = json.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if pid == 0:
            os.close(grip)
            _be_a_bot(order, life)
        _tell({"number": order["number"], "pid": pid})
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _tell({"pid": pid, "status": os.waitstatus_to_exitcode(status)})


def _tell(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def _be_a_bot(order: dict[str, Any], life: int) -> NoReturn:
    """In the child: become the bot, whose output goes to its log."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        threading.Thread(target=_end_with_the_nursery, args=(life,), daemon=True).start()
        if "runner" in order:
            os.environ["FAILPOINT"] = order["runner"]["failpoint"]
            asyncio.run(runner.main(Path(order["runner"]["config"])))
        else:
            hurried.run(hurried.Orders(**order["hurried"]))
        status = 0
    except SystemExit as end:
        print(end, flush=True)
    except BaseException:  # noqa: BLE001 - whatever it was, this copy must not go on as a nursery
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _end_with_the_nursery(life: int) -> None:
    """Nobody holds the other end any more: the tests are gone, and this bot has nobody to talk to."""
    os.read(life, 1)
    os._exit(3)


if __name__ == "__main__":
    main()
