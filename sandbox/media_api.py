"""Laying pictures and files down, to be shown by their `media_id` in messages (docs/platform.md §5.4)."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.core import StoredFile
from sandbox.endpoints import Ask, Endpoint, Family
from sandbox.fields import BadField
from sandbox.refusals import Refusal

PATH = "/media/upload"
MOST_BYTES = {"image": 20_000_000, "voice": 2_000_000, "video": 20_000_000, "file": 20_000_000}
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""What pictures begin with, and what browsers call them."""


def endpoints() -> list[Endpoint]:
    """The one call of this part."""
    return [Endpoint("POST", PATH, _upload, ("type", "media"), Family.LEGACY, is_form=True)]


def _upload(ask: Ask) -> dict[str, Any]:
    kind = ask.fields.text("type")
    if kind not in MOST_BYTES:
        raise BadField("type", f"{kind!r} is none of {', '.join(MOST_BYTES)}")
    media = ask.fields.part("media")
    name, data = media.text("filename"), ask.call.files["media"]
    if not data:
        raise BadField("media", "the file is empty")
    if len(data) > MOST_BYTES[kind]:
        raise Refusal("40006", "文件大小不合法", is_violation=True)
    if kind == "image" and picture_type(data) is None:
        raise BadField("media", "this is no picture")
    media_id = f"@lAL{uuid.uuid4().hex}"
    ask.core.media[media_id] = StoredFile(name, data)
    created_at = round(ask.call.at.timestamp() * 1000)
    return {"errcode": 0, "errmsg": "ok", "media_id": media_id, "created_at": created_at, "type": kind}


def picture_type(data: bytes) -> str | None:
    """The media type of a picture; None for anything else."""
    return next((kind for start, kind in PICTURES.items() if data.startswith(start)), None)
