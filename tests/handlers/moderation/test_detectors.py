"""Numbers are recognised by their checks and their surroundings, spaced or not, and each as one thing only."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, zip_longest

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.moderation.detecting.numbers import has_luhn_check, is_bank_card, is_id_number, is_landline, is_mobile
from handlers.moderation.detecting.student import StudentNumber, StudentNumberError
from handlers.moderation.detectors import ALL_NAMES, LABELS, NAMES, Detection, Detectors, Known
from handlers.moderation.normalise import Folded
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Scanner

ID = "11010519491231002X"
CARD = "6222021234567890128"


OF_PEOPLE = tuple(name for name in NAMES if name not in ("link", "short-link", "qr-text"))


def detected(text: str, *wanted: str) -> list[Detection]:
    rule = Rule("r", "privacy", "四.(三).2", detectors=wanted or OF_PEOPLE)
    return Detectors([rule], Known(student_number="20########")).find(Folded(text))


def found(text: str, *wanted: str) -> list[tuple[str, str]]:
    return [(one.detector, text[one.start : one.end]) for one in detected(text, *wanted)]


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("11010519491231002x", True),
        ("440308199901010012", True),
        ("110105194912310021", False),  # wrong check
        ("11010519490231002x", False),  # 31 February
        ("00010519491231002x", False),  # no such province
        ("11010517991231002x", False),  # nobody is that old
        ("1101051949123100x2", False),
        ("110105491231002", True),
        ("110105491331002", False),  # month 13
        ("990105491231002", False),
        ("11010549123100", False),
    ],
)
def test_id_numbers(number: str, is_one: bool) -> None:
    assert is_id_number(number) is is_one


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        (CARD, True),
        ("6222021234567890129", False),  # wrong check
        ("4111111111111111", True),
        ("5500000000000004", True),
        ("378282246310005", True),
        ("4111111111111112", False),
        ("411111111111111", False),  # too short for its first digit
        ("7222021234567890121", False),  # no bank begins like this
        ("6217", False),
    ],
)
def test_bank_cards(number: str, is_one: bool) -> None:
    assert is_bank_card(number) is is_one


@pytest.mark.parametrize(
    "number", ["13800138000", "14700000000", "15912345678", "16612345678", "17012345678", "19900000000"]
)
def test_mobile_numbers(number: str) -> None:
    assert is_mobile(number)


@pytest.mark.parametrize(
    "number", ["12345678901", "14012345678", "15412345678", "19412345678", "1380013800", "138001380000"]
)
def test_no_mobile_numbers(number: str) -> None:
    assert not is_mobile(number)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("057188881234", True),
        ("01062345678", True),
        ("4008108888", True),
        ("057118881234", False),
        ("4000000000", False),
    ],
)
def test_landlines(number: str, is_one: bool) -> None:
    assert is_landline(number) is is_one


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999), st.data())
def test_exactly_one_last_character_makes_an_id_number(born: date, serial: int, data: st.DataObject) -> None:
    body = f"{data.draw(st.sampled_from(['110105', '330106', '440308', '659001']))}{born:%Y%m%d}{serial:03d}"
    assert [is_id_number(body + last) for last in "0123456789x"].count(True) == 1


@given(st.text(st.sampled_from("0123456789"), min_size=12, max_size=18))
def test_exactly_one_last_digit_passes_luhn(digits: str) -> None:
    assert [has_luhn_check(digits + last) for last in "0123456789"].count(True) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"身份证{ID}。", [("id-number", ID)]),
        ("110105 19491231 002x", [("id-number", "110105 19491231 002x")]),
        ("１１０１０５１９４９１２３１００２Ｘ", [("id-number", "１１０１０５１９４９１２３１００２Ｘ")]),
        ("1-1-0-1-0-5-1-9-4-9-1-2-3-1-0-0-2-X", [("id-number", "1-1-0-1-0-5-1-9-4-9-1-2-3-1-0-0-2-X")]),
        ("老身份证110105491231002", [("id-number", "110105491231002")]),
        (f"{ID} 和 {CARD}", [("id-number", ID), ("bank-card", CARD)]),
        ("6222-0212-3456-7890-128", [("bank-card", "6222-0212-3456-7890-128")]),
        ("6222 0212 3456 7890 129", []),
        ("手机13800138000转8001", [("mobile", "13800138000")]),
        ("138 0013 8000、139-0013-9000", [("mobile", "138 0013 8000"), ("mobile", "139-0013-9000")]),
        ("13800138000 13900139000", [("mobile", "13800138000"), ("mobile", "13900139000")]),
        ("+86 138 0013 8000", [("mobile", "138 0013 8000")]),
        ("+8613800138000", [("mobile", "13800138000")]),
        ("008613800138000", [("mobile", "13800138000")]),
        ("8613800138000", [("mobile", "13800138000")]),
        ("138\u200b0013\u200b8000", [("mobile", "138\u200b0013\u200b8000")]),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", [("mobile", "①③⑧⓪⓪①③⑧⓪⓪⓪")]),
        ("138📞0013📞8000", [("mobile", "138📞0013📞8000")]),
        ("tel13800138000 wx13900139000", [("mobile", "13800138000"), ("mobile", "13900139000")]),
        ("2026-11-25 13800138000", [("mobile", "13800138000")]),
        ("20261125 13800138000", [("mobile", "13800138000")]),
        ("913800138000", []),  # a part of a longer number
        ("1380013800012", []),
        ("SF13800138000", []),
        ("13800138000ab", []),
        ("订单号：13800138000", []),
        ("学号 13800138000", []),
        ("https://a.cn/13800138000", []),
        ("1380,0138,000", []),
        ("1500 2000 300", []),
        ("2026112513800138000", []),
        ("办公室 0571-88881234", [("landline", "0571-88881234")]),
        ("400-810-8888", [("landline", "400-810-8888")]),
        ("护照E12345678", [("passport", "E12345678")]),
        ("护照 EA1234567，PE1234567", [("passport", "EA1234567"), ("passport", "PE1234567")]),
        ("设备G20240001", []),
        ("护照号：G20240001", [("passport", "G20240001")]),
        ("E1234567 AE12345678 E123456789", []),
        ("京A12345，沪AD12345，粤B·1234学", [("plate", "京A12345"), ("plate", "沪AD12345"), ("plate", "粤B·1234学")]),
        ("京I12345 京A1234 京A1234567 京ABCDEF", []),
        (
            "写信到 wang.li+oa@mail.example.edu.cn 或 ａ＠ｂ．ｃｎ",
            [("email", "wang.li+oa@mail.example.edu.cn"), ("email", "ａ＠ｂ．ｃｎ")],
        ),
        ("@张三 @所有人 a@b @c.cn", []),
        ("机密★10年", [("classification-mark", "机密★10年")]),
        ("機 密 ☆ 二十年", [("classification-mark", "機 密 ☆ 二十年")]),
        ("绝密★启用前", [("classification-mark", "绝密★启用前")]),
        ("秘密★", [("classification-mark", "秘密★")]),
        ("机密*10年", [("classification-mark", "机密*10年")]),
        ("密级：机密", [("classification-mark", "密级：机密")]),
        ("秘密*一点都不重要 密级是什么 机密文件 ★★★★★好评", []),
        ("绝密·启用前", [("classification-mark", "绝密·启用前")]),
        ("绝 密  启用前", [("classification-mark", "绝 密  启用前")]),
        ("秘密▲", [("classification-mark", "秘密▲")]),
        ("核心商密★5年", [("classification-mark", "核心商密★5年")]),
        ("机密 10年", [("classification-mark", "机密 10年")]),
        ("内部资料  注意保管", [("classification-mark", "内部资料  注意保管")]),
        ("内部文件，严禁外传", [("classification-mark", "内部文件，严禁外传")]),
        ("标有“机密★10年”的文件不得拍照，机密★1年的文件能发吗，机密★10年是什么意思", []),
        ("绝密★启用前的卷子", [("classification-mark", "绝密★启用前")]),
        ("保守秘密三年 这个秘密 3年后再说 启用前请检查 内部资料室 绝密计划", []),
        ("学号2024010203", [("student-number", "2024010203")]),
        ("①②20240102030 2024", []),
        ("20240102031", []),  # one digit too many
        ("电话138 001 380 00", [("mobile", "138 001 380 00")]),  # announced, so the groups do not matter
        ("138❤001❤38❤000", [("mobile", "138❤001❤38❤000")]),  # no list is written like this
        ("138 001 380 00", []),
        ("卡号 62220 2123 45678 90128", [("bank-card", "62220 2123 45678 90128")]),
        ("会议号 13800138000，取件码13800138000", []),
        ("港澳通行证 C12345678", [("passport", "C12345678")]),
        ("型号C12345678", []),
        ("护照 E 1234 5678", [("passport", "E 1234 5678")]),
        ("wang#qq.com", [("email", "wang#qq.com")]),
        ("wang(at)163.com", [("email", "wang(at)163.com")]),
        ("12345 @ qq . com", [("email", "12345 @ qq . com")]),
        ("话题#qq音乐 git@code.example.cn:a/b", []),
    ],
)
def test_what_is_found_in_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_an_id_number_is_no_card_and_no_phone_even_where_only_those_are_wanted() -> None:
    both = next(
        number
        for serial in range(1000)
        for last in "0123456789"
        if is_id_number(number := f"62010219900101{serial:03d}{last}") and is_bank_card(number)
    )
    assert found(both) == [("id-number", both)]
    assert found(both, "bank-card", "mobile") == []


def test_only_what_is_wanted_is_told() -> None:
    text = f"{ID} 13800138000 a@b.cn"
    assert found(text, "mobile") == [("mobile", "13800138000")]
    assert found(text, "email") == [("email", "a@b.cn")]


def test_every_detector_has_a_name_for_people() -> None:
    assert set(LABELS) == set(ALL_NAMES)


NOISE = st.text(st.sampled_from(" -·*/~😀❤\u200b\u2060\u202e"), max_size=3)
DIGITS = [chr(zero + value) for zero in (ord("0"), ord("０"), 0x0660, 0x1D7CE) for value in range(10)]


def id_number(body: str, day: date) -> str:
    digits = f"110105{day:%Y%m%d}{body}"
    return next(digits + check for check in "0123456789x" if is_id_number(digits + check))


def bank_card(body: str) -> str:
    return next(body + check for check in "0123456789" if has_luhn_check(body + check))


IDS = st.builds(id_number, st.from_regex(r"[0-9]{3}", fullmatch=True), st.dates(date(1930, 1, 1), date(2020, 1, 1)))
CARDS = st.from_regex(r"62[0-9]{13,16}", fullmatch=True).map(bank_card)
MOBILES = st.from_regex(r"1[3589][0-9]{9}", fullmatch=True).filter(is_mobile)


@given(IDS, st.data())
def test_an_id_number_is_found_in_any_noise(number: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(NOISE, min_size=17, max_size=17))
    written = "".join(digit + gap for digit, gap in zip_longest(number, gaps, fillvalue=""))
    assert found(f"他的是{written}，别外传", "id-number") == [("id-number", written)]


@given(st.one_of(IDS, CARDS, MOBILES), st.data())
def test_a_number_is_found_in_digits_of_any_script(number: str, data: st.DataObject) -> None:
    written = "".join(data.draw(st.sampled_from(DIGITS[int(one) :: 10])) if one != "x" else "ｘ" for one in number)
    assert [span for _, span in found(f"是{written}吧", "id-number", "bank-card", "mobile")] == [written]


@given(st.one_of(CARDS, MOBILES), st.sampled_from(["\u200b", "❤", "\u200b😀\u2060", "·*"]), st.data())
def test_a_card_or_mobile_is_found_where_every_digit_stands_by_itself(
    number: str, gap: str, data: st.DataObject
) -> None:
    assume(not is_id_number(number))
    written = gap.join(number)
    assert [span for _, span in found(f"是{written}", "bank-card", "mobile")] == [written]


@given(st.from_regex("[0-9]{7,21}", fullmatch=True))
def test_a_row_of_digits_is_what_its_checks_say_and_else_nothing(digits: str) -> None:
    checks = {"id-number": is_id_number, "bank-card": is_bank_card, "mobile": is_mobile, "landline": is_landline}
    valid = [name for name, is_one in checks.items() if is_one(digits)]
    if digits.startswith(("0086", "86")) and not valid:
        assume(not is_mobile(digits[-11:]))
    assert found(f"是{digits}吗", *checks) == [(name, digits) for name in valid[:1]]


@given(MOBILES, st.booleans())
def test_chinese_numerals_are_digits_where_a_number_is_told(number: str, is_formal: bool) -> None:
    numerals = "零壹贰叁肆伍陆柒捌玖" if is_formal else "零一二三四五六七八九"
    written = "".join(numerals[int(digit)] for digit in number)
    rule = Rule("r", "privacy", "四.(三).2", detectors=("mobile",))
    hits = Scanner([rule]).scan(f"打{written}找我")
    assert [(hit.matched, hit.detector, hit.passes) for hit in hits] == [(written, "mobile", ("numerals",))]
    plain = Rule("r", "privacy", "四.(三).2", detectors=("mobile",), passes=("width",))
    assert Scanner([plain]).scan(f"打{written}找我") == []


@pytest.mark.parametrize(
    ("pattern", "number", "is_one"),
    [
        ("20########", "2024010203", True),
        ("20########", "2124010203", False),
        ("20[12][0-9]#{6}", "2024010203", True),
        ("20[12][0-9]#{6}", "2034010203", False),
        ("[0-4]{7}", "0123440", True),
        ("B2#{6}|S2#{7}", "s20240101", True),
        ("B2#{6}|S2#{7}", "S2024010", False),
    ],
)
def test_student_numbers_look_as_the_settings_say(pattern: str, number: str, is_one: bool) -> None:
    assert bool(list(StudentNumber(pattern).find(Folded(number).form))) is is_one


@pytest.mark.parametrize("pattern", ["20##", "#{30}", "20*", "", "20######|", "[4-0]######", "(20)######", "20\\d{8}"])
def test_a_pattern_that_is_none_is_said(pattern: str) -> None:
    with pytest.raises(StudentNumberError, match=" / "):
        StudentNumber(pattern)


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 200_000,
        "62 " * 100_000,
        "4 4 " * 100_000,
        "13800138000 " * 20_000,
        "1" * 300_000,
        "机*密*" * 50_000,
        "e1" * 100_000,
        "a@" * 100_000,
        "a#b " * 50_000,
        "京a1" * 50_000,
        "通行证c1" * 30_000,
        "2024010203 " * 20_000,
    ],
)
def test_long_texts_are_gone_through_to_the_end(text: str) -> None:
    assert all(0 <= one.start < one.end <= len(text) for one in detected(text))


@given(st.from_regex(r"1[358][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-", "－", " - ", "\u200b", "·"]))
def test_a_spaced_mobile_number_is_found_where_it_stands(number: str, gap: str) -> None:
    assume(is_mobile(number))
    written = gap.join((number[:3], number[3:7], number[7:]))
    assert found(f"请打{written}，谢谢", "mobile") == [("mobile", written)]


@given(st.text(st.sampled_from("0123456789xX -.\u200b★密机a@b.cn京A，。\n"), max_size=80))
def test_what_is_found_never_overlaps_among_numbers(text: str) -> None:
    spans = [(one.start, one.end) for one in detected(text, "id-number", "bank-card", "mobile", "landline")]
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
