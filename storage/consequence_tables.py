"""Step m019 of the migrations: what became of content flags.

A step that has been released is never edited.
"""

from __future__ import annotations

from sqlite_utils import Database


def lay_consequences(db: Database) -> None:
    """Flags from the bridge too, with severity and who wrote what was reported; tellings, appeals, verdicts."""
    _rebuild_flags(db)
    db.execute("""
        create table tellings (                -- who heard of which flag
            flag_id integer not null references flags (id) on delete cascade,
            person text not null,              -- staff id
            rung text not null check (rung in ('sender', 'owner', 'head', 'admins', 'ding', 'public', 'reviewer')),
            at text not null,
            primary key (flag_id, person, rung)
        ) strict, without rowid""")
    db.execute("create index tellings_by_time on tellings (at)")
    db.execute("""
        create table appeals (                 -- the sender of a flag says that it is a mistake
            flag_id integer primary key references flags (id) on delete cascade,
            reason text not null,              -- masked
            at text not null,
            settled_at text
        ) strict""")
    db.execute("create index appeals_by_time on appeals (at)")
    db.execute("""
        create table verdicts (                -- what a reviewer said of a flag; a later word takes its place
            flag_id integer primary key references flags (id) on delete cascade,
            verdict text not null check (verdict in ('right', 'wrong', 'unsure')),
            reviewer text not null,            -- staff id
            at text not null
        ) strict""")
    db.execute("create index verdicts_by_time on verdicts (at)")


def _rebuild_flags(db: Database) -> None:
    # SQLite cannot change a check. Numbers that people were told are never given again.
    db.execute("""
        create table flags_anew (
            id integer primary key autoincrement,
            message_key text not null,
            rule text not null,
            category text not null,
            article text not null,
            state text not null,
            severity text not null default 'medium',
            source text not null check (source in ('mention', 'private', 'report', 'scan', 'bridge')),
            conversation text not null,
            sender text,                       -- staff id; null for outsiders
            reporter text,
            author_key text not null default '', -- fingerprint of whoever wrote what was reported
            excerpt text not null,
            created_at text not null,
            recalled_at text,                  -- when the sender took the message back
            unique (message_key, rule)
        ) strict""")
    db.execute(
        "insert into flags_anew (id, message_key, rule, category, article, state, source, conversation, sender, reporter, "
        "excerpt, created_at) select id, message_key, rule, category, article, state, source, conversation, sender, "
        "reporter, excerpt, created_at from flags"
    )
    db.execute("delete from sqlite_sequence where name = 'flags_anew'")
    db.execute(
        "insert into sqlite_sequence (name, seq) select 'flags_anew', seq from sqlite_sequence where name = 'flags'"
    )
    db.execute("drop table flags")
    db.execute("alter table flags_anew rename to flags")
    db.execute("create index flags_by_sender on flags (sender, rule, created_at)")
    db.execute("create index flags_by_category on flags (sender, category, created_at)")
