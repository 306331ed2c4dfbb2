"""Step m018 of the migrations: content rules with all their versions, and what waits for somebody's word.

A step that has been released is never edited.
"""

from __future__ import annotations

from sqlite_utils import Database


def lay_rules(db: Database) -> None:
    """Rules as they are, as they were, and as somebody wants them."""
    db.execute("""
        create table rules (
            number integer primary key autoincrement,  -- what people write
            id text not null unique,
            version integer not null,          -- the newest one
            is_removed integer not null check (is_removed in (0, 1)),
            follows text                       -- the file that it follows at each start; null: somebody changed it
        ) strict""")
    db.execute("""
        create table rule_versions (           -- append-only, but for the oldest of very many
            rule integer not null references rules (number),
            version integer not null,
            body text not null,                -- JSON, the keys of a rule file; of a removed rule the last one
            is_removed integer not null check (is_removed in (0, 1)),
            at text not null,
            by text not null,                  -- staff id, `file` or `cli`
            what text not null,                -- what changed, for people
            why text not null,
            primary key (rule, version)
        ) strict, without rowid""")
    db.execute("""
        create table rules_revision (          -- one row: counts every change
            id integer primary key check (id = 1),
            value integer not null
        ) strict""")
    db.execute("insert into rules_revision (id, value) values (1, 0)")
    db.execute("""
        create table rule_proposals (          -- changes that wait for the word of another admin
            id integer primary key autoincrement,
            rule text not null,                -- id
            version integer not null,          -- the newest one when it was proposed; 0: a new rule
            body text not null,
            what text not null,
            why text not null,
            staff_id text not null,
            created_at text not null,
            expires_at text not null
        ) strict""")
    db.execute("""
        create table rule_drafts (             -- rule files that somebody sent
            id integer primary key autoincrement,
            staff_id text not null,
            conversation text not null,
            file_name text not null,
            bodies text not null,              -- JSON: a list of rules
            created_at text not null,
            expires_at text not null
        ) strict""")
