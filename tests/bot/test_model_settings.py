"""`[semantic]` and `[language_model]`: off by default, and every mistake one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import SettingsError, examine, load, unreadable_keys, warnings

KEY = "sk-steward-0123456789"


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> list[str]:
    return examine(write(folder, text), {})[1]


def test_both_are_off_unless_somebody_says_so(tmp_path: Path) -> None:
    settings = load(write(tmp_path, ""), {})
    assert settings.semantic.source == "off"
    assert settings.language_model.address == ""
    assert not settings.language_model.outsiders


def test_an_address_needs_a_model_and_a_source_its_address(tmp_path: Path) -> None:
    (line,) = problems_of(tmp_path, '[language_model]\naddress = "https://model.example/v1/"')
    assert "[language_model] model" in line
    assert "模型名" in line
    lines = problems_of(tmp_path, '[semantic]\nsource = "address"\nmodel = "m"')
    assert any("[semantic] address" in line for line in lines)
    (line,) = problems_of(tmp_path, '[semantic]\nsource = "address"\naddress = "https://model.example/v1"')
    assert "[semantic] model" in line
    (line,) = problems_of(tmp_path, '[language_model]\naddress = "model.example"\nmodel = "m"')
    assert "https://主机" in line
    settings = load(write(tmp_path, '[language_model]\naddress = "https://model.example/v1/"\nmodel = "m"'), {})
    assert settings.language_model.address == "https://model.example/v1"


def test_a_key_comes_from_environment_or_file_and_is_never_shown(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    settings = load(path, {"STEWARD_LANGUAGE_MODEL__KEY": KEY, "STEWARD_SEMANTIC__KEY_FILE": "key"})
    (tmp_path / "key").write_text(f"{KEY}-2\n", encoding="utf-8")
    assert settings.language_model.secret(tmp_path) == KEY
    assert settings.semantic.secret(tmp_path) == f"{KEY}-2"
    assert settings.secrets == [f"{KEY}-2", KEY]
    assert KEY not in repr(settings) + settings.model_dump_json()
    assert KEY not in "".join(problems_of(tmp_path, f'[semantic]\nkey = ["{KEY}"]'))


def test_a_key_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    settings = load(write(tmp_path, '[language_model]\nkey_file = "nowhere"'), {})
    (line,) = unreadable_keys(settings)
    assert "[language_model] key_file" in line
    assert "读不到" in line
    with pytest.raises(SettingsError, match="读不到"):
        _ = settings.secrets


@pytest.mark.skipif(os.name != "posix", reason="only Unix has these modes")
def test_a_key_that_others_can_read_is_warned_about(tmp_path: Path) -> None:
    path = write(tmp_path, f'[language_model]\nkey = "{KEY}"\n[semantic]\nkey_file = "key"')
    (tmp_path / "key").write_text(KEY, encoding="utf-8")
    path.chmod(0o644)
    (tmp_path / "key").chmod(0o640)
    told = warnings(load(path, {}), path)
    assert [line.split("：")[0] for line in told] == [str(path), str(tmp_path / "key")]
    path.chmod(0o600)
    (tmp_path / "key").chmod(0o600)
    assert warnings(load(path, {}), path) == []


def test_an_address_that_is_not_encrypted_is_warned_about(tmp_path: Path) -> None:
    for address, is_told in (
        ("http://models.example/v1", True),
        ("https://models.example/v1", False),
        ("http://127.0.0.1:8000/v1", False),
    ):
        path = write(tmp_path, f'[language_model]\naddress = "{address}"\nmodel = "m"')
        path.chmod(0o600)
        told = warnings(load(path, {}), path)
        assert [line.split("：")[0] for line in told] == ["[language_model] address"] * is_told
