"""What kind of thing a question wants, and which articles have such a thing: an amount, a time, who, whether one may.

People ask in words that no article has (多久, 找谁), and articles answer in words that no question has (三日内, 由…负责).
A facet is a gram of its own in both.
"""

from __future__ import annotations

import re

_N = r"[\d〇零一二两三四五六七八九十百千万半]"
_FACETS: tuple[tuple[str, str, str], ...] = (
    # name, in a question, in an article
    (
        "amount",
        r"多少钱|几块|几元|几毛|多少元|花多少|收费|要钱|交钱|给多少|[补发扣罚赔付收]多少|一[次天个吨度小时]+多少|限额|封顶|额度",
        rf"{_N}\s*(?:万|余)?元|百分之|%|照价|全额|免费|不收",
    ),
    (
        "time",
        r"多久|几天|多长|什么时候|几点|啥时候|何时|期限|几个月|几年|截止|时限|来得及|超时|过期|几号|哪天|周几|多少天|多少小时|最晚|最迟",
        rf"{_N}\s*(?:个?工作日|日|天|个月|年|小时|分钟|点|时|周|学期|学年)|当日|当天|每[年月周日]|定期|及时|立即|提前|前款|有效期",
    ),
    (
        "count",
        r"几[个人次份张条台把间名位辆页]|多少[个人次份张条台把间名位辆页]|多少度",
        rf"{_N}\s*[个人次份张条台把间名位辆页度]",
    ),
    (
        "who",
        r"谁|找哪|哪个部门|哪个人|归哪|什么人|哪些人|联系人|负责人|向哪|哪一级|跟哪",
        r"由[^，。；]{1,24}|负责|报[^，。；]{2,16}(?:备案|审批|批准|审核)|联系人|向[^，。；]{2,14}(?:报|申请|反映|举报)|经[^，。；]{2,20}(?:批准|同意|审批|审核)",
    ),
    (
        "may",
        r"能不能|可不可以|可以.{0,20}[吗么不]|能.{1,20}[吗么不]$|行不行|行吗|让不让|允许|准不准|算不算违|违规|禁止|违反|给.{1,10}[吗么不]$",
        r"不得|禁止|严禁|不准|不能|不予|不许|不要|可以|允许|方可|除外",
    ),
    ("must", r"要不要|必须|需要|用不用|得不得|是不是要|是否应|应不应|一定要|非得", r"应当|必须|须|需|应"),
    (
        "penalty",
        r"会怎么样|会咋样|怎么处理|处分|后果|处罚|责任|罚|追究|会不会被|违反",
        r"责任|处分|处罚|追究|通报|取消|扣|没收|赔偿|处理",
    ),
    (
        "steps",
        r"怎么|如何|流程|手续|步骤|程序|咋|材料",
        r"申请|填写|提交|审批|登记|审核|办理|报销|备案|签字|联系|报告|提供",
    ),
    ("reason", r"为什么|为啥|凭什么|目的|干嘛", r"为了|为加强|为规范|根据|目的|防止"),
    (
        "meaning",
        r"是什么|什么是|指什么|含义|定义|什么叫|什么意思|包括哪|有哪些|哪些",
        r"是指|所称|包括|下列|以下|分为|：\n",
    ),
)
MEASURES = frozenset({"#amount", "#time", "#count"})
"""Facets without which an article hardly answers."""
OTHERS = frozenset({"#who", "#may", "#must", "#penalty", "#steps", "#meaning"})
_IN_QUESTION = tuple((f"#{name}", re.compile(asked)) for name, asked, _ in _FACETS)
_IN_ARTICLE = tuple((f"#{name}", re.compile(said)) for name, _, said in _FACETS)
_TRIVIA = re.compile(
    r"电话(?:号码?)?(?:是)?多少|号码多少|几楼|几层|哪栋|哪个菜单|哪个按钮|在哪[里儿]?(?:点|下载|买|领|打印)|(?:哪里|哪儿|去哪|在哪)(?:买|领|下载)|什么颜色|什么牌子|"
    r"多大尺寸|尺寸|几寸|多重|叫什么名字|叫啥名|姓什么|密码是?多少|工资|奖金|补贴多少|周几|好不好吃|卡纸|信号差|多少人"
)


def wanted(folded: str) -> list[str]:
    """The facets that a folded question asks for."""
    return [facet for facet, pattern in _IN_QUESTION if pattern.search(folded)]


def offered(folded: str) -> list[str]:
    """The facets that a folded article has."""
    return [facet for facet, pattern in _IN_ARTICLE if pattern.search(folded)]


def asks_trivia(folded: str) -> bool:
    """The question is about what no regulation says: a telephone number, a storey, a colour, where to buy something."""
    return _TRIVIA.search(folded) is not None
