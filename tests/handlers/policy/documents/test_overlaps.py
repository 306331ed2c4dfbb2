"""Two documents on the same matter: what an import warns of, and which is shown first."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.policy.documents.corpus import parse
from handlers.policy.documents.overlaps import is_same_matter, overlaps
from handlers.policy.finding.arranging import arrange, precedence
from handlers.policy.finding.index import Hit
from handlers.policy.shipped import digest
from storage.policies import Article, Document
from tests.handlers.policy.desk import CARS_TEXT

DIGEST = Document("要点", is_digest=True, effective=date(2023, 11, 28), id=1)
NET = Document("网络安全管理规定", effective=date(2025, 1, 1), id=2)
CARS = Document("用车规定", id=3)
FOREIGN = ("travel", "dormitory", "seals")
NET_TEXT = """学院网络安全管理规定
第一条 为加强网络安全，制定本规定。
第二条 各类工作群的群主应当由部门主要负责人担任，每个群还应设一名以上管理员。
第三条 管理员对申请入群的人员进行审核，群成员仅限在职人员；对离职、退休、调离的人员，应当及时移出群。
第四条 严禁在工作群内发布与工作无关的信息，严禁传递涉密信息、敏感信息。
第五条 服务器机房实行双人双锁，出入登记。
第六条 教职工的电话号码属个人隐私，不得向校外人员提供。
第七条 本规定自2025年1月1日起施行。
"""
NET_ARTICLES = {article.number: article for article in parse(NET_TEXT).articles}
DIGEST_ARTICLES = {article.number: article for article in digest().articles}


def hit(document: Document, article: Article, confidence: float) -> Hit:
    return Hit(document, article, score=confidence, confidence=confidence)


def test_an_import_is_told_which_articles_speak_of_the_same() -> None:
    found = overlaps(parse(NET_TEXT).articles, [(DIGEST, digest().articles), (CARS, parse(CARS_TEXT).articles)])
    assert {(one.article.number, one.document.title, one.other.number) for one in found} == {
        ("第二条", "要点", "五.7"),
        ("第三条", "要点", "五.8"),
        ("第四条", "要点", "五.2"),
        ("第六条", "要点", "四.(三).2"),
    }
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("退休、离职人员应当及时移出工作群。", "五.8"),
        ("请假、用车、用印实行网上审批。", "四.(六).1"),
        ("各部门应当每学期组织学习保密法。", "五.4"),
        ("工作时间必须保持钉钉在线。", "三.1"),
        ("部门应当对本部门的群定期合并、清减。", "五.6"),
        ("食堂应当每日公示菜价。", None),
        ("车辆应当定期保养，由驾驶员填写保养记录。", None),
    ],
)
def test_in_other_words(text: str, number: str | None) -> None:
    found = overlaps([Article("第一条", text)], [(DIGEST, digest().articles)])
    assert [one.other.number for one in found] == ([] if number is None else [number])


def test_regulations_of_different_matters_hardly_overlap() -> None:
    folder = Path(__file__).parents[4] / "bench" / "evaluation" / "dev"
    texts = {name: parse((folder / f"{name}.md").read_text(encoding="utf-8")).articles for name in FOREIGN}
    texts["要点"] = digest().articles
    found = [
        one
        for name, articles in texts.items()
        for one in overlaps(articles, [(Document(other), more) for other, more in texts.items() if other != name])
    ]
    assert len(found) < 0.03 * sum(map(len, texts.values())), found


def test_what_every_regulation_says_is_no_overlap() -> None:
    other = [
        Article("前言", "为规范公章管理，制定本办法。各部门群的群主由部门主要负责人担任。"),
        Article("第一条", "为规范学院公章管理，制定本规定。"),
        Article("第二条", "本规定由学院办公室负责解释。"),
        Article("第三条", "本规定自2025年3月1日起施行。"),
    ]
    assert overlaps(parse(CARS_TEXT).articles, [(NET, other)]) == []
    assert overlaps(digest().articles, [(CARS, parse(CARS_TEXT).articles)]) == []


def test_nothing_overlaps_with_nothing() -> None:
    assert overlaps([], [(NET, digest().articles)]) == []
    assert overlaps(digest().articles, []) == []
    assert overlaps([Article("一", "…")], [(NET, [Article("一", "…")])]) == []


def test_each_of_many_articles_finds_its_own() -> None:
    chance = random.Random(7)
    words = [article.text for article in digest().articles]
    many = [
        Article(str(n), chance.choice(words)[:15] + "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(20)))
        for n in range(600)
    ]
    found = overlaps(many, [(NET, many)])
    assert [one.article.number for one in found if one.other != one.article] == []
    assert len(found) > 550  # the others say what every regulation says


def test_of_the_same_matter_the_newer_document_comes_first() -> None:
    in_digest, in_net = hit(DIGEST, DIGEST_ARTICLES["四.(三).2"], 0.9), hit(NET, NET_ARTICLES["第六条"], 0.6)
    other = hit(DIGEST, DIGEST_ARTICLES["五.7"], 0.7)
    found = arrange([in_digest, other, in_net])
    assert found.answers == (in_net, in_digest)
    assert found.others == (other,)


def test_of_the_same_matter_the_higher_document_comes_first() -> None:
    older_and_higher = replace(NET, rank=3, effective=date(2001, 1, 1))
    in_digest = hit(DIGEST, DIGEST_ARTICLES["四.(三).2"], 0.9)
    in_net = hit(older_and_higher, NET_ARTICLES["第六条"], 0.6)
    assert arrange([in_digest, in_net]).answers == (in_net, in_digest)


def test_of_different_matters_the_surer_comes_first_and_the_nearly_as_sure_beside_it() -> None:
    in_digest, in_net = hit(DIGEST, DIGEST_ARTICLES["五.7"], 0.9), hit(NET, NET_ARTICLES["第五条"], 0.88)
    assert arrange([in_digest, in_net]).answers == (in_digest, in_net)
    assert arrange([in_digest, replace(in_net, confidence=0.7)]).answers == (in_digest,)


def test_one_answer_a_document_and_two_in_all() -> None:
    article = DIGEST_ARTICLES["四.(三).2"]
    hits = [hit(DIGEST, article, 0.9), hit(DIGEST, DIGEST_ARTICLES["五.7"], 0.9), hit(NET, article, 0.9)]
    hits.append(hit(CARS, article, 0.9))
    found = arrange(hits)
    assert [one.document for one in found.answers] == [NET, DIGEST]
    assert [one.document for one in arrange(hits, most=3).answers] == [NET, CARS, DIGEST]
    assert arrange([]).answers == ()


@pytest.mark.parametrize(
    "documents",
    [
        [Document("a", rank=3), Document("b", rank=1, effective=date(2026, 1, 1))],
        [Document("a"), Document("b", is_digest=True, effective=date(2026, 1, 1))],
        [Document("a", effective=date(2026, 1, 1)), Document("b", effective=date(2025, 1, 1))],
        [Document("a", begins=date(2026, 1, 1)), Document("b")],
    ],
)
def test_precedence(documents: list[Document]) -> None:
    assert sorted([documents[1], documents[0]], key=precedence) == documents


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_same_matter_is_the_same_from_both_sides(one: str, other: str) -> None:
    a, b = Article("一", one), Article("二", other)
    assert is_same_matter(a, b) == is_same_matter(b, a)
    overlaps([a], [(NET, [b])])
