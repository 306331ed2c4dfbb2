"""Questions about working the app: which button, what to do when it fails. Regulations say what is allowed, not where to tap."""

from __future__ import annotations

import re

from handlers.policy.normalise import fold

_ACTS = (
    "设置|设|关闭|关|开启|打开|开通|开|调|改|换|切换|修改|添加|加|取消|撤回|恢复|导出|导入|下载|上传|登录|登陆|注销|录制|录|预约|置顶|"
    "屏蔽|静音|清空|清理|缓存|转让|解散|退|建|新建|创建|发|发起|看|查看|查|排序|分享|转|连|截|扩容|升级|安装|装|用|做|弄|配|申请|绑定|解绑|"
    "隐藏|美颜|同步|共享"
)
_HOW_TO = re.compile(
    rf"(?:怎么|怎样|如何|咋)(?:把|给|在[^\s，。？?]{{1,6}}[里上中]|用[^\s，。？?]{{1,4}}|才能|能|可以|去|来)?(?:{_ACTS})"
)
_TROUBLE = re.compile(
    "没声音|没有声音|打不开|闪退|不弹|失败|报错|卡顿|卡住|用不了|收不到|连不上|登不上|登不进|识别不|不出来|不全|过期|失效|怎么修|异常|提示|丢了|黑屏|耗电|不准|崩"
)


def asks_how_to(question: str) -> bool:
    """How is something done (怎么关, 如何导出)? `question` is folded."""
    return _HOW_TO.search(question) is not None


def reports_trouble(question: str) -> bool:
    """Something does not work (没声音, 打不开). `question` is folded."""
    return _TROUBLE.search(question) is not None


def asks_to_work(question: str) -> bool:
    """The question, as it was typed, is about working the app, and not about what that costs or who may."""
    folded = fold(question)
    return asks_how_to(folded) or reports_trouble(folded)
