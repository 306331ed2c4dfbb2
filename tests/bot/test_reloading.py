"""Which settings take effect while the bot runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reloading import AT_START, reloading
from bot.settings import Settings, sections


def settings(**sections: object) -> Settings:
    return Settings.model_validate({"base": Path("/somewhere"), **sections})


def test_without_a_difference_nothing_happens() -> None:
    found = reloading(settings(), settings())
    assert (found.settings, found.changed, found.at_next_start) == (settings(), (), ())


def test_what_can_change_does_and_what_cannot_is_named_and_stays() -> None:
    old = settings(dingtalk={"client_id": "a"}, http={"port": 1}, quota={"calls_per_month": 5000})
    new = settings(
        dingtalk={"client_id": "b", "client_secret": "s"},
        storage={"path": "other.db"},
        http={"port": 2},
        quota={"calls_per_month": 6000},
        moderation={"rules": ["rules.toml"]},
        roles={"main_admins": ["0001"]},
        log={"level": "debug"},
        scheduler={"timezone": "Asia/Urumqi"},
    )
    found = reloading(old, new)
    assert found.changed == (
        "[roles] main_admins",
        "[moderation] rules",
        "[scheduler] timezone",
        "[quota] calls_per_month",
        "[log] level",
    )
    assert found.at_next_start == (
        "[dingtalk] client_id",
        "[dingtalk] client_secret",
        "[storage] path",
        "[http] port",
    )
    for section in sections():
        expected = old if section in AT_START else new
        assert getattr(found.settings, section) == getattr(expected, section), section


@pytest.mark.parametrize("section", AT_START)
def test_the_sections_that_wait_are_sections(section: str) -> None:
    assert section in sections()


def test_no_value_is_told_because_it_may_be_a_secret() -> None:
    found = reloading(settings(dingtalk={"client_secret": "before"}), settings(dingtalk={"client_secret": "after"}))
    assert found.at_next_start == ("[dingtalk] client_secret",)
