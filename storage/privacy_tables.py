"""Step m021 of the migrations: what is counted where nothing readable is kept."""

from __future__ import annotations

from sqlite_utils import Database


def lay_privacy(db: Database) -> None:
    """Fingerprints of texts and strangers, counts that outlive the flags, and how far admins were told."""
    db.execute("create index flags_by_time on flags (created_at)")
    db.execute("""
        create table flag_prints (             -- told apart by a secret beside the database, never turned back (prints.py)
            flag_id integer primary key references flags (id) on delete cascade,
            text_print text not null,          -- of the whole text
            author_print text                  -- of somebody without a staff id; null: known by it
        ) strict""")
    db.execute("create index flag_prints_by_text on flag_prints (text_print)")
    db.execute("create index flag_prints_by_author on flag_prints (author_print) where author_print is not null")
    db.execute("""
        create table rule_weeks (              -- of flags that are gone
            rule text not null,
            week text not null,                -- its Monday, as days are counted in China
            hits integer not null default 0,
            right integer not null default 0,
            wrong integer not null default 0,
            unsure integer not null default 0,
            appeals integer not null default 0,
            primary key (rule, week)
        ) strict, without rowid""")
    # Whoever deletes a flag, its counts stay. Verdict and appeal go with it, but after this.
    db.execute("""
        create trigger flags_forgotten before delete on flags begin
            insert into rule_weeks (rule, week, hits, right, wrong, unsure, appeals)
            select
                old.rule,
                date(old.created_at, '+8 hours', 'weekday 0', '-6 days'),
                1,
                coalesce((select verdict = 'right' from verdicts where flag_id = old.id), 0),
                coalesce((select verdict = 'wrong' from verdicts where flag_id = old.id), 0),
                coalesce((select verdict = 'unsure' from verdicts where flag_id = old.id), 0),
                exists (select 1 from appeals where flag_id = old.id)
            where true
            on conflict (rule, week) do update set
                hits = hits + excluded.hits,
                right = right + excluded.right,
                wrong = wrong + excluded.wrong,
                unsure = unsure + excluded.unsure,
                appeals = appeals + excluded.appeals;
        end""")
    db.execute("""
        create table moderation_digest (       -- one row: up to when admins were told what rules found
            id integer primary key check (id = 1),
            until text not null
        ) strict""")
