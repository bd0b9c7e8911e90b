"""What the templates of letters to staff are tried with: each value present and absent once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from maildesk.desk.letters.sample import HOUR, NOW, SAMPLE, URL
from maildesk.desk.letters.staff_values import (
    ActionLink,
    AnswerValues,
    CodeValues,
    DigestItem,
    DigestSection,
    DigestValues,
    DispatchValues,
    FieldLine,
    FileLine,
    HeldLine,
    HeldValues,
    HelpLine,
    HelpValues,
    Precedent,
    SimilarTicket,
    StaffValues,
    TranscriptValues,
    UnassignedItem,
    UnassignedValues,
    UnprovedValues,
    WhoseValues,
)
from maildesk.desk.staff.marker import MARKER

_NUMBER = "IT-20261120-0001"

_DESK: dict[str, Any] = {
    **SAMPLE,
    "name": "刘洋",
    "marker": MARKER,
    "code": "r15-f9o-k7q4m2xdpa2c",
}
_TICKET = {**_DESK, "number": _NUMBER, "title": "打印机卡纸"}

_ACTIONS = tuple(
    ActionLink(label, f"{URL}{place}")
    for place, label in enumerate(("接单", "要信息", "已解决", "转派"))
)
_FILES = (FileLine("卡纸位置.jpg", "340 KB"), FileLine("error.log", "12 KB"))
_LARGE = (FileLine("现场录像.mp4", "48.2 MB"),)

_DISPATCH = DispatchValues(
    **_TICKET,
    to_requester="张敏",
    requester="张敏",
    requester_address="zhang@corp.test",
    department="财务部",
    contact="8123",
    category="硬件故障",
    priority="中",
    type="故障申报",
    received=NOW - timedelta(minutes=5),
    due=NOW + HOUR,
    words="三楼的打印机又卡纸了，重启过两次没用。\n\n能不能上午来看一下？下午要打合同。",
)
_FIELDS = (FieldLine("发生时间", "今天 9:30"), FieldLine("影响范围", "整个三楼"))
_ANSWER = AnswerValues(
    **_TICKET,
    to_requester="张敏",
    author="张敏",
    author_part="requester",
    words="屏幕显示 13.20.00，\n照片在附件里。",
    state="处理中",
)
_ITEM = UnassignedItem(
    _NUMBER, "打印机卡纸", "中", "硬件故障", "硬件组", "张敏", NOW - HOUR, NOW + HOUR
)
_URGENT = UnassignedItem(
    "IT-20261120-0002", "", "紧急", "网络异常", "网络组", "", NOW - HOUR / 2, None
)
_LATER = replace(_ITEM, number="IT-20261120-0003", title="电脑坏了")
_UNASSIGNED = UnassignedValues(**_TICKET, items=(_ITEM,))
_HELD = HeldValues(
    **_TICKET,
    to_requester="张敏",
    why=("不认识的命令：#内布",),
    words="张敏您好，备件明天上午到，到了就给您换。\n\n刘洋",
    lines=(HeldLine("#内布 用户脾气急", "内部"),),
    release="#发送",
)
_CODE = CodeValues(
    **_TICKET,
    orders=("#已解决", "#分类 网络异常"),
    words="搓纸轮已换，请再打一份试试。",
    once="7KQM-4XPA",
    until=NOW + 24 * HOUR,
)
_UNPROVED = UnprovedValues(
    **_TICKET,
    excerpt_first_line="#已解决",
    why="无法确认是您本人发的",
    advice="如果是您写的，请直接回复派单邮件，再写一次。不是您写的，请告诉组长。",
)
_TRANSCRIPT = TranscriptValues(
    **_TICKET,
    tone="done",
    done=("已转派给王强", "优先级：高"),
    sent=("已发给张敏",),
    state="处理中",
    assignee="王强",
    requester="张敏",
    category="硬件故障",
    priority="高",
    due=NOW + HOUR,
    eta=NOW + 3 * HOUR,
    recorded=("根因：搓纸轮磨损", "永久方案：更换搓纸轮"),
)
_HELP = HelpValues(
    **_TICKET,
    orders=(
        HelpLine("#接单", "由您处理，算首次响应"),
        HelpLine("#已响应 16:05", "补记电话联系用户的时间"),
        HelpLine("#转派 王强", "转给同事或组"),
    ),
)
_WHOSE = WhoseValues(**_TICKET, guess="张敏")
_DIGEST = DigestValues(
    **_DESK,
    date=NOW,
    sections=(
        DigestSection(
            "超时未说明原因（回复 #超时原因 …）",
            (DigestItem("IT-20261118-0002", "VPN 连不上", "李雷，首次响应超时"),),
        ),
        DigestSection(
            "处理中",
            (
                DigestItem(_NUMBER, "打印机卡纸", "张敏，预计今天 16:00"),
                DigestItem("IT-20261119-0007", "", "李雷，首次响应时限今天 16:30"),
            ),
        ),
        DigestSection(
            "待用户反馈",
            (DigestItem("IT-20261118-0003", "电脑坏了", "张敏，最近更新昨天 15:00"),),
            rest=12,
        ),
    ),
)

STAFF_SAMPLES: Mapping[str, tuple[StaffValues, ...]] = {
    "dispatch": (
        _DISPATCH,
        replace(
            _DISPATCH,
            files=_FILES,
            left_out=_LARGE,
            similar=(
                SimilarTicket("IT-20261119-0007", "打印机卡纸", "处理中", "王强"),
                SimilarTicket("IT-20261119-0009", "", "待派单", None),
            ),
            helped=(
                Precedent(
                    *("KB-0007", "打印机卡纸怎么办", "打开后盖，取出卡住的纸，再试打一页。", True),
                    url="https://desk.corp.test/k/sample",
                ),
                Precedent("IT-20260903-0002", "三楼打印机卡纸", ""),
            ),
            notes=("王强：换过搓纸轮，没有好转。\n备件型号 RM2-5452。",),
            actions=_ACTIONS,
            reporter="王强",
            by="陈静",
        ),
        replace(_DISPATCH, fields=_FIELDS, vip=True),
        replace(
            _DISPATCH,
            helper=True,
            by="王强",
            due=None,
            department=None,
            contact=None,
            together="王强（处理人）、刘洋、陈静",
        ),
        replace(
            _DISPATCH,
            name="",
            title="",
            requester="",
            to_requester="",
            code="",
            helper=True,
            requester_address=None,
            words="",
            words_cut=True,
        ),
    ),
    "answer": (
        replace(_ANSWER, files=_FILES, due=NOW + HOUR, actions=_ACTIONS),
        replace(_ANSWER, words="1. 蓝屏 2. 就我这台", fields=_FIELDS),
        replace(_ANSWER, note="reopened", words="还是卡，而且声音更大了。"),
        replace(_ANSWER, raised="高", words="现在整个部门都上不了。"),
        replace(
            _ANSWER,
            note="chasing",
            words="怎么还没好？",
            handler="刘洋",
            together="刘洋（处理人）、陈静",
        ),
        replace(_ANSWER, note="unverified", words="好了", state="待确认"),
        replace(_ANSWER, note="confirmed_partly", words="打印好了，扫描还不行。"),
        replace(
            _ANSWER, author_part="vendor", author="陈工", to_requester="陈工", words="请升级固件"
        ),
        replace(_ANSWER, author_part="cc", author="李雷", left_out=_LARGE, words=""),
        replace(_ANSWER, author_part="delegate", note="new_words", author="", name="", title=""),
    ),
    "unassigned": (
        _UNASSIGNED,
        replace(_UNASSIGNED, urgent=True, name="", title="", items=(_URGENT,)),
        replace(_UNASSIGNED, number="", title="", items=(_ITEM, _URGENT), urgent=True, code=""),
        replace(_UNASSIGNED, number="", title="", items=(_ITEM, _LATER), code=""),
    ),
    "held": (
        _HELD,
        replace(
            _HELD, lines=(), why=("内容里有内部邮箱地址", "内容里夹有引用的原文"), to_requester=""
        ),
        replace(_HELD, words="", name="", title="", lines=(HeldLine("#foo", ""),)),
    ),
    "code": (
        _CODE,
        replace(_CODE, name="", title="", words=""),
        replace(
            _CODE,
            number="",
            title="IT服务台日报 11月20日 周五",
            orders=("转发报告给阅读人",),
            code="",
        ),
    ),
    "unproved": (_UNPROVED, replace(_UNPROVED, name="", title="", excerpt_first_line="")),
    "transcript": (
        _TRANSCRIPT,
        replace(
            _TRANSCRIPT,
            tone="failed",
            done=(),
            sent=(),
            failed=("没有找到“王墙”，请写姓名、工号或邮箱",),
            words="张敏您好，已请同事上门。",
            due=None,
            eta=None,
        ),
        replace(_TRANSCRIPT, tone="status", done=(), sent=(), state="挂起", waiting="等备件"),
        replace(_TRANSCRIPT, tone="told", done=("王强已接手此单",), sent=()),
        replace(_TRANSCRIPT, tone="undone", done=("已撤销：#已解决",), assignee="", requester=""),
        TranscriptValues(
            **{**_DESK, "name": "", "code": ""},
            number="",
            title="",
            tone="failed",
            failed=("没看出是哪张工单：请直接回复派单邮件，或在主题里写工单号",),
        ),
    ),
    "help": (_HELP, replace(_HELP, number="", title="", name="", code="")),
    "whose": (_WHOSE, replace(_WHOSE, guess=None, name="", title="")),
    "digest": (_DIGEST, replace(_DIGEST, sections=(), name="", code="")),
}
