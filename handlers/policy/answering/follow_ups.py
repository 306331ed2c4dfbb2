"""Short questions that go on from the one before: 那外聘的呢, 谁负责这个, 多久一次.

They are looked up together with what was asked before, and never worse than by themselves: what stands alone and is
answered stays alone, and what adds words that the article does not speak of (那今天天气呢) is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from handlers.policy.finding.decision import Decision, decide
from handlers.policy.finding.index import Hit, PolicyIndex
from handlers.policy.normalise import core, fold, grams

LONGEST = 24
"""Characters; a longer message says by itself what it is about."""
OWN = 2
"""Characters; what says less (谁批, 谁来改) is answered by itself only by chance."""
COVERED = 0.6
"""The share of what a follow-up adds that the article has to speak of."""
_PAIR = "\x1f"

_READS_ON = re.compile(
    r"^(?:那|如果|要是|假如|假设|若是?|换成|换做|万一|比如|还有|以及|具体|然后|所以|可是|但是?|不过|对于)(?!个月|年|天|时候|里)"
    r"|呢[\s。！？!?~～]*$|这个|这事|这种|这样|这条|这项|这些|上面|上述|刚才|刚刚|前面|那个|那种|那样|它|其他人|别的"
)
_ASKS_ONLY = re.compile(
    r"那么|那要是|那如果|如果是?|要是|假如是?|假设是?|若是?|换成|换做|万一|比如说?|还有|以及|具体|然后|所以|可是|但是?|不过|对于|至于|"
    r"这个事情?|这个|这事儿?|这种情况|这种|这样的?|这条规定?|这条|这项|这些|上面说?的?|上述|刚才说?的?|刚刚|前面|那个|那种|那样|那|它|"
    r"情况|规定|依据|根据|哪一?条|哪份文件|文件|说法|原因|理由|为什么|为啥|为何|凭什么|怎么回事|什么意思|啥意思|什么时候|什么|啥|会怎么样|怎么样|怎么办理?|怎么处理|怎么|怎样|"
    r"如何|咋办?|多久一次|最多|最少|至少|最长|最短|最晚|最迟|多久|多长时间|多长|几天|几次|多少|什么时候|何时|时间|期限|谁来负责|谁负责|谁来|谁管|归谁|找谁|问谁|谁|负责人?|哪个部门|"
    r"哪里|哪儿|在哪|后果|处分|处罚|会被?|一般|到底|应该|应当|需要|必须|可以|能不能|要不要|行不行|是不是|算不算|有没有|"
    r"[的了吗呢吧啊呀么嘛是不我你他她有在要能可还就都也和与或去来给让对该行得着说算好办管做弄一下\s\W_]"
)
"""What asks, and says nothing of what about."""

_FRAME = re.compile(r"那么|那|如果是?|要是|假如是?|假设是?|若是?|换成|换做|还有|以及|[的了呢啊呀吗么是\s\W_]")
"""What stands around the one word of 那外聘的呢."""
_PEOPLE = re.compile(r"老师|教师|教职工|职工|同事|人员|员工|人|员")
_NOUNS = ("学生", "研究生", "留学生", "毕业生", "实习生", "家长", "临时工", "合同工", "访问学者", "博士后")
_KINDS = (
    (
        *(
            "退休返聘",
            "退休",
            "离休",
            "内退",
            "提前退休",
            "离职",
            "辞职",
            "辞退",
            "调离",
            "调走",
            "调动",
            "外聘",
            "返聘",
            "兼职",
        ),
        *(
            "借调",
            "挂职",
            "实习生",
            "实习",
            "学生",
            "研究生",
            "留学生",
            "毕业生",
            "毕业",
            "家长",
            "临时工",
            "合同工",
            "合同制",
        ),
        *(
            "劳务派遣",
            "派遣",
            "编外",
            "在编",
            "在职",
            "新入职",
            "新来",
            "新进",
            "校外",
            "外单位",
            "外校",
            "访问学者",
            "博士后",
        ),
    ),
    ("班级群", "部门群", "项目群", "科室群", "工作群", "外部群", "家长群", "私人群", "个人群"),
    (
        *(
            "主管理员",
            "子管理员",
            "管理员",
            "群主",
            "部门负责人",
            "项目负责人",
            "辅导员",
            "班主任",
            "副教授",
            "教授",
            "讲师",
            "助教",
        ),
        *("校领导", "院领导", "校长", "院长", "处长", "科长", "书记", "主任", "科员", "驾驶员", "司机", "导师"),
    ),
    ("请假", "用车", "用印", "报销", "出差", "采购", "调课", "会议", "培训", "比赛", "调研", "实习带队"),
    ("手机号", "姓名", "名字", "部门", "岗位", "头像"),
    ("手机", "电脑", "平板"),
    ("文字", "语音", "图片", "视频", "文件", "链接"),
    ("飞机", "高铁", "动车", "火车", "轮船", "出租车", "网约车", "自驾", "大巴", "地铁"),
    ("住宿费", "伙食费", "伙食补助", "交通费", "市内交通费", "培训费", "会议费", "餐费"),
    ("省内", "省外", "市内", "市外", "国内", "国外", "境外", "校内"),
    ("节假日", "工作日", "周末", "寒假", "暑假", "假期", "晚上", "白天", "上班时间", "下班后"),
    ("学院公章", "公章", "法人章", "财务章", "合同章", "部门章", "钢印", "电子印章"),
    ("电热毯", "吹风机", "电饭锅", "热水壶", "电磁炉", "空调", "充电宝", "电动车", "电瓶车"),
)
"""Words that may stand in each other's place: 退休的要移出群吗 and 那外聘的呢 make 外聘的要移出群吗."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message is taken for: the decision, and the whole question that was looked up."""

    decision: Decision
    question: str
    kind: Literal["alone", "another", "more"] = "alone"
    """By itself; the same question about somebody or something else; or more about the question before."""


def understand(message: str, subject: str | None, index: PolicyIndex, threshold: float) -> Understood:
    """The message by itself, or together with `subject`, the question before it, where it only makes sense so."""
    alone = Understood(decide(message, index, threshold), message)
    if subject is None or alone.decision.kind in ("named", "no-such-number") or len(message) > LONGEST:
        return alone
    added, reads_on = own_words(message), reads_as_follow_up(message)
    swapped = _swapped(_FRAME.sub("", fold(core(message))), subject) if reads_on else None
    if swapped is not None:
        another = _about_another(swapped, added, subject, index, threshold)
        return alone if alone.decision.is_answered and not another.decision.is_answered else another
    if len(added) >= OWN and (alone.decision.is_answered or alone.decision.topic is not None):
        return alone
    joined = f"{subject} {message}"
    decision = decide(joined, index, threshold)
    if not decision.is_answered or not (_speaks_of(decision.hits[0], added) if added else reads_on):
        return alone
    # A question of its own is more certain of nothing for what was asked before it.
    goes_on = reads_on or _touches(decision.hits[0], own_words(subject))
    return Understood(decision, joined, "more") if goes_on else alone


def _about_another(question: str, added: str, subject: str, index: PolicyIndex, threshold: float) -> Understood:
    """The same question about somebody or something else. About somebody it is answered as if it were asked in full;
    about something, by an article that speaks of it or by the one that answered before."""
    decision = decide(question, index, threshold)
    is_person = any(word in added for word in _KINDS[0])
    if decision.is_answered and not is_person and not _speaks_of(decision.hits[0], added):
        before = decide(subject, index, threshold)
        if not before.hits or before.hits[0].article != decision.hits[0].article:
            decision = replace(decision, kind="refused")
    return Understood(_kept_to(subject, decision, added, index, threshold), question, "another")


def _kept_to(subject: str, decision: Decision, added: str, index: PolicyIndex, threshold: float) -> Decision:
    """The article that answered before comes first again, where it still answers and the new one's text does not speak of
    what was added (内退): only what people ask about it brought it forward.
    """
    if not decision.is_answered or _is_in(decision.hits[0].article.text, added):
        return decision
    before = decide(subject, index, threshold)
    if not before.is_answered:
        return decision
    kept = [
        hit
        for hit in decision.hits
        if hit.article == before.hits[0].article and hit.confidence >= threshold and hit != decision.hits[0]
    ]
    return replace(decision, hits=(*kept, *(hit for hit in decision.hits if hit not in kept)))


def _is_in(text: str, added: str) -> bool:
    spoken = set(grams(fold(text)))
    return any(pair in spoken for pair in _pairs(added))


def reads_as_follow_up(message: str) -> bool:
    """It begins or ends like one, points back at something, or says nothing by itself."""
    folded = fold(message).strip()
    return len(folded) <= LONGEST and (_READS_ON.search(folded) is not None or not own_words(message))


def own_words(message: str) -> str:
    """What a message says beside pointing and asking: `外聘` of 那外聘的呢, nothing of 谁负责这个."""
    return _ASKS_ONLY.sub("", fold(core(message)))


def _swapped(word_alone: str, subject: str) -> str | None:
    """`subject` with the one word of the follow-up in the place of the word of the same kind; None where there is none."""
    for kind in _KINDS:
        new = next((word for word in kind if word in word_alone), None)
        old = next((word for word in kind if word in subject), None)
        if new is not None and old is not None and new != old and not _PEOPLE.sub("", word_alone.replace(new, "")):
            has_people = new in _NOUNS  # 学生 for 退休的老师, but 外聘的老师 for 退休的老师
            place = f"{re.escape(old)}{'(?:的?(?:老师|教师|教职工|职工|同事|人员|员工|人))?' if has_people else ''}"
            return re.sub(place, new, subject)
    return None


def _speaks_of(hit: Hit, added: str) -> bool:
    """The article speaks of what the follow-up adds."""
    words, spoken = _pairs(added), _spoken(hit)
    return sum(word in spoken for word in words) >= COVERED * len(words)


def _touches(hit: Hit, subject: str) -> bool:
    """The article has to do with the subject at all."""
    return not _spoken(hit).isdisjoint(_pairs(subject))


def _spoken(hit: Hit) -> set[str]:
    article = hit.article
    return set(grams(fold("\n".join((article.text, article.heading, article.summary, *article.questions)))))


def _pairs(folded: str) -> list[str]:
    """Pairs of characters and Latin words; of a single character, that."""
    found = grams(folded)
    pairs = [gram for gram in found if _PAIR in gram or (len(gram) > 1 and gram.isascii())]
    return pairs or found
