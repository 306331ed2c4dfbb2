"""Step m013 of the migrations: curated answers, what people thought of answers, and the questions that wait for one.

A step that has been released is never edited.
"""

from __future__ import annotations

from sqlite_utils import Database


def lay_curated_answers(db: Database) -> None:
    """Answers with their phrasings and articles; ratings; the queue and whom it answers."""
    db.execute("""
        create table curated_answers (
            id integer primary key autoincrement,
            answer text not null,              -- masked
            document text,                     -- title of the document whose owner answers for it; null: main admins
            state text not null check (state in ('given', 'stopped')),
            author text not null,              -- staff id or 'cli'
            created_at text not null,
            reviewed_by text not null,
            reviewed_at text not null,
            asked_review_at text               -- its article has changed, and whoever answers for it was asked
        ) strict""")
    db.execute("""
        create table curated_phrasings (
            curated_id integer not null references curated_answers (id) on delete cascade,
            position integer not null,
            phrasing text not null,            -- masked
            primary key (curated_id, position)
        ) strict, without rowid""")
    db.execute("""
        create table curated_links (           -- the articles that an answer rests on, as they read when it was reviewed
            curated_id integer not null references curated_answers (id) on delete cascade,
            position integer not null,
            document text not null,            -- title
            article text not null,             -- number
            content_hash text not null,
            primary key (curated_id, position)
        ) strict, without rowid""")
    db.execute("create table curated_revision (id integer primary key check (id = 1), number integer not null) strict")
    db.execute("insert into curated_revision (id, number) values (1, 0)")
    db.execute("""
        create table policy_ratings (          -- 有用, 没用
            asked_id integer not null references questions_asked (id) on delete cascade,
            rater text not null,               -- tells the same person again, for this question alone
            is_useful integer not null,
            reason text not null default '',   -- masked
            rated_at text not null,
            primary key (asked_id, rater)
        ) strict, without rowid""")
    db.execute("create index policy_ratings_by_time on policy_ratings (rated_at)")
    db.execute("create index questions_asked_by_time on questions_asked (asked_at)")
    db.execute("""
        create table policy_queue (            -- questions that wait for whoever answers for the document
            id integer primary key autoincrement,
            asked_id integer references questions_asked (id) on delete set null,
            why text not null check (why in ('passed-on', 'disliked')),
            question text not null,            -- masked
            reason text not null default '',   -- masked: what was wrong with the answer
            document text,                     -- title; null: nothing came near
            article text,
            state text not null default 'open' check (state in ('open', 'answered', 'closed')),
            created_at text not null,
            told_at text,                      -- when whoever answers was written to
            settled_at text,
            settled_by text,
            curated_id integer references curated_answers (id) on delete set null
        ) strict""")
    db.execute("create index policy_queue_by_state on policy_queue (state, created_at)")
    db.execute("create index policy_queue_by_asked on policy_queue (asked_id)")
    db.execute("create index policy_queue_by_told on policy_queue (told_at)")
    db.execute("""
        create table policy_askers (           -- who gets the answer
            queue_id integer not null references policy_queue (id) on delete cascade,
            asker text not null,               -- staff id; '': from outside, answered in the group
            conversation text not null,
            is_group integer not null,
            asked_at text not null,
            primary key (queue_id, asker, conversation)
        ) strict, without rowid""")
    db.execute("create index policy_askers_by_asker on policy_askers (asker, asked_at)")
    db.execute("""
        create table policy_digest (           -- one row: up to when owners were told of what people asked
            id integer primary key check (id = 1),
            until text not null
        ) strict""")
