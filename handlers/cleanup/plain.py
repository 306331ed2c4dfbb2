"""Names without their dress, so that they can be compared."""

from __future__ import annotations

import re
import unicodedata

BETWEEN = re.compile(r"[\W_]+")
"""What people put between the parts of a display name."""


def plain(text: str) -> str:
    """Letters and digits alone, width and case apart: `阿里木·买买提`, `张　三` and `Anna Lee` in one spelling each."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
