"""XML of an office document, read so that no file can make the reader run out of memory or look anything up."""

from __future__ import annotations

import xml.etree.ElementTree as tree
from xml.parsers import expat

from handlers.policy.documents.reading.source import CorpusError

MOST_ELEMENTS = 1_500_000
DEEPEST = 150

Element = tree.Element
"""An element whose name and attributes have lost their namespaces: `p`, `val`."""


def parse(data: bytes) -> Element:
    """The root. Raises `CorpusError` where the XML is broken, declares entities, or is too large or too deep."""
    builder = tree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    count = depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count += 1
        depth += 1
        if count > MOST_ELEMENTS or depth > DEEPEST:
            raise CorpusError("文件内容太多或者层次太深，请另存后拆开导入 / too large or too deeply nested")
        builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    def declare(*_: object) -> None:
        raise CorpusError("文件里有不该有的声明，不予读取 / a document type declaration is not allowed")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = declare
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise CorpusError("文件坏了，请用 Word 打开后另存为 .docx / the file is damaged, save it again") from error
    return builder.close()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def value(element: Element | None, attribute: str = "val") -> str:
    """An attribute; empty where it or the element is absent."""
    return "" if element is None else element.get(attribute, "")


def is_on(element: Element | None) -> bool:
    """A switch of Word: `<w:vanish/>` is on, `<w:vanish w:val="0"/>` is off."""
    return element is not None and value(element) not in ("0", "false", "off", "none")
