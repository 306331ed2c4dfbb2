"""An article as Markdown: quoted, with the sentences that answer in bold, and folded where it is long for where it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.policy.answering.sentences import Span, lines_of, sentences_of

LEFT_OUT = "……"
LONGEST = 3
"""A sentence may be so many times as long as an excerpt before it is cut itself."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text` is Markdown. `is_folded`: something was left out."""

    text: str
    is_folded: bool = False


def quote(text: str, marked: Sequence[Span], most: int | None = None) -> Quotation:
    """The article's text; of one longer than `most` characters the marked sentences, else its beginning."""
    lines = lines_of(text)
    if most is None or sum(map(len, lines)) <= most:
        return Quotation(_quoted(_marked(line, number, marked) for number, line in enumerate(lines)))
    kept = _kept(lines, marked, most)
    if not kept or (len(kept) == len(sentences_of(lines)) and sum(map(len, lines)) <= LONGEST * most):
        return quote(text, marked)
    return Quotation(_quoted(_excerpt(lines, kept, marked, most)), is_folded=True)


def _quoted(lines: Iterable[str]) -> str:
    """A blank line between two, because not every client ends a line at a single break (docs/platform.md §10)."""
    return "\n>\n".join(f"> {line}" for line in lines)


def _marked(line: str, number: int, marked: Sequence[Span], start: int = 0, end: int | None = None) -> str:
    """The line from `start` to `end`. Signs at the end of a sentence stay outside the bold: there, some clients would
    show the asterisks."""
    found, at = "", start
    end = len(line) if end is None else end
    for span in sorted(marked):
        if span.line == number and start <= span.start and span.end <= end:
            found += f"{line[at : span.start]}**{line[span.start : span.end]}**"
            at = span.end
    return found + line[at:end]


def _kept(lines: Sequence[str], marked: Sequence[Span], most: int) -> list[Span]:
    """The sentences that an excerpt of about `most` characters shows: the marked ones and what introduces them, or
    else as much of the beginning as there is room for."""
    sentences = sentences_of(lines)
    if marked:
        return [one for one in sentences if _introduces(one, lines) or any(_overlap(one, span) for span in marked)]
    kept: list[Span] = []
    for one in sentences:
        if kept and sum(span.end - span.start for span in kept) + one.end - one.start > most:
            break
        kept.append(one)
    return kept


def _introduces(one: Span, lines: Sequence[str]) -> bool:
    """有下列情形之一的，应当移出： at the end of the first line."""
    return one.line == 0 and lines[0][one.end :].strip() in ("：", ":")


def _overlap(one: Span, other: Span) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end


def _excerpt(lines: Sequence[str], kept: Sequence[Span], marked: Sequence[Span], most: int) -> list[str]:
    """Line by line what is kept, with an ellipsis for each stretch that is not."""
    shown: dict[int, str] = {}
    is_gap = False
    are_kept = frozenset(kept)
    sentences = sentences_of(lines)
    for span, following in zip(sentences, [*sentences[1:], None], strict=True):
        if span in are_kept:
            line = lines[span.line]
            end = following.start if following is not None and following.line == span.line else len(line)
            text = _sentence(line, span, end, marked, most)
            shown[span.line] = shown.get(span.line, "") + (LEFT_OUT if is_gap else "") + text
            is_gap = text.endswith(LEFT_OUT)
        else:
            is_gap = True
    found = [text.replace(LEFT_OUT * 2, LEFT_OUT) for text in shown.values()]
    return [*found[:-1], found[-1].removesuffix(LEFT_OUT) + LEFT_OUT] if is_gap else found


def _sentence(line: str, span: Span, end: int, marked: Sequence[Span], most: int) -> str:
    """One sentence with what stands before the next one, at `end`; of a very long one the beginning."""
    if span.end - span.start > LONGEST * most:
        return line[span.start : span.start + LONGEST * most] + LEFT_OUT
    clipped = [
        Span(span.line, max(one.start, span.start), min(one.end, span.end)) for one in marked if _overlap(one, span)
    ]
    return _marked(line, span.line, clipped, span.start, end)
