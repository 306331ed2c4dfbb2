"""Charts: laid out, drawn with the right letters, as a PNG that any reader takes."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.canvas import SCALE, draw, drawable
from bot.charts.data import from_data, to_data
from bot.charts.layout import WIDTH, layout
from bot.charts.pictures import drawn
from bot.charts.png import png
from bot.charts.shapes import Box, Picture, Words
from handlers.chart import Bar, Chart, Panel

WEEKS = Panel("近 8 周每周命中", (Bar("11-16", (3, 1, 0)), Bar("11-23", (0, 0, 0))), is_upright=True)
RULES = Panel("命中最多的规则", (Bar("规则 12 广告推销", (5, 0, 1)), Bar("规则 2 不文明用语", (0, 2, 0))))
CHART = Chart("近 8 周的内容提醒", ("判对", "判错", "还没复核"), (WEEKS, RULES))


def size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def pixels(data: bytes) -> bytes:
    """The rows of a PNG that we wrote, each behind a zero."""
    at, found = 8, b""
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert int.from_bytes(data[at + 8 + length : at + 12 + length], "big") == zlib.crc32(kind + body)
        found += body if kind == b"IDAT" else b""
        at += 12 + length
    return zlib.decompress(found)


def ink(text: str) -> bytes:
    return pixels(draw(Picture(40, 30, (Words(5, 22, text, 20, (0, 0, 0)),))))


def words(picture: Picture) -> list[str]:
    return [shape.text for shape in picture.shapes if isinstance(shape, Words)]


def test_a_chart_is_drawn_in_a_process_of_its_own() -> None:
    found = drawn(json.dumps(to_data(CHART)))
    width, height = size(found)
    assert width == SCALE * WIDTH
    assert 300 < height < 2000
    assert len(found) < 200_000
    rows = pixels(found)
    assert b"\xff" * 300 in rows, "the ground is white"
    assert bytes((31, 119, 180)) * 20 in rows, "a bar has its colour"


def test_every_character_of_the_list_is_in_the_font() -> None:
    missing = ink("\U0001f600")
    blank = ink(" ")
    same = [character for character in sorted(drawable() - {" "}) if ink(character) in (missing, blank)]
    assert same == []


def test_letters_differ() -> None:
    assert len({ink(character) for character in "周命中提醒广告"}) == 7


def test_labels_and_sums_stand_beside_their_bars() -> None:
    said = words(layout(CHART))
    assert {"规则 12 广告推销", "规则 2 不文明用语"} < set(said), "neither is cut"
    assert said[said.index("规则 12 广告推销") + 1] == "6"


def test_a_long_label_is_cut() -> None:
    chart = Chart("图", ("命中",), (Panel("规则", (Bar("a" * 60, (1,)),)),))
    assert "a" * 18 + "…" in words(layout(chart))


@given(
    st.lists(
        st.tuples(st.text(max_size=70), st.lists(st.integers(0, 10**9), min_size=3, max_size=3), st.booleans()),
        max_size=12,
    )
)
def test_whatever_the_numbers_nothing_leaves_the_picture(rows: list[tuple[str, list[int], bool]]) -> None:
    upright = tuple(Bar(label, tuple(parts)) for label, parts, is_up in rows if is_up)
    lying = tuple(Bar(label, tuple(parts)) for label, parts, is_up in rows if not is_up)
    chart = Chart("图", CHART.legend, (Panel("近", upright, is_upright=True), Panel("每", lying)))
    picture = layout(chart)
    for shape in picture.shapes:
        assert 0 <= shape.x <= picture.width
        assert 0 <= shape.y <= picture.height
        if isinstance(shape, Box):
            assert shape.x + shape.width <= picture.width + 0.01
            assert shape.y + shape.height <= picture.height + 0.01
    assert from_data(json.loads(json.dumps(to_data(chart)))) == chart


@pytest.mark.parametrize(
    "found", [{}, {"alt": "a", "legend": [], "panels": [{}]}, {"alt": "a", "legend": 1, "panels": []}]
)
def test_what_is_no_chart_is_refused(found: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_data(found)


def test_a_png_of_four_pixels() -> None:
    rows = bytes(range(6)) + b"--" + bytes(range(6, 12)) + b"--"
    found = png(2, 2, rows, 8)
    assert size(found) == (2, 2)
    assert pixels(found) == b"\0" + bytes(range(6)) + b"\0" + bytes(range(6, 12))


def test_the_bot_at_rest_has_none_of_what_draws() -> None:
    code = "import sys, bot.app; print(sorted({'pypdfium2', 'bot.charts.canvas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_whoever_draws_can_still_read_a_pdf() -> None:
    """PDFium is one for the whole process: closing it behind a picture took it from the reader of regulations."""
    code = (
        "from bot.charts.canvas import draw; from bot.charts.shapes import Picture; import pypdfium2; "
        "draw(Picture(10, 10, ())); document = pypdfium2.PdfDocument.new(); document.new_page(10, 10); "
        "print(len(document), document[0].get_textpage().count_chars())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.split()) == (0, ["1", "0"]), done.stderr[-500:]
