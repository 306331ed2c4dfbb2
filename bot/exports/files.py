"""Files that people take away are there whole or not at all, and only their owner can read them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from storage.database import give_to_owner


def put(path: Path, data: bytes) -> None:
    """Write a file; what stood there before is whole until the new one is complete. Raises OSError."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:  # mode 0600
        made = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            made.unlink(missing_ok=True)
            raise
    with suppress(OSError):  # a file system of another machine gives no files away
        give_to_owner(made, path.parent)
    made.replace(path)
