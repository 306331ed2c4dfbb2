"""`python -m bot.charts`: a chart as JSON on standard input, its PNG on standard output."""

from __future__ import annotations

import json
import sys

from bot.charts.canvas import draw
from bot.charts.data import from_data
from bot.charts.layout import layout


def main() -> None:
    """Draw one chart and end; what it took of memory goes with the process."""
    chart = from_data(json.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(draw(layout(chart)))


if __name__ == "__main__":
    main()
