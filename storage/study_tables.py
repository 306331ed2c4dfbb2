"""The tables of study posts and quizzes (article 五.4); the step that lays them is in `migrations.py`."""

from __future__ import annotations

from sqlite_utils import Database as SqliteDatabase


def lay_study(db: SqliteDatabase) -> None:
    """What people are asked to study, who has done it, the questions, and where each department stands."""
    db.execute("""
        create table study_tasks (             -- the id is the number that people type
            id integer primary key autoincrement,
            kind text not null check (kind in ('post', 'quiz')),
            plan text not null default '',     -- of a post: the schedule; then whose, and which article
            department text not null default '',
            document text not null default '',
            article text not null default '',
            opened_at text not null,
            opened_by text not null,           -- staff id, or 'schedule'
            closed_at text
        ) strict""")
    db.execute("create index study_tasks_open on study_tasks (id) where closed_at is null")
    db.execute("""
        create table study_duties (            -- whom a task was given to
            task_id integer not null references study_tasks (id) on delete cascade,
            staff_id text not null,
            department text not null,          -- as it was then
            done_at text,
            reminders integer not null default 0,
            last_reminded_at text,
            primary key (task_id, staff_id)
        ) strict, without rowid""")
    db.execute("create index study_duties_by_person on study_duties (staff_id)")
    db.execute("""
        create table study_questions (
            id integer primary key autoincrement,
            document text not null,            -- title
            article text not null,             -- number
            stem text not null,
            options text not null,
            answer integer not null,           -- place of the right option, from 0
            state text not null check (state in ('draft', 'ready', 'retired')),
            created_by text not null,
            created_at text not null
        ) strict""")
    db.execute("""
        create table study_task_questions (
            task_id integer not null references study_tasks (id) on delete cascade,
            position integer not null,
            question_id integer not null references study_questions (id),
            primary key (task_id, position)
        ) strict, without rowid""")
    db.execute("create index study_task_questions_by_question on study_task_questions (question_id)")
    db.execute("""
        create table study_answers (           -- first tries; which option was chosen is not kept
            task_id integer not null references study_tasks (id) on delete cascade,
            question_id integer not null references study_questions (id),
            staff_id text not null,
            is_right integer not null,
            answered_at text not null,
            primary key (task_id, question_id, staff_id)
        ) strict, without rowid""")
    db.execute("""
        create table study_positions (         -- the last article that a department was sent
            plan text not null,
            department text not null,
            document text not null,
            article text not null,
            posted_at text not null,
            primary key (plan, department)
        ) strict, without rowid""")
    db.execute("""
        create table study_pauses (
            plan text primary key,
            paused_by text not null,
            paused_at text not null
        ) strict, without rowid""")
