"""Pixels to a PNG file."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS_RGB = (8, 2, 0, 0, 0)
"""Bits a colour, colour type, and the only methods that there are (RFC 2083)."""


def png(width: int, height: int, rows: bytes, stride: int) -> bytes:
    """A picture of `height` rows, each of `width` pixels of three bytes (red, green, blue), `stride` bytes apart."""
    lines = b"".join(b"\0" + rows[start : start + 3 * width] for start in range(0, stride * height, stride))
    header = struct.pack(">IIBBBBB", width, height, *_EIGHT_BITS_RGB)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
