"""Rule files: what they may say, and how each mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.checking import _KEYS, EXAMPLE_KEYS, SCOPE_KEYS, check
from handlers.moderation.passes import NAMES
from handlers.moderation.rule import Examples, Rule, Scope
from handlers.moderation.rules import RuleError, load_rule_files
from handlers.moderation.scanner import Scanner

WHOLE = """
[[rule]]
id = "secrecy-words"
category = "secrecy"
article = "五.2"
state = "enforce"
words = ["绝密", "内部文件"]
allow = ["内部文件柜"]
detectors = ["id-number", "classification-mark"]
all = [["代写", "论文"]]
within = 8
expressions = ["滚.{0,2}蛋"]
[rule.scope]
kinds = ["department", "class"]

[[rule]]
id = "second"
category = "non-work"
article = "一.2"
words = ["闲聊"]
"""

HEAD = '[[rule]]\nid = "r"\ncategory = "abuse"\narticle = "一.2"\n'
GOOD = HEAD + 'words = ["坏词"]\n'


def load(folder: Path, *texts: str) -> tuple[Rule, ...]:
    paths = []
    for number, text in enumerate(texts, start=1):
        path = folder / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return load_rule_files(paths)


def problems(folder: Path, *texts: str) -> list[str]:
    with pytest.raises(RuleError) as caught:
        load(folder, *texts)
    return [line.replace(f"{folder}/", "").replace(f"{folder}\\", "") for line in caught.value.problems]


def test_a_whole_file(tmp_path: Path) -> None:
    first, second = load(tmp_path, WHOLE)
    assert first == Rule(
        "secrecy-words",
        "secrecy",
        "五.2",
        "enforce",
        words=("绝密", "内部文件"),
        allow=("内部文件柜",),
        detectors=("id-number", "classification-mark"),
        combinations=(("代写", "论文"),),
        within=8,
        expressions=("滚.{0,2}蛋",),
        scope=Scope(kinds=("department", "class")),
    )
    assert second.state == "observe"


def test_every_key_is_read(tmp_path: Path) -> None:
    [rule] = load(
        tmp_path,
        GOOD
        + """severity = "high"
all = [["甲", "乙", "丙"]]
at_least = 2
passes = ["width", "pinyin"]
boundary = true
unless_harmless = true
domains = ["Example.edu.cn"]
consequences = ["sender", "head"]
meaning = "骂人的话"
advice = "请换个说法"
[rule.scope]
departments = ["/学院/教务处/"]
groups = ["cid1"]
roles = ["staff", "student"]
hours = "Mon-Fri 08:00-18:00"
[rule.examples]
fire = ["坏词"]
quiet = ["好词"]
""",
    )
    assert rule == Rule(
        "r",
        "abuse",
        "一.2",
        severity="high",
        words=("坏词",),
        combinations=(("甲", "乙", "丙"),),
        at_least=2,
        passes=("width", "pinyin"),
        boundary=True,
        unless_harmless=True,
        domains=("example.edu.cn",),
        consequences=("sender", "head"),
        meaning="骂人的话",
        advice="请换个说法",
        scope=Scope((), ("学院/教务处",), ("cid1",), ("staff", "student"), "Mon-Fri 08:00-18:00"),
        examples=Examples(("坏词",), ("好词",)),
    )


def test_files_add_up_in_order(tmp_path: Path) -> None:
    assert [rule.id for rule in load(tmp_path, GOOD, GOOD.replace('"r"', '"a"'))] == ["r", "a"]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + GOOD)


def test_without_files_the_built_in_rules_count() -> None:
    assert Scanner.from_rules(load_rule_files([])).scan("专业代写论文，加微信包过")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "1.toml：一条 [[rule]] 也没有 / holds no [[rule]]"),
        ("[rule]\nid = 1", "1.toml rule：要写成 [[rule]] / must be written as [[rule]]"),
        ("[[rules]]\n" + GOOD, "1.toml rules：顶层只能写 [[rule]]，是不是 rule？ / only [[rule]] may stand at the top"),
        (GOOD + 'word = ["x"]', "1.toml 规则 r word = ['x']：没有这一项，是不是 words？ / unknown key"),
        (
            GOOD.replace('article = "一.2"\n', ""),
            '1.toml 规则 r article：缺少这一项（依据的条款），如 "五.2" / is missing',
        ),
        (
            GOOD.replace('"一.2"', '" "'),
            "1.toml 规则 r article = ' '：要写带引号的文字（依据的条款），如 \"五.2\" / must be text in quotes",
        ),
        (GOOD.replace('id = "r"\n', ""), '1.toml 第 1 条规则 id：缺少这一项，如 "secrecy-words" / is missing'),
        (
            GOOD.replace('"r"', '"a b"'),
            "1.toml 规则 a b id = 'a b'：只能用字母、数字、点、横线，至多 60 个 / letters, digits, dots and dashes, 60 at most",
        ),
        (
            GOOD.replace('category = "abuse"\n', ""),
            "1.toml 规则 r category：缺少这一项，可写 non-work、advertising、privacy、secrecy、unlawful、abuse / is missing",
        ),
        (
            GOOD.replace('"abuse"', '"abuses"'),
            "1.toml 规则 r category = 'abuses'：只能是 non-work、advertising、privacy、secrecy、unlawful、abuse，是不是 abuse？ / must be one of these",
        ),
        (
            GOOD + 'state = "warn"',
            "1.toml 规则 r state = 'warn'：只能是 observe、remind、enforce / must be one of these",
        ),
        (
            HEAD,
            "1.toml 规则 r words：规则是空的，请写 words、detectors、all 或 expressions 中的一种 / the rule is empty",
        ),
        (
            HEAD + "words = []",
            "1.toml 规则 r words = []：规则是空的，请写 words、detectors、all 或 expressions 中的一种 / the rule is empty",
        ),
        (
            HEAD + 'allow = ["x"]',
            "1.toml 规则 r words：规则是空的，请写 words、detectors、all 或 expressions 中的一种 / the rule is empty",
        ),
        (HEAD + 'words = "x"', '1.toml 规则 r words = \'x\'：要写文字列表，如 ["…", "…"] / must be a list of texts'),
        (
            HEAD + 'words = ["x", 1]',
            '1.toml 规则 r words = [\'x\', 1]：要写文字列表，如 ["…", "…"] / must be a list of texts',
        ),
        (
            HEAD + 'words = ["好", " *"]',
            "1.toml 规则 r words = ' *'：去掉空格和符号后是空的，请写文字 / has neither letter nor digit",
        ),
        (
            HEAD + 'detectors = ["mobil"]',
            "1.toml 规则 r detectors = 'mobil'：只能是 id-number、mobile、bank-card、passport、plate、email、landline、student-number、classification-mark、link、short-link、qr-text、wording，是不是 mobile？ / must be one of these",
        ),
        (
            HEAD + 'all = [["代写"]]',
            '1.toml 规则 r all = [[\'代写\']]：要写成 [["代写", "论文"], …]，每组至少两个词 / must be lists of two words or more',
        ),
        (
            HEAD + 'all = ["代写", "论文"]',
            "1.toml 规则 r all = ['代写', '论文']：要写成 [[\"代写\", \"论文\"], …]，每组至少两个词 / must be lists of two words or more",
        ),
        (GOOD + "within = 8", "1.toml 规则 r within = 8：只和 all 一起用 / goes with all only"),
        (
            HEAD + 'all = [["代写", "论文"]]\nwithin = -1',
            "1.toml 规则 r within = -1：要写 0 到 200 的整数 / must be a whole number from 0 to 200",
        ),
        (
            HEAD + 'all = [["代写", "论文"]]\nwithin = true',
            "1.toml 规则 r within = True：要写 0 到 200 的整数 / must be a whole number from 0 to 200",
        ),
        (
            HEAD + 'expressions = ["(a"]',
            "1.toml 规则 r expressions = '(a'：RE2 不认识这个表达式（missing ): (a）/ not a valid RE2 expression",
        ),
        (
            HEAD + 'expressions = ["(?=a)b"]',
            "1.toml 规则 r expressions = '(?=a)b'：RE2 没有前后查看 (?=…) (?<!…)，请把例外的说法写进 allow / look-around; put what is harmless into allow",
        ),
        (
            HEAD + 'expressions = ["a*"]',
            "1.toml 规则 r expressions = 'a*'：会匹配空文字，请至少要求一个字符 / matches the empty text",
        ),
        (GOOD + "scope = 1", "1.toml 规则 r scope = 1：要写小节 [rule.scope] / must be a section [rule.scope]"),
        (
            GOOD + '[rule.scope]\nkind = ["class"]',
            "1.toml 规则 r scope.kind = ['class']：没有这一项，是不是 kinds？ / unknown key",
        ),
        (
            GOOD + '[rule.scope]\nkinds = ["clas"]',
            "1.toml 规则 r scope.kinds = 'clas'：只能是 department、project、class、external，是不是 class？ / must be one of these",
        ),
        (
            GOOD + '[rule.scope]\nkinds = "class"',
            "1.toml 规则 r scope.kinds = 'class'：要写列表，可写 department、project、class、external / must be a list of these",
        ),
        (
            GOOD + '[rule.scope]\nroles = ["stuff"]',
            "1.toml 规则 r scope.roles = 'stuff'：只能是 staff、owner、sub-admin、main-admin、outsider、student，是不是 staff？ / must be one of these",
        ),
        (
            GOOD + '[rule.scope]\nhours = "上班"',
            '1.toml 规则 r scope.hours = \'上班\'：要写 "working-hours"、"08:00-18:00" 或 "Mon-Fri 08:00-18:00" / must be one of these forms',
        ),
        (
            GOOD + '[rule.scope]\nhours = "Mon-Fry 08:00-18:00"',
            "1.toml 规则 r scope.hours = 'Mon-Fry 08:00-18:00'：星期只能是 Mon、Tue、Wed、Thu、Fri、Sat、Sun，如 Mon-Fri / days must be among these",
        ),
        (
            GOOD + '[rule.scope]\nhours = "08:00-25:00"',
            "1.toml 规则 r scope.hours = '08:00-25:00'：没有 25:00 这个时刻 / no such time of day",
        ),
        (
            GOOD + 'severity = "grave"',
            "1.toml 规则 r severity = 'grave'：只能是 low、medium、high / must be one of these",
        ),
        (
            GOOD + 'passes = ["pingyin"]',
            f"1.toml 规则 r passes = 'pingyin'：只能是 {'、'.join(NAMES)}，是不是 pinyin？ / must be one of these",
        ),
        (GOOD + "boundary = 1", "1.toml 规则 r boundary = 1：只能是 true 或 false / must be true or false"),
        (
            GOOD + 'domains = ["https://x.cn/a"]',
            "1.toml 规则 r domains = 'https://x.cn/a'：要写域名，如 \"example.edu.cn\" / must be a domain",
        ),
        (
            GOOD + 'meaning = "a\\nb"',
            "1.toml 规则 r meaning = 'a\\nb'：只能写一行，至多 200 个字 / must be one line of 200 characters at most",
        ),
        (
            HEAD + 'all = [["代写", "论文"]]\nat_least = 3',
            "1.toml 规则 r at_least = 3：有一组只有 2 个词，要不了这么多 / a group has fewer words than that",
        ),
        (
            HEAD + 'all = [["代写", "论文"]]\nat_least = 1',
            "1.toml 规则 r at_least = 1：要写 2 到 20 的整数 / must be a whole number from 2 to 20",
        ),
        (
            GOOD + "examples = 1",
            "1.toml 规则 r examples = 1：要写小节 [rule.examples] / must be a section [rule.examples]",
        ),
        (
            GOOD + '[rule.examples]\nfires = ["x"]',
            "1.toml 规则 r examples.fires = ['x']：没有这一项，是不是 fire？ / unknown key",
        ),
        (
            GOOD + 'severity = "high"\nconsequences = ["sender", "ding"]',
            "1.toml 规则 r consequences = 'ding'：打钉只用于轻重为 high 的涉密规则 / only for rules on secrecy whose severity is high",
        ),
        (GOOD + GOOD, "1.toml 规则 r id = 'r'：这个编号已经用过，请换一个 / is used already, choose another"),
    ],
)
def test_each_mistake_is_one_clear_line(tmp_path: Path, text: str, line: str) -> None:
    assert line in problems(tmp_path, text)


def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, GOOD.replace('"abuse"', '"x"'))) == 1
    assert len(problems(tmp_path, GOOD, GOOD)) == 1


def test_all_mistakes_of_all_files_are_told(tmp_path: Path) -> None:
    lines = problems(tmp_path, HEAD, GOOD + "x = 1\ny = 2", "[[rule]")
    assert [line.split(" ")[0].split("：")[0] for line in lines] == ["1.toml", "2.toml", "2.toml", "3.toml"]


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    (line,) = problems(tmp_path, GOOD + "words = [")
    assert line.startswith("1.toml：不是合格的 TOML（")
    assert "line" in line


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path: Path) -> None:
    binary = tmp_path / "b.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError) as caught:
        load_rule_files([tmp_path / "none.toml", binary, tmp_path])
    missing, unreadable, folder = caught.value.problems
    assert "没有这个规则文件" in missing
    assert "不是 UTF-8" in unreadable
    assert folder.startswith(f"{tmp_path}：读不到（")
    assert "Errno" not in folder


def test_brackets_without_end_are_one_line(tmp_path: Path) -> None:
    (line,) = problems(tmp_path, "rule = " + "[" * 50_000)
    assert line.startswith("1.toml：方括号套得太深")


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=5),
        st.sampled_from(["mobile", "abuse", "class", "代写"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*SCOPE_KEYS, *EXAMPLE_KEYS, "x"]), inner, max_size=2),
    ),
    max_leaves=6,
)
KEYS = st.sampled_from([*_KEYS, "x"])


@given(st.one_of(VALUES, st.lists(st.dictionaries(KEYS, VALUES, max_size=8), max_size=3)))
def test_whatever_a_file_holds_gives_rules_or_lines(written: object) -> None:
    rules, lines = check("f", {"rule": written}, ())
    assert all("\n" not in line for line in lines)
    assert rules or lines
    Scanner.from_rules(rules).scan("代写 13800138000")
