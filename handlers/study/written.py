"""A question as an admin writes it on one line: `五.8 题干 | A. … | B. … | C. … | 答案 B`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.moderation.masking import mask

LETTERS = "ABCDE"
LONGEST_LINE = 1000
LONGEST_STEM = 200
LONGEST_OPTION = 60
LEAST_OPTIONS, MOST_OPTIONS = 2, len(LETTERS)
"""Each option is a button, and five are the most (docs/platform.md §5.3)."""
_LONGEST_ARTICLE = 40
_BARS = re.compile(r"[|｜]")
_TITLE = re.compile(r"《([^《》]{1,60})》")
_CHOICE = re.compile(r"(?:我选|(?:正确)?(?:答案)?[是为选:]?)([A-E])[.、。)]?")


class QuestionError(ValueError):
    """It is no question that can be asked; the text says in one line, for people, what is wrong."""


@dataclass(frozen=True, slots=True)
class Written:
    """A question that can be asked. `article` is the number as it was typed; `title` of its document may be empty."""

    article: str
    title: str
    stem: str
    options: tuple[str, ...]
    answer: int
    """Place of the right option, from 0."""

    def line(self) -> str:
        """The same on one line, as `read_line` takes it."""
        title = f"《{self.title}》" if self.title else ""
        options = (f"{letter}. {option}" for letter, option in zip(LETTERS, self.options, strict=False))
        return " | ".join((f"{self.article}{title} {self.stem}", *options, f"答案 {LETTERS[self.answer]}"))


def read_line(text: str) -> Written:
    """The question in a line. Raises `QuestionError`."""
    if len(text) > LONGEST_LINE:
        raise QuestionError(f"太长了，最多 {LONGEST_LINE} 个字")
    head, *rest = _BARS.split(text)
    if len(rest) < LEAST_OPTIONS + 1:
        raise QuestionError("题干、选项和答案之间用 | 隔开，最后写「答案 B」这样的一段")
    article, title, stem = read_head(head)
    return checked(article, title, stem, rest[:-1], rest[-1])


def read_head(text: str) -> tuple[str, str, str]:
    """Number of the article, title of its document where one is written, and what follows: `五.8《…》 题干`."""
    titled = _TITLE.match(text.strip())
    title, bare = (titled[1], text.strip()[titled.end() :]) if titled else ("", text.strip())
    found = re.match(r"[^\s《]{1,40}", bare.strip())
    article = found[0] if found else ""
    rest = bare.strip()[len(article) :].strip()
    behind = None if title else _TITLE.match(rest)
    if behind:
        title, rest = behind[1], rest[behind.end() :].strip()
    return article, " ".join(title.split()), " ".join(rest.split())


def checked(article: str, title: str, stem: str, options: Sequence[str], answer: str) -> Written:
    """The question, when it can be asked. Raises `QuestionError`."""
    stem = " ".join(stem.split())
    if not article.strip() or len(article) > _LONGEST_ARTICLE:
        raise QuestionError("先写条款编号，如 五.8")
    if not stem:
        raise QuestionError("条款编号后面空一格，再写题干")
    if len(stem) > LONGEST_STEM:
        raise QuestionError(f"题干最多 {LONGEST_STEM} 个字")
    found = _without_letters([" ".join(option.split()) for option in options])
    if not LEAST_OPTIONS <= len(found) <= MOST_OPTIONS:
        raise QuestionError(f"选项要有 {LEAST_OPTIONS} 到 {MOST_OPTIONS} 个")
    if not all(found):
        raise QuestionError("有一个选项是空的")
    if any(len(option) > LONGEST_OPTION for option in found):
        raise QuestionError(f"每个选项最多 {LONGEST_OPTION} 个字")
    if len({_plain(option) for option in found}) < len(found):
        raise QuestionError("有两个选项是一样的")
    if any(_BARS.search(part) for part in (article, title, stem, *found)):
        raise QuestionError("题干和选项里不能有 |")
    if any(mask(part) != part for part in (stem, *found)):
        raise QuestionError("题目里不要写手机号、证件号这样的号码")
    right = choice(answer, len(found))
    if right is None:
        raise QuestionError(f"最后写正确答案，如「答案 B」，只能是 {'、'.join(LETTERS[: len(found)])}")
    return Written(article.strip(), title.strip(), stem, tuple(found), right)


def choice(text: str, count: int) -> int | None:
    """Which of `count` options somebody means by `B`, `选b`, `答案：Ｂ`; None for anything else."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:20])).upper()
    found = _CHOICE.fullmatch(plain)
    place = LETTERS.index(found[1]) if found else count
    return place if place < count else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _without_letters(options: list[str]) -> list[str]:
    """The options without the letters before them, where each has its own: `A. 是`, `B 否`."""
    for sign in (r"\s*[.．、:：)）]\s*", r"\s+", ""):
        found = [
            re.fullmatch(rf"{letter}{sign}(\S.*)", option, re.IGNORECASE)
            for letter, option in zip(_letters(len(options)), options, strict=True)
        ]
        bare = [match[1] for match in found if match is not None]
        if options and len(bare) == len(options) and len({_plain(option) for option in bare}) == len(bare):
            return bare
    return options


def _letters(count: int) -> list[str]:
    """A, Ａ and so on; behind the last letter nothing fits."""
    wide = [f"[{letter}{chr(ord(letter) + 0xFEE0)}]" for letter in LETTERS]
    return [wide[place] if place < len(wide) else r"(?!)" for place in range(count)]
