"""Whose turn it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.agenda import Agenda, Entry, Line
from storage.outbox import Draft, OutboxRow

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
ANSWER, REMINDER, DIGEST = 0, 1, 2


def a_row(row_id: int, target: str = "c1", priority: int = ANSWER) -> OutboxRow:
    draft = Draft("group", "{}", priority, NOW, conversation=target)
    return OutboxRow(row_id, draft, "queued", 0, None, None, None)


def an_agenda(*rows: OutboxRow) -> Agenda:
    agenda = Agenda()
    for row in rows:
        agenda.add(row)
    return agenda


def taken(agenda: Agenda, *, answers_only: bool = False) -> tuple[Line, Entry]:
    turn = agenda.take(answers_only=answers_only)
    assert turn is not None
    return turn


def worked_off(agenda: Agenda) -> list[int]:
    """The ids in the order of their turns, one after the other."""
    found = []
    while (turn := agenda.take()) is not None:
        line, entry = turn
        found.append(entry.id)
        agenda.forget([entry.id])
        agenda.finish(line)
    return found


def test_answers_go_before_reminders_and_those_before_digests_in_all_lines() -> None:
    agenda = an_agenda(
        a_row(1, "a", DIGEST),
        a_row(2, "b", REMINDER),
        a_row(3, "a", ANSWER),
        a_row(4, "c", ANSWER),
        a_row(5, "a", REMINDER),
    )
    assert worked_off(agenda) == [3, 4, 2, 5, 1]
    assert len(agenda) == agenda.waiting == 0


def test_a_line_that_is_busy_or_held_does_not_stand_before_others() -> None:
    agenda = an_agenda(a_row(1, "a"), a_row(2, "a"), a_row(3, "b"), a_row(4, "c", DIGEST))
    agenda.hold("b", 60.0)
    line, first = taken(agenda)
    _, other = taken(agenda)
    assert (first.id, other.id) == (1, 4)
    assert agenda.take() is None
    agenda.finish(line)
    agenda.release(NOW, 59.9)
    assert taken(agenda)[1].id == 2
    assert agenda.take() is None
    assert agenda.next_release() == 60.0
    agenda.release(NOW, 60.0)
    assert taken(agenda)[1].id == 3


def test_the_longer_of_two_holds_counts() -> None:
    agenda = an_agenda(a_row(1, "a"))
    agenda.hold("a", 60.0)
    agenda.hold("a", 30.0)
    agenda.release(NOW, 30.0)
    assert agenda.take() is None
    agenda.release(NOW, 60.0)
    assert taken(agenda)[1].id == 1


def test_a_stream_of_answers_lets_what_is_old_through_now_and_then() -> None:
    agenda = an_agenda(a_row(1, "old", DIGEST), *(a_row(n, f"c{n}") for n in range(2, 102)))
    assert worked_off(agenda).index(1) < 8


def test_a_stream_of_answers_to_one_target_lets_what_is_old_through_now_and_then() -> None:
    agenda = an_agenda(a_row(1, "a", REMINDER), *(a_row(n, "a") for n in range(2, 102)))
    assert worked_off(agenda).index(1) < 4


def test_where_only_answers_may_go_nothing_else_does() -> None:
    agenda = an_agenda(a_row(1, "a", REMINDER), a_row(2, "b", ANSWER), a_row(3, "b", DIGEST))
    line, entry = taken(agenda, answers_only=True)
    assert entry.id == 2
    agenda.finish(line)
    assert agenda.take(answers_only=True) is None
    assert taken(agenda)[1].id == 1


def test_what_waits_for_a_time_waits_outside_and_its_line_is_behind_then() -> None:
    agenda = an_agenda(a_row(2, "a"))
    agenda.add(a_row(1, "a", REMINDER), NOW + timedelta(hours=1))
    line, entry = taken(agenda)
    assert (entry.id, agenda.next_time(), line.is_behind) == (2, NOW + timedelta(hours=1), False)
    agenda.finish(line)
    assert agenda.take() is None
    agenda.release(NOW + timedelta(hours=1), 0.0)
    line, entry = taken(agenda)
    assert (entry.id, line.is_behind, agenda.next_time()) == (1, True, None)


def test_a_held_line_is_behind_until_it_is_worked_off() -> None:
    agenda = an_agenda(a_row(1, "a"), a_row(2, "a"))
    agenda.hold("a", 1.0)
    agenda.release(NOW, 1.0)
    for _ in range(2):
        line, _ = taken(agenda)
        assert line.is_behind
        agenda.finish(line)
    agenda.add(a_row(3, "a"))
    assert not taken(agenda)[0].is_behind


def test_what_goes_with_another_leaves_the_line() -> None:
    agenda = an_agenda(
        a_row(1, "a", REMINDER), a_row(2, "a"), a_row(3, "a", DIGEST), a_row(4, "a"), a_row(5, "a", REMINDER)
    )
    line, entry = taken(agenda)
    assert [one.id for one in agenda.behind(line, entry, 9)] == [4, 1, 5, 3]
    assert [one.id for one in agenda.behind(line, entry, 3)] == [4, 1, 5]
    agenda.remove(line, [4, 1])
    agenda.forget([2, 4, 1])
    agenda.finish(line)
    assert [one.id for one in line] == [5, 3]
    assert worked_off(agenda) == [5, 3]


def test_what_is_less_urgent_than_others_does_not_take_them_along() -> None:
    """Its turn came because it is old: answers behind it must not wait for its way of being sent."""
    agenda = an_agenda(a_row(1, "a", REMINDER), a_row(2, "a"), a_row(3, "a", REMINDER))
    line = next(iter(agenda._lines.values()))
    line.turns = 3
    line, entry = taken(agenda)
    assert (entry.id, [one.id for one in agenda.behind(line, entry, 9)]) == (1, [3])


def test_beyond_a_number_only_ids_are_kept() -> None:
    agenda = an_agenda(*(a_row(n, f"c{n % 7}") for n in range(1, 1502)))
    kept = sum(entry.row is not None for line in agenda._lines.values() for entry in line)
    assert (kept, agenda.waiting, len(agenda)) == (1000, 1501, 1501)


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "take", "finish", "hold", "back", "time"]), st.integers(0, 3), st.integers(0, 2)),
    max_size=60,
)


@given(STEPS)
def test_every_row_has_its_turn_once_and_in_order_whatever_happens_to_the_lines(
    steps: list[tuple[str, int, int]],
) -> None:
    agenda, steady, added = Agenda(), 0.0, 0
    under_way: dict[str, tuple[Line, Entry]] = {}
    held: dict[str, float] = {}
    waiting: dict[str, set[tuple[int, int]]] = {}
    done: list[int] = []
    for what, number, priority in [*steps, *[("time", 3, 0), ("finish", 0, 0), ("take", 0, 0)] * 300]:
        target = f"c{number}"
        if what == "add":
            added += 1
            agenda.add(a_row(added, target, priority))
            waiting.setdefault(target, set()).add((priority, added))
        elif what == "hold":
            agenda.hold(target, steady + number)
            held[target] = max(held.get(target, 0.0), steady + number)
        elif what == "time":
            steady += number
            agenda.release(NOW, steady)
        elif what == "take" and (turn := agenda.take(answers_only=priority == 2)) is not None:
            line, entry = turn
            assert line.target not in under_way
            assert held.get(line.target, 0.0) <= steady
            mates = [row_id for one, row_id in waiting[line.target] if one == entry.priority]
            assert entry.id == min(mates), "within a priority the oldest goes first"
            waiting[line.target].discard((entry.priority, entry.id))
            under_way[line.target] = turn
        elif what in ("finish", "back") and under_way:
            target, (line, entry) = under_way.popitem()
            if what == "back":
                agenda.put_back(entry)
                waiting[target].add((entry.priority, entry.id))
            else:
                done.append(entry.id)
                agenda.forget([entry.id])
            agenda.finish(line)
    assert sorted(done) == list(range(1, added + 1))
    assert len(agenda) == agenda.waiting == 0
    assert agenda._lines == {}, "nothing is remembered of targets that wait for nothing"
    assert not agenda._listed
