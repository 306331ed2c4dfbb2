"""What a picture is made of. Lengths are points, from the upper left corner; the canvas decides how many pixels that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colour = tuple[int, int, int]
"""Red, green, blue: 0 to 255."""
Anchor = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `y` is where its letters stand, and `x` its left end, its middle or its right end."""

    x: float
    y: float
    text: str
    size: float
    colour: Colour
    anchor: Anchor = "left"


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on a white ground, the later ones on the earlier."""

    width: float
    height: float
    shapes: tuple[Box | Words, ...]
