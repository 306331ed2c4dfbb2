"""How well questions find their articles, and how well what no article speaks of is refused: a part of what `make eval` prints."""

from __future__ import annotations

from bench.evaluation.__main__ import table
from handlers.settings import PolicySettings


def run() -> list[str]:
    """The lines for `make bench`: questions of a hand that wrote nothing else here."""
    return list(table("held_out", PolicySettings().refusal_threshold))
