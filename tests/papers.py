"""One ticket's life as a dossier, for tests of what is printed of it: played in one afternoon.

Everything a form can show is in it once: a form, an escalation, a plan, a low rating followed up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from builders import NOW, desk

from maildesk.desk.approvals.approval import Approval, Kind, Verdict
from maildesk.desk.person import Role
from maildesk.desk.profile import Profile
from maildesk.desk.sheets.dossier import Dossier, FollowedUp, Opinion, Step, Written
from maildesk.desk.ticket import Insider, KnownTicket, Part, State

ZHANG, LIU, WANG = "zhang@corp.test", "liu@corp.test", "wang@corp.test"
NAMES = {ZHANG: "张敏", LIU: "刘洋", WANG: "王强"}


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def insider(part: Part, key: str, **given: Any) -> Insider:
    values: dict[str, Any] = {"name": NAMES[key], "addresses": frozenset((key,)), "listed": True}
    return Insider(part, key, **{**values, **given})


PEOPLE = (
    insider(Part.REQUESTER, ZHANG, extension="8123", department="财务部"),
    insider(Part.ASSIGNEE, LIU, role=Role.ENGINEER, extension="8005"),
)
STEPS = (
    Step(NOW, "opened", "张敏", {"from": ZHANG}),
    Step(NOW, "assigned", "张敏", {"to": LIU, "by": ""}),
    Step(after(150), "response_missed", "", {"due": after(120).isoformat()}),
    Step(after(155), "late_reason", "刘洋", {"why": "外出，16:50 返回"}),
    Step(after(160), "changed", "刘洋", {"orders": "#接单", "before": "{}"}),
    Step(
        after(160), "relayed", "刘洋",
        {"letter": "progress", "to": "张敏", "words": "正在查，请先用网页版。"},
    ),
    Step(after(170), "words", "张敏", {"from": ZHANG}, "好的，身份证 11010119900307783X 不要外传"),
    Step(after(175), "note", "刘洋", {"words": "连接数满"}),
    Step(after(180), "priority", "刘洋", {"from": "medium", "to": "high"}),
    Step(after(181), "escalation_asked", "刘洋", {"of": WANG, "why": "要停机"}),
    Step(after(185), "escalated", "王强", {"owner": LIU, "took": "3 h"}),
    Step(after(200), "recorded", "刘洋", {"field": "cause", "words": "连接池上限太小"}),
    Step(after(230), "solved", "刘洋"),
    Step(
        after(230), "relayed", "刘洋",
        {"letter": "solved", "to": "张敏", "words": "已调大上限，请登录试试。"},
    ),
    Step(after(240), "confirmed", "张敏", {"from": ZHANG, "why": "a plain yes"}, "好了"),
    Step(after(400), "recorded", "王强", {"field": "review", "words": "处理得当，补监控"}),
)  # fmt: skip
APPROVALS = (
    Approval(
        1, Kind.ESCALATION, (WANG,),
        {"reason": "要停机", "support": "存储厂商到场", "progress": "已查日志"},
        after(181), LIU, "刘洋", after(211), Verdict.AGREED, after(185), "王强", LIU,
    ),
    Approval(
        2, Kind.PLAN, (WANG,), {"permanent": "调大上限"},
        after(205), LIU, "刘洋", None, Verdict.AGREED, after(210), "王强", None, "下班后做",
    ),
)  # fmt: skip


def dossier(of: Profile, **given: Any) -> Dossier:
    """The ticket under that profile; `given` replaces the dossier's values."""
    urgent = sorted(of.priorities, key=lambda item: item.rank)[1].key
    ticket = KnownTicket(
        id=1,
        number="IT-20261120-0001",
        state=State.CLOSED,
        title="ERP 登录不上",
        insiders=frozenset(NAMES),
        people=PEOPLE,
        category="software",
        priority=urgent,
        type=of.types[0].key,
        group="systems",
        department="财务部",
        opened=NOW,
        response_due=after(120),
        responded=after(160),
        solved=after(230),
        confirmed=after(240),
        closed=after(240),
        assigned=NOW,
        contact_due=after(30) if of.id == "process-manual" else None,
        solution_due=after(480),
        severity="severe" if of.severities else None,
        impact="department" if of.impacts else None,
        urgency="stopped" if of.urgencies else None,
        fields={
            "contact": "13800138000",
            "occurred": "今天 9 点",
            "scope": "全部门",
            "device": "台式机",
            "error": "ORA-12516",
            "tried": "重启过",
            "wished": "今天下班前",
            "severity": "严重",
            "cause": "连接池上限太小",
            "interim": "用网页版",
            "permanent": "调大上限",
            "prevention": "连接数告警",
            "lesson": "上线前压测",
            "backup": "不涉及",
            "knowledge": "1",
            "review": "处理得当，补监控",
        },
        result="solved" if of.results else None,
        chases=1,
    )
    values: dict[str, Any] = {
        "desk": desk(profile=of),
        "ticket": ticket,
        "request": "我们部门都登不上 ERP，\n请尽快处理。",
        "steps": STEPS,
        "names": NAMES,
        "staff_numbers": {ZHANG: "F012", LIU: "HW005"},
        "files": ("截图.png", "=cmd.txt"),
        "approvals": APPROVALS,
        "opinion": Opinion(
            after(240),
            "张敏",
            2,
            {item.key: 3 for item in of.survey.questions},
            "等得太久",
            "mail",
        ),
        "follow_ups": (
            FollowedUp("总体 2 分", after(1680), after(300), "王强", "已电话致歉，加派了人手"),
        ),
        "articles": (Written("KB-0003", "published"),),
        "confirmed_by": "张敏",
        "closed_by": "requester",
        "archived": after(2880),
    }
    return Dossier(**{**values, **given})
