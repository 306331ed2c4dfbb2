"""Whether two questions ask the same: strict, because an answer that a person gave is given again without a look.

A question is taken apart into content, which has to be the same and in the same order; into interrogatives and
negations, which have to be the same; into modal verbs, times and the like, which one question may leave out but which
must not contradict; and into words that say nothing. `退休的老师要退群吗` and `老师退休了，需不需要退出群聊？` ask the same;
`内退的老师要退群吗`, `退休的老师能不退群吗` and `退休的老师怎么退群` ask something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.policy.normalise import core

LONGEST = 120
"""Characters of a question that can be the same as another; what is longer tells a story of its own."""
MOST_READ = 400
"""With the greetings and thanks around it."""
LEAST_CONTENT = 2
"""Characters of content below which only the very same words are the same question."""

_CONTENT, _SOMEBODY, _ASKING, _CHOICE, _EXTRA, _NOTHING = "content", "somebody", "asking", "choice", "extra", "nothing"
_KINDS_OF_STAFF = re.compile(
    "退休|内退|离休|返聘|外聘|兼职|离职|辞职|调离|调走|借调|挂职|入职|新来|新进|在职|编外|实习"
)
"""Where one of these stands, `老师` and `人员` add nothing."""


def _words(kind: str, *groups: str) -> Iterable[tuple[str, tuple[str, str]]]:
    """Each group is words that mean the same, the first of them stands for all."""
    for group in groups:
        words = group.split()
        yield from ((word, (kind, words[0])) for word in words)


def _each(kind: str, words: str) -> Iterable[tuple[str, tuple[str, str]]]:
    """Words that mean only themselves."""
    return ((word, (kind, word)) for word in words.split())


_TABLE: dict[str, tuple[str, str]] = dict(
    [
        # Words in which a character means something else than by itself.
        *_each(_CONTENT, "功能 职能 智能 性能 能力 重要 主要 要点 要求 需求 获得 应聘 响应 建议 "
          "在职 在编 在岗 在读 过期 中心 内退 内部 行政 不同 不当 不良 不实 不在 无关 未成年 非教学 别人 有效 有关 "
          "有害 有偿 这里 那里 后勤 前台 前任 后任"),
        *_words(
            _CONTENT,
            "禁 不能够 不能 不可以 不可 不允许 不准许 不准 不许 不得 禁止 严禁 不应该 不应当 不应 不该 不让",
            "免 不用 不必 不须 无需 无须 不需要 不需 用不着",
            "不 没有 没 无 未 别 勿 非",
            "学生 同学 学员",
            "群 群聊 群组 钉钉群 钉群 群里面 群里边 群里头 群里 群内 群中 群上",
            "进群 进入群 加入群 加进群 入群 加群 进到群",
            "退群 退出群 退出群聊 离开群 离群 退出群组",
            "建 创建 新建 建立 组建",
            "改 修改 更改 变更 更换 更新 换",
            "移 移出 移出去 移除 踢出 踢出去 踢掉 踢走 踢 清退 清出 清理出 删除 删掉 删",
            "前 以前 之前",
            "全 所有 全部 全体 每个 每",
            "只 仅 只有 仅仅",
            "谁 什么人 啥人 哪个人 哪些人 哪位",  # its place tells who does it to whom
            "进 加入 进入 加进",
            "手机 手机号码 手机号 电话号码 电话",
            "2 二 两",
            *(f"{digit} {word}" for digit, word in zip("3456789", "三四五六七八九", strict=True)),
        ),
        *_words(
            _ASKING,
            "怎么 怎么办理 怎么办 怎么弄 怎么做 怎么样 怎么操作 怎样 如何 咋办 咋弄 咋 咋样",
            "为何 为什么 为啥 什么原因 怎么会 怎么回事 凭什么 凭啥",
            "什么 啥 哪些 哪几 哪个 哪种",
            "何时 什么时候 啥时候 几时 什么时间 啥时间 哪天",
            "多久 多长时间 多少天 几天 多少时间",
            "多少 几",
            "哪里 哪儿 何处 什么地方 啥地方 哪",
        ),
        # What one may leave out, but not say differently.
        *_words(
            _CHOICE,
            "可以 能够 能 可 允许 准许",
            "必须 一定 务必 须 应该 应当 应 需要 需 得 要 该",
            "后 以后 之后 后来",
        ),
        *_words(
            _EXTRA,
            "校 学院 学校 单位 我校 我院 本校 本院 咱校 咱院",
            "工作",
            "钉钉",
            "规定 按规定 按照规定",
            "有",
            "在",
            "出",
            "去",
            "来",
            "到",
            "把",
            "人",
        ),
        *_words(_SOMEBODY, "师 老师 教师 教职工 教职员工 职工 员工 工作人员 人员 同事 同志"),
        *_each(_NOTHING, "的 了 着 吗 么 嘛 呢 啊 呀 吧 哦 哈 哎 唉 噢 啦 嘞 呐 请 一下 一个 我们 我 咱们 咱 俺 "
          "你们 你 您 他们 他 她们 她 它们 它 们 本人 自己 现在 目前 如今 已经 已 就 都 还是 还 也 再 又 才 那么 那个 那种 那 "
          "这个 这种 这样 这 的话 如果 要是 假如 若 是否 是 个 位 里面 里边 里头 里 到底 究竟 一般来说 一般 通常 具体 大概 "
          "请问 问下 想知道"),
        ("能否", (_CHOICE, "可以")),
        ("可否", (_CHOICE, "可以")),
    ]
)  # fmt: skip
_WORD = re.compile("|".join(sorted(map(re.escape, _TABLE), key=len, reverse=True)) + r"|[a-z]+|\d+|[^\W_]")
_EITHER = re.compile(r"([^\W\d_])[不没]\1")
"""`要不要`, `可不可以`, `有没有`: the question that `要…吗` is."""
_WHAT = re.compile(r"(?:是|有|指)(?:什么|哪些|啥)(?!人|时|原|地|样)")
"""`职责是什么` and `有哪些职责` ask for no more than `职责`; `可以发什么` does."""
_AT_THE_END = re.compile(r"(?:[不没]有?|否|行不行|行吗|行不|行么|好吗|好不好|对吗|对不对)[\s吗呢啊呀]*[?？!！。.~]*$")
"""What makes a question of a sentence, and negates nothing."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What a question asks, taken apart."""

    plain: str
    """The folded question without punctuation."""
    content: str = ""
    asking: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same for all questions that may be the same."""
        return "\x1f".join(("".join(sorted(self.content)), *self.asking)) + "\x1f" if self.is_telling else self.plain

    @property
    def is_telling(self) -> bool:
        """There is enough content for other words to mean the same."""
        return len(self.content) >= LEAST_CONTENT


def gist(question: str) -> Gist:
    """Take a question apart. What is too long to be asked again is only the same as itself."""
    if len(question) > MOST_READ:
        return Gist(question)
    folded = core(question)
    plain = "".join(character for character in folded if character.isalnum())
    if len(plain) > LONGEST:
        return Gist(plain)
    said = _AT_THE_END.sub("", _WHAT.sub("", _EITHER.sub(r"\1", folded))) or folded
    is_clear_who = _KINDS_OF_STAFF.search(folded) is not None
    found: dict[str, list[str]] = {kind: [] for kind in (_CONTENT, _ASKING, _CHOICE, _EXTRA, _NOTHING)}
    for word in _WORD.findall(said):
        kind, meaning = _TABLE.get(word, (_CONTENT, word))
        if kind == _SOMEBODY:
            kind = _NOTHING if is_clear_who else _CONTENT
        found[kind] += meaning if kind == _CONTENT else [meaning]  # content counts by the character: 退群 is 退, 群
    asking, choices, extras = (tuple(sorted(set(found[kind]))) for kind in (_ASKING, _CHOICE, _EXTRA))
    return Gist(plain, "".join(found[_CONTENT]), asking, choices, extras)


def likeness(first: Gist, second: Gist) -> float:
    """How close two questions are: 0 where they may ask something else, 1 where they say the same words."""
    if first.plain == second.plain:
        return 1.0
    if not (first.is_telling and second.is_telling) or first.asking != second.asking:
        return 0.0
    if not _is_turned(first.content, second.content):
        return 0.0
    if _contradict(first.choices, second.choices) or _contradict(first.extras, second.extras):
        return 0.0
    return _overlap(first.plain, second.plain)


def _is_turned(first: str, second: str) -> bool:
    """The same in the same order, or with its end put first: `退群，退休老师要吗`. What does what to whom stays."""
    return len(first) == len(second) and second in first + first


def _contradict(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Each says something that the other does not."""
    return bool(set(first) - set(second) and set(second) - set(first))


def _overlap(first: str, second: str) -> float:
    """Dice's coefficient over characters and pairs of them, below 1."""
    ours, theirs = _grams(first), _grams(second)
    return min(0.99, 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total()))


def _grams(text: str) -> Counter[str]:
    return Counter(text) + Counter(text[at : at + 2] for at in range(len(text) - 1))
