"""An index made from the one before, beside one built anew; and what holds in every thread and process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.policy.documents.corpus import parse
from handlers.policy.finding import query
from handlers.policy.finding.decision import decide
from handlers.policy.finding.elsewhere import topics
from handlers.policy.finding.index import PolicyIndex
from storage.policies import Article, Document
from tests.handlers.policy.desk import CARS, CARS_TEXT, DIGEST, NOW, a_desk
from tests.handlers.policy.finding.test_index import BOTH, INDEX

ARTICLE = st.builds(
    Article,
    number=st.sampled_from(["第一条", "第二条", "一.1"]),
    text=st.sampled_from(
        ["退休人员移出组织", "公务用车不得出借", "会议室由办公室登记", "三日内归还", "", "食堂六点开门", "退休，移出"]
    ),
    questions=st.sampled_from([(), ("退休了还留着吗",), ("车能不能借人", "能不能出借"), ("能不能进",)]),
)
CHANGE = st.tuples(st.integers(1, 4), st.none() | st.lists(ARTICLE, max_size=3))
"""A document that is put in, changed or (None) taken out."""
ASKED = ("退休了要移出吗", "车能不能借", "能不能", "会议室找谁", "食堂几点开门", "多久归还", "退修")


def found_in(index: PolicyIndex) -> list[object]:
    """All that an index tells about some questions."""
    looked_up = [index.look_up(question, 5) for question in ASKED]
    return [
        [(hit.document.title, hit.article.number, hit.article.text, hit.score, hit.confidence) for hit in found.hits]
        for found in looked_up
    ] + [[found.elsewhere.name if found.elsewhere else "" for found in looked_up], list(map(index.respelled, ASKED))]


@settings(max_examples=40)
@given(st.lists(CHANGE, max_size=7), st.permutations(range(1, 5)))
def test_an_index_made_from_the_one_before_is_as_if_built_anew(
    changes: list[tuple[int, list[Article] | None]], order: list[int]
) -> None:
    """Documents come in any order, whatever was there first: what is official stands before the digest."""
    have: dict[int, tuple[Document, list[Article]]] = {}
    index = PolicyIndex()
    for revision, (number, articles) in enumerate(changes):
        if articles is None:
            have.pop(number, None)
        else:
            have[number] = (Document(f"办法{number}", id=number, content_revision=revision), articles)
        wanted = [have[one] for one in order if one in have]
        index = PolicyIndex(wanted, before=index)
    fresh = PolicyIndex([have[one] for one in order if one in have])
    assert found_in(index) == found_in(fresh)
    assert [count for _, count in index.documents] == [count for _, count in fresh.documents]


def test_of_two_that_fit_equally_the_first_comes_first_however_the_index_was_made() -> None:
    same = [Article("第一条", "退休人员移出组织")]
    digest_first = PolicyIndex([(Document("要点", id=1), same)])
    both = [(Document("办法", id=2), same), (Document("要点", id=1), same)]
    for index in (PolicyIndex(both), PolicyIndex(both, before=digest_first)):
        assert [hit.document.title for hit in index.search("退休要移出吗")] == ["办法", "要点"]


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]) | st.floats(0, 9), min_size=400, max_size=400))
def test_the_best_are_those_of_a_plain_sort(scores: list[float]) -> None:
    begin = len(topics())
    many = PolicyIndex([(Document("甲", id=2), [Article(f"第{n}条", "甲") for n in range(380)])])
    changed = [
        (Document("乙", id=1), [Article("第一条", "乙")] * 20),
        (Document("甲", id=2), [Article(f"第{n}条", "甲") for n in range(380)]),
    ]
    index = PolicyIndex(changed, before=many)
    places = [*range(begin + 380, begin + 400), *range(begin, begin + 380)]
    assert index._best([9.5] * begin + scores) == sorted(places, key=lambda n: -scores[n - begin])[:8]


def test_an_index_full_of_holes_is_built_anew() -> None:
    long = [Article(f"第{n}条", "甲") for n in range(700)]
    index = PolicyIndex([(Document("办法", id=1, content_revision=0), long)])
    assert not index.is_full_of_holes
    for revision in range(1, 5):
        index = PolicyIndex([(Document("办法", id=1, content_revision=revision), long)], before=index)
    assert index.is_full_of_holes
    assert not PolicyIndex([(Document("办法", id=1), long)]).is_full_of_holes


def test_holes_are_filled_when_the_index_is_read_anew() -> None:
    with a_desk() as desk:
        index = PolicyIndex.load(desk.store.policies, NOW.date())
        full = PolicyIndex([(Document("别的", id=99), [Article(f"第{n}条", "甲") for n in range(1500)])], before=index)
        after = PolicyIndex.load(desk.store.policies, NOW.date(), before=PolicyIndex([], before=full))
    assert not after.is_full_of_holes
    assert found_in(after) == found_in(index)


def test_of_what_has_not_changed_nothing_is_read_anew() -> None:
    with a_desk() as desk:
        before = PolicyIndex.load(desk.store.policies, NOW.date())
        desk.bring(CARS_TEXT)
        after = PolicyIndex.load(desk.store.policies, NOW.date(), before=before)
    assert after.articles[-1][1] is before.articles[-1][1]
    assert [document.title for document, _ in after.documents] == [CARS, DIGEST]
    assert decide("司机违章罚款谁出", after, 0.5).hits[0].document.title == CARS
    assert [document.title for document, _ in before.documents] == [DIGEST]


def test_others_go_on_asking_while_an_index_is_made_from_theirs() -> None:
    cars = (Document(CARS, id=2), parse(CARS_TEXT).articles)
    expected = found_in(INDEX)
    stop = threading.Event()

    def ask() -> bool:
        while True:
            if found_in(INDEX) != expected:
                return False
            if stop.is_set():
                return True

    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask) for _ in range(2)]
        index = INDEX
        for revision in range(20):
            index = PolicyIndex([(replace(cars[0], content_revision=revision), cars[1])], before=index)
        stop.set()
        assert [one.result() for one in asking] == [True, True]
    assert found_in(INDEX) == expected


def test_the_same_in_every_process() -> None:
    """Sets of words are ordered otherwise in each."""
    script = (
        "from tests.handlers.policy.finding.test_index_anew import BOTH, found_in\n"
        "questions = ('退休的老师还要留在群里吗', '司机违章罚款谁出', 'tuixiu le 要退群吗', '今天天气怎么样')\n"
        "print(found_in(BOTH), [BOTH.look_up(question, 5) for question in questions])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[4],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_an_article_stands_for_two_of_its_items_that_fit_equally() -> None:
    """They say the same of two kinds of people; the question is about neither."""
    lead = "人员变动的，由所在部门办理移出"
    index = PolicyIndex(
        [
            (
                Document("办法", id=1),
                [
                    Article("二.6", f"{lead}：\n（一）甲类人员移出组织\n（二）乙类人员移出组织"),
                    Article("二.6.(一)", f"{lead}：\n（一）甲类人员移出组织"),
                    Article("二.6.(二)", f"{lead}：\n（二）乙类人员移出组织"),
                    Article("二.7", "会议室由办公室登记"),
                ],
            )
        ]
    )
    found = [hit.article.number for hit in index.search("人员变动由谁办理移出组织")]
    assert found[0] == "二.6"
    assert set(found).isdisjoint({"二.6.(一)", "二.6.(二)"})
    assert index.search("甲类人员移出组织吗")[0].article.number in ("二.6.(一)", "二.6")


@pytest.mark.parametrize(
    ("question", "number"),
    [("出车之前要跟谁申请", "第三条"), ("能不能把车借给别人", "第四条"), ("喝了酒能不能开", "第五条")],
)
def test_what_is_said_in_any_question_does_not_draw_to_the_document_with_questions(question: str, number: str) -> None:
    hits = BOTH.search(question)
    assert (hits[0].document.title, hits[0].article.number) == (CARS, number)


def test_leaving_common_words_for_the_likely_articles_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among many articles what stands in most of them is counted for a few only; the article that is asked for stays first."""
    places = [f"第{number}实验楼{name}" for number in range(1, 61) for name in ("大厅", "机房", "库房", "走廊", "天台")]
    articles = [
        Article(f"第{number}条", f"使用{place}应当提前三天申请，由后勤管理处批准，用后打扫干净。")
        for number, place in enumerate(places, start=1)
    ]
    index = PolicyIndex([(Document("场地管理办法", id=1), articles)])
    asked = [f"用{place}要提前几天申请" for place in places[::23]]
    monkeypatch.setattr(query, "COMMON", 100)
    some = [index.look_up(question) for question in asked]
    monkeypatch.setattr(query, "COMMON", 10**9)
    every = [index.look_up(question) for question in asked]
    assert [one.hits[0].article for one in some] == [one.hits[0].article for one in every]
    assert [one.hits[0].article.text.find(place) for one, place in zip(some, places[::23], strict=True)] == [2] * len(
        asked
    )
    assert [one.confidence for one in some] == pytest.approx([one.confidence for one in every], abs=0.05)
