"""What is generated is up to date, and the example configuration is what it claims to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.settings import Settings, load, sections
from docs.generate import configuration
from docs.generate.pages import pages
from docs.generate.words import COMMANDS as ENGLISH
from docs.generate.words import NOT_YET
from handlers.commands.registry import COMMANDS
from tests.docs.pages import ROOT, read

EXAMPLE = "config.example.toml"
CREDENTIALS = {"STEWARD_DINGTALK__CLIENT_ID": "dingexample", "STEWARD_DINGTALK__CLIENT_SECRET": "example"}


@pytest.mark.parametrize("path", pages())
def test_the_page_is_what_make_docs_writes(path: str) -> None:
    assert read(path) == pages()[path], f"{path} is old: run `make docs`"


def test_the_example_is_a_good_configuration() -> None:
    done = CliRunner().invoke(main, ["check-config", "-c", str(ROOT / EXAMPLE)], env=CREDENTIALS)
    assert done.exit_code == 0, done.output


def test_every_key_stands_in_the_example_with_its_default(tmp_path: Path) -> None:
    """With every # before a key taken away, all is as without a file."""
    uncommented = re.sub(r"^#(?=[^\s#])", "", read(EXAMPLE), flags=re.MULTILINE)
    for name, section in sections().items():
        part = re.search(rf"^\[{name}\]$(.*?)(?=^\[\w+\]$|\Z)", uncommented, re.MULTILINE | re.DOTALL)
        assert part is not None, name
        for key in section.model_fields:
            pattern = rf"^({key} = |\[\[{name}\.{key}\]\]$)"
            assert len(re.findall(pattern, part[1], re.MULTILINE)) == 1, (name, key)
    file = tmp_path / "config.toml"
    file.write_text(uncommented, encoding="utf-8")
    assert load(file, environ={}) == Settings(base=tmp_path)


def test_keys_without_effect_are_called_so_and_no_others() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for room in ("bot", "handlers") for path in ROOT.glob(f"{room}/**/*.py")
    )
    idle = {
        f"[{section}] {key.name}"
        for section in sections()
        for key in configuration.keys(section)
        if not re.search(rf"\.{key.name}\b", code)
    }
    assert idle == set(NOT_YET)


def test_every_command_has_its_english_words_and_no_other_has() -> None:
    assert {" ".join(command.aliases) for command in COMMANDS} == set(ENGLISH)
