"""What the pages tell people to type exists: commands, verbs with their options, make's targets, files, links."""

from __future__ import annotations

import re

import click
import pytest

from docs.generate.verbs import verbs
from handlers.commands import grammar
from handlers.commands.registry import COMMANDS
from tests.docs.pages import ROOT, inline_code, markdown, read, typed_lines

VERBS = dict(verbs())
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|md|toml|json|service|png)|[A-Z][\w.-]*\.md")
MADE_BY_PEOPLE = {"config.toml"}


@pytest.mark.parametrize("page", markdown())
def test_every_slash_command_exists(page: str) -> None:
    for code in inline_code(read(page)):
        said = code.removeprefix("@群管家 ")
        if re.match(r"/[\u4e00-\u9fff]", said):
            assert grammar.find(said, COMMANDS) or grammar.family_of(said, COMMANDS), (page, code)


def _words_of(line: str) -> tuple[tuple[str, ...], list[str]]:
    """The verb that a line calls, and what follows it."""
    words = line.split()[1:]
    for length in range(len(words), 0, -1):
        if tuple(words[:length]) in VERBS:
            return tuple(words[:length]), words[length:]
    return (), words


def _spelled_out(line: str) -> list[str]:
    """`steward import staff|groups` is two lines."""
    found = re.search(r"\S+\|\S+", line)
    return [line.replace(found[0], one) for one in found[0].split("|")] if found else [line]


@pytest.mark.parametrize("page", markdown())
def test_every_verb_exists_and_takes_the_options(page: str) -> None:
    for typed in typed_lines(read(page)):
        found = re.match(r"(?:sudo (?:-u \w+ )?)?(?:\S*/)?(steward(?: .*)?)$", typed)
        if found is None or found[1] in ("steward", "steward …"):
            continue
        for line in _spelled_out(found[1]):
            verb, rest = _words_of(line)
            families = {words[0] for words in VERBS}
            assert verb or line.split()[1:] in [[family] for family in families], (page, line)
            known = {name for parameter in (VERBS[verb].params if verb else []) for name in parameter.opts}
            assert {word for word in rest if word.startswith("--")} <= known, (page, line)


@pytest.mark.parametrize("page", markdown())
def test_every_target_of_make_exists(page: str) -> None:
    for typed in typed_lines(read(page)):
        found = re.match(r"make (\w+)$", typed)
        assert found is None or found[1] in TARGETS, (page, typed)


@pytest.mark.parametrize("page", markdown())
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    for target in _LINK.findall(read(page)):
        if not target.startswith(("https://", "#")):
            assert (ROOT / page).parent.joinpath(target.partition("#")[0]).exists(), (page, target)


@pytest.mark.parametrize("page", markdown())
def test_files_that_are_named_exist(page: str) -> None:
    for code in inline_code(read(page)):
        if _FILE.fullmatch(code):
            assert (ROOT / code).exists(), (page, code)


def test_pictures_are_light() -> None:
    pictures = [*ROOT.glob("docs/images/*")]
    assert pictures
    assert all(picture.stat().st_size < 300_000 for picture in pictures)


def test_every_verb_says_what_it_is_in_both_languages() -> None:
    for words, verb in VERBS.items():
        assert isinstance(verb, click.Command)
        assert " / " in (verb.help or ""), words
