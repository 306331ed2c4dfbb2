"""One form of every character, so that disguised words are found and their exact place is still known."""

from __future__ import annotations

import unicodedata
from functools import cached_property

from handlers.moderation.passes.characters import LOOKALIKES, boxed, digit, plain, simplified

INVISIBLE = "\0"
"""What nobody sees: zero-width and bidirectional characters, variation selectors, combining marks."""
NOISE = "\1"
"""What may be strewn into a word: spaces, dashes, stars, slashes, dots, symbols, emoji."""
CLAUSE = "\2"
"""What parts words of one sentence: commas, colons, quotes, brackets."""
SENTENCE_END = "\3"
"""What ends a sentence: 。！？ and line breaks."""

_MARKS = (INVISIBLE, NOISE, CLAUSE, SENTENCE_END)
LAST_MARK = SENTENCE_END

_ENDS = "。!?\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_CLAUSES = ',;:"…⋯—―'
_KEPT_ABOVE = 0x30000
"""Characters from here on are worked out each time, so that strange input cannot fill the memory."""

_FILLERS = "\u115f\u1160\u3164\uffa0"


class _Forms(dict[int, str]):
    """The form of a character by its code point, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        form = self._work_out(chr(code))
        if code < _KEPT_ABOVE:
            self[code] = form
        return form

    def _work_out(self, character: str) -> str:
        letter = boxed(character)
        if letter is not None:
            return letter
        form = plain(character)
        if form in _ENDS:
            return SENTENCE_END
        is_unseen = unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me") and character != "\t"
        if is_unseen or character in _FILLERS:
            return INVISIBLE
        if (value := digit(form)) is not None:
            return "零" if character == "〇" else value
        if form.isalpha():
            return simplified(form.lower()[0]).translate(LOOKALIKES)
        is_bracket = unicodedata.category(form) in ("Ps", "Pe", "Pi", "Pf")
        return CLAUSE if form in _CLAUSES or character in _CLAUSES or is_bracket else NOISE


_FORMS = _Forms()


class _Readable(dict[int, str]):
    """The form of letters and digits, half-width punctuation, and a blank for the rest."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        form = character.translate(_FORMS)
        if form <= LAST_MARK:
            narrow = unicodedata.normalize("NFKC", character)
            form = narrow if len(narrow) == 1 and (narrow.isprintable() or narrow == "\n") else " "
        if code < _KEPT_ABOVE:
            self[code] = form
        return form


_READABLE = _Readable()


class Folded:
    """A text and its folded forms.

    `form` has exactly one character for each of the original: letters small, narrow, simplified, digits 0 to 9, and
    one of the four marks for everything that is neither letter nor digit. `bare` is `form` without marks; `places`
    says where each of its characters stands in the original.
    """

    def __init__(self, text: str) -> None:
        """Takes any text, lone surrogates too."""
        self.text = text
        self.form = text.translate(_FORMS)
        bare = self.form
        for mark in _MARKS:
            bare = bare.replace(mark, "")
        self.bare = bare

    @cached_property
    def readable(self) -> str:
        """`form` with punctuation in place of the marks, for expressions. As long as the original.

        Punctuation is half width where there is a half width (`，` is `,`, `。` stays); invisible characters and
        whatever cannot be printed are blanks.
        """
        return self.text.translate(_READABLE)

    @cached_property
    def places(self) -> range | list[int]:
        """The place in the original of every character of `bare`; worked out only when something was found."""
        if len(self.bare) == len(self.form):
            return range(len(self.form))
        return [place for place, character in enumerate(self.form) if character > LAST_MARK]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original, in code points, that `bare[start:end]` stands for; `end` is greater than `start`."""
        return self.places[start], self.places[end - 1] + 1


def bare(text: str) -> str:
    """The folded text without marks: what words are compared as."""
    return Folded(text).bare
