"""What letters about decisions are told: to who must decide, and to who waits for it.

Texts stand in the reader's language, moments are aware; `code` and `marker` are filled in when the
letter is printed. How an answer to them is read is `consent`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from maildesk.desk.letters.letter import HandledLetter, StaffTicketLetter, TicketLetter
from maildesk.desk.letters.sample import HOUR, NOW, SAMPLE

Trigger = Literal["order", "clock", "scope"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationValues(StaffTicketLetter):
    """A lead decides whether a ticket is escalated, and to whom (M5).

    `by` asked for it by order; the clock asks after `minutes` of handling; `scope`: the requester's
    `words` say that more people are concerned now. `reminder`: the time to decide has passed.
    """

    trigger: Trigger
    by: str
    reason: str
    progress: str
    support: str
    priority: str
    category: str
    requester: str
    department: str | None
    handler: str | None
    until: datetime
    minutes: int = 0
    words: str = ""
    reminder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanValues(StaffTicketLetter):
    """A lead approves the plan for a major problem (F7). `changed`: an earlier one was decided."""

    by: str
    priority: str
    category: str
    requester: str
    department: str | None
    interim: str
    permanent: str
    cause: str
    prevention: str
    changed: bool = False
    reminder: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalValues(StaffTicketLetter):
    """An access request and the one whose yes it needs; an answer decides it.

    `why`: he is the requester's manager, or the lead, who decides where no manager is known
    ("no_manager") or where he has not answered or is away ("instead" of `approver`). `unproved`:
    nothing shows that the requester wrote it. `reminder`: he was asked before, at `asked`.
    """

    why: Literal["manager", "lead", "no_manager", "instead"]
    requester: str
    requester_address: str
    department: str | None
    contact: str | None
    type: str
    category: str
    words: str
    asked: datetime
    files: tuple[str, ...] = ()
    approver: str = ""
    unproved: bool = False
    reminder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictValues(TicketLetter):
    """An answer to such a letter decided nothing: `what` says why.

    "decided": it was decided before; "not_asked": somebody else must answer, `asked`; "own": nobody
    approves his own request; "unclear": neither yes nor no was read.
    """

    what: Literal["decided", "not_asked", "own", "unclear"]
    asked: str
    requester: str
    contact: str | None
    agreed: bool = False
    decider: str = ""
    decided: datetime | None = None
    owner: str = ""
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsValues(HandledLetter):
    """What became of a request, to its requester in one line (R15, R16, F7).

    `vendor`: escalated to a vendor. `words` are the reason of a no, `approver` who said it.
    """

    what: Literal["raised", "escalated", "approved", "declined", "plan_changed"]
    priority: str
    hotline: str | None
    due: datetime | None = None
    urgent: bool = False
    vendor: bool = False
    approver: str = ""
    words: str = ""


ApprovalLetters = EscalationValues | PlanValues | ApprovalValues | VerdictValues | NewsValues

_TICKET: dict[str, Any] = {
    **SAMPLE,
    "name": "王强",
    "number": "IT-20261120-0001",
    "title": "ERP 无法登录",
}
_CODE = "n15-f9o-k7q4m2xdpa2c"

_ESCALATION = EscalationValues(
    **_TICKET,
    trigger="order",
    by="刘洋",
    reason="数据库主机宕机，备机起不来",
    progress="已切到只读，财务部可以查询，不能录单。",
    support="存储厂商到场",
    priority="高",
    category="软件问题",
    requester="张敏",
    department="财务部",
    handler="刘洋",
    until=NOW + HOUR / 2,
    code=_CODE,
)
_PLAN = PlanValues(
    **_TICKET,
    by="刘洋",
    priority="紧急",
    category="软件问题",
    requester="张敏",
    department="财务部",
    interim="先用备机，只读",
    permanent="今晚 22:00 更换主机并回切，停机约 30 分钟",
    cause="主机电源模块老化",
    prevention="电源模块纳入年度巡检",
    until=NOW + HOUR / 2,
    code=_CODE,
)
_APPROVAL = ApprovalValues(
    **{**_TICKET, "name": "张伟", "title": "申请 CRM 导出权限"},
    why="manager",
    requester="张敏",
    requester_address="zhang@corp.test",
    department="财务部",
    contact="8123",
    type="权限申请",
    category="账号权限",
    words="需要开通 CRM 客户明细的导出权限，月底对账用，用到 12 月 31 日。",
    asked=NOW - HOUR,
    code=_CODE,
)
_VERDICT = VerdictValues(
    **_TICKET,
    what="decided",
    asked="张伟",
    requester="张敏",
    contact="8123",
    agreed=True,
    decider="陈静",
    decided=NOW - HOUR / 4,
    owner="王强",
    code=_CODE,
)
_NEWS = NewsValues(
    **{**_TICKET, "name": "张敏"},
    what="escalated",
    handler="王强",
    group="系统运维组",
    extension="8003",
    priority="高",
    hotline="8000",
)

APPROVAL_SAMPLES: Mapping[str, tuple[ApprovalLetters, ...]] = {
    "escalation": (
        _ESCALATION,
        replace(_ESCALATION, trigger="clock", by="", minutes=125, reason="", support=""),
        replace(
            _ESCALATION,
            trigger="scope",
            by="",
            reason="",
            support="",
            progress="",
            words="现在整个财务部都登不上了。",
            handler=None,
        ),
        replace(_ESCALATION, reminder=True, title="", name="", department=None, requester=""),
    ),
    "plan": (
        _PLAN,
        replace(_PLAN, changed=True, interim="", cause="", prevention="", name="", title=""),
        replace(_PLAN, permanent="", reminder=True, until=None, department=None, requester=""),
    ),
    "approval": (
        _APPROVAL,
        replace(_APPROVAL, why="no_manager", unproved=True, files=("清单.xlsx",), contact=None),
        replace(_APPROVAL, why="lead", department=None, requester="", words="", name="", title=""),
        replace(_APPROVAL, name="王强", why="instead", approver="张伟", reminder=True),
        replace(_APPROVAL, reminder=True),
    ),
    "verdict": (
        _VERDICT,
        replace(_VERDICT, agreed=False, owner="", reason="先换备机观察", name="", title=""),
        replace(_VERDICT, what="not_asked", decided=None, decider=""),
        replace(_VERDICT, what="own", decided=None, decider="", contact=None),
        replace(_VERDICT, what="unclear", decided=None, decider="", requester="", contact=None),
    ),
    "news": (
        _NEWS,
        replace(_NEWS, vendor=True, extension=None, name="", title=""),
        replace(_NEWS, what="raised", due=NOW + HOUR, urgent=True),
        replace(_NEWS, what="raised", handler=None, hotline=None),
        replace(_NEWS, what="approved", approver="张伟", due=NOW + HOUR),
        replace(_NEWS, what="approved", approver="张伟", handler=None, extension=None),
        replace(_NEWS, what="declined", approver="张伟", words="月底前不开放导出，请用报表。"),
        replace(_NEWS, what="declined", approver="张伟", hotline=None, name="", title=""),
        replace(_NEWS, what="plan_changed"),
    ),
}
"""What these letters are tried with: each value present and absent at least once."""
