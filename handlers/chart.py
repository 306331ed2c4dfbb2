"""A picture of some numbers, as a handler asks for it; it is drawn at the door out (`bot/charts`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `parts` are numbers of things, one for each entry of the chart's legend, put one on the other."""

    label: str
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars under a heading: upright ones for what follows in time, else lying ones, the first on top."""

    heading: str
    bars: tuple[Bar, ...]
    is_upright: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Panels that share a legend. `alt` is read where no picture is shown.

    Our own words in it, and nothing else: the font that is brought along has few characters (`bot/charts/labels.txt`),
    and nobody's name or words belong in a picture.
    """

    alt: str
    legend: tuple[str, ...]
    panels: tuple[Panel, ...]
