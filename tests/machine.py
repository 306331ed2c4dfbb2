"""A machine that a test makes up: nothing on it but the programs that were put there."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Machine:
    """Runs shell scripts with a `PATH` that holds only the folder of its programs."""

    def __init__(self, folder: Path, user: int) -> None:
        self.folder = folder
        self.put("id", f"echo {user}")

    def put(self, name: str, does: str) -> None:
        """Install a program that does this, in shell."""
        path = self.folder / name
        path.write_text(f"#!/bin/bash\n{does}\n", encoding="utf-8")
        path.chmod(0o755)

    def put_apt(self, *programs: str) -> Path:
        """Install an apt-get that brings these programs. Its answer is a log of the arguments it was called with."""
        log = self.folder / "log"
        brought = " ".join(f"{self.folder}/{name}" for name in programs)
        self.put(
            "apt-get",
            f'echo "$@" >> {log}\n[ "$1" = install ] || exit 0\n'
            f'for program in {brought}; do echo > "$program"; /bin/chmod +x "$program"; done',
        )
        return log

    def run(self, script: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script here, with no variables but these."""
        return subprocess.run(
            ["/bin/bash", str(script)],
            env={"PATH": str(self.folder), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
