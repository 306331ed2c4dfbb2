"""Charts as JSON: how the outbox keeps them, and how they get to the process that draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.chart import Bar, Chart, Panel


def to_data(chart: Chart) -> dict[str, Any]:
    """What `json.dumps` takes."""
    return {
        "alt": chart.alt,
        "legend": list(chart.legend),
        "panels": [
            {
                "heading": panel.heading,
                "upright": panel.is_upright,
                "bars": [[bar.label, list(bar.parts)] for bar in panel.bars],
            }
            for panel in chart.panels
        ],
    }


def from_data(found: Mapping[str, Any]) -> Chart:
    """The chart that `to_data` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return Chart(
        alt=found["alt"],
        legend=tuple(found["legend"]),
        panels=tuple(
            Panel(
                panel["heading"],
                tuple(Bar(label, tuple(map(int, parts))) for label, parts in panel["bars"]),
                bool(panel["upright"]),
            )
            for panel in found["panels"]
        ),
    )
