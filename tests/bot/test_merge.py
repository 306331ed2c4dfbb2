"""Which messages of a burst go out as one, and what is read then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox import shape
from bot.outbox.drafts import body_to_json
from bot.outbox.merge import MOST_ROWS, WEBHOOK_MARGIN, Parcel, alone, merged, way_of
from bot.outbox.texts import BETWEEN
from handlers.message import Body, Button
from storage.outbox import Draft, OutboxRow

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
GROUP = "cidGROUP=="


def a_row(row_id: int, body: Body, **more: object) -> OutboxRow:
    draft = Draft("group", body_to_json(body), 1, NOW, conversation=GROUP)
    return OutboxRow(row_id, replace(draft, **more), "queued", 0, None, None, None)  # type: ignore[arg-type]


def a_post(row_id: int, text: str, *buttons: Button, title: str = "") -> OutboxRow:
    return a_row(row_id, Body(text, title, buttons))


def a_reply(row_id: int, text: str, asker: str, *buttons: Button, minutes: int = 60) -> OutboxRow:
    return a_row(
        row_id,
        Body(text, "", buttons),
        kind="reply",
        at_staff_ids=(asker,),
        webhook=f"https://x/{row_id}",
        webhook_expires_at=NOW + timedelta(minutes=minutes),
    )


def numbers(parcel: Parcel) -> list[int]:
    return [row.id for row in parcel.rows]


def test_posts_as_they_are_read() -> None:
    parcel = merged([a_post(1, "一号通知", title="通知"), a_post(2, "- 甲\n- 乙"), a_post(3, "三")], NOW)
    assert numbers(parcel) == [1, 2, 3]
    assert parcel.body == Body("一号通知\n\n———\n\n- 甲\n- 乙\n\n———\n\n三", "通知 等 3 条")
    assert (parcel.way, parcel.is_metered) == ("api", True)


def test_answers_mention_everybody_who_asked_each_before_their_own() -> None:
    parcel = merged([a_reply(1, "可以", "0427"), a_reply(2, "### 不行", "0428"), a_reply(3, "再说", "0427")], NOW)
    assert parcel.body.text == "@0427 可以\n\n———\n\n@0428\n\n### 不行\n\n———\n\n@0427 再说"
    sent = shape.for_webhook(parcel.body, parcel.at_staff_ids, stand_in_text=parcel.are_mentions_in_text)
    assert sent["markdown"]["text"] == parcel.body.text
    assert sent["at"] == {"atUserIds": ["0427", "0428"]}


def test_the_webhook_that_lasts_longest_is_used() -> None:
    rows = [a_reply(n, str(n), "0427", minutes=minutes) for n, minutes in ((1, 30), (2, 80), (3, 50))]
    assert merged(rows, NOW).webhook == "https://x/2"


def test_what_is_identical_is_said_once_and_counted() -> None:
    parcel = merged([a_post(1, "停电"), a_post(2, "开会"), a_post(3, "停电")], NOW)
    assert numbers(parcel) == [1, 2, 3]
    assert parcel.body.text == "停电\n\n（相同的 2 条合为一条）\n\n———\n\n开会"


def test_the_same_answer_to_two_mentions_both() -> None:
    parcel = merged([a_reply(1, "可以", "0427"), a_reply(2, "可以", "0428")], NOW)
    assert parcel.body.text == "@0427 @0428 可以\n\n（相同的 2 条合为一条）"
    assert parcel.at_staff_ids == ("0427", "0428")


def test_a_post_and_an_answer_go_different_ways() -> None:
    assert numbers(merged([a_reply(1, "可以", "0427"), a_post(2, "通知")], NOW)) == [1]
    assert numbers(merged([a_post(1, "通知"), a_reply(2, "可以", "0427")], NOW)) == [1]


def test_an_answer_whose_webhook_has_expired_goes_with_posts_and_mentions_nobody() -> None:
    stale = a_reply(1, "可以", "0427", minutes=1)
    assert way_of(stale.draft, NOW) == "api"
    parcel = merged([stale, a_post(2, "通知")], NOW)
    assert (numbers(parcel), parcel.body.text) == ([1, 2], f"可以{BETWEEN}通知")
    assert (parcel.at_staff_ids, parcel.webhook) == ((), None)


def test_the_margin_before_a_webhook_expires() -> None:
    draft = replace(a_reply(1, "x", "0427").draft, webhook_expires_at=NOW + WEBHOOK_MARGIN)
    assert way_of(draft, NOW) == "api"
    assert way_of(draft, NOW - timedelta(seconds=1)) == "webhook"
    assert way_of(replace(draft, webhook_expires_at=None), NOW) == "webhook"


def test_five_buttons_are_kept_and_the_sixth_stays_outside() -> None:
    buttons = [Button(f"第{n}个", f"/做 {n}") for n in range(6)]
    parcel = merged([a_post(1, "一", *buttons[:3]), a_post(2, "二", *buttons[3:5]), a_post(3, "三", buttons[5])], NOW)
    assert numbers(parcel) == [1, 2]
    assert parcel.body.buttons == tuple(buttons[:5])


def test_one_word_on_two_buttons_that_do_different_things_stays_apart() -> None:
    one, other = Button("全部已移出", "/清理 已移出 1"), Button("全部已移出", "/清理 已移出 2")
    assert numbers(merged([a_post(1, "一", one), a_post(2, "二", other)], NOW)) == [1]
    assert numbers(merged([a_post(1, "一", one), a_post(2, "二", one)], NOW)) == [1, 2]


def test_a_button_costs_nobody_a_mention() -> None:
    button = Button("移出", "全部已移出")
    assert numbers(merged([a_reply(1, "可以", "0427"), a_reply(2, "请选", "0428", button)], NOW)) == [1]
    parcel = merged([a_reply(1, "请选", "0427", button), a_reply(2, "请选吧", "0428", button)], NOW)
    assert (numbers(parcel), parcel.at_staff_ids) == ([1, 2], ())


def test_links_instead_of_buttons_stay_alone() -> None:
    many = a_post(1, "请选", *(Button(f"第{n}个", f"/做 {n}") for n in range(6)))
    assert numbers(merged([many, a_post(2, "通知")], NOW)) == [1]
    assert numbers(merged([a_post(2, "通知"), many], NOW)) == [2]


def test_a_ding_stays_alone() -> None:
    ding = a_row(1, Body("请答复"), kind="ding", conversation=None, recipients=("0001",))
    word = a_row(2, Body("提醒"), kind="private", conversation=None, recipients=("0001",))
    assert numbers(merged([ding, word], NOW)) == [1]
    assert numbers(merged([word, ding], NOW)) == [2]
    assert merged([ding], NOW).way == "ding"


def test_no_more_than_people_read() -> None:
    assert numbers(merged([a_post(n, f"第{n}条") for n in range(1, 30)], NOW)) == list(range(1, MOST_ROWS + 1))


def test_what_does_not_fit_waits_for_the_next() -> None:
    assert numbers(merged([a_post(1, "长" * 2000), a_post(2, "长" * 1900), a_post(3, "短")], NOW)) == [1]


def test_what_cannot_be_read_stops_it_and_fails_when_its_own_turn_comes() -> None:
    good = a_post(2, "x")
    bad = replace(good, draft=replace(good.draft, body="{}"))
    assert numbers(merged([a_post(1, "一"), bad, a_post(3, "三")], NOW)) == [1]
    with pytest.raises(ValueError, match="not a stored body"):
        merged([bad, a_post(3, "三")], NOW)


BUTTONS = st.lists(st.sampled_from([Button(f"按{n}", f"/做 {n}") for n in range(8)]), max_size=7, unique=True).map(
    tuple
)
TEXTS = st.text(alphabet='一二三字。\n#-> *@😀"\\', min_size=1, max_size=900).filter(str.strip)
SAME = "都一样"


def a_burst(found: list[tuple[str, tuple[Button, ...], str, int]]) -> list[OutboxRow]:
    """Rows whose texts can be told apart by their numbers, but for those that are the same."""
    rows = []
    for n, (text, buttons, way, asker) in enumerate(found, start=1):
        said = SAME if text == SAME else f"〔{n}〕{text}"
        if way == "post":
            rows.append(a_post(n, said, *buttons))
        else:
            rows.append(a_reply(n, said, f"042{asker}", *buttons, minutes=60 if way == "fresh" else 0))
    return rows


ROWS = st.lists(
    st.tuples(
        TEXTS | st.just(SAME), BUTTONS | st.just(()), st.sampled_from(["post", "fresh", "stale"]), st.integers(1, 4)
    ),
    min_size=1,
    max_size=14,
).map(a_burst)


@given(ROWS)
def test_nothing_of_what_goes_together_is_lost_and_the_order_stays(rows: list[OutboxRow]) -> None:
    parcel = merged(rows, NOW)
    assert parcel.rows == tuple(rows[: len(parcel.rows)]), "the first ones, without a gap"
    assert {way_of(row.draft, NOW) for row in parcel.rows} == {parcel.way}
    singles = [alone(row, NOW) for row in parcel.rows]
    places = [parcel.body.text.index(single.body.text) for single in singles]
    told_apart = [at for at, single in zip(places, singles, strict=True) if single.body.text != SAME]
    assert told_apart == sorted(set(told_apart))
    for single in singles:
        assert set(single.body.buttons) <= set(parcel.body.buttons)
        if parcel.way == "webhook" and shape.can_mention(single.body):
            assert set(single.at_staff_ids) <= set(parcel.at_staff_ids)
    if len(singles) > 1:
        assert len(parcel.body.buttons) <= shape.MOST_BUTTONS
        assert shape.fits(parcel.body)
        assert len(shape.title_of(parcel.body)) <= shape.LONGEST_TITLE
        sent = shape.for_webhook(parcel.body, parcel.at_staff_ids, stand_in_text=True)
        if parcel.at_staff_ids:
            assert sent["msgtype"] == "markdown"
            assert all(f"@{staff_id}" in sent["markdown"]["text"] for staff_id in parcel.at_staff_ids)


@given(ROWS)
def test_what_goes_alone_goes_as_it_would_have(rows: list[OutboxRow]) -> None:
    assert merged(rows[:1], NOW) == alone(rows[0], NOW)


@given(ROWS)
def test_everything_goes_out_in_the_end(rows: list[OutboxRow]) -> None:
    sent: list[int] = []
    rest = rows
    while rest:
        parcel = merged(rest, NOW)
        sent += numbers(parcel)
        rest = rest[len(parcel.rows) :]
    assert sent == [row.id for row in rows]
