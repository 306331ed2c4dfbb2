"""From a chart to shapes: where each bar and each word stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.charts.shapes import Box, Colour, Picture, Words
from handlers.chart import Chart, Panel

WIDTH = 400.0
"""Narrow, so that the letters can still be read when a phone makes it narrower."""
_MARGIN = 16.0
_INK: Colour = (38, 42, 48)
_SOFT: Colour = (104, 112, 122)
_LINE: Colour = (222, 226, 231)
_SERIES: tuple[Colour, ...] = ((31, 119, 180), (230, 126, 34), (158, 169, 181), (94, 60, 153))
"""Told apart by those who see no red or green, too, and in grey."""
_LEGEND, _HEADING, _LABEL = 15.0, 17.0, 14.0
_UPRIGHT_HEIGHT = 130.0
_ROW = 26.0
_LONGEST_LABEL = 19
"""Characters; a Chinese one counts twice."""
_LABEL_WIDTH = 142.0
_NUMBER_WIDTH = 36.0
_GAP = 26.0


def layout(chart: Chart) -> Picture:
    """The picture of a chart."""
    shapes: list[Box | Words] = []
    y = _MARGIN + _LEGEND
    shapes += _legend(chart.legend, y)
    for panel in chart.panels:
        y += _GAP + _HEADING
        shapes.append(Words(_MARGIN, y, panel.heading, _HEADING, _INK))
        shapes += _upright(panel, y) if panel.is_upright else _lying(panel, y)
        y += _UPRIGHT_HEIGHT + 2 * _ROW if panel.is_upright else _ROW * len(panel.bars) + 10
    return Picture(WIDTH, y + _MARGIN, tuple(shapes))


def _legend(names: tuple[str, ...], y: float) -> Iterator[Box | Words]:
    x = _MARGIN
    for name, colour in zip(names, _SERIES, strict=False):
        yield Box(x, y - 12, 13, 13, colour)
        yield Words(x + 19, y, name, _LEGEND, _SOFT)
        x += 19 + _wide(name) * _LEGEND / 2 + 22


def _upright(panel: Panel, top: float) -> Iterator[Box | Words]:
    ground = top + _ROW + _UPRIGHT_HEIGHT
    step = (WIDTH - 2 * _MARGIN) / max(1, len(panel.bars))
    width = min(44.0, step * 0.62)
    scale = _UPRIGHT_HEIGHT / _most(panel)
    yield Box(_MARGIN, ground, WIDTH - 2 * _MARGIN, 1, _LINE)
    for number, bar in enumerate(panel.bars):
        middle = _MARGIN + step * (number + 0.5)
        y = ground
        for part, colour in zip(bar.parts, _SERIES, strict=False):
            height = part * scale
            if part:
                yield Box(middle - width / 2, y - height, width, height, colour)
            y -= height
        if any(bar.parts):
            yield Words(middle, y - 6, str(sum(bar.parts)), _LABEL, _INK, "middle")
        yield Words(middle, ground + 18, _cut(bar.label), _LABEL, _SOFT, "middle")


def _lying(panel: Panel, top: float) -> Iterator[Box | Words]:
    left = _MARGIN + _LABEL_WIDTH + 10
    scale = (WIDTH - _MARGIN - _NUMBER_WIDTH - left) / _most(panel)
    for number, bar in enumerate(panel.bars):
        base = top + 12 + _ROW * number
        yield Words(left - 10, base + 15, _cut(bar.label), _LABEL, _INK, "right")
        x = left
        for part, colour in zip(bar.parts, _SERIES, strict=False):
            if part:
                yield Box(x, base + 2, part * scale, _ROW - 9, colour)
            x += part * scale
        yield Words(x + 7, base + 15, str(sum(bar.parts)), _LABEL, _INK)


def _most(panel: Panel) -> int:
    return max((sum(bar.parts) for bar in panel.bars), default=0) or 1


def _cut(label: str) -> str:
    while _wide(label) > _LONGEST_LABEL:
        label = label.rstrip("…")[:-1] + "…"
    return label


def _wide(text: str) -> int:
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)
