"""Notices of frauds and offences are left in peace; whoever has a part in them is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.excused import serious
from handlers.moderation.notices import without_notices
from tests.handlers.moderation.plain import SCANNER

NOTICES = """
保卫处提醒：近期有冒充领导加微信借钱的骗局，请大家注意
反诈中心来电：96110，凡是让你刷单返利的都是诈骗
近日我校发生多起刷单返利的诈骗案件，涉案金额大
以刷单返利为由的案件又发生两起
有同学被刷单返利骗了三千，请各班辅导员讲一讲
近期刷单返利类诈骗高发，请转发给学生
遇到校园贷、裸聊等请立即报警或打96110
发现传播赌博网站的请向保卫处报告，电话12345
发现办假证的广告请拨打保卫处电话：88886666
上周破获一起办假证的案子
代写论文会被撤销学位
“刷单返利”骗局又来了，大家警惕
常见骗局：刷单返利、冒充客服、裸聊敲诈、校园贷
电信诈骗类型：一、刷单返利；二、虚假贷款；三、冒充公检法
刷单返利 = 诈骗
民警来校宣讲，讲了刷单返利、赌博网站的案件，反响很好
某学院一学生因在赌博网站投注被立案
请各学院统计参与赌博网站被骗学生人数
我们学校有人被刷单返利骗了，请转告学生
报销时发现有人用假发票，已退回
学生私装翻墙软件被约谈
断卡行动：不出租、出借、出售银行卡和电话卡
班里男生传看不雅视频，怎么教育
论坛里有个帖子在卖四级隐形耳机，链接我发保卫处邮箱了，请核查
请各位老师在人事系统中自行核对身份证号，不要发到群里
身份证复印件交纸质的给我，不要发群里
刚才群里有位家长把孩子的身份证照片发出来了，我已请他撤回，请各位也不要保存
有人卖四级答案，多半是骗子，已报保卫处
机器人，刚才那条办假证的赶紧处理
电工2301群里进了个代写论文的，已截图给辅导员
有学生说被室友威胁“打断腿”，我已经联系公寓和家长
我的微信被盗，借钱的不是我！
警惕校园贷！凡是说“无抵押秒放款”的都是套路，遇到先告诉班主任
有学生被举报代写作业，学院正在调查
代写作业的抓到两起，平时分全部清零，各班再强调
《活着》里福贵赌博输光家产那一段，谁来分析一下叙述视角
民俗学讲到算命和占卜的社会功能，下周小组发言
我真是猪脑子，文件发错群了，抱歉抱歉
哎呀我真是老糊涂了，又把教室写错，给大家添麻烦了
话剧排练：第三幕“你给我滚”这句要更有力
儿科学讲到智力障碍分级，旧教材写的「白痴」一词已废止
幼儿说“打死你”时老师该怎么回应？见习日志请写一例
试卷命题期间请各位命题老师遵守保密规定，不得以任何方式透露内容
密件不得用普通快递寄
厕所门上“办证刻章”的字谁去铲一下
发现有人把考试题拍到群里，已撤回并上报教务处，请同学们不要转存
实验用的三唑仑请按麻精药品管理领用
""".strip().split("\n")

HAVING_A_PART = """
想赚钱的来96110，刷单返利
代写论文的骗局多，找我们正规
刷单返利的诈骗太多，我们才是真的，加我
代写论文，不是骗子
办假证的案例很多，出证快，要的找我
刷单返利都是诈骗？我们不是，日结
代写论文害怕骗局的找我，先写后付
兄弟们今晚赌博，别被派出所抓
求代写论文，不会被学校通报学术不端吧
专业代写论文，绝无骗局
代写论文，被骗过的同学看这里，微信abc12345
办假证，派出所都查不出来
想去赌场玩两把，别让保卫处知道
有同学被骗过吗？我这里的刷单返利是真的
刷单返利被骗的可以找回损失，联系13800138000
代写论文被骗的同学，打电话13800138000退款
翻墙软件谁有好用的，别被约谈
上次被没收的假发票我又开了，要的来
不雅视频谁有，已退回的不算
""".strip().split("\n")


@pytest.mark.parametrize("text", NOTICES)
def test_notices(text: str) -> None:
    hits = SCANNER.scan(text)
    assert hits, "nothing to excuse"
    assert serious(text, hits) == []


@pytest.mark.parametrize("text", HAVING_A_PART)
def test_what_is_held_against_somebody(text: str) -> None:
    held = serious(text, SCANNER.scan(text))
    assert [hit for hit in held if not hit.detector]


@pytest.mark.parametrize("text", ["保卫处那帮傻逼，案件拖半年", "民警电话13800138000，身份证11010519491231002X"])
def test_insults_and_data_stay(text: str) -> None:
    hits = SCANNER.scan(text)
    assert serious(text, hits)


@given(st.lists(st.sampled_from((*NOTICES, *HAVING_A_PART, "。", "\n", "开黑", "13800138000", "傻逼"))).map("".join))
def test_hits_only_go_and_what_detectors_found_stays(text: str) -> None:
    hits = SCANNER.scan(text)
    left = without_notices(text, hits)
    assert [hit for hit in hits if hit in left] == left
    for stays in ("abuse", "privacy", "secrecy"):
        assert [hit for hit in left if hit.rule.category == stays] == [
            hit for hit in hits if hit.rule.category == stays
        ]
    assert [hit for hit in left if hit.detector] == [hit for hit in hits if hit.detector]
