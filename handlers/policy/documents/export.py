"""Articles back to a text that people can read and edit, and that imports again to the same articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.policy.documents import anchors
from handlers.policy.documents.corpus import PREAMBLE, parse
from handlers.policy.documents.marks import escaped
from handlers.policy.documents.reading import CorpusError
from handlers.policy.documents.skeleton import Entry, annex_of, entries, path
from storage.policies import Article


def to_markdown(title: str, articles: Sequence[Article]) -> str:
    """The document as Markdown, numbered as it was; `corpus.parse` gives the same numbers, headings and texts.

    Where its own numbering would not give the same again (numbers that come twice, for one), comments say where each
    article begins.
    """
    natural = "\n\n".join([f"# {escaped(title)}", *_blocks(articles)]) + "\n"
    return natural if _same(natural, articles) else anchors.write(title, articles)


def _same(text: str, articles: Sequence[Article]) -> bool:
    try:
        found = parse(text).articles
    except CorpusError:
        return False
    return [(one.number, one.heading, one.text) for one in found] == [
        (one.number, one.heading, one.text) for one in articles
    ]


def _blocks(articles: Sequence[Article]) -> Iterator[str]:
    listed = list(entries(articles))
    children = _children(listed)
    firsts: dict[str, str] = {}
    for entry in listed:
        annex = annex_of(entry.label)
        number = entry.label.removeprefix(annex).removeprefix(".")
        if entry.article is None:
            yield _title(entry)
        elif number.startswith("第") and "." not in number:
            lines = entry.article.text.split("\n")
            if entry.article.text == number or (entry.article.text.startswith(f"{number} ") and "条" not in number):
                yield escaped(lines[0])
            elif "条" in number:
                yield escaped(f"{number} {lines[0]}")
            else:
                heading = entry.article.heading.rpartition(f"{number}")
                yield f"## {escaped(heading[1] + heading[2])}"
                yield escaped(lines[0])
            yield from (escaped(line) for line in lines[1:])
        elif number in (PREAMBLE, ""):
            yield from (escaped(line) for line in entry.article.text.split("\n"))
        else:
            yield from _levels(entry, number, children.get(entry.label, 0), firsts)


def _title(entry: Entry) -> str:
    if annex_of(entry.label) == entry.label and entry.label:
        return f"## {escaped(f'{entry.label} {entry.title}'.strip())}"
    mark = "#" * min(entry.depth + 2, 6)
    if entry.label.startswith("第") and "." not in entry.label:
        return (
            f"{mark} {escaped(entry.title if entry.title.startswith(entry.label) else f'{entry.label} {entry.title}')}"
        )
    if entry.title.startswith(f"{entry.label}、") or "".join(entry.title.split()) == entry.label:
        return f"{mark} {escaped(entry.title)}"
    return f"{mark} {escaped(_spoken(entry.label) + entry.title)}"


def _children(listed: Sequence[Entry]) -> dict[str, int]:
    """How many lines at the end of an article are the first lines of what stands below it."""
    found: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for entry in listed:
        above, _, own = entry.label.rpartition(".")
        if above and (above, own) not in seen:
            seen.add((above, own))
            found[above] = found.get(above, 0) + 1
    return found


def _levels(entry: Entry, number: str, below: int, firsts: dict[str, str]) -> Iterator[str]:
    """An article without the line that leads to it and without its items, which follow as articles of their own."""
    assert entry.article is not None
    lines = entry.article.text.split("\n")
    spoken = _spoken(number)
    lead = firsts.get(entry.label.rpartition(".")[0], "")
    if lead[-1:] in ("：", ":") and lines[0] == lead and len(lines) > 1:
        lines = lines[1:]
        lines[0] = lines[0].removeprefix(spoken)
    lines = lines[: max(len(lines) - below, 0)] or [""]
    firsts[entry.label] = lines[0]
    yield escaped(f"{spoken}{lines[0]}".strip())
    yield from (escaped(line) for line in lines[1:])


def _spoken(number: str) -> str:
    """一、, （一）, 1. , 1.1 , ①: how a number is written before its text."""
    if "." in number and number.replace(".", "").isdecimal():
        return f"{number} "
    label = path(number)[-1]
    if label.startswith("("):
        return label.replace("(", "（").replace(")", "）")
    if label.isascii() and label.isdecimal():
        return f"{label}. "
    if label.startswith("第"):
        return f"{label} "
    return label if len(label) == 1 and "①" <= label <= "⑳" else f"{label}、"
