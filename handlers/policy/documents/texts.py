"""What the bot says about documents themselves: a draft, an import, the list of all versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from handlers.markdown import literal
from handlers.policy.documents.dates import in_words
from handlers.policy.documents.doubts import Doubt
from handlers.policy.documents.importing import Changes, Imported, Plan
from handlers.policy.documents.overlaps import Overlap
from handlers.policy.documents.ranks import RANKS, rank_name
from storage.policies import Document

TITLE_DRAFT = "文件读好了，等你确认"
TITLE_IMPORTED = "已导入"
TITLE_LIST = "全部规章文件"
TITLE_DONE = "规章文件"
READABLE = (
    "我能读 Word（.docx）、PDF（文字版）、网页（.html）和文本（.txt、.md）文件。要导入规章，请用其中一种再发一次。"
)
OLD_FORMAT = "这是旧格式，我读不了。请用 Word 或 WPS 打开，另存为 .docx 再发给我。"
NOT_FETCHED = "文件没能下载下来，请再发一次。"
DRAFT_GONE = "没有这份等着导入的文件，可能已经导入过，或者放太久了。请把文件重新发给我。"
DRAFT_DROPPED = "好的，《{title}》没有导入。"
NONE_AT_ALL = "现在一份规章也没有。把文件私聊发给我就能导入。"
RANKS_SAID = "、".join(RANKS)

_LISTED = 5
_NUMBERS = 12
_DOUBTS = 8


def cannot_read(name: str, why: str) -> str:
    """The file of this name could not be read. `why` may begin with the name, and go on in English behind a slash."""
    said = why.partition(" / ")[0].removeprefix(name).lstrip("： ")
    return f"《{literal(name)}》读不了：{literal(said)}"


def draft(number: int, planned: Plan, outline: Sequence[str], doubts: Sequence[Doubt], today: date) -> str:
    """A document that was read, before it is taken in."""
    lines = [f"**《{literal(planned.document.title)}》读好了，还没有导入**", "", f"共 {planned.count} 条。请核对：", ""]
    lines += [_indented(line) for line in outline]
    if doubts:
        lines += ["", f"⚠ 有 {len(doubts)} 处拿不准，请对照原文看看：", ""]
        lines += [f"- {literal(doubt.text)}" for doubt in doubts[:_DOUBTS]]
        lines += [f"- 还有 {len(doubts) - _DOUBTS} 处"] if len(doubts) > _DOUBTS else []
    lines += ["", "**导入以后**", "", *_items(effects(planned, today, f"/规章 导入 {number} 今天"))]
    lines += ["", f"施行日期或名称不对，请写在后面：/规章 导入 {number} 2026-09-01 文件名称"]
    return "\n".join(lines)


def imported(done: Imported, today: date) -> str:
    """What an import did."""
    document = done.document
    head = f"**已导入《{literal(document.title)}》第 {document.version} 版，{done.count} 条**"
    command = f"/规章 文件 施行 {document.id} 今天"
    lines = [head, "", *_items(effects(done.plan, today, command))]
    before = done.plan.superseded
    back = f"恢复 {before[0].id}" if before else f"废止 {document.id}"
    return "\n".join([*lines, "", f"要退回去：/规章 文件 {back}"])


def effects(planned: Plan, today: date, at_once: str) -> list[str]:
    """What an import leads to, a line each. `at_once`: the command that lets it hold today instead of later."""
    lines = [_begins(planned, today, at_once)]
    if planned.document.repealed is not None:
        lines.append(f"{in_words(planned.document.repealed)}起停用。")
    lines += [f"取代《{literal(one.title)}》第 {one.version} 版。" for one in planned.superseded[:_LISTED]]
    if planned.replaced:
        lines.append(f"其余 {len(planned.replaced)} 份文件停用。")
    newer = planned.newer
    if newer is not None and newer.effective is not None:
        lines.append(
            f"⚠ 被取代的《{literal(newer.title)}》第 {newer.version} 版从 {in_words(newer.effective)}起施行，比这一份还新。"
            "如果这是旧版本，请不要在这里导入，在服务器上用 steward policy import --until 导入。"
        )
    if planned.changes is not None:
        lines.append(compared(planned.changes))
    if planned.inherited:
        lines.append(f"{len(planned.inherited)} 条编号和内容对得上，沿用原来的常见问法。")
    if planned.needing:
        lines.append(f"{len(planned.needing)} 条还没有常见问法，需要补：{some(planned.needing)}。")
    lines += _overlapping(planned.overlaps)
    return lines


def compared(changes: Changes) -> str:
    """In what a version differs from the one before it."""
    parts = ((changes.reworded, "改了"), (changes.added, "新增"), (changes.removed, "删去"))
    told = [f"{what} {len(numbers)} 条（{some(numbers, _LISTED)}）" for numbers, what in parts if numbers]
    return f"和上一版相比，{'，'.join(told)}。" if told else "和上一版一字不差。"


def some(numbers: Sequence[str], most: int = _NUMBERS) -> str:
    """`一.3、二.2`; of many the first ones and how many there are."""
    listed = "、".join(numbers[:most])
    return listed if len(numbers) <= most else f"{listed} 等"


def listing(documents: Iterable[Document], counts: Mapping[int, int], owners: Mapping[str, str], today: date) -> str:
    """All versions of all documents."""
    lines = [
        f"- **{one.id} 号《{literal(one.title)}》**第 {one.version} 版：{state(one, today)}，{counts.get(one.id, 0)} 条，"
        f"{rank_name(one.rank)}{'，要点' if one.is_digest else ''}"
        f"{'' if one.owner is None else f'，负责人：{literal(owners.get(one.owner, one.owner))}'}"
        for one in documents
    ]
    usage = "改一份文件：/规章 文件 负责人|级别|施行|废止|恢复 编号 …"
    return "\n".join([f"**{TITLE_LIST}**", "", *lines, "", usage])


def state(document: Document, today: date) -> str:
    """Whether a version is in force, since when and until when."""
    begins, ends = document.effective or document.begins, document.repealed
    if document.is_in_force(today):
        since = "现行" if begins is None else f"现行，{in_words(begins)}起施行"
        return since if ends is None else f"{since}，{in_words(ends)}起停用"
    if not document.is_over(today):
        return "还没有开始施行" if begins is None else f"{in_words(begins)}起施行，还没到"
    if begins is not None and ends is not None and begins >= ends:
        return "已停用，没有施行过"
    since = "" if begins is None else f"{in_words(begins)}起施行，"
    return f"{since}已停用" if ends is None else f"{since}{in_words(ends)}起停用"


def named(document: Document) -> str:
    """`《…》第 2 版（5 号）`."""
    return f"《{literal(document.title)}》第 {document.version} 版（{document.id} 号）"


def repeals(document: Document, day: date, today: date, freed: Sequence[Document] = ()) -> str:
    """What repealing is about to do; `freed` goes on being in force."""
    when = "从今天起" if day <= today else f"从 {in_words(day)}起"
    text = f"{named(document)}{when}不再用来作答。" + "".join(f"{named(one)}继续使用。" for one in freed)
    return f"{text}以后可以用 /规章 文件 恢复 {document.id} 恢复。"


def restores(document: Document, ended: Sequence[Document]) -> str:
    """What putting a version in force again is about to do."""
    text = f"{named(document)}恢复使用。"
    return text + "".join(f"{named(one)}停用。" for one in ended)


def which(found: Sequence[Document]) -> str:
    """Several documents have these words in their titles."""
    listed = "、".join(f"{one.id} 号《{one.title}》" for one in found[:_LISTED])
    return f"有几份文件都像是：{listed}。请写编号"


def _begins(planned: Plan, today: date, at_once: str) -> str:
    day = planned.document.effective
    if day is None:
        return "正文没有写明施行日期，导入后马上按它作答。"
    source = f"（正文写着「{literal(planned.said)}」）" if planned.said else ""
    if day <= today:
        return f"{in_words(day)}起施行{source}。"
    return f"{in_words(day)}起才施行{source}，在那以前不按它作答。想现在就按它作答，请发：{at_once}"


def _overlapping(found: Sequence[Overlap]) -> list[str]:
    if not found:
        return []
    lines = [f"⚠ {len(found)} 条和别的文件说到同一件事，问到时会一起列出："]
    lines += [f"{one.article.number} 和《{literal(one.document.title)}》{one.other.number}" for one in found[:_LISTED]]
    return [*lines, f"等 {len(found)} 处"] if len(found) > _LISTED else lines


def _indented(line: str) -> str:
    """A line of the tree; what stands before it is full-width space, which no client takes away."""
    text = line.lstrip("\u3000")
    return f"- {line[: len(line) - len(text)]}{literal(text)}"


def _items(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines]
