"""Where a person stands in the database, table by table, and what becomes of it when they are to be forgotten.

A test walks over all columns: one that is new must be named here, as a trace or as none. In conditions `:person` is the
staff id, `:name` a name that they are known by, and `:gone` stands for them afterwards: made up for this one forgetting, so
that what belongs together can still be counted together, and nobody can tell who it was.
"""

from __future__ import annotations

from dataclasses import dataclass

FINISHED = "state in ('sent', 'parked', 'expired')"
_CLOSED_CYCLE = "cycle_id in (select id from cycles where state = 'closed')"
_EMPTIED = "state = 'done', body = '', error = null"
_GRAVE = "category in ('secrecy', 'unlawful')"


@dataclass(frozen=True, slots=True)
class Trace:
    """Rows in which somebody stands. `columns` are those that the test asks for."""

    table: str
    label: str
    columns: tuple[str, ...]
    where: str
    delete: bool = False
    change: str = ""
    """What is set instead of deleting, as SQL; neither: all of it is kept."""
    unless: str = ""
    """Rows that are kept as they are, as SQL."""
    why: str = ""
    """Why something of it is kept, for people."""
    hidden: tuple[str, ...] = ()
    """Columns with secrets, or about other people: they are in no export."""
    shows: str = "*"
    """What is exported, as SQL."""
    ids: tuple[str, ...] = ()
    """Columns that hold one staff id each. Other people's are in no export, whichever trace of the table shows the row."""
    free: tuple[str, ...] = ()
    """Columns of words among which ids of other people may stand: those are left out of an export."""

    @property
    def is_by_name(self) -> bool:
        """It is found by name alone, so that it may be about somebody else."""
        return ":name" in self.where


_ANONYMOUS = "留下事情本身和数目，不再看得出是谁"


def _mine(table: str, label: str, column: str, *, delete: bool = False, change: str = "", why: str = "") -> Trace:
    where = f"{column} = :person"
    return Trace(table, label, (column,), where, delete=delete, change=change, why=why, ids=(column,))


def _mentioned(table: str, label: str, column: str, hidden: tuple[str, ...] = (), unless: str = "") -> Trace:
    """Words of others in which the name stands."""
    return Trace(
        table,
        f"{label}（不一定是本人）",
        (column,),
        f"instr({column}, :name) > 0",
        change=f"{column} = replace({column}, :name, '某某')",
        unless=unless,
        why="别人的话留到保留期限，名字换成「某某」",
        hidden=hidden,
    )


def _actor(table: str, label: str, *columns: str) -> list[Trace]:
    """Who did something: the row stays, and says no longer who it was."""
    return [_mine(table, label, column, change=f"{column} = :gone", why=_ANONYMOUS) for column in columns]


TRACES: tuple[Trace, ...] = (
    Trace(
        "staff_facts",
        "人员资料",
        ("staff_id", "name", "mobile"),
        "staff_id = :person",
        delete=True,
        ids=("staff_id",),
    ),
    Trace(
        "departments",
        "负责的部门",
        ("manager_ids",),
        "exists (select 1 from json_each(manager_ids) where value = :person)",
        why="部门负责人由通讯录决定，通讯录改了就没有了",
        hidden=("manager_ids",),
    ),
    _mine("groups", "是群主的群", "owner", why="群登记要用；换了群主就没有了"),
    *_actor("groups", "登记过的群", "registered_by"),
    _mine("group_admins", "是群管理员的群", "staff_id", why="群登记要用；换了管理员就没有了"),
    Trace(
        "members",
        "在哪些群里",
        ("staff_id", "union_id", "name"),
        "staff_id = :person",
        why="人还在群里，名单照实记；移出群、重读名单后就没有了",
        ids=("staff_id",),
    ),
    Trace(
        "members",
        "群名单里同名的人（不一定是本人）",
        ("name",),
        "staff_id is null and name = :name",
        why="只有名字，可能是别人；重读名单后就没有了",
    ),
    # The clean-up: cycles that are closed are evidence (article 五.8) of which the numbers stay.
    *_actor("cycles", "发起的清理", "opened_by"),
    Trace(
        "findings",
        "清理时查到的",
        ("member", "name", "detail"),
        "member = :person",
        change="member = :gone, name = '', detail = '', keep_reason = null",
        unless=f"not {_CLOSED_CYCLE}",
        why="清理的记录是凭据，留下数目；还没结束的清理要等它结束",
        hidden=("owner", "answered_by"),
        ids=("member",),
    ),
    Trace(
        "findings",
        "清理时查到的同名的人（不一定是本人）",
        ("member",),
        "member = :name",
        why="只有名字，可能是别人",
        hidden=("owner", "answered_by"),
    ),
    Trace(
        "findings",
        "要答复的清理事项",
        ("owner",),
        "owner = :person",
        change="owner = :gone",
        unless=f"not {_CLOSED_CYCLE}",
        why="清理的记录是凭据，留下数目；还没结束的清理要等它结束",
        hidden=("member", "name", "detail"),
        ids=("owner",),
    ),
    Trace(
        "findings",
        "答复过的清理事项",
        ("answered_by", "keep_reason"),
        "answered_by = :person",
        change="answered_by = :gone",
        why=_ANONYMOUS,
        hidden=("member", "name", "detail"),
        ids=("answered_by",),
    ),
    Trace(
        "owner_asks",
        "收到的清理提醒",
        ("owner",),
        "owner = :person",
        change="owner = :gone",
        unless=f"not {_CLOSED_CYCLE}",
        why="清理的记录是凭据，留下数目；还没结束的清理要等它结束",
        ids=("owner",),
    ),
    _mine("exemptions", "清理时的例外", "member", delete=True),
    Trace(
        "exemptions",
        "清理时同名的人的例外（不一定是本人）",
        ("member",),
        "member = :name",
        why="只有名字，可能是别人；到期会再问",
    ),
    *_actor("exemptions", "同意过的例外", "granted_by"),
    # Content flags: what goes by the flag comes before the flag.
    Trace(
        "appeals",
        "写过的申诉",
        ("reason",),
        "flag_id in (select id from flags where sender = :person)",
        change="reason = ''",
        unless=f"flag_id in (select id from flags where {_GRAVE})",
        why="申诉的次数留下，用来看规则准不准",
    ),
    Trace(
        "flags",
        "内容提醒",
        ("sender", "excerpt", "author_key"),
        "sender = :person",
        change="sender = null, excerpt = '', author_key = ''",
        unless=_GRAVE,
        why="次数留下，用来看规则准不准；涉密和违法的，连同内容留满保留期限",
        hidden=("reporter", "author_key"),
        ids=("sender",),
    ),
    Trace(
        "flags",
        "举报过的内容",
        ("reporter",),
        "reporter = :person",
        change="reporter = null",
        why="被举报的内容留满保留期限，不再看得出是谁举报的",
        hidden=("sender", "author_key"),
        ids=("reporter",),
    ),
    _mentioned("flags", "写着这个名字的内容提醒", "excerpt", ("sender", "reporter", "author_key"), _GRAVE),
    _mentioned("appeals", "写着这个名字的申诉", "reason"),
    _mine("reports", "举报的次数", "reporter", change="reporter = :gone", why="留下数目，不再看得出是谁"),
    _mine("tellings", "收到的内容提醒", "person", delete=True),
    *_actor("verdicts", "复核过的", "reviewer"),
    *_actor("rule_versions", "改过的内容规则", "by"),
    _mine("rule_proposals", "提过的规则修改", "staff_id", delete=True),
    _mine("rule_drafts", "发来的规则文件", "staff_id", delete=True),
    Trace(
        "bridge_consents",
        "同意或停止监听的群",
        ("allowed_by", "ended_by"),
        "allowed_by = :person or ended_by = :person",
        why="谁同意的，是能不能读这个群的凭据",
        ids=("allowed_by", "ended_by"),
    ),
    _mine("bridge_senders", "桥接里的编号", "staff_id", delete=True),
    _mine("bridge_sightings", "桥接里几分钟内的消息", "person", delete=True),
    # Regulations.
    _mine("policy_askers", "等答复的提问", "asker", delete=True),
    *_actor("policy_queue", "答复过的提问", "settled_by"),
    _mentioned("policy_queue", "写着这个名字、等答复的提问", "question", ("settled_by",)),
    _mentioned("policy_queue", "写着这个名字的理由", "reason", ("settled_by",)),
    _mentioned("questions_asked", "写着这个名字的提问", "question"),
    _mine("policy_documents", "负责的文件", "owner", why="文件要有人负责；请先改由别人负责（/规章 文件）"),
    *_actor("policy_questions", "加过的问法", "added_by"),
    _mine("policy_drafts", "发来的文件", "staff_id", delete=True),
    *_actor("curated_answers", "写过和复核过的问答", "author", "reviewed_by"),
    _mine("subjects", "几分钟内问的", "person", delete=True),
    # Study: of what is closed the numbers stay.
    *_actor("study_tasks", "发起的学习", "opened_by"),
    *_actor("study_questions", "出过的题", "created_by"),
    *_actor("study_pauses", "暂停过的学习计划", "paused_by"),
    _mine(
        "study_duties", "学习任务", "staff_id", change="staff_id = :gone", why="完成率要用，留下数目，不再看得出是谁"
    ),
    _mine(
        "study_answers", "答过的题", "staff_id", change="staff_id = :gone", why="正确率要用，留下数目，不再看得出是谁"
    ),
    # Administration.
    _mine("roles", "管理员身份", "staff_id", why="还是管理员；请先撤销"),
    *_actor("roles", "授过的权", "granted_by"),
    _mine("confirmations", "等确认的命令", "staff_id", delete=True),
    Trace(
        "audit",
        "操作记录",
        ("actor", "subject", "detail"),
        "actor = :person or subject = :person or "
        "instr(' ' || replace(replace(detail, ',', ' '), ';', ' ') || ' ', ' ' || :person || ' ') > 0",
        why="操作记录是管理工作的凭据，不改也不删",
        ids=("actor",),
        free=("subject", "detail"),
    ),
    # What came in and went out.
    Trace(
        "inbox",
        "还没处理、或处理不了的消息",
        ("body",),
        "kind = 'message' and case when json_valid(body) then json_extract(body, '$.senderStaffId') end = :person",
        change=_EMPTIED,
        unless="state = 'new'",
        why="正要处理的，处理完就没有了",
        shows="id, received_at, state, json_remove(body, '$.sessionWebhook') as body",
    ),
    Trace(
        "inbox",
        "还没处理、或处理不了的变动",
        ("body",),
        "kind = 'event' and case when json_valid(body) then exists "
        "(select 1 from json_tree(body) where atom = :person) end",
        change=_EMPTIED,
        unless="state = 'new'",
        why="正要处理的，处理完就没有了",
        shows="id, received_at, state",  # a change may be about several people
    ),
    Trace(
        "inbox",
        "还没处理、或处理不了、写着这个名字的消息（不一定是本人）",
        ("body",),
        "body <> '' and case when json_valid(body) then "
        "coalesce(json_extract(body, '$.senderStaffId'), '') <> :person and "
        "exists (select 1 from json_tree(body) where type = 'text' and instr(atom, :name) > 0) end",
        why="别人的话，处理完、或者到了保留期限就没有了",
        shows="id, received_at, state",
    ),
    Trace(
        "outbox",
        "发给本人的消息",
        ("recipients",),
        "exists (select 1 from json_each(recipients) where value = :person)",
        change=(
            "recipients = (select json_group_array(iif(value = :person, :gone, value)) from json_each(recipients)), "
            """body = iif(json_array_length(recipients) = 1, '{"title": "", "text": "已删除", "buttons": []}', body)"""
        ),
        unless=f"not {FINISHED}",
        why="别人也收到的，正文留到保留期限；还没发出的，发完再说",
        hidden=("recipients", "at_staff_ids", "webhook"),
    ),
    Trace(
        "outbox",
        "提到本人的回复",
        ("at_staff_ids",),
        "exists (select 1 from json_each(at_staff_ids) where value = :person)",
        change="at_staff_ids = '[]'",
        unless=f"not {FINISHED}",
        why="群里的回复留到保留期限，不再看得出是回给谁的",
        hidden=("recipients", "at_staff_ids", "webhook"),
    ),
    Trace(
        "outbox",
        "发给别人、写着这个名字的消息（不一定是本人）",
        ("body",),
        "instr(body, :name) > 0 and not exists (select 1 from json_each(recipients) where value = :person)",
        change="body = replace(body, :name, '某某')",
        unless=f"not {FINISHED}",
        why="消息留到保留期限，名字换成「某某」",
        hidden=("recipients", "at_staff_ids", "webhook", "body"),
    ),
    _mine("unreachable", "消息发不到", "staff_id", delete=True),
    Trace(
        "event_marks",
        "通讯录和群的变动",
        ("subject",),
        "substr(subject, -length(:person) - 1) = ':' || :person",
        delete=True,
    ),
)

NO_TRACES = {
    "appeals": "",
    "audit": "action conversation",
    "bridge_consents": "conversation",
    "bridge_groups": "conversation",
    "bridge_runs": "door groups",
    "bridge_senders": "open_id",
    "bridge_sightings": "side conversation message_id digest",
    "calls": "api",
    "confirmations": "code conversation command",
    "curated_answers": "answer document state",
    "curated_links": "document article content_hash",
    "curated_phrasings": "phrasing",
    "cycles": "schedule kinds state",
    "departments": "name path",
    "exemptions": "conversation reason",
    "findings": "conversation reason article recommendation source state",
    "flag_prints": "text_print author_print",
    "flags": "message_key rule category article state severity source conversation",
    "gaps": "reason",
    "group_admins": "conversation",
    "groups": "conversation title kind department purpose coverage status members_source",
    "inbox": "key kind conversation state error",
    "members": "conversation source",
    "outbox": "kind conversation webhook state error_code error platform_key",
    "policy_articles": "number heading text summary",
    "policy_askers": "conversation",
    "policy_documents": "title effective repealed source_name begins",
    "policy_drafts": "conversation file_name title articles",
    "policy_questions": "question source",
    "policy_queue": "why document article state",
    "policy_ratings": "rater reason",
    "presence": "version host trouble",
    "probes": "name status found advice",
    "questions_asked": "conversation document article",
    "quota_alarms": "subject",
    "reports": "message_key conversation",
    "rivals": "platform_key conversation",
    "roles": "role departments families",
    "rule_drafts": "conversation file_name bodies",
    "rule_proposals": "rule body what why",
    "rule_versions": "body what why",
    "rule_weeks": "rule",
    "rules": "id follows",
    "schedules": "name when_text",
    "staff_facts": "source department title status also_in",
    "study_duties": "department",
    "study_pauses": "plan",
    "study_positions": "plan department document article",
    "study_questions": "document article stem options state",
    "study_tasks": "kind plan department document article",
    "subjects": "conversation question",
    "tellings": "rung",
    "vectors": "model digest vector",
    "verdicts": "verdict",
}
"""Columns of texts in which nobody stands, or only masked words without a name of whose they are. What belongs to a row
of a person goes with that row. Times need not be named."""
TIMES = r"(?:.*_)?(?:at|day|week|month|until|since|before)"
"""Names of columns that hold times."""
