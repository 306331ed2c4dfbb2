"""Regulations of every usual style and format, from the bytes of the file to what people get when they name an article."""

from __future__ import annotations

import pytest

from handlers.policy.documents.corpus import CorpusError, Regulation, parse, parse_source
from handlers.policy.documents.export import to_markdown
from handlers.policy.documents.importing import take_in
from handlers.policy.documents.reading import read
from handlers.policy.documents.receiving import outline, receive
from handlers.policy.documents.tree import tree
from tests.handlers.policy.desk import NOW, a_desk
from tests.handlers.policy.regulations import SAMPLES, Sample

each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def regulation(sample: Sample) -> Regulation:
    return parse_source(read(sample.name, sample.data()), name=sample.name)


@each
def test_title_numbers_headings_texts_and_doubts(sample: Sample) -> None:
    found = regulation(sample)
    assert found.title == sample.title
    assert tuple(article.number for article in found.articles) == sample.numbers
    texts = {article.number: article.text for article in found.articles}
    assert {number: texts[number] for number in sample.says} == sample.says
    headings = {article.number: article.heading for article in found.articles}
    assert {number: headings[number] for number in sample.headings} == sample.headings
    assert tuple(doubt.kind for doubt in found.doubts) == sample.doubts


@each
def test_the_same_file_gives_the_same_regulation(sample: Sample) -> None:
    assert regulation(sample) == regulation(sample)


@each
def test_exported_as_markdown_it_imports_to_the_same_articles(sample: Sample) -> None:
    found = regulation(sample)
    again = parse(to_markdown(found.title, found.articles))
    assert (again.title, again.articles) == (found.title, found.articles)


@each
def test_every_article_and_every_doubt_stands_in_the_tree(sample: Sample) -> None:
    found = regulation(sample)
    lines = tree(found)
    for article in found.articles:
        assert any(line.strip("　").startswith(f"{article.number}　") for line in lines), article.number
    for doubt in found.doubts:
        assert any("⚠" in line and doubt.text in line for line in lines)


@each
def test_taken_in_every_article_is_found_by_its_number(sample: Sample) -> None:
    with a_desk(with_digest=False) as desk:
        take_in(regulation(sample), desk.store.policies, NOW, NOW.date())
        for number, text in sample.says.items():
            if number != "前言":
                [(_, article)] = desk.context.policies.named(number)
                assert article.text == text


@each
def test_sent_to_the_bot_it_is_shown_in_a_few_lines(sample: Sample) -> None:
    found = receive(sample.name, sample.data())
    lines = outline(found, 12)
    assert len(lines) <= 12
    assert found.doubts == found.regulation.doubts
    assert any("⚠" in line for line in lines) == bool(found.doubts)


def test_what_cannot_be_read_is_told_without_the_name_of_the_file() -> None:
    with pytest.raises(CorpusError, match=r"^文件坏了"):
        receive("办法.docx", b"PK")
