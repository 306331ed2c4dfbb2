"""Short human replies: to a greeting, to thanks, to an empty message, to a picture or a recording."""

from __future__ import annotations

import re
import unicodedata

from handlers.message import Incoming, MessageKind

LONGEST_QUESTION = 1000
"""Characters; whoever sends more is asked for a sentence or two."""

HELLO = "你好！我是群管家。规章方面的问题直接问我，发送「帮助」看我能做什么。"
THANKS = "不客气，有问题再叫我。"
BYE = "再见！"
HELLO_ELSEWHERE = "你好！我是群管家，发送「帮助」看我能做什么。"
EMPTY_ELSEWHERE = "我在。发送「帮助」看我能做什么。"
"""The same where no questions are answered."""
NOTED = "好的。"
EMPTY = "我在。想问什么，和 @我 写在同一条消息里就行，例如「退休的老师还要留在群里吗」。"
ONLY_SIGNS = "收到！有规章方面的问题，用文字问我就行。"
TOO_LONG = "这段文字有 {count} 字，太长了，我抓不住重点。请用一两句话问我。"
A_PERSON = "我是机器人，没有人工客服。需要人帮忙，请找{contact}。"
BY_KIND = {
    MessageKind.RICH_TEXT: "图片我看不懂，请用文字告诉我。",
    MessageKind.PICTURE: "图片我看不懂，请用文字告诉我。",
    MessageKind.AUDIO: "这段语音我没听清，请打字告诉我。",
    MessageKind.VIDEO: "视频我看不了，请用文字告诉我。",
    MessageKind.FILE: "文件收到了，但我读不了里面的内容。有问题请直接打字问我。",
    MessageKind.CARD: "卡片消息我看不懂，请用文字告诉我。",
    MessageKind.CHAT_RECORD: "合并转发的聊天记录我看不到，请把要问的那一句发给我。",
    MessageKind.UNKNOWN: "这种消息我还看不懂，请用文字告诉我。",
}

_PROMISE = (
    r"(?:我|我们|这边|等|先|会|就|一定|马上|立即|立刻|尽快|稍后|待会儿?|一会儿?|回头|晚点|晚些|抽空|有空|今天|明天|后天|上午|中午|下午|晚上"
    r"|下周|周[一二三四五]|这两天|过两天|过几天|正在?|在|上班|开会|出差|回来|之?后|再|去)++"
    r"(?:处理|看看?|弄|核对|清理|核实|办理?|回复|搞|做|落实)(?:一下|中|着|了|吧|哈|它|好)*+"
    r"|(?:处理|核对|清理|核实|办理)(?:中|着呢?)"
    r"|(?:还|暂时)?没(?:(?:来得及|有?时间|有?空|顾上)(?:处理|看|弄|核对|清理)?|(?:处理|看|弄|核对|清理)(?:完|好|呢)*)"
    r"|(?:请)?稍等(?:一下|片刻)?|稍候|等一下|等等"
)
"""Somebody says that it will be done, and answers nothing yet."""
_WORDS = (
    (
        THANKS,
        r"(?:非常|十分|太|多)?(?:谢谢|感谢|多谢|谢了|谢啦)(?:你|您|了|老师|管家|机器人|群管家)*|"
        r"(?:你|您)?辛苦(?:了|啦)?|thanks?(?: ?you)?|thx|3q",
    ),
    (
        HELLO,
        r"(?:你|您|大家)好|哈喽|哈啰|嗨|hi|hello|hey|在吗|在么|在不在|有人吗|早安|早上好|上午好|中午好|下午好|晚上好|早|"
        # The longer one first: the run is never divided anew.
        r"(?:你是)?谁(?:开发|设计|发明|制作|做)的你?|你是谁|你叫什么(?:名字)?|你是什么|你是机器人吗|群管家",
    ),
    (BYE, r"再见|拜拜|拜|bye(?: ?bye)?|晚安|回见"),
    (NOTED, _PROMISE),
    (
        NOTED,
        r"好(?:的|嘞|滴|吧)?|嗯+|哦+|噢|收到|知道了|明白(?:了)?|了解(?:了)?|清楚了|ok|行(?:的|吧)?|可以(?:的|了)?|"
        r"没事(?:了)?|没问题",
    ),
)
"""The words of each courtesy. Where a text has several, the first in this order is answered."""
# Possessive: the words overlap (`明白` `明白了` `了`), and a long run of them must not be tried in every division.
_ALL = re.compile(rf"(?:{'|'.join(words for _, words in _WORDS)}|[啊呀呢哈哦啦了])++", re.IGNORECASE)
_EACH = tuple((said, re.compile(words, re.IGNORECASE)) for said, words in _WORDS)
_PROMISED = re.compile(_PROMISE)
_HELP = re.compile(
    r"(?:怎么用|怎么使用(?:你|机器人)?|怎么用(?:你|机器人)|如何使用|使用说明|使用帮助|帮助|帮忙|help|说明书|功能|菜单|命令|指令|"
    r"(?:你|您)?(?:都|还|到底)?(?:会|能|可以)(?:做|干|帮我做|帮我)?(?:什么|啥|嘛|哪些)(?:事情?|功能)?|(?:你|您)?有(?:什么|啥|哪些)(?:用|功能|本事))"
    r"[啊呀呢吗]*",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:请|我要|我想|帮我|能不能|可以)*(?:转接?|找|接|叫|要|有)*(?:人工|真人|客服)+(?:客服|服务|在线|在吗|在不在|呢|吗|谢谢)*",
)
_SIGNS = re.compile(r"[\W_]+")


def asks_for_help(message: Incoming) -> bool:
    """Somebody wants to know what the bot can do: `帮助`, `你会什么`, `?`."""
    text = unicodedata.normalize("NFKC", message.text).strip()
    return text in ("?", "??", "???") or bool(_HELP.fullmatch(_SIGNS.sub("", text)))


def asks_for_a_person(message: Incoming) -> bool:
    """Somebody would rather speak with a human: `转人工`."""
    return bool(_PERSON.fullmatch(_SIGNS.sub("", unicodedata.normalize("NFKC", message.text[:LONGEST_QUESTION]))))


def is_promise(text: str) -> bool:
    """Somebody says that they will see to it (`好的，明天处理`), and nothing else."""
    bare = _SIGNS.sub("", unicodedata.normalize("NFKC", text[:LONGEST_QUESTION]))
    return bool(_ALL.fullmatch(bare) and _PROMISED.search(bare))


def courtesy(message: Incoming, *, may_ask: bool = True) -> str | None:
    """What to say to a message that asks nothing; None for one that may be a question.

    Where the sender gets no answers about the regulations, nobody is invited to ask (`may_ask`).
    """
    said = _courtesy(message)
    return said if may_ask or said is None else {HELLO: HELLO_ELSEWHERE, EMPTY: EMPTY_ELSEWHERE}.get(said, said)


def _courtesy(message: Incoming) -> str | None:
    text = message.text.strip()
    if not text:
        return BY_KIND.get(message.kind, EMPTY)
    bare = _SIGNS.sub("", unicodedata.normalize("NFKC", text))
    if not bare:
        return ONLY_SIGNS
    if len(text) > LONGEST_QUESTION:
        return TOO_LONG.format(count=len(text))
    if not _ALL.fullmatch(bare):
        return None
    return next((said for said, pattern in _EACH if pattern.search(bare)), NOTED)
