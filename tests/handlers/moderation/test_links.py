"""Links are compared as browsers understand them; disguised ones are links too, and words with dots are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handlers.moderation.detecting.hosts import domain_of, host_of, is_domain, is_within
from handlers.moderation.detectors import Detectors, Known
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule
from handlers.settings import ModerationSettings

LINKS = ("link", "short-link", "qr-text")


def found(text: str, *wanted: str, domains: tuple[str, ...] = ("edu.cn",)) -> list[tuple[str, str]]:
    rule = Rule("r", "advertising", "五.2", detectors=wanted or ("link",), domains=domains)
    return [(one.detector, text[one.start : one.end]) for one in Detectors([rule]).find(Folded(text))]


def links(text: str) -> list[str]:
    return [written for _, written in found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://abc.com/x，请点", ["https://abc.com/x"]),
        ("https://abc.com。请看", ["https://abc.com"]),
        ("看https://abc.com/a?b=1&c=2#d）吧", ["https://abc.com/a?b=1&c=2#d"]),
        ("http：//ｗｗｗ．ａｂｃ．ｃｏｍ/a看看", ["http：//ｗｗｗ．ａｂｃ．ｃｏｍ/a"]),
        ("看abc.com吧 abc.com:8080/x", ["abc.com", "abc.com:8080/x"]),
        ("看 abc。com 吧，打开 abc点com 就行", ["abc。com", "abc点com"]),
        ("www点abc点com", ["www点abc点com"]),
        ("abc[.]com abc(dot)com abc . com", ["abc[.]com", "abc(dot)com", "abc . com"]),
        ("w w w . a b c . c o m", ["w w w . a b c . c o m"]),
        ("hxxps://evil.top/x h**p://evil.cc/a", ["hxxps://evil.top/x", "h**p://evil.cc/a"]),
        ("bai\u200bdu.com", ["bai\u200bdu.com"]),
        ("好了。abc.com", ["abc.com"]),
        ("https://例子.中国/x", ["https://例子.中国/x"]),
        ("http://1.2.3.4/a 1.2.3.4:8080", ["http://1.2.3.4/a", "1.2.3.4:8080"]),
        ("http://3627734734/", ["http://3627734734/"]),
        ("http://[2001:db8::1]/x", ["http://[2001:db8::1]/x"]),
        ("163.com 12306.cn", ["163.com", "12306.cn"]),
        ("b.link/x socket.io", ["b.link/x"]),
        ("weixin://dl/business/?t=a", ["weixin://dl/business/?t=a"]),
    ],
)
def test_links_outside_the_domains(text: str, expected: list[str]) -> None:
    assert links(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://jw.college.edu.cn/a?u=evil.com",
        "请登录 my.college.edu.cn 或 ｍｙ．ｃｏｌｌｅｇｅ．ｅｄｕ．ｃｎ",
        "HTTPS://College.EDU.cn:8443/x",
        "jw点college点edu点cn",
        "http://192.168.1.1/x 10.0.0.1:80 http://localhost:8000/ http://127.0.0.1/",
        "8.8.8.0/24 1.2.3.4 版本1.2.3.4",
        "报告.doc main.py readme.md lib.so v1.2 3.5ml e.g. i.e. U.S. No.1 Ph.D",
        "ASP.NET VB.NET Node.js logger.info(x) com.example.app self.name",
        "This is the end. Top students. It works.In the end",
        "晚上8点com 满100点vip 18点cc 3点net",
        "写信到 wang@abc.com 或 wang#qq.com",
        "好的。cn 完成。com",
        "and/or 1/2 2026.11.25 10:30",
        "",
    ],
)
def test_what_is_no_link_outside(text: str) -> None:
    assert links(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://college.edu.cn@evil.com/a",
        "https://evil.com\\@college.edu.cn",
        "https://college.edu.cn.evil.com/",
        "https://evil.com/college.edu.cn",
        "https://evil.com#college.edu.cn",
        "https://collegeedu.cn/",
        "https://college.еdu.cn/",  # the е is Cyrillic
        "https://college.edu.cn%2eevil.com/",
        "https://xn--college-edu.cn/",
    ],
)
def test_what_only_looks_like_a_domain_is_outside(text: str) -> None:
    assert links(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t.cn/A6xyz", [("link", "t.cn/A6xyz"), ("short-link", "t.cn/A6xyz")]),
        ("https://b23.tv/abcd", [("link", "https://b23.tv/abcd"), ("short-link", "https://b23.tv/abcd")]),
        ("https://t.cn/", [("link", "https://t.cn/")]),
        ("https://u.wechat.com/EJx", [("link", "https://u.wechat.com/EJx"), ("qr-text", "https://u.wechat.com/EJx")]),
        ("weixin.qq.com/r/abc", [("link", "weixin.qq.com/r/abc"), ("qr-text", "weixin.qq.com/r/abc")]),
        ("https://weixin.qq.com/", [("link", "https://weixin.qq.com/")]),
        (
            "alipays://platformapi/startapp",
            [("link", "alipays://platformapi/startapp"), ("qr-text", "alipays://platformapi/startapp")],
        ),
        ("复制￥AbCd12EfGh3￥打开", [("qr-text", "￥AbCd12EfGh3￥")]),
        ("￥1234567890￥ $HOME_DIR$", []),
        ("https://jw.college.edu.cn/t.cn/abc", []),
    ],
)
def test_short_links_and_the_texts_of_codes(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, *LINKS) == expected


def test_each_rule_trusts_its_own_domains_and_those_of_the_settings() -> None:
    trusting = Rule("a", "advertising", "五.2", detectors=("link",), domains=("Example.com",))
    strict = Rule("b", "advertising", "五.2", detectors=("link",))
    detectors = Detectors([trusting, strict], Known(domains=("college.cn",)))
    text = "example.com a.example.com college.cn evil.com"
    assert [(one.rule, text[one.start : one.end]) for one in detectors.find(Folded(text))] == [
        (1, "example.com"),
        (1, "a.example.com"),
        (0, "evil.com"),
        (1, "evil.com"),
    ]


def test_the_settings_say_what_is_no_domain_and_no_student_number() -> None:
    assert Known.of(ModerationSettings(domains=("*.Example.cn", "学院.中国"))).domains == (
        "example.cn",
        "xn--48sq68k.xn--fiqs8s",
    )
    for wrong in ({"domains": ("not a domain",)}, {"domains": ("cn",)}, {"student_number": "20*"}):
        with pytest.raises(ValidationError):
            ModerationSettings.model_validate(wrong)


def test_hosts_are_what_browsers_make_of_them() -> None:
    assert host_of("ＷＷＷ。Abc｡com:80") == "www.abc.com"
    assert host_of("user@evil.com") == "evil.com"
    assert domain_of("*.Example.cn") == domain_of("https://example.cn/x") == "example.cn"
    assert is_domain("*.example.cn")
    assert is_within("a.b.cn", ("b.cn",))
    assert not is_within("ab.cn", ("b.cn",))


LABEL = st.from_regex(r"[a-z][a-z0-9]{1,8}[a-z]", fullmatch=True).filter(lambda one: one != "www")


@given(
    LABEL,
    st.sampled_from(["com", "cn", "xyz", "net"]),
    st.sampled_from(["", "https://", "http://www.", "hxxp://"]),
    st.data(),
)
def test_any_address_is_found_in_any_dress(name: str, ending: str, scheme: str, data: st.DataObject) -> None:
    plain = f"{name}q.{ending}"
    dressed = "".join(
        data.draw(st.sampled_from([one, one.upper(), chr(ord(one) + 0xFEE0), one + "\u200b"])) if one.isalnum() else one
        for one in plain
    ).rstrip("\u200b")
    assert links(f"点 {scheme}{dressed} 看看") == [f"{scheme}{dressed}"]


@given(LABEL, st.sampled_from(["", "https://", "http://"]), st.sampled_from(["", "/a/b?c=d", "/x.php"]))
def test_no_address_below_a_trusted_domain_is_found(name: str, scheme: str, path: str) -> None:
    assert links(f"点{scheme}{name}.edu.cn{path} 看看") == []


@given(st.text(st.sampled_from("abcom.cn/:点。@ x-\u200b[]w()1"), max_size=60))
def test_any_text_has_an_answer_in_order(text: str) -> None:
    spans = [
        (one.start, one.end)
        for one in Detectors([Rule("r", "advertising", "五.2", detectors=("link",))]).find(Folded(text))
    ]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    "text",
    [
        "a.b " * 80_000,
        "abc.com " * 40_000,
        "https://a.cn/" * 30_000,
        "www." * 80_000,
        "1.1.1.1:8" * 30_000,
        "a b " * 80_000,
        "http://" * 40_000,
        "a点" * 80_000,
    ],
)
def test_long_texts_are_gone_through_to_the_end(text: str) -> None:
    assert len(found(text, *LINKS)) < 10_000
