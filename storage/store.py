"""All repositories over one database."""

from __future__ import annotations

from storage.appeals import Appeals
from storage.article_questions import ArticleQuestions
from storage.audit import Audit
from storage.backlog import Backlog
from storage.bridge import Bridge
from storage.confirmations import Confirmations
from storage.coverage import Coverage
from storage.curated import CuratedAnswers
from storage.database import Database
from storage.drafts import Drafts
from storage.event_marks import EventMarks
from storage.findings import Findings
from storage.flag_counts import FlagCounts
from storage.flags import Flags
from storage.gaps import Gaps
from storage.groups import Groups
from storage.inbox import Inbox
from storage.members import Members
from storage.outbox import Outbox
from storage.persons import Persons
from storage.policies import Policies
from storage.policy_queue import PolicyQueue
from storage.presence import Presences
from storage.prints import Prints
from storage.probes import Probes
from storage.quiz import Quiz
from storage.quota import Quota
from storage.reports import Reports
from storage.retention import Retention
from storage.reviews import Reviews
from storage.rivals import Rivals
from storage.roles import Roles
from storage.rule_waiting import RuleDrafts, RuleProposals
from storage.rules import Rules
from storage.schedules import Schedules
from storage.staff import Staff
from storage.study import Study
from storage.subjects import Subjects
from storage.tellings import Tellings
from storage.unreachable import UnreachablePeople
from storage.vectors import Vectors
from storage.verdicts import Verdicts


class Store:
    """A repository a subject. None of them commits: the caller owns the transaction (`Database.transaction`)."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.appeals = Appeals(database)
        self.article_questions = ArticleQuestions(database)
        self.audit = Audit(database)
        self.backlog = Backlog(database)
        self.bridge = Bridge(database)
        self.confirmations = Confirmations(database)
        self.coverage = Coverage(database)
        self.curated = CuratedAnswers(database)
        self.drafts = Drafts(database)
        self.event_marks = EventMarks(database)
        self.findings = Findings(database)
        self.flag_counts = FlagCounts(database)
        self.flags = Flags(database)
        self.gaps = Gaps(database)
        self.groups = Groups(database)
        self.inbox = Inbox(database)
        self.members = Members(database)
        self.outbox = Outbox(database)
        self.persons = Persons(database)
        self.policies = Policies(database)
        self.policy_queue = PolicyQueue(database)
        self.presence = Presences(database)
        self.prints = Prints(database)
        self.probes = Probes(database)
        self.quiz = Quiz(database)
        self.quota = Quota(database)
        self.reports = Reports(database)
        self.retention = Retention(database)
        self.reviews = Reviews(database)
        self.rivals = Rivals(database)
        self.roles = Roles(database)
        self.rule_drafts = RuleDrafts(database)
        self.rule_proposals = RuleProposals(database)
        self.rules = Rules(database)
        self.schedules = Schedules(database)
        self.staff = Staff(database)
        self.study = Study(database)
        self.subjects = Subjects(database)
        self.tellings = Tellings(database)
        self.unreachable = UnreachablePeople(database)
        self.vectors = Vectors(database)
        self.verdicts = Verdicts(database)
