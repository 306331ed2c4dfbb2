"""What an owner's words say about findings: `全部已移出`, `1 3 已移出，2 返聘保留到6月30日`, `4 不清楚`.

Pure. Nothing is guessed: what is not plainly an answer is handed back, and a question stays a question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from handlers.cleanup.until import find_until
from handlers.numerals import NUMERAL, value

Verdict = Literal["removed", "kept", "unknown"]
Names = Mapping[str, tuple[int, ...]]
"""Whom the open findings are about, and their numbers."""

LONGEST = 600
"""Characters; a longer text is a letter and no answer."""

_NUMBER = (
    rf"\(?\s*第?\s*({NUMERAL})\s*(?:[-~—至到]\s*第?\s*({NUMERAL}))?\s*[号项]?"
    r"(?![\d月年日天周级班楼位名人元点条个]|小时|学期)"
)
_LIST = r"[\s、,和跟与及:：的.)）]*"
_ALL = re.compile(
    r"(?:我们?|这边|名单(?:[上里中]的?)?(?:人员|人|成员|老师)?)*(?:[已以己]经?|刚刚?|今天)?(?:(?:以上|上面|上述|这些|那些|剩下|其余|其他|其它|剩余)的?(?:几?[个位项]|人|成员|老师)?)?"
    r"(?:全部|全都|所有人?|[一1]个[都也]|都|均|全(?=[移踢删清退保不已]))|^(?:以上|剩下|其余|其他|其它|剩余)的?(?:几?[个位]|人|成员|老师)?"
)
_WHO = r"(?:这?[个两几二三四五六七八九十\d]*[个位名]?(?:人|老师|同学|成员)?|他们?|她们?)"
_REMOVED = re.compile(
    rf"{_WHO}(?:我|刚刚?|今天|昨天|早就?|都|全部|全|均|[已以己]经?|也|把(?:他|她)们?)*"
    r"(?:移[出岀处]|移除|移走|移|踢出|踢走|踢|清理|清出|清除|清|删除|删|退群|退出|退|请出|清退|处理|处置|搞定|完成|弄|办|不在群里?|不在本群)"
    r"(?:了|啦|咯|喽|掉|完|好|过|出去|出群|出本群|本群|群聊|群|毕|完毕)*"
)
_VERBS = r"(?:改名|改|修改|更正|更换|换|提醒|设置?|登记|转让|转|解散|合并|通知)+"
_DONE_TO_THE_GROUP = re.compile(
    rf"(?:我|都|全部|均|也)*(?:已经?{_VERBS}(?:了|好|过|完)*|{_VERBS}(?:了|好了|过了|完了))(?:群?(?:昵称|名片|名|主)|管理员|本人)?"
)
_UNKNOWN = re.compile(
    rf"{_WHO}(?:我|都|也|还|真的?|实在|全|均|有点|是|暂时|这)*"
    r"(?:不清楚|不知道|不认识|不确定|不了解|不熟|不是我的群|不是我们?群|不归我管|不是我管的?|查不到|没印象|没见过|需?要?核实|搞不清)"
    r"(?:了|他们?|她们?|这个?人|是谁|具体|情况|的|啊|哦)*"
)
_KEEP = re.compile(r"保留|留着|留下|留在|留[到至]|要留|先留|暂留|(?:不|别)(?:能|要|用)?移")
_NOT_A_KEEP = re.compile(
    r"[?？吗呢么]|怎|什么|为何|如何|是否|多久|多少|哪|谁|几[天个时次]|能不能|可不可以|要不要|会不会|该不该|请问|不保留"
)
_FILLER = re.compile(
    r"(?:好的?|嗯+|收到|您好|你好|谢谢您?|多谢|感谢|辛苦了?|麻烦了?|不好意思|抱歉|知道了|明白|ok|以后会?注意|群管家|机器人|了|啦|哈|~)*"
)
_EXCEPT = re.compile(
    r"(?<![移清删解])除(?:(.{1,30}?)(?:以外|之外|外)|了(.{1,30}?)(?=[,，。;；]|其他|其它|其余|都|全|$))"
)
_RESTRICTS = re.compile(r"\d|除|但|不过|只|没|未|保留|留|等|再|还")
_ABOUT_THIS = re.compile(
    r"移出|移除|移[走了]|没移|踢|清出|退群|保留|留着|不清楚|在职|返聘|借调|外聘|不是群主|没有?权限|名单.{0,4}(?:误|不对|错)|查无此人"
)
_BEGINS_SO = re.compile(
    r"请|帮|麻烦|还?没|未|不|前|后|最|(?:我|都|这个?|你们?的?|他们?|她们?)*(?:已经?不是|不是|没有?权限|名单|还?在职)|查无"
)
_ARTICLE = re.compile(r"[一二三四五六七八九十]+\.\s*[\d(]")
"""The number of an article, which is asked for and answers nothing: `五.8`, `二.6.(三)`."""
_PAST = re.compile(r"[到至](?:去年|前年|昨天|前天|上个?月|上个?学期)\S*")
_ROUND = re.compile("[①-⑳⑴-⒇]")
_KEYCAP = re.compile("[\ufe0f\u20e3]+")
_CUT = re.compile(
    # Punctuation; a space before the next number; the next number right after a verdict: 1已移出2不清楚
    r"[,，。;；!！\n]+"
    r"|(?<=[^\d\s、~至到\-和跟与及第])\s+(?=第?\s*\d{1,3}(?!\s*[年月/]|\s*\.\s*\d|[\d\-天周]|\s*个))"
    r"|(?<=[出除了掉完楚道识])(?=第?\d{1,3}(?!\s*[年月/.]|[\d\-天周]|个))"
    # 2留下其他都移了
    r"|(?<=[着下留出了])(?=其他|其它|其余|剩下|剩余)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says about some findings. No numbers: about all that are open, but for those named elsewhere."""

    verdict: Verdict
    numbers: tuple[int, ...] = ()
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """The answers in a text."""

    answers: tuple[Answer, ...] = ()
    rest: tuple[str, ...] = ()
    """The parts that could not be read."""
    spared: frozenset[int] = frozenset()
    """Numbers that an answer about all leaves out."""
    is_vague: bool = False
    """It speaks of the findings, but doesn't say of which, or not what."""


def understand(text: str, today: date, names: Names | None = None) -> Understood:
    """Read an owner's words. Without any answer and not vague, the text is about something else."""
    plain = _plain(text)
    if not plain or len(plain) > LONGEST or _ARTICLE.match(plain):
        return Understood()
    known = names or {}
    plain, spared, is_clear = _exceptions(plain, known)
    answers: list[Answer] = []
    rest: list[str] = []
    vague: list[str] = []
    for part in _parts(plain, known):
        found = _read(part, today, known)
        joined = _read(rest[-1] + part, today, known) if rest and not _targets(part, known)[0] else None
        if isinstance(joined, Answer) and joined.numbers:
            # `王伟返聘，保留半年`: the verdict comes after a comma.
            rest.pop()
            answers.append(joined)
        elif isinstance(found, Answer):
            answers.append(found)
        elif found is not None:
            vague.append(found)
            rest.append(found)
        elif answers and answers[-1].verdict == "kept" and _continues(part):
            # `第2项保留，借调到2027年3月`: the reason comes after a comma.
            answers[-1] = _with_reason(answers[-1], part, today)
        else:
            rest.append(part)
    if any(not answer.numbers for answer in answers) and (not is_clear or any(map(_RESTRICTS.search, rest))):
        # «All» beside something unread that may well be an exception is no answer yet.
        return Understood(rest=(text.strip()[:60],), is_vague=True)
    return Understood(tuple(answers), tuple(rest), spared, not is_clear or any(part in rest for part in vague))


def understand_command(verdict: Verdict, words: str, today: date, names: Names | None = None) -> Understood:
    """Read what follows `/清理 已移出`, `保留` or `不清楚`: `全部` or numbers, for «keep» the reason and the last day."""
    plain = _plain(words)
    numbers, left = _targets(plain, names or {})
    if not numbers:
        match = re.match(r"(?:全部|全都|所有|都|all\b)\s*", plain, re.IGNORECASE)
        if match is None:
            return Understood(rest=(words,), is_vague=True)
        left = plain[match.end() :]
    if verdict != "kept":
        return Understood((Answer(verdict, numbers),), (left,) if left.strip() else ())
    until = find_until(left, today)
    if until is not None and until.day is None:
        return Understood(rest=(left,), is_vague=True)
    return Understood((Answer("kept", numbers, _reason(left, today), until.day if until else None),))


def _plain(text: str) -> str:
    # ①② and 1️⃣2️⃣ are two numbers and must not become twelve.
    apart = _ROUND.sub(lambda sign: f"{sign[0]} ", _KEYCAP.sub(" ", text))
    plain = unicodedata.normalize("NFKC", apart).strip().strip("~～。.!！ ")
    return re.sub(rf"第\s*({NUMERAL})\s*[个位名](?!月|学期)", r"\1号", plain)


def _exceptions(text: str, names: Names) -> tuple[str, frozenset[int], bool]:
    """Take `除了3以外` out. The last value is False where it could not be read whom it spares."""
    match = _EXCEPT.search(text)
    if match is None:
        return text, frozenset(), True
    numbers, left = _targets((match[1] or match[2]).removeprefix("了").strip(), names)
    if not numbers or left:
        return text, frozenset(), False
    return text[: match.start()] + text[match.end() :].lstrip(",，"), frozenset(numbers), True


def _parts(text: str, names: Names) -> list[str]:
    """Cut at punctuation; a part that is only numbers belongs to the one after it (`1、3，5 已移出`)."""
    parts: list[str] = []
    pending = ""
    for piece in _CUT.split(text):
        bare = piece.strip()
        if not bare or _FILLER.fullmatch(bare.lower()):
            continue
        joined = f"{pending} {bare}".strip()
        numbers, left = _targets(joined, names)
        if numbers and not left:
            pending = joined
            continue
        parts.append(joined)
        pending = ""
    if pending and len(parts) == 1 and not _targets(parts[0], names)[0]:
        return [f"{pending} {parts[0]}"]  # 已移出 1 3
    return [*parts, pending] if pending else parts


def _targets(text: str, names: Names) -> tuple[tuple[int, ...], str]:
    """The numbers and names at the beginning of a part, ranges spelled out, and what follows them."""
    numbers: list[int] = []
    text = re.sub(r"^(?:其中|还有|另外|那|把|将|群里的?)+", "", text)
    while True:
        if match := re.match(_NUMBER + _LIST, text):
            first = value(match[1])
            last = value(match[2]) if match[2] else first
            if not 0 < first <= last <= first + 200:
                break
            numbers += range(first, last + 1)
            text = text[match.end() :]
            continue
        name = next((name for name in sorted(names, key=len, reverse=True) if text.startswith(name)), None)
        if name is None or len(names[name]) != 1:
            break
        numbers += names[name]
        text = re.sub(rf"^(?:老师|同学|同志)?{_LIST}", "", text[len(name) :])
    return tuple(dict.fromkeys(numbers)), text.strip()


def _read(part: str, today: date, names: Names) -> Answer | str | None:
    """An answer, or the part itself where it is an answer to something unsaid, or None where it is none."""
    numbers, words = _targets(part, names)
    words = re.sub(r"\s+", "", words).strip("的是:：()（）")
    if numbers:
        found = _verdict(words, numbers, today) if words else part
        return found or _if_about_this(part, words) or _if_pointed_at(part, words, names)
    if several := [name for name in names if name in part and len(names[name]) > 1]:
        return f"{several[0]}（有第 {'、'.join(map(str, names[several[0]]))} 项，请写编号）"
    if (turned := re.fullmatch(rf"(\D*[^\d到至])((?:{_NUMBER}{_LIST})+)", part)) and _targets(turned[2], names)[0]:
        return _verdict(turned[1].strip(), _targets(turned[2], names)[0], today)  # 保留2
    all_of_them = _ALL.match(words)
    if all_of_them is None:
        if _verdict(words, (), today, is_bare=True):
            return part
        return _if_about_this(part, words) if _BEGINS_SO.match(words) else None
    if all_of_them.end() == len(words):
        return part
    found = _verdict(words[all_of_them.end() :], (), today, is_bare=True)
    return found or _if_about_this(part, words)


def _if_about_this(part: str, words: str) -> str | None:
    """A short text that is no question and no verdict, but speaks of clearing: worth asking back."""
    return part if len(words) <= 15 and _ABOUT_THIS.search(words) and not _NOT_A_KEEP.search(words) else None


def _if_pointed_at(part: str, words: str, names: Names) -> str | None:
    """A short statement about a number in digits or a name (`潘玉梅返聘`, `2 还在上课`): worth asking back, too."""
    is_pointed_at = re.match(r"\(?\s*(?:第|\d|[一二三四五六七八九十]+号)", part) or part.startswith(tuple(names))
    return part if is_pointed_at and len(words) <= 25 and not _NOT_A_KEEP.search(words) else None


def _verdict(words: str, numbers: tuple[int, ...], today: date, *, is_bare: bool = False) -> Answer | str | None:
    words = re.sub(r"(?:谢谢|辛苦)(?:您|你|了)?$", "", words)
    if _UNKNOWN.fullmatch(words):
        return Answer("unknown", numbers)
    if _REMOVED.fullmatch(words) or _DONE_TO_THE_GROUP.fullmatch(words):
        return Answer("removed", numbers)
    keep = _KEEP.search(words)
    if keep is None or _NOT_A_KEEP.search(words) or len(words) > 60 or (is_bare and keep.start() > 4):
        return None
    until = find_until(words, today)
    wrong = _PAST.search(words) if until is None else None
    if wrong or (until is not None and until.day is None):
        return f"{wrong[0] if wrong else until.said if until else ''}（日期不对，或已经过去）"
    return Answer("kept", numbers, _reason(words, today), until.day if until else None)


def _continues(part: str) -> bool:
    return not re.match(_NUMBER, part) and not _NOT_A_KEEP.search(part) and not _ALL.match(part) and len(part) <= 40


def _with_reason(answer: Answer, part: str, today: date) -> Answer:
    until = find_until(part, today)
    return replace(
        answer,
        reason=answer.reason or _reason(part, today),
        until=answer.until or (until.day if until else None),
    )


def _reason(words: str, today: date) -> str:
    """What is left of the words without the verdict and the day."""
    until = find_until(words, today)
    bare = words.replace(until.said, "", 1) if until else words
    bare = re.sub(
        r"(?:^|(?<=[,，\s]))(?:因为|由于|原因是?|理由是?)|所以|保留在群里|留在群里|留在本群|保留|[要先暂]?留[着下]|留在|[要先暂]留|(?:不|别)(?:能|要|用)?移出?(?:了|群)?",
        "",
        bare,
    )
    bare = re.sub(
        r"^(?:请|要|先|暂时|都|需要|继续|他|她|是|的)+|(?:请|先|暂时|继续|到|至|了|吧)+$", "", bare.strip(" ,，。:：")
    )
    return bare.strip(" ,，。:：()（）")[:50]
