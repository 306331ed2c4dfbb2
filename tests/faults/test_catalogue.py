"""docs/faults.md names every trouble that there is, and no other."""

from __future__ import annotations

import re

from tests.docs.pages import read
from tests.faults.kills import STEPS
from tests.faults.test_storms import KILLS, LIVES, STORMS
from tests.faults.troubles import TROUBLES

PAGE = "docs/faults.md"
NUMBERS = {11: "eleven", 90: "ninety"}


def test_the_page_names_every_trouble_and_no_other() -> None:
    part = read(PAGE).partition("## The troubles")[2].partition("\n«")[0]
    named = re.findall(r"`([\w-]+)`", part)
    assert sorted(named) == sorted([*TROUBLES, "full-disk"])


def test_the_page_has_the_right_figures() -> None:
    page = read(PAGE)
    assert f"kills at {NUMBERS[len(STEPS)]} named steps" in page
    assert f"{NUMBERS[STORMS]} storms, {LIVES * KILLS} kills" in page
