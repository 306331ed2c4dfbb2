"""Word and PDF files made in memory, as Word and a printer driver would write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def run(text: str) -> str:
    """A run of text; tabs and line breaks as Word has them."""
    inner = escape(text).replace("\t", "</w:t><w:tab/><w:t>").replace("\n", "</w:t><w:br/><w:t>")
    return f'<w:r><w:t xml:space="preserve">{inner}</w:t></w:r>'


def p(text: str = "", *, num: tuple[int, int] | None = None, style: str = "", raw: str = "") -> str:
    """A paragraph: in list `num[0]` at level `num[1]`, with a style id, with raw XML behind its text."""
    numbered = f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>' if num is not None else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbered}</w:pPr>{run(text) if text else ''}{raw}</w:p>"


def table(rows: Iterable[Sequence[str]]) -> str:
    """A table; a cell that begins with `<` is raw XML of its content."""
    return (
        "<w:tbl>"
        + "".join(
            "<w:tr>" + "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) + "</w:tr>"
            for row in rows
        )
        + "</w:tbl>"
    )


def level(at: int, style: str, text: str, *, start: int = 1, more: str = "") -> str:
    """A level of a list: `level(0, "chineseCountingThousand", "第%1条")`."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(lists: Sequence[Sequence[str]], instances: Sequence[tuple[int, str]] = ()) -> str:
    """Definitions of lists from their levels; `instances` are (definition, overrides), by default one of each."""
    used = instances or [(at, "") for at in range(len(lists))]
    return "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{"".join(levels)}</w:abstractNum>' for at, levels in enumerate(lists)
    ) + "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{definition}"/>{overrides}</w:num>'
        for at, (definition, overrides) in enumerate(used, 1)
    )


def style(identifier: str, name: str, inner: str = "", based_on: str = "") -> str:
    """A paragraph style with what its `pPr` holds."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/>{base}'
        f"<w:pPr>{inner}</w:pPr></w:style>"
    )


def docx(
    *body: str, numbers: str = "", styles: str = "", parts: dict[str, str] | None = None, prolog: str = _XML
) -> bytes:
    """A .docx file from the XML of its body, of `numbering.xml`, of `styles.xml` and of further parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f"{_XML}<Types/>")
        archive.writestr(
            "word/document.xml", f"{prolog}<w:document {_NAMES}><w:body>{''.join(body)}</w:body></w:document>"
        )
        if numbers:
            archive.writestr("word/numbering.xml", f"{_XML}<w:numbering {_NAMES}>{numbers}</w:numbering>")
        if styles:
            archive.writestr("word/styles.xml", f"{_XML}<w:styles {_NAMES}>{styles}</w:styles>")
        for name, inner in (parts or {}).items():
            root = name.removesuffix(".xml")
            archive.writestr(f"word/{name}", f"{_XML}<w:{root} {_NAMES}>{inner}</w:{root}>")
    return stream.getvalue()


WIDTH, HEIGHT, SIZE = 595, 842, 12
LEFT, RIGHT, TOP, BOTTOM = 72, 523, 760, 90
_LINE = 22


def pages(text: str, *, header: str = "", footer: str = "") -> list[list[tuple[float, float, str]]]:
    """A text set as a printer would: (x, y, line) of each page. A paragraph a line, the first one indented by two
    characters except for lines that begin with a blank (centred). `footer` has `{n}` and `{total}`."""
    lines: list[tuple[float, str]] = []
    for paragraph in text.splitlines():
        if not paragraph.strip():
            continue
        if paragraph[0].isspace():
            title = paragraph.strip()
            lines.append(((WIDTH - SIZE * len(title)) / 2, title))
            continue
        room, indent = (RIGHT - LEFT) // SIZE, 2
        rest = paragraph.strip()
        while rest:
            taken, rest = rest[: room - indent], rest[room - indent :]
            while rest and rest[0] in "，。、；：）":
                taken, rest = taken + rest[0], rest[1:]
            lines.append((LEFT + SIZE * indent, taken))
            indent = 0
    per_page = (TOP - BOTTOM) // _LINE
    chunks = [lines[at : at + per_page] for at in range(0, len(lines), per_page)]
    found: list[list[tuple[float, float, str]]] = []
    for number, chunk in enumerate(chunks, 1):
        page = [(x, float(TOP - at * _LINE), line) for at, (x, line) in enumerate(chunk)]
        if header:
            page.insert(0, (200.0, 800.0, header))
        if footer:
            page.append((280.0, 40.0, footer.format(n=number, total=len(chunks))))
        found.append(page)
    return found


def pdf(set_pages: Sequence[Sequence[tuple[float, float, str]]], *, encrypt: str = "") -> bytes:
    """A PDF with a Chinese font that is not in the file (UniGB-UCS2-H), as printing programs write it.

    `encrypt` is an entry `/Encrypt …` for the trailer.
    """
    count = len(set_pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{6 + 2 * at} 0 R' for at in range(count))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for at, lines in enumerate(set_pages):
        content = "\n".join(
            f"BT /F1 {SIZE} Tf 1 0 0 1 {x:.1f} {y:.1f} Tm <{line.encode('utf-16-be').hex()}> Tj ET"
            for x, y, line in lines
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {7 + 2 * at} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out = "%PDF-1.4\n"
    offsets = []
    for number, inner in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{inner}\nendobj\n"
    table_at = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {encrypt} >>\nstartxref\n{table_at}\n%%EOF\n"
    return out.encode("ascii")
