"""`steward scan` and `steward rules`, run as people and programs run them, without a configuration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

RULES = """
[[rule]]
id = "own"
category = "abuse"
article = "一.2"
words = ["坏词"]

[[rule]]
id = "numbers"
category = "privacy"
article = "四.(三).2"
state = "enforce"
detectors = ["mobile"]
[rule.scope]
kinds = ["class"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    return tmp_path


def steward(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def messages(*texts: str) -> str:
    lines = "".join(json.dumps({"text": text}) + "\n\n" for text in texts)
    Path("messages.jsonl").write_text(lines, encoding="utf-8")
    return "messages.jsonl"


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_object_a_message_with_exact_spans() -> None:
    assert rows(steward("scan", "--json", "--rules", "rules.toml", messages("😀坏*词，13800138000", "好的"))) == [
        {
            "text": "😀坏*词，13800138000",
            "flagged": True,
            "hits": [
                {"rule": "own", "category": "abuse", "article": "一.2", "span": [1, 4], "matched": "坏*词"},
                {
                    "rule": "numbers",
                    "category": "privacy",
                    "article": "四.(三).2",
                    "span": [5, 16],
                    "matched": "13800138000",
                },
            ],
        },
        {"text": "好的", "flagged": False, "hits": []},
    ]


def test_without_rules_the_built_in_ones_count() -> None:
    (row,) = rows(steward("scan", "--json", messages("专业代写论文，加微信包过")))
    assert "advertising-ghostwriting" in {hit["rule"] for hit in row["hits"]}


def test_the_rules_of_the_configuration_count_and_are_replaced_by_the_option(folder: Path) -> None:
    (folder / "conf").mkdir()
    (folder / "conf" / "steward.toml").write_text('[moderation]\nrules = ["../rules.toml"]\n', encoding="utf-8")
    config = ("-c", "conf/steward.toml")
    (row,) = rows(steward("scan", "--json", *config, messages("坏词，专业代写论文")))
    assert [hit["rule"] for hit in row["hits"]] == ["own"]
    (folder / "other.toml").write_text(RULES.replace('"own"', '"other"'), encoding="utf-8")
    (row,) = rows(steward("scan", "--json", *config, "--rules", "other.toml", messages("坏词")))
    assert [hit["rule"] for hit in row["hits"]] == ["other"]


def test_people_read_lines_with_masked_numbers() -> None:
    result = steward("scan", "--rules", "rules.toml", messages("好的", "坏词 138 0013 8000"))
    assert result.exit_code == 0
    assert result.stdout == (
        "第 3 行：own（不文明用语，一.2）「坏词」[0, 2]\n第 3 行：numbers（个人信息，四.(三).2）「138 **** **00」[3, 16]\n"
    )
    assert result.stderr == "共 2 条，命中 1 条 / 2 messages, 1 flagged\n"


def test_a_lone_surrogate_does_no_harm(folder: Path) -> None:
    (folder / "s.jsonl").write_text('{"text": "\\ud800坏词"}\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "scan", "--json", "--rules", "rules.toml", "s.jsonl"],
        capture_output=True,
        check=True,
    )
    (hit,) = json.loads(done.stdout)["hits"]
    assert hit["span"] == [1, 3]


def test_no_database_is_made(folder: Path) -> None:
    steward("scan", messages("坏词"))
    assert sorted(path.name for path in folder.iterdir()) == ["messages.jsonl", "rules.toml"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"text": "ok"}\nnonsense\n', "bad.jsonl 第 2 行：不是 JSON"),
        (b'{"text": 1}\n', 'bad.jsonl 第 1 行：要写 {"text": "…"}'),
        (b"[]\n", 'bad.jsonl 第 1 行：要写 {"text": "…"}'),
        (b'{"text": "\xff"}\n', "bad.jsonl 第 1 行：不是 UTF-8 编码"),
        (b"[" * 100_000, "bad.jsonl 第 1 行：不是 JSON"),
    ],
)
def test_bad_input_is_named(folder: Path, content: bytes, said: str) -> None:
    (folder / "bad.jsonl").write_bytes(content)
    result = steward("scan", "--json", "bad.jsonl")
    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert len(result.stderr.splitlines()) == 1


def test_what_was_good_before_a_bad_line_is_already_written(folder: Path) -> None:
    (folder / "bad.jsonl").write_text('{"text": "ok"}\nnonsense\n', encoding="utf-8")
    assert json.loads(steward("scan", "--json", "bad.jsonl").stdout)["text"] == "ok"


def test_a_missing_file_and_broken_rules_are_named(folder: Path) -> None:
    assert steward("scan", "none.jsonl").exit_code == 2
    (folder / "broken.toml").write_text('[[rule]]\nid = "x"\n', encoding="utf-8")
    result = steward("scan", "--rules", "broken.toml", messages("坏词"))
    assert result.exit_code == 2
    assert [line.split("：")[0] for line in result.stderr.splitlines()] == [
        "broken.toml 规则 x article",
        "broken.toml 规则 x category",
    ]


def test_checking_rules(folder: Path) -> None:
    result = steward("rules", "check", "rules.toml")
    assert (result.exit_code, result.stdout) == (0, "一切正常 / all well：rules.toml，2 条规则，1 个词，0 句例句\n")
    assert "内置规则" in steward("rules", "check").stdout
    (folder / "broken.toml").write_text(RULES.replace('"abuse"', '"abus"'), encoding="utf-8")
    result = steward("rules", "check", "broken.toml")
    assert result.exit_code == 2
    assert "是不是 abuse？" in result.stderr
    assert steward("rules", "check", "rules.toml", "rules.toml").exit_code == 2  # the same ids twice


def test_a_word_of_one_character_is_warned_of(folder: Path) -> None:
    (folder / "short.toml").write_text(RULES.replace("坏词", "坏"), encoding="utf-8")
    result = steward("rules", "check", "short.toml")
    assert result.exit_code == 0
    assert "只有一个字" in result.stderr


def test_trying_a_text() -> None:
    result = steward("rules", "test", "--rules", "rules.toml", "坏 词")
    assert result.stdout == "own（不文明用语，一.2）「坏 词」[0, 3] observe：只记录\n"
    assert steward("rules", "test", "好的").stdout == "没有规则会命中 / nothing fires\n"
