"""What code and pages cite is in the repository: pages with numbered sections, decisions, other pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, read, sources

_SECTION = r"§\d+(?:\.\d+)*"
_CITATION = re.compile(rf"(docs/[\w/-]+\.md) ({_SECTION}(?:(?:, | and | to ){_SECTION})*)")
_HEADING = re.compile(rf"^#+ ({_SECTION}) ", re.MULTILINE)
_PAGE = re.compile(r"docs/[\w/-]+\.md")
_DECISION = re.compile(r"docs/decisions/(\d{4})")
_OTHER_FORMS = re.compile(r"platform reference|\b(?:design|style|regulation-map)\.md|\bissue #?\d|later issue")
_SELF = Path(__file__).relative_to(ROOT).as_posix()
CITING = [path for path in sources() if path != _SELF]
NUMBERED = [page for page in CITING if page.endswith(".md") and _HEADING.search(read(page))]


def missing(text: str, own: str = "") -> list[str]:
    """What a text cites that is not there; `own` is the page itself, which may cite its sections without its name."""
    found = []
    rest = text
    for citation in _CITATION.finditer(text):
        page, sections = citation[1], re.findall(_SECTION, citation[2])
        there = set(_HEADING.findall(read(page))) if (ROOT / page).is_file() else set()
        found += [f"{page} {section}" for section in sections if section not in there]
        rest = rest.replace(citation[0], "")
    bare = re.findall(r"§[\d.]*\d|§", rest)
    there = set(_HEADING.findall(read(own))) if own in NUMBERED else set()
    return found + [section for section in bare if section not in there]


def test_every_cited_section_is_there() -> None:
    assert {path: lacking for path in CITING if (lacking := missing(read(path), path))} == {}


def test_every_cited_page_is_there() -> None:
    decisions = {path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")}
    lacking = {path: [page for page in _PAGE.findall(read(path)) if not (ROOT / page).is_file()] for path in CITING}
    unknown = {path: set(_DECISION.findall(read(path))) - decisions for path in CITING}
    assert {path: pages for path, pages in lacking.items() if pages} == {}
    assert {path: numbers for path, numbers in unknown.items() if numbers} == {}


def test_nothing_is_cited_in_another_form() -> None:
    found = {path: _OTHER_FORMS.findall(read(path)) for path in CITING}
    assert {path: forms for path, forms in found.items() if forms} == {}


def test_the_platform_page_has_numbers_and_each_of_them_once() -> None:
    assert NUMBERED == ["docs/platform.md"]
    headings = _HEADING.findall(read("docs/platform.md"))
    assert len(headings) == len(set(headings)) > 10


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("as DingTalk has it (docs/platform.md §1.2)", []),
        ("two of them (docs/platform.md §5 to §7)", []),
        ("(docs/platform.md §4, §5.99)", ["docs/platform.md §5.99"]),
        ("(docs/nowhere.md §1)", ["docs/nowhere.md §1"]),
        ("(design §3)", ["§3"]),
        ("a bare §5.3.", ["§5.3"]),
        ("§ alone", ["§"]),
    ],
)
def test_a_citation_of_what_is_not_there_is_found(text: str, lacks: list[str]) -> None:
    assert missing(text) == lacks
