"""The folded form keeps every place; disguises of a character come to one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.normalise import CLAUSE, INVISIBLE, NOISE, SENTENCE_END, Folded, bare

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
"""Every code point, lone surrogates too."""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("Ⓥ𝐗🅰🇧ⅹé", "vxabxe"),
        ("專業代寫論文", "专业代写论文"),
        ("①⑴٣³⓪", "11330"),
        ("㈪🈲", "月禁"),
        ("赌\u200b\u202e博\ufe0f", "赌博"),
        ("赌 * - _ · ~ | 😀 、 博", "赌博"),
        ("weiхin", "weixin"),  # the fourth letter is Cyrillic
        ("薴", "苎"),
        ("…—。！\n", ""),
        ("", ""),
    ],
)
def test_forms(text: str, folded: str) -> None:
    assert bare(text) == folded


@pytest.mark.parametrize(
    ("marks", "kind"),
    [
        ("\u200b\u200d\ufeff\u202e\u2066\u00ad\ufe0f\u0301\0", INVISIBLE),
        (" \t\u3000*-_/|~·.+#&@、😀❤★\ud800", NOISE),
        ("，,：:；;“”（）()「」【】《》…—", CLAUSE),
        ("。！？!?｡\n\r\u2028", SENTENCE_END),
    ],
)
def test_marks(marks: str, kind: str) -> None:
    assert Folded(marks).form == kind * len(marks)


@given(ANY_TEXT)
def test_folding_never_moves_a_place(text: str) -> None:
    folded = Folded(text)
    assert len(folded.form) == len(folded.readable) == len(text)
    assert [folded.form[place] for place in folded.places] == list(folded.bare)


@given(ANY_TEXT)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert bare(bare(text)) == bare(text)


@given(ANY_TEXT, st.data())
def test_a_span_of_the_bare_text_is_a_span_of_the_original(text: str, data: st.DataObject) -> None:
    folded = Folded(text)
    if not folded.bare:
        return
    start = data.draw(st.integers(0, len(folded.bare) - 1))
    end = data.draw(st.integers(start + 1, len(folded.bare)))
    first, last = folded.span(start, end)
    assert bare(text[first:last]) == folded.bare[start:end]


@given(ANY_TEXT)
def test_the_readable_form_can_be_encoded(text: str) -> None:
    for form in (Folded(text).readable, Folded(text).form):
        assert form.encode().decode() == form


def test_the_readable_form_keeps_punctuation() -> None:
    assert Folded("加Ｖ，領\u200b資料！（免費）").readable == "加v,领 资料!(免费)"
