"""From pieces of a stream to lines, within bounds, however long a line is and wherever the pieces are cut."""

from __future__ import annotations

LONGEST_LINE = 1_000_000
"""Bytes. A message has at most some thousands; what is longer is no line of ours, and is not kept."""
TOO_LONG = b"\x00"
"""Stands for a line that was longer: it is none that can be read."""


class Splitter:
    """Holds what has come of a line that is not complete yet."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._is_skipping = False

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that are complete with this piece, without their ends; empty ones are none."""
        found: list[bytes] = []
        *ends, rest = piece.split(b"\n")
        for end in ends:
            self._add(end)
            found += self.end()
        self._add(rest)
        return found

    def end(self) -> list[bytes]:
        """The stream ends here, in the midst of a line or not."""
        line = TOO_LONG if self._is_skipping else bytes(self._rest).strip()
        self._rest.clear()
        self._is_skipping = False
        return [line] if line else []

    def _add(self, piece: bytes) -> None:
        if self._is_skipping or len(self._rest) + len(piece) > LONGEST_LINE:
            self._is_skipping = True
            self._rest.clear()
        else:
            self._rest += piece
