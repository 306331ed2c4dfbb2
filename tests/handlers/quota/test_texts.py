"""What people read about the quota, whole, as it comes to a phone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleanup.workdays import is_workday
from handlers.quota import apis, texts
from handlers.quota.standing import Allowance, Standing, standing
from handlers.quota.texts import Waiting, bar, overview, percent
from handlers.settings import QuotaSettings

TODAY = date(2026, 11, 25)


def month(scale: int, dings_per_month: int = 0) -> Standing:
    """A month like any other: on workdays everything, on days off the directory alone."""
    workday = {
        "v2/user/list": 5 * scale,
        "robot/oToMessages/batchSend": 3 * scale,
        "robot/groupMessages/send": 2 * scale,
        "robot/ding/send": 1,
        apis.DING_RECEIVERS: 3,
        apis.WEBHOOK: 40,
    }
    days = [TODAY - timedelta(days=after) for after in range(25)]
    ledger = {day: workday if is_workday(day) else {"v2/user/list": 20} for day in days}
    return standing(ledger, TODAY, QuotaSettings(dings_per_month=dings_per_month))


def test_a_month_with_plenty() -> None:
    assert overview(month(10), Waiting(), 1_234) == (
        "**本月接口用量：充足**\n\n"
        "■□□□□□□□□□ 19%\n\n"
        "已用 1,958 次，额度 10,000 次；今天 101 次。\n\n"
        "- 近两周：工作日每天约 101 次，休息日约 20 次\n"
        "- 预计：够用到月底，全月约 2,301 次\n"
        "- 缓发：没有\n\n"
        "**用在哪里**\n\n"
        "- 读通讯录 1,040 次\n"
        "- 私聊消息 540 次\n"
        "- 发到群里 360 次\n"
        "- 发 DING 18 次\n\n"
        "**另有额度，不占上面的**\n\n"
        "- 会话内回复 720 次，收到推送 1,234 条\n"
        "- DING 54 人次，额度还没有填（[quota] dings_per_month）\n\n"
        "这里只算群管家自己的调用。全组织共用的额度，以开发者后台「资源管理」为准。"
    )


def test_a_month_that_will_not_last() -> None:
    text = overview(month(51, dings_per_month=60), Waiting(digests=3), 1_234)
    assert text.startswith("**本月接口用量：紧张**\n\n■■■■■■■■■□ 93%\n\n")
    assert "- 预计：照这样用，11 月 27 日前后就会用完\n- 缓发：汇总 3 条\n\n提醒和汇总都先缓发" in text
    assert "DING 54 人次，额度 60（90%）" in text
    assert "[quota] calls_per_month" in text


def test_what_to_do_is_said_before_anything_waits() -> None:
    early = date(2026, 11, 10)
    ledger = {early - timedelta(days=after): {"v2/user/list": 500} for after in range(15)}
    text = overview(standing(ledger, early, QuotaSettings()), Waiting(), 0)
    assert text.startswith("**本月接口用量：充足**")
    assert "- 预计：照这样用，11 月 21 日前后就会用完" in text
    assert "可以在钉钉管理后台升级版本" in text


def test_five_purposes_are_enough_for_a_phone() -> None:
    apis_used = ("robot/groupMessages/a", "robot/oToMessages/a", "robot/ding/a", "v2/user/a", "im/chat/a")
    ledger = {TODAY: {"new/api": 1} | dict.fromkeys(apis_used, 9)}
    text = overview(standing(ledger, TODAY, QuotaSettings()), Waiting(), 0)
    used_for = text.split("**用在哪里**\n\n")[1].split("\n\n")[0].splitlines()
    assert len(used_for) == 5
    assert "- 其他 1 次" not in used_for


def test_an_alarm_says_how_it_stands_what_follows_and_what_to_do() -> None:
    body = texts.calls_run_out(month(51))
    assert body.title == "接口额度提醒"
    assert body.text == (
        "**钉钉接口额度紧张**\n\n"
        "本月已用 9,338 次，额度 10,000（93%）。照这样用，11 月 27 日前后就会用完。\n\n"
        "现在起：提醒和汇总都先缓发，通讯录暂停读取；回答照常。\n\n"
        "可以在钉钉管理后台升级版本或加购调用量，再把配置里的 [quota] calls_per_month 改成新额度；"
        "不急的汇总和清理，可以等下个月再发起。"
    )
    assert [button.says for button in body.buttons] == ["/配额"]


def test_an_alarm_about_dings() -> None:
    assert texts.dings_run_out(month(1, dings_per_month=60)).text == (
        "**DING 额度偏紧**\n\n"
        "本月已用 54 人次，额度 60（90%）。\n\n"
        "用完后 DING 会发不出。可以升级版本，或把新额度填进 [quota] dings_per_month。"
    )


@pytest.mark.parametrize(
    ("ledger", "today", "says"),
    [
        ({}, TODAY, "记录还太少"),
        ({TODAY: {"v2/user/list": 10_001}}, TODAY, "本月的已经用完，下月 1 日恢复"),
        ({TODAY: {apis.REFUSED: 1}}, TODAY, "钉钉今天答复说全组织的额度已用完"),
        ({TODAY - timedelta(days=n): {"v2/user/list": 650} for n in range(1, 20)}, TODAY, "照这样用，今天就会用完"),
    ],
)
def test_what_is_to_be_expected(ledger: dict[date, dict[str, int]], today: date, says: str) -> None:
    used = sum(calls.get("v2/user/list", 0) for calls in ledger.values())
    settings = QuotaSettings(calls_per_month=used + 1 if len(ledger) > 1 else 10_000)
    assert f"- 预计：{says}" in overview(standing(ledger, today, settings), Waiting(), 0)


@given(st.integers(0, 30_000), st.integers(1, 20_000))
def test_nothing_looks_used_up_before_it_is(used: int, limit: int) -> None:
    gone = Allowance(used, limit)
    assert len(bar(gone)) == 10
    assert (bar(gone) == "■" * 10) is (used >= limit)
    assert (int(percent(gone).removesuffix("%")) >= 100) is (used >= limit)
