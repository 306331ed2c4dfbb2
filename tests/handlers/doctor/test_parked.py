"""Which rows somebody means by what they type."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.doctor.parked import MOST_NAMED, TargetError, Targets, hidden, targets


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("收12", Targets((12,))),
        ("发34", Targets((), (34,))),
        ("收12 发34", Targets((12,), (34,))),
        ("发34，收12、收13;发5", Targets((12, 13), (34, 5))),
        ("收12发34", Targets((12,), (34,))),
        ("收件 12 号", Targets((12,))),
        ("收１２", Targets((12,))),
        ("发件#7", Targets((), (7,))),
        ("in12,OUT34", Targets((12,), (34,))),
        ("收12 收12 发3 发3", Targets((12,), (3,))),
        ("收12和发34", Targets((12,), (34,))),
        ("全部", Targets(is_all=True)),
        (" 所有 ", Targets(is_all=True)),
        ("ALL", Targets(is_all=True)),
    ],
)
def test_numbers_with_their_box(typed: str, wanted: Targets) -> None:
    assert targets(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请写编号"),
        ("  ", "请写编号"),
        ("12", "编号前要写“收”或“发”"),
        ("12 34", "编号前要写“收”或“发”"),
        ("收", "看不懂「收」"),
        ("收12 那个", "看不懂「那个」"),
        ("全部 收12", "看不懂「全部 收12」"),
        ("收9999999999999999", "看不懂"),
        ("收-1", "看不懂"),
        (" ".join(f"收{n}" for n in range(MOST_NAMED + 1)), "一次最多写 50 个"),
    ],
)
def test_what_is_not_clear_is_said(typed: str, said: str) -> None:
    with pytest.raises(TargetError, match=said):
        targets(typed)


@given(st.text())
@example("收" * 1000)
@example("收1" * 100_000)
@example("收\u0661\u0662")
def test_whatever_is_typed_is_rows_or_one_line(typed: str) -> None:
    try:
        found = targets(typed)
    except TargetError as error:
        assert 0 < len(str(error)) < 60
    else:
        assert found.is_all or found.inbox or found.outbox
        assert all(0 <= row_id < 2**63 for row_id in (*found.inbox, *found.outbox))


@given(
    st.lists(st.integers(1, 10**14), max_size=10, unique=True),
    st.lists(st.integers(1, 10**14), max_size=10, unique=True),
    st.sampled_from([" ", "，", "、", ",", " 和 "]),
)
def test_what_is_shown_can_be_typed(inbox: list[int], outbox: list[int], between: str) -> None:
    labels = [*(f"收{n}" for n in inbox), *(f"发{n}" for n in outbox)]
    if labels:
        assert targets(between.join(labels)) == Targets(tuple(inbox), tuple(outbox))


@pytest.mark.parametrize(
    ("name", "shown"), [("王建国", "王＊＊"), ("吴凡", "吴＊"), ("欧阳修文", "欧＊＊"), ("u", "u＊"), ("", "＊")]
)
def test_of_a_name_the_first_character_is_left(name: str, shown: str) -> None:
    assert hidden(name) == shown
