"""Seven invented regulations, each in another style and another format, as offices really send them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.handlers.policy.documents.reading.builders import docx, level, numbering, p, pages, pdf, style, table


@dataclass(frozen=True)
class Sample:
    """A file, and what is in it."""

    name: str
    data: Callable[[], bytes]
    title: str
    numbers: tuple[str, ...]
    says: dict[str, str]
    """What some articles say, whole."""
    headings: dict[str, str]
    doubts: tuple[str, ...] = ()
    """Their kinds, in order."""


def _dormitory() -> bytes:
    """Word numbers chapters, clauses and items itself; one paragraph is struck out, one sentence inserted."""
    lists = numbering(
        [
            [
                level(0, "chineseCountingThousand", "第%1章"),
                level(1, "chineseCountingThousand", "第%2条", more='<w:lvlRestart w:val="0"/>'),
                level(2, "chineseCounting", "（%3）"),
                level(3, "decimal", "%4."),
            ]
        ]
    )
    styles = (
        style("Title", "Title")
        + style("a1", "heading 1", '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/>')
        + style("a2", "条文", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>')
    )
    gone = '<w:del w:id="1"><w:r><w:delText>但周末除外。</w:delText></w:r></w:del>'
    added = '<w:ins w:id="2"><w:r><w:t>特殊情况由宿舍管理科批准。</w:t></w:r></w:ins>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    return docx(
        p("学生宿舍管理办法", style="Title"),
        p("（某院学〔2024〕8号）"),
        p("总则", style="a1"),
        p("为维护宿舍秩序，制定本办法。", style="a2"),
        p("宿舍由学生处宿舍管理科管理。", style="a2", raw=note),
        p("住宿", style="a1"),
        p("宿舍二十三时熄灯。", style="a2", raw=gone + added),
        p("宿舍内不得有下列行为：", style="a2"),
        p("使用大功率电器：", num=(1, 2)),
        p("电炉；", num=(1, 3)),
        p("电热毯；", num=(1, 3)),
        p("留宿他人；", num=(1, 2)),
        p("饲养动物。", num=(1, 2)),
        p("违反的，由宿舍管理科批评教育。"),
        p("住宿费按下表收取。", style="a2"),
        table([("房型", "每学年"), ("四人间", "1200 元"), ("六人间", "800 元")]),
        p("附则", style="a1"),
        p("本办法自2024年9月1日起施行。", style="a2"),
        numbers=lists,
        styles=styles,
        parts={
            "footnotes.xml": '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
            f'<w:footnote w:id="2">{p("电话见公告栏。")}</w:footnote>',
            "header1.xml": p("内部资料 请勿外传"),
        },
    )


_TRAVEL = """　某某学院文件
　某院财〔2023〕15号
　某某学院差旅费管理办法
目 录
第一章 总则 ........ 1
第二章 标准 ........ 2
第三章 附则 ........ 3
　第一章 总则
第一条 为规范学院差旅费管理，加强预算约束，推进厉行节约，反对铺张浪费，根据上级有关规定，结合学院工作实际，制定本办法。
第二条 本办法所称差旅费，是指工作人员临时到常驻地以外地区公务出差所发生的城市间交通费、住宿费、伙食补助费和市内交通费。
出差必须事先经部门负责人批准。未经批准擅自出差的，费用由个人承担，并由财务处会同纪检监察部门按照第十条的规定处理。
　第二章 标准
第三条 出差人员应当按照规定等级乘坐交通工具：
（一）火车：二等座、硬卧；
（二）飞机：经济舱，须由分管院领导批准；
（三）轮船：三等舱。
第四条 住宿费实行限额标准，在限额之内凭票据实报销，超过限额的部分由出差人员个人自理，确因工作需要超过的须经院长批准。
第六条 伙食补助费每人每天 100 元，按照出差自然（日历）天数计算，包干使用。
　第三章 附则
第七条 本办法由财务处负责解释，自印发之日起施行。
附件1 出差审批单
出差人：　　部门：　　事由：
附件2 报销须知
一、票据要求
1. 发票抬头为学院全称。
2. 票据背面由经办人签字。
二、时间要求
1. 出差结束后十五日内报销。
某某学院财务处
2023年6月1日印发
"""


def _travel() -> bytes:
    """A printed one: running title, page numbers, lines broken at the margin, paragraphs that go over a page."""
    return pdf(pages(_TRAVEL, header="某某学院制度汇编（2023）", footer="— {n} —"))


def _library() -> bytes:
    """A page of the college's site."""
    return """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>图书借阅规则-某学院图书馆</title><style>.a{color:red}</style><script>var a="<p>一、假的</p>";</script></head>
<body><div class="top-nav"><ul><li><a>首页</a><li><a>新闻</a></ul></div>
<div class="breadcrumb">您的位置：首页 &gt; 规章制度</div>
<table width="100%"><tr><td>
<h1>图书借阅规则</h1><p class="info">发布时间：2024-03-01&nbsp;&nbsp;浏览次数：<span>12</span></p>
<div class=content><p><strong>一、借书</strong></p><p>（一）凭校园卡借书，不得转借。</p>
<p>（二）册数和期限如下：</p>
<table border=1><tbody><tr><th>读者</th><th>册数</th><th>期限</th></tr>
<tr><td rowspan=2>教职工<td>20<td>90 天<tr><td>5<td>180 天（专著）</tr><tr><td>学生<td>10<td>30 天</tr></tbody></table>
<p><strong>二、还书</strong></p><p>（一）到期应当归还；<br>可以续借一次。</p><p>（二）超期每天每册 0.1&nbsp;元。</p>
<p><strong>三、其他</strong></p><p>（一）本规则由图书馆解释。</p></div>
</td></tr></table>
<div id="footer">版权所有 &copy; 某学院图书馆</div></body></html>""".encode("gb18030")


def _laboratory() -> bytes:
    """Typed by hand in an old editor: GB18030, numbers that begin anew in each section, and mistakes."""
    return """实验室安全守则
各系、各实验室：
为保证安全，请遵守以下各条。
一、进入实验室
１．穿实验服。
２．不得饮食。
２．不得奔跑。
３．离开时关水关电。
二、化学品
１．剧毒品双人双锁。
３．废液分类倒入废液桶：
⑴有机废液；
⑵含重金属废液。
四、附则
１．本守则自发布之日起执行。
""".replace("\n", "\r\n").encode("gb18030")


def _systems() -> bytes:
    """Numbered like a standard, in Markdown."""
    return """# 信息系统运行维护规程

## 1 范围

本规程适用于学院各信息系统。

## 2 值班

### 2.1 时间

2.1.1 工作日 8:00 至 18:00 有人值班。

2.1.2 节假日由信息中心排班。

### 2.2 交接

2.2.1 交接时填写日志。

## 3 故障

### 3.1 分级

3.1.1 故障按下表分级：

| 级别 | 恢复时限 |
|------|---------|
| 一级 | 2 小时 |
| 二级 | 1 个工作日 |

3.1.3 一级故障**立即**报告分管领导。
""".encode()


def _training() -> bytes:
    """A notice with letterhead, addressee, four levels typed by hand, annexes and signature."""
    return docx(
        p("某某学院文件"),
        p("某院人〔2025〕3号"),
        p("关于做好2025年教职工培训工作的通知"),
        p("各部门、各系："),
        p("为提高教职工业务水平，现就培训工作通知如下。"),
        p("一、培训对象"),
        p("全体在编在岗教职工。"),
        p("二、培训安排"),
        p("（一）新教师培训"),
        p("1.时间：每年九月。"),
        p("2.内容："),
        p("(1)师德师风；"),
        p("(2)教学基本功："),
        p("①教案；"),
        p("②板书。"),
        p("（二）骨干教师培训"),
        p("1.由各系推荐，人事处审核。"),
        p("三、有关要求"),
        p("（一）各部门应当按时组织。"),
        p("（二）无故不参加的，年度考核不得评为优秀。"),
        p("附件：1.培训报名表"),
        p("2.培训汇总表"),
        p("某某学院人事处"),
        p("2025年3月5日"),
        p("附件1"),
        p("培训报名表"),
        p("姓名：　　部门：　　职称：　　"),
        p("附件2"),
        p("培训汇总表"),
        p("（由部门填写）"),
    )


def _seal() -> bytes:
    """Titles 一、 between clauses that are numbered through, in full-width digits with spaces."""
    return "\ufeff印章使用\n管理规定（试行）\n一、总　则\n第 １ 条　印章由办公室保管。\n第 ２ 条　用印须登记。\n二、用印\n第 ３ 条　用印经院长批准：\n（１）合同；\n（２）证明。\n第 ３ 条之一　外借印章须两人同行。\n第 ４ 条　空白纸不得用印。\n附则\n第 ５ 条　本规定自下发之日起试行。\n".encode(
        "utf-16"
    )


SAMPLES = (
    Sample(
        "宿舍.docx",
        _dormitory,
        "学生宿舍管理办法",
        ("前言", "第一条", "第二条", "第三条", "第四条", "第五条", "第六条"),
        {
            "前言": "（某院学〔2024〕8号）",
            "第二条": "宿舍由学生处宿舍管理科管理。\n（注：电话见公告栏。）",
            "第三条": "宿舍二十三时熄灯。特殊情况由宿舍管理科批准。",
            "第四条": "宿舍内不得有下列行为：\n（一） 使用大功率电器：\n1. 电炉；\n2. 电热毯；\n（二） 留宿他人；\n（三） 饲养动物。\n"
            "违反的，由宿舍管理科批评教育。",
            "第五条": "住宿费按下表收取。\n房型：四人间；每学年：1200 元\n房型：六人间；每学年：800 元",
        },
        {"第三条": "第二章 住宿", "第六条": "第三章 附则"},
    ),
    Sample(
        "差旅费.pdf",
        _travel,
        "某某学院差旅费管理办法",
        (
            *("前言", "第一条", "第二条", "第三条", "第四条", "第六条", "第七条"),
            *("附件1", "附件2", "附件2.一.1", "附件2.一.2", "附件2.二.1"),
        ),
        {
            "第二条": "本办法所称差旅费，是指工作人员临时到常驻地以外地区公务出差所发生的城市间交通费、住宿费、伙食补助费和市内交通费。\n"
            "出差必须事先经部门负责人批准。未经批准擅自出差的，费用由个人承担，并由财务处会同纪检监察部门按照第十条的规定处理。",
            "第三条": "出差人员应当按照规定等级乘坐交通工具：\n（一）火车：二等座、硬卧；\n（二）飞机：经济舱，须由分管院领导批准；\n"
            "（三）轮船：三等舱。",
            "第六条": "伙食补助费每人每天 100 元，按照出差自然（日历）天数计算，包干使用。",
            "附件1": "出差人： 部门： 事由：",
            "附件2": "某某学院财务处\n2023年6月1日印发",
            "附件2.二.1": "出差结束后十五日内报销。",
        },
        {"第三条": "第二章 标准", "附件2.一.1": "附件2 报销须知 票据要求"},
        ("缺号", "附件无编号"),
    ),
    Sample(
        "借阅.html",
        _library,
        "图书借阅规则",
        ("前言", "一.(一)", "一.(二)", "二.(一)", "二.(二)", "三.(一)"),
        {
            "一.(二)": "册数和期限如下：\n读者：教职工；册数：20；期限：90 天\n读者：教职工；册数：5；期限：180 天（专著）\n"
            "读者：学生；册数：10；期限：30 天",
            "二.(一)": "到期应当归还；\n可以续借一次。",
            "二.(二)": "超期每天每册 0.1 元。",
        },
        {"二.(一)": "还书"},
    ),
    Sample(
        "守则.txt",
        _laboratory,
        "实验室安全守则",
        ("前言", "一.1", "一.2", "一.2#2", "一.3", "二.1", "二.3", "二.3.(1)", "二.3.(2)", "四.1"),
        {
            "前言": "各系、各实验室：\n为保证安全，请遵守以下各条。",
            "二.3.(2)": "废液分类倒入废液桶：\n（2）含重金属废液。",
        },
        {"四.1": "附则"},
        ("重号", "缺号", "缺号"),
    ),
    Sample(
        "规程.md",
        _systems,
        "信息系统运行维护规程",
        ("1", "2.1.1", "2.1.2", "2.2.1", "3.1.1", "3.1.3"),
        {
            "1": "范围\n本规程适用于学院各信息系统。",
            "3.1.1": "故障按下表分级：\n级别：一级；恢复时限：2 小时\n级别：二级；恢复时限：1 个工作日",
            "3.1.3": "一级故障立即报告分管领导。",
        },
        {"2.1.2": "值班 时间"},
        ("缺号",),
    ),
    Sample(
        "通知.docx",
        _training,
        "关于做好2025年教职工培训工作的通知",
        (
            *("前言", "一", "二.(一).1", "二.(一).2", "二.(一).2.(1)", "二.(一).2.(2)", "二.(一).2.(2).①"),
            *("二.(一).2.(2).②", "二.(二).1", "三.(一)", "三.(二)", "附件1", "附件2"),
        ),
        {
            "前言": "某某学院文件\n某院人〔2025〕3号\n各部门、各系：\n为提高教职工业务水平，现就培训工作通知如下。\n"
            "附件：1.培训报名表\n2.培训汇总表\n某某学院人事处\n2025年3月5日",
            "一": "培训对象\n全体在编在岗教职工。",
            "二.(一).2.(2).②": "教学基本功：\n②板书。",
            "三.(二)": "无故不参加的，年度考核不得评为优秀。",
            "附件1": "姓名： 部门： 职称：",
        },
        {"二.(一).1": "培训安排 新教师培训", "附件2": "附件2 培训汇总表"},
        ("附件无编号", "附件无编号"),
    ),
    Sample(
        "印章.txt",
        _seal,
        "印章使用管理规定（试行）",
        ("第1条", "第2条", "第3条", "第3条之一", "第4条", "第5条"),
        {"第3条": "用印经院长批准：\n（１）合同；\n（２）证明。", "第4条": "空白纸不得用印。\n附则"},
        {"第2条": "一、总则", "第4条": "二、用印"},
        ("像标题",),
    ),
)
