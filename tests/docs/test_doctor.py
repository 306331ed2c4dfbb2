"""The page about the doctor names every check that there is, once, and no other."""

from __future__ import annotations

import re
from collections import Counter

from docs.generate.doctor import LOOKED_AT
from handlers.doctor.texts import TITLES
from tests.docs.pages import read


def test_every_check_is_explained_once_in_both_languages() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) / (.+) \| (.+) / (.+) \|$", read("docs/doctor.md"), re.MULTILINE)
    assert Counter(name for name, *_ in rows) == Counter(list(TITLES))
    assert set(LOOKED_AT) == set(TITLES)
    assert all(all(words) for words in rows)
