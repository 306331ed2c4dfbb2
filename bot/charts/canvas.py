"""Shapes to pixels by PDFium, which is here anyway to read PDF. It does one thing at a time: a process of its own draws.

The letters come from `labels.otf`, a few characters of Noto Sans CJK SC (docs/dependencies.md), so that they are right
on a server without any Chinese font.
"""

from __future__ import annotations

import ctypes
from functools import cache
from importlib.resources import files

import pypdfium2.raw as pdfium

from bot.charts.png import png
from bot.charts.shapes import Box, Colour, Picture, Words

SCALE = 2.5
"""Pixels a point: sharp on a phone."""
_FONT, _CHARACTERS = "labels.otf", "labels.txt"
_WHITE = 0xFFFFFFFF
_OPAQUE = 255


@cache
def drawable() -> frozenset[str]:
    """The characters that the font has."""
    return frozenset(files("bot.charts").joinpath(_CHARACTERS).read_text(encoding="utf-8")) - {"\n"}


def draw(picture: Picture) -> bytes:
    """The picture as a PNG file."""
    # Importing pypdfium2 has begun with the library, and its end is that of the process: whoever reads a PDF has the same one.
    document = pdfium.FPDF_CreateNewDocument()
    try:
        page = pdfium.FPDFPage_New(document, 0, picture.width, picture.height)
        _put(picture, document, page)
        pdfium.FPDFPage_GenerateContent(page)
        found = _pixels(page, round(picture.width * SCALE), round(picture.height * SCALE))
        pdfium.FPDF_ClosePage(page)
        return found
    finally:
        pdfium.FPDF_CloseDocument(document)


def _put(picture: Picture, document: pdfium.FPDF_DOCUMENT, page: pdfium.FPDF_PAGE) -> None:
    data = files("bot.charts").joinpath(_FONT).read_bytes()
    held = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    font = pdfium.FPDFText_LoadFont(document, held, len(data), pdfium.FPDF_FONT_TRUETYPE, 1)
    if not font:
        raise ValueError("the font cannot be read")
    for shape in picture.shapes:
        # PDF counts from the lower left corner.
        if isinstance(shape, Box):
            made = pdfium.FPDFPageObj_CreateNewRect(
                shape.x, picture.height - shape.y - shape.height, shape.width, shape.height
            )
            pdfium.FPDFPath_SetDrawMode(made, pdfium.FPDF_FILLMODE_WINDING, 0)
        else:
            made = _words(shape, document, font, picture.height)
        _paint(made, shape.colour)
        pdfium.FPDFPage_InsertObject(page, made)
    pdfium.FPDFFont_Close(font)


def _words(
    words: Words, document: pdfium.FPDF_DOCUMENT, font: pdfium.FPDF_FONT, height: float
) -> pdfium.FPDF_PAGEOBJECT:
    made = pdfium.FPDFPageObj_CreateTextObj(document, font, words.size)
    encoded = (words.text + "\0").encode("utf-16-le")
    buffer = ctypes.create_string_buffer(encoded, len(encoded))
    pdfium.FPDFText_SetText(made, ctypes.cast(buffer, pdfium.FPDF_WIDESTRING))
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(made, left, bottom, right, top)
    back = {"left": 0.0, "middle": (left.value + right.value) / 2, "right": right.value}[words.anchor]
    pdfium.FPDFPageObj_Transform(made, 1, 0, 0, 1, words.x - back, height - words.y)
    return made


def _paint(made: pdfium.FPDF_PAGEOBJECT, colour: Colour) -> None:
    pdfium.FPDFPageObj_SetFillColor(made, *colour, _OPAQUE)


def _pixels(page: pdfium.FPDF_PAGE, width: int, height: int) -> bytes:
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, None, 0)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_REVERSE_BYTE_ORDER)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        return png(width, height, ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height), stride)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
