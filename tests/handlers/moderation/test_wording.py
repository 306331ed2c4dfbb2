"""Messages are taken for what they read like as a whole."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluation.flags.sets import digest
from handlers.moderation.normalise import Folded, bare
from handlers.moderation.rule import CATEGORIES, Rule
from handlers.moderation.scanner import Scanner
from handlers.moderation.wording.model import (
    AT_ONCE,
    MOST_READ,
    NUMBER_OF,
    Model,
    Numbers,
    lines_of,
    pieces,
    shipped,
    weights_file,
    with_one_digit,
)

ADVERT = "专业代写毕业论文，不过全额退款，需要的加微信"
NOTICE = "请各位老师周五之前把期末成绩录入系统，有问题联系教务处"
WORDS = Rule("words", "advertising", "五.2", words=("论文",), unless_harmless=True)
LIKELY = Rule("likely", "advertising", "五.2", detectors=("wording",))
NUMBERS = Numbers(1.0, 0.5, (-1.0, -2.0, 0.0, 0.25, -0.5, 3.0))
WEIGHTS = st.dictionaries(
    st.sampled_from([*pieces("甲乙0丙"), "丁"]), st.tuples(*[st.integers(-9000, 9000)] * len(CATEGORIES)), max_size=12
)
TEXTS = st.text(st.one_of(st.sampled_from("甲乙丙丁09"), st.characters()), max_size=400)


@given(WEIGHTS, TEXTS)
def test_the_odds_are_the_sum_of_the_weights_of_the_pieces(weights: dict[str, tuple[int, ...]], text: str) -> None:
    for part in Model(NUMBERS, weights).read(Folded(text)):
        found = pieces(with_one_digit(bare(text))[part.start : part.end])
        for number, odds in enumerate(part.odds):
            total = sum(weights[piece][number] for piece in found if piece in weights)
            wanted = NUMBERS.base[number] + NUMBERS.scale * total / math.sqrt(len(found))
            assert odds == pytest.approx(wanted)


@given(WEIGHTS, TEXTS)
def test_a_model_is_read_as_it_was_written(weights: dict[str, tuple[int, ...]], text: str) -> None:
    read = Model.from_lines([f"{line}\n" for line in lines_of(NUMBERS, weights)])
    assert read.read(Folded(text)) == Model(NUMBERS, weights).read(Folded(text))
    assert read.sure == NUMBERS.sure


@given(st.text(max_size=5 * AT_ONCE))
def test_parts_leave_nothing_out_and_are_short(text: str) -> None:
    folded = Folded(text)
    parts = shipped().read(folded)
    covered = {place for part in parts for place in range(part.start, part.end)}
    assert covered == set(range(len(folded.bare)))
    assert all(part.end - part.start <= AT_ONCE for part in parts)


@given(st.text(min_size=1, max_size=200), st.sampled_from(range(len(CATEGORIES))))
def test_what_is_telling_stands_in_the_text(text: str, category: int) -> None:
    for part in shipped().read(Folded(text)):
        first, last = shipped().telling(bare(text), part, category)
        assert part.start <= first < last <= part.end


def test_what_is_telling_is_what_speaks_for_the_category() -> None:
    model = Model(NUMBERS, {"丁": (0, 90, 0, 0, 0, 0), "丁戊": (0, 50, 0, 0, 0, 0), "甲": (0, -9, 0, 0, 0, 0)})
    (part,) = model.read(Folded("甲甲甲丁戊甲甲"))
    assert model.telling("甲甲甲丁戊甲甲", part, NUMBER_OF["advertising"]) == (3, 5)


def test_an_advert_is_found_whatever_stands_around_it() -> None:
    scanner = Scanner.from_rules([LIKELY])
    assert [hit.rule for hit in scanner.scan(ADVERT)] == [LIKELY]
    assert scanner.scan(NOTICE) == []
    assert [hit.rule for hit in scanner.scan(f"{NOTICE}。" * 20 + ADVERT + f"。{NOTICE}" * 20)] == [LIKELY]


def test_the_hit_is_a_part_of_what_was_written() -> None:
    text = f"各位好！\u200b{ADVERT.replace('代写', '代 写')}"
    (hit,) = Scanner.from_rules([LIKELY]).scan(text)
    assert hit.matched == text[hit.span[0] : hit.span[1]]
    assert (hit.detector, hit.word) == ("wording", "")
    assert 2 <= len(hit.matched) < len(text)


def test_a_word_in_a_harmless_message_does_not_count_where_a_rule_asks_for_that() -> None:
    harmless = "请导师指导研究生修改论文，周五前把开题报告交到教务处"
    assert Scanner.from_rules([WORDS]).scan(harmless) == []
    assert [hit.matched for hit in Scanner.from_rules([WORDS]).scan(ADVERT)] == ["论文"]
    blunt = Rule("blunt", "advertising", "五.2", words=("论文",))
    assert [hit.matched for hit in Scanner.from_rules([blunt]).scan(harmless)] == ["论文"]


def test_only_what_is_around_the_word_is_asked() -> None:
    harmless = "请导师指导研究生修改论文，周五前把开题报告交到教务处。"
    text = harmless * 12 + f"{ADVERT}。" + harmless * 12
    (hit,) = Scanner.from_rules([WORDS]).scan(ADVERT)
    found = Scanner.from_rules([WORDS]).scan(text)
    first = 12 * len(harmless)
    assert (first + hit.span[0], first + hit.span[1]) in [one.span for one in found]
    assert all(abs(one.span[0] - first) < AT_ONCE for one in found)


def test_an_allow_word_in_what_is_telling_keeps_the_rule_quiet() -> None:
    (hit,) = Scanner.from_rules([LIKELY]).scan(ADVERT)
    calm = replace(LIKELY, allow=(hit.matched[:2],))
    assert Scanner.from_rules([calm]).scan(ADVERT) == []
    assert Scanner.from_rules([replace(LIKELY, allow=("教务处",))]).scan(f"教务处。{ADVERT}") != []


def test_data_that_shows_itself_by_its_form_counts_in_any_message() -> None:
    rule = Rule("mobile", "privacy", "四.(三).2", detectors=("mobile",), unless_harmless=True)
    assert Scanner.from_rules([rule]).scan("教务处值班电话是13812345678")


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for hit in Scanner.from_rules([LIKELY, WORDS]).scan(text):
        assert hit.matched == text[hit.span[0] : hit.span[1]] != ""


def test_of_a_text_that_no_message_can_be_the_beginning_is_read() -> None:
    parts = shipped().read(Folded("甲" * (3 * MOST_READ)))
    assert parts[-1].end == MOST_READ


def test_without_letters_there_is_nothing_to_read() -> None:
    assert shipped().read(Folded("")) == []
    assert Scanner.from_rules([LIKELY]).scan("。。。！！") == []


def test_the_weights_belong_to_the_messages() -> None:
    """Whoever changes a message fits anew: `python -m bench.evaluation.flags.fit`."""
    with weights_file().open(encoding="utf-8") as lines:
        assert digest() in next(lines)


def test_no_weight_knows_a_number_of_anybody() -> None:
    with weights_file().open(encoding="utf-8") as lines:
        known = [line.split(" ")[0] for line in lines if not line.startswith("#")][1:]
    assert len(known) == len(set(known)) > 1000
    assert not [piece for piece in known if any(one.isdigit() and one != "0" for one in piece)]
