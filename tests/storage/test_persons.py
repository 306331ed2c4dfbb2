"""Everything about a person is found, and forgotten; nothing about anybody else is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from storage.audit import AuditEntry
from storage.database import Database
from storage.flags import Flag
from storage.groups import Group
from storage.inbox import Arrival
from storage.members import Member
from storage.outbox import Draft
from storage.person_traces import NO_TRACES, TIMES, TRACES
from storage.policies import Asked
from storage.staff import StaffFact
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
HER, HIM, GONE = "0042", "0043", "已删除-test"
HER_NAME, HIS_NAME = "孙悦", "周敏"


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        store = Store(database)
        for staff_id, name in ((HER, HER_NAME), (HIM, HIS_NAME)):
            store.staff.put(StaffFact(staff_id, "directory", name, "教务处", "13812345678", title="科员"), NOW)
        yield store


def flag(store: Store, key: str, sender: str | None, *, category: str = "advertising", reporter: str = "") -> int:
    number = store.flags.add(
        Flag(key, "r", category, "五.2", "remind", "mention", "cid", sender, "…代写…", NOW, reporter=reporter or None)
    )
    assert number is not None
    return number


def text_columns(store: Store) -> Iterator[tuple[str, str]]:
    for table in store.database.rows("select name from sqlite_master where type = 'table'"):
        if table["name"].startswith(("sqlite_", "_sqlite")):
            continue
        for column in store.database.rows(f"pragma table_info({table['name']})"):
            if column["type"].lower() not in ("integer", "real") and not re.fullmatch(TIMES, column["name"]):
                yield table["name"], column["name"]


def everywhere(store: Store, words: str) -> list[str]:
    """Tables and columns in which these words stand."""
    return [
        f"{table}.{column}"
        for table, column in text_columns(store)
        if store.database.rows(f"select 1 from {table} where instr({column}, ?) limit 1", (words,))
    ]


def test_every_column_is_known_to_hold_somebody_or_nobody(store: Store) -> None:
    """Fails for a new column: name it in storage/person_traces.py, so that nobody is forgotten to be forgotten."""
    named = {(trace.table, column) for trace in TRACES for column in trace.columns}
    named |= {(table, column) for table, columns in NO_TRACES.items() for column in columns.split()}
    there = set(text_columns(store))
    assert there - named == set()
    assert named - there == set(), "these are no more"


def test_all_conditions_are_sql_and_say_why(store: Store) -> None:
    assert store.persons.found(HER)
    assert store.persons.forget("nobody", GONE) == []
    for trace in TRACES:
        if not trace.delete:
            assert trace.why, trace
        assert not (trace.delete and trace.change)


def test_what_is_hers_is_found_and_nothing_about_others(store: Store) -> None:
    flag(store, "m1", HER, reporter=HIM)
    flag(store, "m2", HIM)
    store.audit.add(AuditEntry(NOW, HIM, "清理 保留", HER, f"{HER} until 2027", "cid"))
    store.audit.add(AuditEntry(NOW, HER, "权限 授予", HIM, f"{HIM}, {HER}; sub-admin"))
    store.outbox.add(Draft("private", '{"title": "", "text": "你好", "buttons": []}', 1, NOW, recipients=(HER, HIM)))
    found = {one.trace.label: one.rows for one in store.persons.found(HER)}
    assert {"人员资料", "内容提醒", "操作记录", "发给本人的消息"} == set(found)
    (mine,) = found["内容提醒"]
    assert mine["excerpt"] == "…代写…"
    assert "reporter" not in mine, "who reported her is protected"
    assert HIM not in str(found)
    kept, granted = found["操作记录"]
    assert (kept["subject"], kept["detail"]) == (HER, f"{HER} until 2027")
    assert (granted["subject"], granted["detail"]) == ("某某", f"某某, {HER}; sub-admin")


def test_a_name_in_the_list_of_a_group_is_hers_too(store: Store) -> None:
    store.groups.save(Group("cid", "群", "department", "", HIM, (), registered_at=NOW))
    store.members.replace("cid", [Member("cid", "0044", "何晓晨")], "file", NOW)
    store.policies.asked(Asked(NOW, "cid", "何晓晨退休了还要留吗", is_answered=True))
    with store.database.transaction():
        store.persons.forget("0044", GONE)
    assert everywhere(store, "何晓晨") == ["members.name"]


def test_a_parked_message_of_somebody_else_that_names_her_is_counted(store: Store) -> None:
    body = json.dumps({"senderStaffId": HIM, "text": {"content": f"{HER_NAME}退休了吗"}})
    store.inbox.take([Arrival("message:1", "message", "cid", body, NOW)])
    store.inbox.park(store.inbox.next_rows(NOW)[0].id, "broken", NOW)
    (found,) = [one for one in store.persons.found(HER) if one.trace.table == "inbox"]
    assert found.trace.is_by_name
    assert not {HIM, HER_NAME} & set(map(str, found.rows[0].values()))
    assert [one.kept for one in store.persons.plan(HER) if one.trace.table == "inbox"] == [1]


def test_a_name_alone_is_found_and_said_to_be_doubtful(store: Store) -> None:
    store.groups.save(Group("cid", "群", "department", "", HIM, (), registered_at=NOW))
    store.members.replace("cid", [Member("cid", None, HER_NAME), Member("cid", HER, HER_NAME)], "file", NOW)
    found = {one.trace.label: len(one.rows) for one in store.persons.found(HER)}
    assert found["在哪些群里"] == 1
    assert found["群名单里同名的人（不一定是本人）"] == 1


def test_forgetting_leaves_counts_and_no_trace(store: Store) -> None:
    ordinary, grave = flag(store, "m1", HER), flag(store, "m2", HER, category="secrecy")
    flag(store, "m3", None, reporter=HER)
    his = flag(store, "m4", HIM)
    for number in (ordinary, grave, his):
        store.database.execute("insert into appeals (flag_id, reason, at) values (?, '是课堂例子', '2026')", (number,))
    store.database.execute("insert into verdicts values (?, 'wrong', ?, '2026')", (his, HER))
    sent = store.outbox.add(
        Draft("private", f'{{"title": "", "text": "{HER_NAME}在群里", "buttons": []}}', 1, NOW, recipients=(HIM,))
    )
    store.outbox.sent(sent, NOW)
    alone = store.outbox.add(
        Draft("private", '{"title": "", "text": "只给她", "buttons": []}', 1, NOW, recipients=(HER,))
    )
    store.outbox.sent(alone, NOW)
    body = json.dumps({"senderStaffId": HER, "text": {"content": "hi"}, "sessionWebhook": "https://secret"})
    store.inbox.take([Arrival("message:1", "message", "cid", body, NOW)])
    store.inbox.park(store.inbox.next_rows(NOW)[0].id, "broken", NOW)
    assert "https://secret" not in str(store.persons.found(HER))

    planned = store.persons.plan(HER)
    with store.database.transaction():
        done = store.persons.forget(HER, GONE)
    assert done == planned
    assert store.flags.count() == 4
    assert (left := store.flags.get(ordinary)) is not None
    assert (left.sender, left.excerpt) == (None, "")
    assert (kept := store.flags.get(grave)) is not None
    assert kept.sender == HER, "secrecy is kept as long as the retention says"
    assert everywhere(store, HER) == ["flags.sender"]
    assert everywhere(store, HER_NAME) == []
    assert everywhere(store, "只给她") == []
    assert everywhere(store, "是课堂例子") == ["appeals.reason"]
    assert store.database.rows("select reviewer from verdicts")[0]["reviewer"] == GONE
    assert store.staff.facts_of(HIM), "nobody else is touched"
    assert (of_his := store.flags.get(his)) is not None
    assert of_his.sender == HIM


def test_her_name_in_the_words_of_others_is_taken_out(store: Store) -> None:
    store.policies.asked(Asked(NOW, "cid", f"{HER_NAME}退休了还要留吗", is_answered=True))
    store.flags.add(
        Flag("m9", "r", "abuse", "一.2", "remind", "mention", "cid", HIM, f"{HER_NAME}是笨蛋", NOW, reporter="0044")
    )
    found = {one.trace.label: one.rows for one in store.persons.found(HER)}
    (said,) = found["写着这个名字的内容提醒（不一定是本人）"]
    assert not {HIM, "0044"} & set(map(str, said.values())), "who said it is not hers to know"
    with store.database.transaction():
        store.persons.forget(HER, GONE)
    assert everywhere(store, HER_NAME) == []
    assert store.flags.latest(1)[0].excerpt == "某某是笨蛋"


def test_what_is_not_done_yet_stays(store: Store) -> None:
    store.outbox.add(Draft("private", '{"title": "", "text": "你好", "buttons": []}', 1, NOW, recipients=(HER,)))
    with store.database.transaction():
        store.persons.forget(HER, GONE)
    (row,) = store.outbox.due(NOW)
    assert row.draft.recipients == (HER,)


def test_forgetting_two_people_of_one_cycle_does_not_clash(store: Store) -> None:
    store.database.execute(
        "insert into cycles (id, schedule, kinds, opened_at, opened_by, state) values (1, 's', '[]', '2026', 'x', 'closed')"
    )
    for person in (HER, HIM):
        store.database.execute("insert into owner_asks (cycle_id, owner, asked_at) values (1, ?, '2026')", (person,))
    with store.database.transaction():
        store.persons.forget(HER, "已删除-1")
        store.persons.forget(HIM, "已删除-2")
    rows = store.database.rows("select owner from owner_asks order by owner")
    assert [row["owner"] for row in rows] == ["已删除-1", "已删除-2"]


def id_columns() -> list[tuple[str, str]]:
    return sorted({(trace.table, column) for trace in TRACES for column in trace.ids})


def test_every_column_that_is_compared_with_a_staff_id_is_known_to_hold_one(store: Store) -> None:
    """But for what an operation was about, which may be anything."""
    compared = {
        (trace.table, column) for trace in TRACES for column in re.findall(r"(?<![\w.:])(\w+) = :person", trace.where)
    }
    assert compared & set(text_columns(store)) - set(id_columns()) == {("audit", "subject")}


@pytest.mark.parametrize(("table", "column"), id_columns())
def test_an_export_has_nobody_elses_id(store: Store, table: str, column: str) -> None:
    """Whichever column names her: all others of the same row may name somebody else."""
    store.database.connection.execute("pragma foreign_keys = off")
    store.database.connection.execute("pragma ignore_check_constraints = on")
    row: dict[str, object] = {}
    for one in store.database.rows(f"pragma table_info({table})"):
        row[one["name"]] = {"integer": 7, "real": 0.5, "blob": b""}.get(one["type"].lower(), "[]")
    row |= {name: HIM for where, name in id_columns() if where == table} | {column: HER}
    store.database.execute(f"delete from {table}")
    store.database.execute(
        f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", tuple(row.values())
    )
    found = [one for one in store.persons.found(HER) if one.trace.table == table]
    assert found
    assert HER in str([one.rows for one in found])
    assert HIM not in str([one.rows for one in found])


def test_a_change_that_could_not_be_handled_is_found_and_forgotten(store: Store) -> None:
    for key, people in (("event:1", [HIM, HER]), ("event:2", [HIM])):
        body = json.dumps({"headers": {}, "data": {"userId": people}})
        store.inbox.take([Arrival(key, "event", "events", body, NOW)])
        store.inbox.park(store.inbox.next_rows(NOW)[0].id, "broken", NOW)
    (found,) = [one for one in store.persons.found(HER) if one.trace.table == "inbox"]
    assert [row["state"] for row in found.rows] == ["parked"]
    assert HIM not in str(found.rows)
    with store.database.transaction():
        store.persons.forget(HER, GONE)
    assert [row["key"] for row in store.database.rows("select key from inbox where body <> ''")] == ["event:2"]
