"""`/规章 导入` and `/规章 文件`: taking documents in, their owners, ranks and dates, and putting them out of force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers.access import Role
from handlers.cleanup.roster import GONE, Person, Roster
from handlers.commands.command import Call, Command, UsageError
from handlers.commands.privately import privately
from handlers.context import Context
from handlers.markdown import literal
from handlers.message import Body, Outgoing, Reply
from handlers.policy.documents import texts
from handlers.policy.documents.choosing import choose, freed, restore, restoring
from handlers.policy.documents.corpus import PREAMBLE
from handlers.policy.documents.dates import day_in, in_words
from handlers.policy.documents.drafts import take_in_draft
from handlers.policy.documents.ranks import rank_in
from storage.audit import AuditEntry
from storage.policies import Document

_LONGEST_TITLE = 80
_NOBODY = ("无", "没有", "清除", "none")


def _import(call: Call, context: Context) -> list[Outgoing]:
    if not call.arguments or not call.arguments[0].isdecimal():
        raise UsageError("请写草稿编号")
    draft = context.store.drafts.get(int(call.arguments[0][:9]), context.now)
    if draft is None:
        return [Reply(Body(texts.DRAFT_GONE))]
    rest = call.arguments[1:]
    day = day_in(rest[0], context.today) if rest else None
    if rest and day is None and rest[0][:1].isdecimal():
        raise UsageError(f"「{rest[0][:20]}」不是日期")
    title = " ".join(rest if day is None else rest[1:]).strip().strip("《》")
    if len(title) > _LONGEST_TITLE:
        raise UsageError(f"名称太长，最多 {_LONGEST_TITLE} 个字")
    done = take_in_draft(draft, call.message, context, day, title)
    return [Reply(Body(texts.imported(done, context.today), texts.TITLE_IMPORTED))]


def _list(call: Call, context: Context) -> list[Outgoing]:
    policies = context.store.policies
    found = policies.documents()
    if not found:
        return [Reply(Body(texts.NONE_AT_ALL))]
    roster = Roster.load(context.store.staff)
    owners = {one.owner: roster.name_of(one.owner) for one in found if one.owner is not None}
    counts = policies.article_counts(without=PREAMBLE)
    return privately(call.message, Body(texts.listing(found, counts, owners, context.today), texts.TITLE_LIST))


def _owner(call: Call, context: Context) -> list[Outgoing]:
    document, words = _document(call, context, "请写负责人的工号或姓名")
    person = None if words in _NOBODY else _person(words, context)
    staff_id = None if person is None else person.staff_id
    context.store.policies.set_owner(document.id, staff_id)
    _audit("负责人", document, staff_id or "", call, context)
    if person is None:
        return _done(f"{texts.named(document)}不再有专门的负责人。")
    text = f"{texts.named(document)}由{literal(person.name)}负责。没有答上来的问题会转给本人。"
    return privately(call.message, Body(text, texts.TITLE_DONE))


def _person(words: str, context: Context) -> Person:
    roster = Roster.load(context.store.staff)
    person = roster.get(words)
    named = [person] if person is not None else roster.named(words)
    if len(named) > 1:
        raise UsageError(f"有 {len(named)} 位「{words[:20]}」，请写工号")
    if not named:
        raise UsageError(f"通讯录里没有「{words[:20]}」")
    if named[0].status in GONE:
        raise UsageError(f"「{words[:20]}」已经不在学院了")
    return named[0]


def _rank(call: Call, context: Context) -> list[Outgoing]:
    document, words = _document(call, context, f"请写级别：{texts.RANKS_SAID}")
    rank = rank_in(words)
    if rank is None:
        raise UsageError(f"没有「{words[:20]}」这个级别，可写：{texts.RANKS_SAID}")
    context.store.policies.set_rank(document.id, rank)
    _audit("级别", document, words, call, context)
    return _done(f"{texts.named(document)}的级别是{words}。几份文件说到同一件事时，级别高的排在前面。")


def _effective(call: Call, context: Context) -> list[Outgoing]:
    document, words = _document(call, context, "请写施行日期")
    day = None if words in _NOBODY else _day(words, context)
    context.store.policies.set_effective(document.id, day, context.today)
    _audit("施行", document, "" if day is None else day.isoformat(), call, context)
    if day is None:
        return _done(f"{texts.named(document)}不写施行日期，一直按它作答。")
    since = "已按它作答" if day <= context.today else "在那以前不按它作答"
    return _done(f"{texts.named(document)}从 {in_words(day)}起施行，{since}。")


def _repeal(call: Call, context: Context) -> list[Outgoing]:
    document, day = _repealing(call, context)
    text = _repeal_effect(call, context)
    context.store.policies.repeal(document.id, day, context.today)
    _audit("废止", document, day.isoformat(), call, context)
    return _done(f"已停用：{text}")


def _repealing(call: Call, context: Context) -> tuple[Document, date]:
    document, words = _document(call, context, "")
    if document.is_over(context.today):
        raise UsageError(f"{texts.named(document)}已经停用了")
    return document, _day(words, context) if words else context.today


def _repeal_effect(call: Call, context: Context) -> str:
    document, day = _repealing(call, context)
    going_on = freed(document, context.store.policies.documents(), day, context.today)
    return texts.repeals(document, day, context.today, going_on)


def _restore(call: Call, context: Context) -> list[Outgoing]:
    document = _restored(call, context)
    ended = restore(document, context.store.policies, context.today)
    _audit("恢复", document, ", ".join(str(one.id) for one in ended), call, context)
    return _done(texts.restores(document, ended))


def _restored(call: Call, context: Context) -> Document:
    document, _ = _document(call, context, "")
    if document.repealed is None and document.in_force:
        raise UsageError(f"{texts.named(document)}没有停用，不用恢复")
    return document


def _restore_effect(call: Call, context: Context) -> str:
    document = _restored(call, context)
    return texts.restores(document, restoring(document, context.store.policies.documents(), context.today))


def _document(call: Call, context: Context, missing: str) -> tuple[Document, str]:
    """The document that the first argument names, and the words after it; `missing` says what they should be."""
    if not call.arguments:
        raise UsageError("请写文件编号，编号见 /规章 文件")
    found = choose(call.arguments[0], context.store.policies.documents(), context.today)
    if not found:
        raise UsageError(f"没有「{call.arguments[0][:30]}」这份文件，编号见 /规章 文件")
    if len(found) > 1:
        raise UsageError(texts.which(found))
    words = " ".join(call.arguments[1:]).strip()
    if missing and not words:
        raise UsageError(missing)
    return found[0], words


def _day(words: str, context: Context) -> date:
    day = day_in(words, context.today)
    if day is None:
        raise UsageError(f"「{words[:20]}」不是日期，请写成 2026-09-01")
    return day


def _done(text: str) -> list[Outgoing]:
    return [Reply(Body(text, texts.TITLE_DONE))]


def _audit(action: str, document: Document, detail: str, call: Call, context: Context) -> None:
    message = call.message
    actor = message.sender.staff_id or ""
    subject = f"{document.title} v{document.version}"
    context.store.audit.add(
        AuditEntry(context.now, actor, f"规章 文件 {action}", subject, detail, message.conversation)
    )


def _of_documents(
    word: str,
    alias: str,
    arguments: str,
    example: str,
    summary: str,
    run: Callable[[Call, Context], list[Outgoing]],
    effect: Callable[[Call, Context], str] | None = None,
) -> Command:
    usage = f"/规章 文件 {word} {arguments}"
    return Command(
        words=("规章", "文件", word),
        aliases=("policy", "document", alias),
        role=Role.MAIN_ADMIN,
        usage=usage,
        example=f"/规章 文件 {word} {example}",
        summary=summary,
        run=run,
        effect=effect,
    )


COMMANDS = (
    Command(
        words=("规章", "导入"),
        aliases=("policy", "import"),
        role=Role.MAIN_ADMIN,
        usage="/规章 导入 编号 [施行日期] [文件名称]",
        example="/规章 导入 3 2026-09-01",
        summary="导入刚才私聊发来的文件",
        run=_import,
    ),
    Command(
        words=("规章", "文件"),
        aliases=("policy", "documents"),
        role=Role.MAIN_ADMIN,
        usage="/规章 文件",
        example="/规章 文件",
        summary="看全部规章文件和每一版的起止日期",
        run=_list,
    ),
    _of_documents("负责人", "owner", "编号 工号|姓名|无", "3 0012", "定下谁负责一份文件，答疑转给谁", _owner),
    _of_documents(
        "级别",
        "rank",
        f"编号 {texts.RANKS_SAID.replace('、', '|')}",
        "3 上级文件",
        "定下一份文件的级别，高的排前面",
        _rank,
    ),
    _of_documents("施行", "effective", "编号 日期|无", "3 2026-09-01", "改一份文件的施行日期", _effective),
    _of_documents(
        "废止", "repeal", "编号 [日期]", "3 2026-12-31", "停用一份文件，到日子不再按它作答", _repeal, _repeal_effect
    ),
    _of_documents(
        "恢复", "restore", "编号", "2", "恢复停用的文件或旧版，取代它的那一版停用", _restore, _restore_effect
    ),
)
