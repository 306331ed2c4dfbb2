"""The tables, step by step. A step that has been released is never edited; a change is a new step.

Times are text in UTC (see `times.py`); lists and maps are JSON text; booleans are 0 and 1.
"""

from __future__ import annotations

from sqlite_utils import Database as SqliteDatabase
from sqlite_utils.migrations import Migrations

from storage.bridge_tables import lay_bridge
from storage.consequence_tables import lay_consequences
from storage.curated_tables import lay_curated_answers
from storage.policy_tables import lay_policy_documents
from storage.privacy_tables import lay_privacy
from storage.rule_tables import lay_rules
from storage.study_tables import lay_study

migrations = Migrations("steward")


@migrations()
def m001_inbox_and_outbox(db: SqliteDatabase) -> None:
    """What came in and what is to go out; neither is lost by a crash (docs/decisions/0002)."""
    db.execute("""
        create table inbox (
            id integer primary key autoincrement,
            key text not null unique,          -- 'message:<msgId>', 'event:<eventId>', 'due:<id>'
            kind text not null check (kind in ('message', 'event', 'due')),
            conversation text not null,        -- order is kept within it
            body text not null,                -- the frame's data, as it came
            received_at text not null,
            state text not null default 'new' check (state in ('new', 'done', 'parked')),
            attempts integer not null default 0,
            next_try_at text,
            error text,
            finished_at text
        ) strict""")
    db.execute("create index inbox_open on inbox (id) where state = 'new'")
    db.execute("create index inbox_waiting on inbox (next_try_at) where state = 'new' and next_try_at is not null")
    db.execute("create index inbox_by_state on inbox (state, received_at)")
    db.execute("""
        create table outbox (
            id integer primary key autoincrement,
            inbox_id integer references inbox (id) on delete set null,
            kind text not null check (kind in ('reply', 'group', 'private', 'ding')),
            conversation text,                 -- reply and group
            recipients text not null default '[]',
            body text not null,                -- JSON: title, text, buttons
            webhook text,
            webhook_expires_at text,
            at_staff_ids text not null default '[]',
            priority integer not null,
            not_before text,
            expires_at text,
            state text not null default 'queued'
                check (state in ('queued', 'sending', 'sent', 'parked', 'expired')),
            attempts integer not null default 0,
            next_try_at text,
            error_code text,
            error text,
            platform_key text,                 -- processQueryKey, openDingId
            created_at text not null,
            sent_at text
        ) strict""")
    db.execute("create index outbox_due on outbox (priority, id) where state in ('queued', 'sending')")
    db.execute("create index outbox_parked on outbox (id) where state = 'parked'")
    db.execute("create index outbox_by_platform_key on outbox (platform_key) where platform_key is not null")
    db.execute("create index outbox_by_inbox on outbox (inbox_id)")
    db.execute("""
        create table quota (
            month text not null,               -- '2026-11', in the configured zone
            api text not null,
            calls integer not null default 0,
            primary key (month, api)
        ) strict, without rowid""")


@migrations()
def m002_people_and_groups(db: SqliteDatabase) -> None:
    """The roster and the register of groups (articles 四.(三).1, 五.5)."""
    db.execute("""
        create table departments (
            dept_id integer primary key,
            name text not null,
            parent_id integer,
            path text not null,                -- '教务处/教学科', the college itself left out
            manager_ids text not null default '[]',
            seen_at text not null
        ) strict""")
    db.execute("""
        create table staff_facts (             -- who says what about a person; merged by handlers/cleanup/roster.py
            staff_id text not null,
            source text not null check (source in ('directory', 'personnel-file', 'event')),
            name text not null,
            department text not null default '',
            mobile text not null default '',
            title text not null default '',
            status text not null,
            status_since text,                 -- a date
            is_leader integer not null default 0,
            seen_at text not null,
            primary key (staff_id, source)
        ) strict, without rowid""")
    db.execute("create index staff_by_name on staff_facts (name)")
    db.execute("""
        create table groups (
            conversation text primary key,
            title text not null default '',
            kind text check (kind in ('department', 'project', 'class', 'external')),
            department text not null default '',
            owner text,
            purpose text not null default '',
            coverage text not null default 'mention-only' check (coverage in ('mention-only', 'bridge')),
            is_scene_group integer,            -- null: not known yet
            status text not null default 'active' check (status in ('active', 'disbanded')),
            registered_at text,
            registered_by text,
            first_heard_at text,
            last_heard_at text,
            members_source text,               -- scene-group, file, owner, event, bridge
            members_read_at text
        ) strict, without rowid""")
    db.execute("create index groups_by_owner on groups (owner)")
    db.execute("""
        create table group_admins (
            conversation text not null references groups (conversation) on delete cascade,
            staff_id text not null,
            primary key (conversation, staff_id)
        ) strict, without rowid""")
    db.execute("""
        create table members (
            id integer primary key,
            conversation text not null references groups (conversation) on delete cascade,
            staff_id text,                     -- null for outsiders and for pasted names
            name text not null default '',     -- display name in the group, or the pasted name
            union_id text,
            is_outsider integer not null default 0,
            source text not null,
            read_at text not null
        ) strict""")
    db.execute("create index members_by_group on members (conversation)")
    db.execute("create index members_by_staff on members (staff_id)")


@migrations()
def m003_cleanup(db: SqliteDatabase) -> None:
    """Cycles, their findings, who was asked, and exceptions (article 五.8)."""
    db.execute("""
        create table cycles (
            id integer primary key autoincrement,
            schedule text not null,
            kinds text not null,
            opened_at text not null,
            opened_by text not null,           -- staff id, or 'schedule'
            state text not null default 'open' check (state in ('open', 'closed')),
            closed_at text
        ) strict""")
    db.execute("""
        create table findings (
            id integer primary key autoincrement,
            cycle_id integer not null references cycles (id) on delete cascade,
            conversation text not null references groups (conversation) on delete cascade,
            member text,                       -- staff id, pasted name, or null: about the group itself
            name text not null default '',
            reason text not null,
            article text not null,
            recommendation text not null,
            source text not null,
            detail text not null default '',
            owner text,                        -- who is asked
            number integer not null,           -- what the owner calls it: 1, 2, 3 … in this cycle
            state text not null default 'open' check (state in ('open', 'removed', 'kept', 'unknown')),
            answered_by text,
            answered_at text,
            keep_reason text,
            keep_until text
        ) strict""")
    db.execute("create index findings_by_owner on findings (owner, state)")
    db.execute("create index findings_by_cycle on findings (cycle_id, conversation)")
    db.execute("""
        create table owner_asks (
            cycle_id integer not null references cycles (id) on delete cascade,
            owner text not null,
            asked_at text not null,
            last_reminded_at text,
            reminders integer not null default 0,
            finished_at text,
            primary key (cycle_id, owner)
        ) strict, without rowid""")
    db.execute("""
        create table exemptions (
            id integer primary key autoincrement,
            conversation text not null references groups (conversation) on delete cascade,
            member text not null,
            reason text not null,
            granted_by text not null,
            granted_at text not null,
            until text                         -- a date; null: until asked again
        ) strict""")
    db.execute("create unique index exemptions_by_member on exemptions (conversation, member)")
    db.execute("""
        create table schedules (
            name text primary key,
            when_text text not null,           -- a changed text starts the schedule afresh
            last_fire_at text,
            next_fire_at text
        ) strict, without rowid""")


@migrations()
def m004_policy(db: SqliteDatabase) -> None:
    """Regulations by article, and what people ask."""
    db.execute("""
        create table policy_documents (
            id integer primary key autoincrement,
            title text not null,
            version integer not null,
            effective text,
            repealed text,
            is_digest integer not null default 0,
            source_name text not null,
            imported_at text not null,
            in_force integer not null default 1,
            unique (title, version)
        ) strict""")
    db.execute("""
        create table policy_articles (
            id integer primary key autoincrement,
            document_id integer not null references policy_documents (id) on delete cascade,
            position integer not null,
            number text not null,              -- '二.6.(三)', '第十二条'
            heading text not null default '',  -- chapter and section titles above it
            text text not null,
            summary text not null default '',
            unique (document_id, number)
        ) strict""")
    db.execute("""
        create table policy_questions (
            article_id integer not null references policy_articles (id) on delete cascade,
            question text not null,
            primary key (article_id, question)
        ) strict, without rowid""")
    db.execute("""
        create table questions_asked (         -- masked; for tuning and for the document's owner
            id integer primary key autoincrement,
            asked_at text not null,
            conversation text not null,
            question text not null,
            is_answered integer not null,
            document text,
            article text,
            score real
        ) strict""")


@migrations()
def m005_flags(db: SqliteDatabase) -> None:
    """Content flags; excerpts are masked, full text is never kept."""
    db.execute("""
        create table flags (
            id integer primary key autoincrement,
            message_key text not null,
            rule text not null,
            category text not null,
            article text not null,
            state text not null,
            source text not null check (source in ('mention', 'private', 'report', 'scan')),
            conversation text not null,
            sender text,                       -- staff id; null for outsiders
            reporter text,
            excerpt text not null,
            created_at text not null,
            unique (message_key, rule)
        ) strict""")
    db.execute("create index flags_by_sender on flags (sender, rule, created_at)")


@migrations()
def m006_administration(db: SqliteDatabase) -> None:
    """Roles (article 五.1), confirmations that wait, and the audit of every change."""
    db.execute("""
        create table roles (
            staff_id text primary key,
            role text not null check (role in ('main-admin', 'sub-admin')),
            departments text not null default '[]',
            families text not null default '[]',
            granted_by text not null,
            granted_at text not null
        ) strict, without rowid""")
    db.execute("""
        create table confirmations (
            code text not null,
            staff_id text not null,
            conversation text not null,
            command text not null,
            expires_at text not null,
            primary key (staff_id, conversation)
        ) strict, without rowid""")
    db.execute("""
        create table audit (
            id integer primary key autoincrement,
            at text not null,
            actor text not null,               -- staff id, 'schedule', or 'cli'
            conversation text,
            action text not null,              -- the command, '清理 发起'
            subject text not null default '',
            detail text not null default ''
        ) strict""")


@migrations()
def m007_second_departments_and_late_events(db: SqliteDatabase) -> None:
    """People of two departments; and when what was last changed by an event, because events come out of order."""
    db.execute("alter table staff_facts add column also_in text not null default '[]'")
    db.execute("""
        create table event_marks (
            subject text primary key,          -- 'owner:<conversation>', 'member:<conversation>:<staff id>', …
            at text not null
        ) strict, without rowid""")


@migrations()
def m008_operation(db: SqliteDatabase) -> None:
    """Calls by day, so that the day can be foretold on which they run out; what the running bot says of itself; gaps."""
    db.execute("""
        create table calls (
            day text not null,                 -- '2026-11-25', in the configured zone
            api text not null,
            calls integer not null default 0,
            primary key (day, api)
        ) strict, without rowid""")
    db.execute("insert into calls (day, api, calls) select month || '-01', api, calls from quota")
    db.execute("drop table quota")
    db.execute("""
        create table presence (                -- one row, written by the running bot
            id integer primary key check (id = 1),
            started_at text not null,
            beat_at text not null,
            stopped_at text,                   -- null: running, or ended without a good-bye
            version text not null,
            host text not null,
            pid integer not null,
            wanted_connections integer not null,
            connections integer not null,
            heard_at text,                     -- last frame of any kind
            trouble text not null default ''   -- why there is no connection
        ) strict""")
    db.execute("""
        create table gaps (                    -- times without any connection
            id integer primary key autoincrement,
            began_at text not null,
            ended_at text,
            reason text not null,              -- 'offline', 'refused', 'stopped'
            told_at text
        ) strict""")
    db.execute("""
        create table probes (                  -- what the last self-check found out over the network
            name text primary key,
            at text not null,
            status text not null check (status in ('ok', 'warning', 'bad', 'unknown')),
            found text not null,
            advice text not null default ''
        ) strict, without rowid""")


@migrations()
def m009_quota_alarms(db: SqliteDatabase) -> None:
    """Which shortages of the month admins have been told of."""
    db.execute("""
        create table quota_alarms (
            month text not null,               -- '2026-11', in the configured zone
            subject text not null,             -- 'calls', 'dings'
            level integer not null,            -- the worst that was told
            told_at text not null,
            primary key (month, subject)
        ) strict, without rowid""")


@migrations()
def m010_outbox_patience(db: SqliteDatabase) -> None:
    """Since when a row is tried, what went out in the last minute, and whom messages do not reach."""
    db.execute("alter table outbox add column tried_at text")  # the first try; patience is counted from it
    db.execute("create index outbox_by_sent on outbox (sent_at) where sent_at is not null")
    db.execute("""
        create table unreachable (
            staff_id text primary key,         -- unknown, or outside the application's visible scope
            since text not null,
            at text not null                   -- when a message last failed to reach them
        ) strict, without rowid""")


@migrations()
def m011_rivals(db: SqliteDatabase) -> None:
    """Messages in the robot's name that we did not send: another process may answer as the same robot."""
    db.execute("""
        create table rivals (
            platform_key text primary key,     -- processQueryKey
            conversation text not null,        -- where somebody quoted it
            sent_at text not null,
            seen_at text not null,
            told_at text
        ) strict, without rowid""")


@migrations()
def m012_documents(db: SqliteDatabase) -> None:
    """Whom a document belongs to, what took its place, and documents that wait for a word before they are taken in."""
    lay_policy_documents(db)


@migrations()
def m013_curated_answers(db: SqliteDatabase) -> None:
    """Answers that people gave and reviewed, and the questions that wait for one."""
    lay_curated_answers(db)


@migrations()
def m014_study(db: SqliteDatabase) -> None:
    """Study posts, quizzes and who has completed them (article 五.4)."""
    lay_study(db)


@migrations()
def m015_vectors(db: SqliteDatabase) -> None:
    """Vectors of questions and articles, where a sentence model is in use."""
    db.execute("""
        create table vectors (
            model text not null,               -- which model made it
            digest blob not null,              -- of the words
            scale real not null,
            vector blob not null,              -- a signed byte a dimension
            primary key (model, digest)
        ) strict, without rowid""")


@migrations()
def m016_subjects(db: SqliteDatabase) -> None:
    """What a person asked about last in a chat, for a few minutes."""
    db.execute("""
        create table subjects (
            person text not null,              -- staff id, else DingTalk's opaque id
            conversation text not null,
            question text not null,            -- masked
            asked_at text not null,
            primary key (person, conversation)
        ) strict, without rowid""")
    db.execute("create index subjects_by_time on subjects (asked_at)")


@migrations()
def m017_questions_of_articles(db: SqliteDatabase) -> None:
    """Where a question of an article comes from, who added it and when."""
    db.execute(
        "alter table policy_questions add column source text not null default 'import' "
        "check (source in ('shipped', 'import', 'admin', 'liked', 'passed-on'))"
    )
    db.execute("alter table policy_questions add column added_by text")  # staff id; null: came with the document
    db.execute("alter table policy_questions add column added_at text")
    db.execute(
        "update policy_questions set source = 'shipped' where article_id in "
        "(select a.id from policy_articles a join policy_documents d on d.id = a.document_id where d.is_digest)"
    )


@migrations()
def m018_rules(db: SqliteDatabase) -> None:
    """Content rules with their versions (article 五.2)."""
    lay_rules(db)


@migrations()
def m019_consequences(db: SqliteDatabase) -> None:
    """Who heard of a flag, what the sender says to it, and what a reviewer says (article 五.2)."""
    lay_consequences(db)


@migrations()
def m020_bridge(db: SqliteDatabase) -> None:
    """All messages of a group by a bridge, where that is allowed, and who reported what (article 五.2)."""
    lay_bridge(db)


@migrations()
def m021_privacy(db: SqliteDatabase) -> None:
    """Counts and fingerprints, where nothing readable is kept."""
    lay_privacy(db)
