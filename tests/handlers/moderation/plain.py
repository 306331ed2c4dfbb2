"""A few plain rules, so that what is excused can be tested whatever words the shipped rules have."""

from __future__ import annotations

from dataclasses import replace

from handlers.moderation.rule import Rule
from handlers.moderation.rules import load_rule_files
from handlers.moderation.scanner import Scanner
from handlers.moderation.wording.reading import DETECTOR

_WORDS = {
    "unlawful": (
        "刷单返利 刷单日结 校园贷 办假证 办证刻章 假发票 翻墙软件 出售银行卡 不雅视频 三唑仑 赌博 赌场 赌博网站 隐形耳机 K粉 裸聊 虚假贷款"
    ),
    "advertising": "代写论文 专业代写 代写作业 代考 兼职刷单 微信借钱 无抵押秒放款 微信被盗 贷款额度",
    "non-work": "算命 测个字 斗地主 不挂科",
    "privacy": "身份证号 身份证照片 身份证复印件 建档立卡",
    "secrecy": "绝密文件 密件 内部资料 会议记录 考试题 四级答案 命题老师 信我拍下来",
    "abuse": "傻逼 sb 白痴 蠢货 猪脑子 老糊涂 给我滚 打死你 打断腿 算个什么 烂泥扶不上墙 不如去死 操你妈",
}
SCANNER = Scanner.from_rules(
    [
        *(Rule(category, category, "五.2", words=tuple(words.split())) for category, words in _WORDS.items()),  # type: ignore[arg-type]
        Rule("numbers", "privacy", "四.(三).2", detectors=("mobile", "id-number")),
    ]
)
WORDS_ALONE = Scanner.from_rules(
    [replace(rule, unless_harmless=False) for rule in load_rule_files([]) if DETECTOR not in rule.detectors]
)
"""The shipped words, whatever a message reads like as a whole: what is excused then is excused by the code under test."""
