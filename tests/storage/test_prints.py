"""Fingerprints: the same for the same, and nothing without the installation's secret."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.flags import Flag
from storage.salt import BYTES, Salt
from storage.store import Store

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
EVER = NOW - timedelta(days=999)
ADVERT = "专业代写论文 加微信"


@pytest.fixture
def store() -> Iterator[Store]:
    with Database(":memory:") as database:
        yield Store(database)


def flag(store: Store, key: str, text: str, stranger: str | None = None, rule: str = "ad", at: datetime = NOW) -> int:
    sender = None if stranger else "0001"
    number = store.flags.add(Flag(key, rule, "advertising", "五.2", "remind", "mention", "cid", sender, "…", at))
    assert number is not None
    store.prints.note(number, text, stranger)
    return number


def test_repeats_of_a_text_are_counted_whatever_its_spaces(store: Store) -> None:
    flag(store, "m1", ADVERT)
    flag(store, "m1", ADVERT, rule="other")
    flag(store, "m2", "专业代写论文\u3000加微信\n")
    flag(store, "m3", "另一段话")
    assert store.prints.most_repeated(EVER, NOW + timedelta(1)) == (1, 2)
    assert store.prints.most_repeated(NOW + timedelta(1), NOW + timedelta(2)) == (0, 0)


def test_strangers_are_told_apart_without_knowing_them(store: Store) -> None:
    for key, stranger in (("m1", "$:a"), ("m2", "$:a"), ("m3", "$:b"), ("m4", None)):
        flag(store, key, key, stranger)
    assert store.prints.strangers(EVER, NOW + timedelta(1)) == 2
    kept = "".join(str(tuple(row)) for row in store.database.rows("select * from flag_prints"))
    assert "$:" not in kept


def test_a_fingerprint_goes_with_its_flag(store: Store) -> None:
    flag(store, "m1", ADVERT)
    store.database.execute("delete from flags")
    assert store.database.rows("select * from flag_prints") == []


def test_a_text_and_a_person_never_look_alike(store: Store) -> None:
    assert store.prints.of_text("same") != store.prints.of_person("same")
    assert store.prints.of_text("半\ud83d个")


def test_the_secret_lies_beside_the_database_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    with Database(path) as database:
        first = Store(database).prints.of_text(ADVERT)
    with Database(path) as database:
        assert Store(database).prints.of_text(ADVERT) == first, "the same after a start"
    salt = tmp_path / "steward.db.salt"
    assert len(salt.read_bytes()) == BYTES
    if os.name == "posix":
        assert stat.S_IMODE(salt.stat().st_mode) == 0o600
    salt.unlink()
    with Database(path) as database:
        assert Store(database).prints.of_text(ADVERT) != first, "another installation finds nothing"
    assert not list(tmp_path.glob("*.salt.*"))


def test_half_a_secret_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "a.db.salt").write_bytes(b"short")
    assert len(Salt(str(tmp_path / "a.db")).value()) == BYTES


def test_many_who_need_it_first_get_the_same(tmp_path: Path) -> None:
    path, found = str(tmp_path / "a.db"), set()
    threads = [threading.Thread(target=lambda: found.add(Salt(path).value())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1


def test_where_no_secret_can_be_kept_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "a.db.salt").mkdir()
    salt = Salt(str(tmp_path / "a.db"))
    assert len(salt.value()) == BYTES
    assert salt.value() == salt.value()
