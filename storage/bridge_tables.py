"""Step m020 of the migrations: the bridge to other programs, what it may read, and who reported what."""

from __future__ import annotations

from sqlite_utils import Database


def lay_bridge(db: Database) -> None:
    """Consents, runs, groups that were heard, names that staff ids are known for, reports."""
    db.execute("""
        create table bridge_consents (         -- that all of a group's messages may be read
            conversation text primary key,
            allowed_by text not null,          -- staff id
            allowed_at text not null,
            ended_by text,                     -- staff id
            ended_at text
        ) strict, without rowid""")
    db.execute("""
        create table bridge_runs (             -- some hours of a process that read lines, and what became of them
            id integer primary key autoincrement,
            door text not null check (door in ('stdin', 'pipe', 'address')),
            groups text not null default '[]', -- the only ones that it reads; empty: all that allow it
            started_at text not null,
            beat_at text not null,
            ended_at text,                     -- null: runs, or ended without a good-bye
            lines integer not null default 0,
            taken integer not null default 0,
            known integer not null default 0,  -- taken before
            unwanted integer not null default 0, -- other kinds, other groups
            bad integer not null default 0,
            dropped integer not null default 0, -- read and thrown away, because nothing could be stored
            missing integer not null default 0 -- the source says that it sent more
        ) strict""")
    db.execute("create index bridge_runs_by_beat on bridge_runs (beat_at)")
    db.execute("""
        create table bridge_groups (           -- what was heard through the bridge
            conversation text primary key,
            first_at text not null,
            last_at text not null,
            messages integer not null default 0
        ) strict, without rowid""")
    db.execute("""
        create table bridge_senders (          -- whose id at the bridge goes with which staff id
            open_id text primary key,
            staff_id text not null,
            weight integer not null,           -- how much speaks for it
            is_disputed integer not null default 0,
            at text not null
        ) strict, without rowid""")
    db.execute("""
        create table bridge_sightings (        -- for some minutes: messages that both ways may bring
            id integer primary key,
            side text not null check (side in ('robot', 'bridge')),
            conversation text not null,
            message_id text not null,
            digest text not null,              -- of name and words, empty for short ones
            person text not null,              -- staff id, or the bridge's
            at text not null
        ) strict""")
    db.execute("create index bridge_sightings_by_message on bridge_sightings (conversation, message_id)")
    db.execute("create index bridge_sightings_by_digest on bridge_sightings (conversation, digest)")
    db.execute("create index bridge_sightings_by_time on bridge_sightings (at)")
    db.execute("""
        create table reports (                 -- who reported which message (article 五.2)
            message_key text not null,
            reporter text not null,            -- staff id, else a fingerprint
            conversation text not null,
            at text not null,
            primary key (message_key, reporter)
        ) strict, without rowid""")
    db.execute("create index reports_by_reporter on reports (reporter, at)")
