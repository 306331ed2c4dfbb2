"""A secret of this installation, in a file of its own beside the database: neither backups nor exports have it."""

from __future__ import annotations

import os
import secrets
import threading
from pathlib import Path

from storage.database import create_private, give_to_owner

BYTES = 32


class Salt:
    """Read when it is first needed, made when there is none. For all threads."""

    def __init__(self, database_path: str) -> None:
        """The file is `<database>.salt`; a database in memory has one of its own that nobody keeps."""
        self._path = None if database_path == ":memory:" else Path(database_path + ".salt")
        self._value: bytes | None = None
        self._guard = threading.Lock()

    def value(self) -> bytes:
        """Thirty-two bytes. Where the file can be neither read nor made, they hold until the process ends: nothing waits
        for a secret that is there for counting only."""
        with self._guard:
            if self._value is None:
                try:
                    self._value = secrets.token_bytes(BYTES) if self._path is None else _read_or_make(self._path)
                except OSError:
                    self._value = secrets.token_bytes(BYTES)
            return self._value


def _read_or_make(path: Path) -> bytes:
    if path.exists() and len(found := path.read_bytes()) == BYTES:
        return found
    # Written aside and then named, so that nobody ever reads half of it; who names it first has the say.
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    create_private(part)
    try:
        part.write_bytes(secrets.token_bytes(BYTES))
        give_to_owner(part, path.parent)
        if path.exists() and path.stat().st_size != BYTES:
            path.unlink()  # a disk that was full left it so
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path.read_bytes()
