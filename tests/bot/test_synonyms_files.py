"""Groups of words out to a file and back, and what is wrong with them in one line each."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.synonyms import as_csv, as_toml
from bot.imports.synonyms import read, wrong
from bot.imports.tables import TableError
from handlers.policy.finding.synonyms import Group

GROUPS = (Group(("内退", "提前退休", "退了")), Group(("钉一下",), "DING"), Group(("=公式", "加减")))


@pytest.mark.parametrize(("name", "write"), [("a.toml", as_toml), ("a.csv", as_csv)])
def test_what_goes_out_comes_back(tmp_path: Path, name: str, write: object) -> None:
    (tmp_path / name).write_bytes(write(GROUPS))  # type: ignore[operator]
    found = read(tmp_path / name)
    assert found.groups == GROUPS
    assert list(wrong(found)) == []


def test_the_shipped_words_are_good_and_come_back_from_a_table(tmp_path: Path) -> None:
    for name in ("synonyms.toml", "synonyms_campus.toml"):
        path = tmp_path / name
        path.write_bytes(files("handlers.policy.finding").joinpath(name).read_bytes())
        found = read(path)
        assert list(wrong(found)) == []
        (tmp_path / "a.csv").write_bytes(as_csv(found.groups))
        assert read(tmp_path / "a.csv").groups == found.groups


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["同义词", "意思"], ["内退，提前退休\n退了", None], ["钉一下", "DING"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").groups == GROUPS[:2]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("内退,", "「词」：至少要两个不同的词"),
        ("内退、内退,", "「词」：至少要两个不同的词"),
        ("内退、退、提前退休,", "「词」：「退」要 2 到 20 个字"),
        (f"内退、{'长' * 21},", "要 2 到 20 个字"),
        ("内退、——,", "「词」：「——」里没有字"),
        ("内退、提前退休、內退,", "「词」：同一个词写了两次"),
        ("钉一下,钉", "「指」：「钉」要 2 到 20 个字"),
        (f"{'、'.join(f'词{n:02}' for n in range(41))},", "一组最多 40 个词"),
    ],
)
def test_each_thing_that_is_wrong_is_one_line(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "a.csv").write_text(f"词,指\n入职、报到,\n{row}\n", encoding="utf-8")
    lines = list(wrong(read(tmp_path / "a.csv")))
    assert any(line.startswith("第 3 行「") and said in line and " / line 3, " in line for line in lines), lines


def test_a_word_in_too_many_groups(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(as_toml([Group(("走了", f"离职{number}")) for number in range(5)]))
    [line] = wrong(read(tmp_path / "a.toml"))
    assert line.startswith("第 4 个 [[synonyms]]「words」：「走了」已经在 3 组里了")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "只认 .toml"),
        ("a.toml", b"[[synonyms]\n", "不是合格的 TOML"),
        ("a.toml", b"\xff", "不是 UTF-8"),
        ("a.toml", b"x = 1\n", "不认识「x」"),
        ("a.toml", b"synonyms = 1\n", "[[synonyms]]"),
        ("a.toml", b"synonyms = [1]\n", "要写成 [[synonyms]] 小节"),
        ("a.toml", b"[[synonyms]]\nword = ['x']\n", "没有「word」这一项，是不是 words"),
        ("a.toml", b"[[synonyms]]\nwords = 'x'\n", "要写成文字的列表"),
        ("a.toml", b"[[synonyms]]\nwords = ['x']\nmeans = 1\n", "要写带引号的文字"),
        ("a.csv", "指\nx\n".encode(), "缺少列「词」"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TableError) as error:
        read(tmp_path / name)
    assert said in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="读不到"):
        read(tmp_path / "a.toml")


WORD = st.text(st.characters(categories=["L", "N"]), min_size=2, max_size=6)
ANY_GROUP = st.builds(Group, st.lists(WORD, min_size=2, max_size=4, unique=True).map(tuple), st.just("") | WORD)


@given(st.lists(ANY_GROUP, min_size=1, max_size=4))
def test_any_groups_come_back(tmp_path_factory: pytest.TempPathFactory, groups: list[Group]) -> None:
    folder = tmp_path_factory.mktemp("words")
    for name, data in (("a.toml", as_toml(groups)), ("a.csv", as_csv(groups))):
        (folder / name).write_bytes(data)
        assert list(read(folder / name).groups) == groups
