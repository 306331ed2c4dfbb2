"""How high a document stands: of two on the same matter the higher one is shown first."""

from __future__ import annotations

RANKS = {"上级文件": 3, "学校": 2, "学院": 1, "部门": 0}
"""What people call a rank, the highest first. What nobody has ranked is the college's own."""
_NAMES = {rank: name for name, rank in RANKS.items()}


def rank_in(word: str) -> int | None:
    """The rank of this name; None where there is none."""
    return RANKS.get(word.strip())


def rank_name(rank: int) -> str:
    """What people call a rank."""
    return _NAMES.get(rank, "学院")
