"""A picture of some numbers, as a handler asks for it; it is drawn at the door out (`bot/charts`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `parts` are numbers of things, one for each entry of the chart's legend, put one on the other.

    `stand_in` is shown where the label has characters that cannot be drawn.
    """

    label: str
    parts: tuple[int, ...]
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars under a heading: upright ones for what follows in time, else lying ones, the first on top."""

    heading: str
    bars: tuple[Bar, ...]
    is_upright: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Panels that share a legend. `alt` is read where no picture is shown.

    Our own words in it, and nothing else but the bars' labels: the font that is brought along has few characters
    (`bot/charts/labels.txt`). Nobody's name or words belong in it.
    """

    alt: str
    legend: tuple[str, ...]
    panels: tuple[Panel, ...]
