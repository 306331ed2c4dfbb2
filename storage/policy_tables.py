"""Step m012 of the migrations: versions of documents, a count of every change, and documents that wait for a word.

A step that has been released is never edited.
"""

from __future__ import annotations

from sqlite_utils import Database


def lay_policy_documents(db: Database) -> None:
    """Whom a document belongs to, from when until when it answers, what took its place; drafts of documents."""
    db.execute("alter table policy_documents add column owner text")  # staff id
    db.execute("alter table policy_documents add column rank integer not null default 1")  # higher goes first
    db.execute("alter table policy_documents add column begins text")  # first day on which it answers; null: always
    db.execute("alter table policy_documents add column superseded_by integer references policy_documents (id)")
    db.execute("alter table policy_documents add column revision integer not null default 0")
    db.execute("alter table policy_documents add column content_revision integer not null default 0")
    db.execute("""
        update policy_documents set begins = case
            when effective is not null then effective
            when version > 1 then substr(imported_at, 1, 10)
        end""")
    # A version that another has taken the place of answers for the time until then.
    db.execute("""
        with following as (
            select older.id, (
                select newer.id from policy_documents newer
                where newer.title = older.title and newer.version > older.version order by newer.version limit 1
            ) as newer_id
            from policy_documents older where not older.in_force
        )
        update policy_documents set
            superseded_by = following.newer_id,
            repealed = coalesce(repealed, max(
                (select newer.begins from policy_documents newer where newer.id = following.newer_id),
                coalesce(begins, '')
            ))
        from following where following.id = policy_documents.id and following.newer_id is not null""")
    db.execute("""
        create table policy_revision (         -- one row: counts every change that an index rests on
            id integer primary key check (id = 1),
            value integer not null
        ) strict""")
    db.execute("insert into policy_revision (id, value) values (1, 1)")
    db.execute("update policy_documents set revision = 1, content_revision = 1")
    _count_changes(db)
    db.execute("""
        create table policy_drafts (           -- files that an admin sent, until they say what to do with them
            id integer primary key autoincrement,
            staff_id text not null,
            conversation text not null,
            file_name text not null,
            title text not null,
            articles text not null,            -- JSON: [number, heading, text] each
            created_at text not null,
            expires_at text not null
        ) strict""")


_CHANGED = "title, version, effective, repealed, begins, is_digest, source_name, in_force, owner, rank, superseded_by"
_PRESENT = "(select value from policy_revision)"
_COUNT = "update policy_revision set value = value + 1"
_MARK = f"update policy_documents set revision = {_PRESENT}"
_MARK_CONTENT = f"{_MARK}, content_revision = {_PRESENT}"


def _count_changes(db: Database) -> None:
    """Triggers: whoever changes documents, articles or questions, the counts go up in the same transaction."""
    db.execute(
        f"create trigger policy_documents_added after insert on policy_documents begin {_COUNT}; "
        f"{_MARK_CONTENT} where id = new.id; end"
    )
    db.execute(
        f"create trigger policy_documents_changed after update of {_CHANGED} on policy_documents begin {_COUNT}; "
        f"{_MARK} where id = new.id; end"
    )
    db.execute(f"create trigger policy_documents_removed after delete on policy_documents begin {_COUNT}; end")
    for event, row in (("insert", "new"), ("update", "new"), ("delete", "old")):
        db.execute(
            f"create trigger policy_articles_{event} after {event} on policy_articles begin {_COUNT}; "
            f"{_MARK_CONTENT} where id = {row}.document_id; end"
        )
        db.execute(
            f"create trigger policy_questions_{event} after {event} on policy_questions begin {_COUNT}; "
            f"{_MARK_CONTENT} where id = (select document_id from policy_articles where id = {row}.article_id); end"
        )
