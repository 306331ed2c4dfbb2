"""Traditional characters become the simplified ones."""

from __future__ import annotations

import pytest

from handlers.simplified import TO_SIMPLIFIED


@pytest.mark.parametrize(
    ("written", "simplified"),
    [
        ("專業代寫論文", "专业代写论文"),
        ("退休的老師還要留在群裡嗎", "退休的老师还要留在群里吗"),
        ("薴", "苎"),
        ("头发", "头发"),
        ("abc 123", "abc 123"),
    ],
)
def test_a_text_in_traditional_characters(written: str, simplified: str) -> None:
    assert written.translate(TO_SIMPLIFIED) == simplified


def test_every_character_becomes_one_that_stays() -> None:
    """Offsets are kept, and folding twice changes nothing."""
    assert len(TO_SIMPLIFIED) > 3000
    for simplified in TO_SIMPLIFIED.values():
        assert len(simplified) == 1
        assert simplified.translate(TO_SIMPLIFIED) == simplified
