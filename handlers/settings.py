"""The settings that handlers read, a section a class. `bot/settings.py` adds the runtime's own and loads them all."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from handlers.cleanup.cron import OnHoliday
from handlers.cleanup.when import trigger
from handlers.moderation.detecting.hosts import is_domain
from handlers.moderation.detecting.student import StudentNumber

GroupKind = Literal["department", "project", "class", "external"]
Days = Annotated[int, Field(ge=1, le=36_500)]
"""A number of days; a hundred years at most, so that no date runs out of the calendar."""

Filled = Annotated[str, Field(min_length=1)]
"""A text that must not be empty."""


def _clock_time(value: object) -> object:
    """Refuse what pydantic would take for seconds since midnight, and a time that brings its own zone."""
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", value.strip()):
        return value.strip().zfill(5 if value.count(":") == 1 else 8)
    raise ValueError('要写时间，如 "08:30" / must be a time such as "08:30"')


ClockTime = Annotated[time, BeforeValidator(_clock_time)]
"""A time of day in the configured zone."""


class Section(BaseModel):
    """A section of the configuration: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _yes_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        """Python takes `true` for 1; people who write it for a number mean something else."""
        annotation = cls.model_fields[info.field_name or ""].annotation
        if isinstance(value, bool) and annotation in (int, float):
            raise ValueError("要写数字 / must be a number")
        return value


class RolesSettings(Section):
    """`[roles]`: who may do everything (article 五.1)."""

    main_admins: tuple[Filled, ...] = Field(
        default=(), description="主管理员的 userid 列表 / staff ids of the main admins"
    )


class PolicySettings(Section):
    """`[policy]`: answers about regulations."""

    refusal_threshold: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.47, description="低于该把握就不作答，0–1 / below this confidence the bot refuses, 0 to 1"
    )
    contact: str = Field(
        default="学院办公室", description="答不上来时请大家联系谁 / whom to ask when the bot cannot answer"
    )
    follow_up_minutes: Annotated[int, Field(ge=0, le=60)] = Field(
        default=5,
        description="几分钟内接着问（那外聘的呢）算同一件事，0 为不接 / minutes in which a short question goes on from the last; 0: never",
    )
    external_groups: bool = Field(
        default=False, description="外部群里是否回答规章问题 / answer policy questions in external groups"
    )
    synonyms: str = Field(
        default="synonyms.toml",
        description="自己的同义词文件，相对配置文件，没有也行；改了马上用上 / your own groups of words, beside those that ship; may be absent",
    )
    questions_a_day: Annotated[int, Field(ge=1, le=50)] = Field(
        default=5,
        description="每天最多转给一位负责人几个问题，其余看 /规章 待答 和周报 / questions a day that an owner is told of at once",
    )
    digest: str = Field(
        default="每周一 9:00",
        description="何时给文件负责人发问答周报，留空不发 / when owners get the digest of questions; empty: never",
    )

    @field_validator("digest")
    @classmethod
    def _is_a_time(cls, when: str) -> str:
        """`WhenError` is a ValueError and says what is allowed."""
        if when:
            trigger(when, ZoneInfo("Asia/Shanghai"), "next")
        return when


TRUSTED_DOMAINS = (
    *(
        "edu.cn",
        "gov.cn",
        "ac.cn",
        "dingtalk.com",
        "smartedu.cn",
        "chsi.com.cn",
        "chsi.cn",
        "neea.cn",
        "xuexi.cn",
        "12371.cn",
    ),
    *("people.com.cn", "news.cn", "xinhuanet.com", "cctv.com", "cnki.net", "wanfangdata.com.cn", "icourse163.org"),
    *(
        "xuetangx.com",
        "chaoxing.com",
        "zhihuishu.com",
        "mp.weixin.qq.com",
        "docs.qq.com",
        "meeting.tencent.com",
        "12306.cn",
    ),
)
"""Where links of a college lead every day. Subdomains count."""


class ModerationSettings(Section):
    """`[moderation]`: content flags."""

    rules: tuple[Filled, ...] = Field(
        default=(),
        description="规则文件列表，相对配置文件；留空用内置规则 / rule files; empty: the built-in one",
    )
    samples: str = Field(
        default="samples.txt",
        description="自己的样本文件（.txt .csv .jsonl），改规则前先拿它试，没有也行 / own texts that changed rules are tried on; may be absent",
    )
    two_admins: bool = Field(
        default=False,
        description="规则改为强制执行要另一位主管理员同意 / another main admin has to agree before a rule is enforced",
    )
    domains: tuple[Filled, ...] = Field(
        default=TRUSTED_DOMAINS,
        description="放心的网站域名，连同下级域名；检测器 link 不看它们 / domains, with those below, that links may lead to",
    )
    student_number: str = Field(
        default="",
        description='学号的样子，如 "20########"：# 是任意数字，[1-4] 是其中一个，{6} 是重复，| 是或者；留空不认学号 / what a student number'
        " looks like: # any digit, [1-4] one of these, {6} repeats, | or; empty: not recognised",
    )
    tell_sender: bool = Field(default=True, description="命中后私下提醒发送人 / tell the sender in private")
    window_days: Days = Field(
        default=30,
        description="多少天内再犯同类算重复，会逐级告知 / days in which the like counts as repeated, and more people hear",
    )
    digest: str = Field(
        default="每周一 8:50",
        description="何时给管理员发内容提醒周报，留空不发 / when admins get the digest of content flags; empty: never",
    )
    least_precision: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.8,
        description="规则的准确率明显低于它，就建议降一级 / a rule that is surely less often right is proposed to be lowered a step",
    )
    report_threshold: Annotated[int, Field(ge=2, le=100)] = Field(
        default=3,
        description="几个人举报同一条消息就算紧急，再告知一次、部门负责人也知道 / so many reporters of one message make it urgent",
    )
    reports_a_day: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=10, description="每人每天最多举报几条 / messages that one person can report a day"
    )

    @field_validator("digest")
    @classmethod
    def _is_a_time(cls, when: str) -> str:
        """`WhenError` is a ValueError and says what is allowed."""
        if when:
            trigger(when, ZoneInfo("Asia/Shanghai"), "next")
        return when

    @field_validator("domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if not is_domain(domain):
                raise ValueError(f'{domain!r} 不是域名，请写成 "example.edu.cn" / is no domain')
        return domains

    @field_validator("student_number")
    @classmethod
    def _is_a_pattern(cls, pattern: str) -> str:
        """`StudentNumberError` is a ValueError and says what is allowed."""
        if pattern:
            StudentNumber(pattern)
        return pattern


class BridgeSettings(Section):
    """`[bridge]`: all messages of a group, from a program that the college runs (docs/bridge.md)."""

    enabled: bool = Field(
        default=False,
        description="是否接收消息桥接；要群主在群里同意，或在 groups 里写明 / read what a bridge brings, of groups that allow it",
    )
    groups: tuple[Filled, ...] = Field(
        default=(),
        description="学院批准全听的群 ID 列表，群主在群里同意的不用写 / groups that the college allows; owners allow theirs by command",
    )
    robots: tuple[Filled, ...] = Field(
        default=("群管家",),
        description="机器人在群里显示的名字，它们的话不看 / names of robots in groups: what they say is not looked at",
    )


class GroupSchedule(Section):
    """When something is to happen in which groups."""

    name: Annotated[str, Field(pattern=r"^[\w.-]{1,40}$")] = Field(
        description="计划名，各不相同 / name, unlike any other's"
    )
    when: str = Field(
        description='何时，如 "每月第一个工作日 9:00" 或五段 cron "0 9 1 * *" / when: in words, or five cron fields'
    )
    kinds: tuple[GroupKind, ...] = Field(
        default=("department", "project"),
        description="哪些群：department 部门群、project 项目群、class 班级群、external 外部群 / which kinds of groups",
    )
    on_holiday: OnHoliday = Field(
        default="next",
        description="遇节假日：next 顺延到工作日、skip 跳过、same 照常 / on a holiday: next workday, skip, or same day",
    )

    @field_validator("when")
    @classmethod
    def _is_a_schedule(cls, when: str) -> str:
        """`WhenError` is a ValueError and says what is allowed."""
        trigger(when, ZoneInfo("Asia/Shanghai"), "same")
        return when

    @field_validator("kinds")
    @classmethod
    def _are_some(cls, kinds: tuple[GroupKind, ...]) -> tuple[GroupKind, ...]:
        """A schedule over no groups would fire for nothing."""
        if not kinds:
            raise ValueError("至少写一类群 / at least one kind is needed")
        return kinds

    @field_validator("on_holiday")
    @classmethod
    def _leaves_a_day(cls, on_holiday: OnHoliday, info: ValidationInfo) -> OnHoliday:
        """What always falls on a holiday must not skip holidays."""
        if "when" in info.data:
            trigger(info.data["when"], ZoneInfo("Asia/Shanghai"), on_holiday)
        return on_holiday


class CleanupSchedule(GroupSchedule):
    """One `[[cleanup.schedules]]` entry."""


RESERVED_NAMES = (
    "cleanup-reminders",
    "study-reminders",
    "policy-review",
    "policy-digest",
    "moderation-digest",
    "directory-sync",
    "retention",
    "quota-watch",
)
"""Schedules that always run and have no entry in the settings."""

DEFAULT_SCHEDULES = (
    CleanupSchedule(name="department-monthly", when="每月第一个工作日 9:00", kinds=("department", "project")),
)


class CleanupSettings(Section):
    """`[cleanup]`: the membership clean-up (article 五.8)."""

    schedules: tuple[CleanupSchedule, ...] = Field(
        default=DEFAULT_SCHEDULES,
        description="清理计划，可写多个 [[cleanup.schedules]] / schedules, any number of [[cleanup.schedules]]",
    )
    remind_after_workdays: Annotated[int, Field(ge=1, le=30)] = Field(
        default=2, description="几个工作日未答复再提醒 / workdays without an answer before the next reminder"
    )
    max_reminders: Annotated[int, Field(ge=0, le=10)] = Field(
        default=3, description="最多再提醒几次 / reminders at most"
    )
    working_hours_from: ClockTime = Field(default=time(8, 30), description="提醒时段开始 / reminders not before")
    working_hours_to: ClockTime = Field(
        default=time(17, 30), validate_default=True, description="提醒时段结束 / reminders not after"
    )
    post_count_in_group: bool = Field(
        default=True, description="在群里发一条只含人数的提示 / post the bare count in the group"
    )
    dormant_after_days: Days = Field(
        default=180, description="多少天没有动静算沉寂群 / days without a message before a group counts as dormant"
    )
    keep_days: Days = Field(
        default=180, description="“保留”未写期限时的天数 / days that «keep» lasts when no date is given"
    )

    @field_validator("schedules")
    @classmethod
    def _differ_in_name(cls, schedules: tuple[CleanupSchedule, ...]) -> tuple[CleanupSchedule, ...]:
        """What fired last is stored by name."""
        names = [schedule.name for schedule in schedules]
        if taken := sorted({name for name in names if names.count(name) > 1 or name in RESERVED_NAMES}):
            raise ValueError(f"计划名重复或已占用：{'、'.join(taken)} / schedule names must differ")
        return schedules

    @field_validator("working_hours_to")
    @classmethod
    def _comes_after_the_beginning(cls, end: time, info: ValidationInfo) -> time:
        """Working hours that are empty would hold back everything for ever."""
        if "working_hours_from" in info.data and end <= info.data["working_hours_from"]:
            raise ValueError("要晚于 working_hours_from / must be after working_hours_from")
        return end


class StudySchedule(GroupSchedule):
    """One `[[study.schedules]]` entry: an article a time, in order, to the groups of each department."""

    kinds: tuple[GroupKind, ...] = Field(
        default=("department",),
        description="发到哪些群：department 部门群、project 项目群、class 班级群、external 外部群 / to which kinds of groups",
    )
    departments: tuple[Filled, ...] = Field(
        default=(), description="只发给这些部门，留空为全部 / only these departments; empty: all"
    )
    document: str = Field(
        default="", description="学哪份文件（标题），留空为全部现行规章 / title of the document; empty: all in force"
    )
    articles: tuple[Filled, ...] = Field(
        default=(), description="只发这几条，如 四.(六).4，留空为全部 / only these articles; empty: all"
    )
    repeat: bool = Field(default=True, description="学完一遍从头再来 / begin again after the last article")
    confirm: bool = Field(
        default=True,
        description="请大家点「学完了」，统计并提醒；false 为只发不统计 / ask people to say that they have read; false: only post",
    )


STUDY_EXAMPLE = StudySchedule(name="rules-weekly", when="每周一 9:00")
"""What the example file shows: nothing is sent unasked."""


class StudySettings(Section):
    """`[study]`: study posts and quizzes (article 五.4)."""

    schedules: tuple[StudySchedule, ...] = Field(
        default=(),
        examples=[STUDY_EXAMPLE],
        description="学习计划，可写多个 [[study.schedules]]；默认没有，例子如下 / "
        "study plans, any number; none by default. An example:",
    )
    remind_after_workdays: Annotated[int, Field(ge=1, le=30)] = Field(
        default=3, description="几个工作日没学完再提醒 / workdays before whoever has not finished is reminded"
    )
    max_reminders: Annotated[int, Field(ge=0, le=5)] = Field(
        default=2, description="每项最多提醒几次，0 为不提醒 / reminders at most for each item; 0: none"
    )
    keep_open_days: Days = Field(
        default=60, description="多少天后截止，不再提醒和统计 / days after which an item is closed"
    )

    @field_validator("schedules")
    @classmethod
    def _differ_in_name(cls, schedules: tuple[StudySchedule, ...]) -> tuple[StudySchedule, ...]:
        """Where each department stands is stored by name."""
        names = [schedule.name for schedule in schedules]
        if taken := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"计划名重复：{'、'.join(taken)} / schedule names must differ")
        return schedules


class SchedulerSettings(Section):
    """`[scheduler]`."""

    timezone: ZoneInfo = Field(default=ZoneInfo("Asia/Shanghai"), description="时区 / time zone")


class QuotaSettings(Section):
    """`[quota]`: how much, how fast, and when (docs/platform.md §9)."""

    calls_per_month: Annotated[int, Field(ge=1)] = Field(
        default=10_000,
        description="组织每月接口调用上限，/配额 会对照显示 / calls a month that the organisation has; shown by /quota",
    )
    dings_per_month: Annotated[int, Field(ge=0)] = Field(
        default=0, description="每月 DING 上限，0 为不知道 / DINGs a month; 0: not known"
    )
    group_messages_per_minute: Annotated[int, Field(ge=1, le=20)] = Field(
        default=15,
        description="每群每分钟最多几条（平台限 20），再多就合成一条 / messages a minute to a group (20 at most); more are merged",
    )
    calls_per_second: Annotated[int, Field(ge=1, le=60)] = Field(
        default=10, description="每类接口每秒最多几次 / calls a second for one kind of API"
    )
    quiet_from: ClockTime = Field(
        default=time(22, 0),
        description="夜间从几点起只答不扰：提醒和汇总等到早上 / from here on only answers are sent; the rest waits",
    )
    quiet_to: ClockTime = Field(
        default=time(7, 0),
        description="夜间到几点为止；与 quiet_from 相同为不设 / until here; the same as quiet_from: never",
    )


class PrivacySettings(Section):
    """`[privacy]`: how long things are kept."""

    retention_days: Days = Field(default=365, description="收发记录保留天数 / days that messages and answers are kept")
    flag_retention_days: Days = Field(
        default=180,
        description="内容提醒记录保留天数，发出的消息最多也留这么久 / days that content flags are kept, and messages that were sent at most",
    )


class HandlerSettings(Section):
    """All that a handler may read."""

    roles: RolesSettings = RolesSettings()
    policy: PolicySettings = PolicySettings()
    moderation: ModerationSettings = ModerationSettings()
    bridge: BridgeSettings = BridgeSettings()
    cleanup: CleanupSettings = CleanupSettings()
    study: StudySettings = StudySettings()
    scheduler: SchedulerSettings = SchedulerSettings()
    quota: QuotaSettings = QuotaSettings()
    privacy: PrivacySettings = PrivacySettings()
