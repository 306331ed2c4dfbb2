"""Documents with 第…条: whatever follows a clause belongs to it until the next clause or the next title."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.policy.documents.lines import Line, Numbered, Reading
from handlers.policy.documents.marks import Mark, clause, division, level
from storage.policies import Article

_RANKS = {"编": 0, "篇": 0, "部分": 0, "章": 1, "节": 2, "chinese": 3}
"""How deep a title is; `chinese` are titles 一、 between clauses."""
_LONGEST_TITLE = 50


def has_clauses(lines: Sequence[Line]) -> bool:
    """The document numbers its articles through."""
    return any(clause(line.text) for line in lines)


def read(lines: Sequence[Line]) -> Reading:
    """The articles in order. What stands before the first has no number; a title with nothing below it stays as text."""
    reader = _Reader(titles_between=_has_titles_between(lines))
    for line in lines:
        reader.take(line)
    reader.finish()
    return reader.found


class _Reader:
    """Where in the document the reading is."""

    def __init__(self, *, titles_between: bool) -> None:
        """`titles_between`: lines 一、 are titles above clauses."""
        self.found = Reading()
        self._titles_between = titles_between
        self._headings: dict[int, str] = {}
        self._at = 0
        self._number = ""
        self._title: Mark | None = None
        """The title that nothing stands below yet."""
        self._body: list[str] = []
        self._items: list[str] = []
        """Kinds of the numbers within the clause, outermost first."""
        self._opened: list[int] = []
        """Lines of the items that are open, one a kind."""
        self._paragraph = 0
        """Line where the paragraph of the clause begins."""
        self._divisions: tuple[int, ...] = (0, 0, 0, 0)
        """Lines of the titles above, by rank; 0 where there is none."""

    def take(self, line: Line) -> None:
        """Go on by one line."""
        if titled := self._title_in(line.text):
            self._take_title(line, titled)
        elif numbered := clause(line.text):
            if self._body or self._title is None:
                self.finish()
            self._begin(line, numbered)
            self._body = [numbered.rest] if numbered.rest else []
            self.found.numbered.append(Numbered(line.at, ("条",), numbered.label, numbered.label))
        else:
            self._at = self._at or line.at
            self._body.append(line.text)
            if self._number and self._title is None:
                self._count_item(line)

    def finish(self) -> None:
        """What is open becomes an article."""
        if not self._number and not self._body:
            return
        heading = " ".join(self._headings.values())
        text = "\n".join(self._body) or (
            self._number if self._title is None else self._headings[_RANKS[self._title.level]]
        )
        self.found.articles.append((self._at, Article(self._number, text, heading)))

    def _title_in(self, text: str) -> Mark | None:
        titled = division(text)
        if titled is None and self._titles_between:
            titled = level(text)
            titled = titled if titled is not None and titled.level == "chinese" else None
        return titled if titled is not None and _is_title(titled) else None

    def _take_title(self, line: Line, titled: Mark) -> None:
        rank = _RANKS[titled.level]
        is_above = self._title is not None and _RANKS[self._title.level] < rank
        if self._body or not is_above:
            self.finish()
        self._headings = {kept: text for kept, text in self._headings.items() if kept < rank}
        between = "、" if titled.level == "chinese" else " "
        self._headings[rank] = f"{titled.label}{between}{squeezed(titled.rest)}".strip()
        self.found.numbered.append(
            Numbered(line.at, (titled.level, *self._divisions[:rank]), titled.label, titled.label)
        )
        self._divisions = (*self._divisions[:rank], line.at, *(0 for _ in self._divisions[rank + 1 :]))
        self._begin(line, titled)
        self._title = titled

    def _begin(self, line: Line, mark: Mark) -> None:
        self._at, self._number, self._title, self._body = line.at, mark.label, None, []
        self._items, self._opened, self._paragraph = [], [], line.at

    def _count_item(self, line: Line) -> None:
        """Items count within what they stand below."""
        numbered = level(line.text)
        if numbered is None:
            if self._opened and line.text[-1] in "。：:":
                self._items, self._opened = [], []
                self._paragraph = line.at  # the next paragraph of the clause has items of its own
            return
        depth = self._items.index(numbered.level) if numbered.level in self._items else len(self._items)
        del self._items[depth + 1 :], self._opened[depth:]
        self._items[depth:] = [numbered.level]
        group = (self._at, self._paragraph, numbered.level, *self._opened)
        self._opened.append(line.at)
        self.found.numbered.append(Numbered(line.at, group, numbered.label, numbered.label))


def squeezed(title: str) -> str:
    """A title without the spaces that only spread it out: `总　　则`; others cannot be taken for its end."""
    words = title.split()
    found = "".join(words[:1])
    for word in words[1:]:
        is_latin = found[-1].isascii() or word[0].isascii()
        found += ("\u00a0" if is_latin else "") + word
    return found


def _is_title(mark: Mark) -> bool:
    return len(mark.rest) <= _LONGEST_TITLE and mark.rest[-1:] not in tuple("。；;，,：:")


def _has_titles_between(lines: Sequence[Line]) -> bool:
    """All lines 一、 are short, and each has a clause below it."""
    found = False
    for at, line in enumerate(lines):
        numbered = level(line.text)
        if numbered is None or numbered.level != "chinese":
            continue
        if not _is_title(numbered) or at + 1 == len(lines) or clause(lines[at + 1].text) is None:
            return False
        found = True
    return found
