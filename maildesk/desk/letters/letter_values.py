"""What each letter is told: the values its templates may name, one dataclass an event.

Texts stand in the letter's own language already; moments are aware. The samples at the end are
what templates are tried with at start-up. How values become words is `wording`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from maildesk.desk.letters.approval_values import APPROVAL_SAMPLES, ApprovalLetters
from maildesk.desk.letters.follow_up_values import FOLLOW_UP_SAMPLES, LowRatingValues
from maildesk.desk.letters.letter import HandledLetter, Letter
from maildesk.desk.letters.linked_values import LINKED_SAMPLES, LinkedValues
from maildesk.desk.letters.reminder_values import REMINDER_SAMPLES, ReminderLetters
from maildesk.desk.letters.report_values import REPORT_SAMPLES, ReportValues
from maildesk.desk.letters.requester_values import REQUESTER_SAMPLES, RequesterValues
from maildesk.desk.letters.routing_values import ROUTING_SAMPLES, RoutingLetters
from maildesk.desk.letters.sample import HOUR, NOW, SAMPLE
from maildesk.desk.letters.staff_samples import STAFF_SAMPLES
from maildesk.desk.letters.staff_values import StaffValues
from maildesk.desk.letters.survey_values import SURVEY_SAMPLES, SurveyValues


@dataclass(frozen=True, slots=True)
class OfferedArticle:
    """An article that may help the requester at once; `url` is filled in where pages run."""

    number: str
    title: str
    solution: str
    url: str = ""
    article: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AckValues(HandledLetter):
    """An acknowledgement (M1, F13, N8): who handles it, until when, and what was recorded.

    `resumes`: when work goes on; the desk is closed now, or with `open_now` soon (before a
    holiday). `linked`: a number the mail named that could not take it, so that this is a new
    ticket; `reopened_from`: the reader's older ticket that this mail answered. `reporter`: who
    entered it for the reader (R1). `echo_title` False keeps the requester's own words out, for
    outsiders nobody has verified (DESIGN §7). `encrypted`: nobody could read it, so it asks for it
    again. `questions` are what is still missing (R13), `severity` what the reader called it (F4).
    `wished` is by when he wants it (W5); with `wish_late` that is sooner than what is `promised`,
    or where no solution is promised, sooner than he is contacted. `outside`: where he should go
    instead (N11). `approver`: whose yes it needs before anybody works on it. `offered`: what may
    help him at once (N6).
    """

    hotline: str | None
    due: datetime | None
    category: str
    priority: str
    type: str
    attachments: int = 0
    resumes: datetime | None = None
    open_now: bool = False
    urgent: bool = False
    linked: str | None = None
    echo_title: bool = True
    scope: str | None = None
    contact: str | None = None
    reporter: str | None = None
    reopened_from: str | None = None
    encrypted: bool = False
    service_url: str | None = None
    questions: tuple[str, ...] = ()
    severity: str | None = None
    wished: datetime | None = None
    wish_late: bool = False
    promised: datetime | None = None
    outside: str | None = None
    approver: str | None = None
    offered: tuple[OfferedArticle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitValues(HandledLetter):
    """A limit near or missed (R6, R14, M4), for the lead or, `to_engineer`, its handler.

    `limit` is response, contact or solution. `minutes` are left (near) or over (missed). `outage`:
    missed because maildesk itself was down.
    `code` is filled in when the letter is printed.
    """

    minutes: int
    due: datetime
    opened: datetime
    category: str
    priority: str
    requester: str
    department: str | None
    contact: str | None = None
    limit: str = "response"
    outage: bool = False
    to_engineer: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineValues(Letter):
    """A mail that could not be read; `row` is what `maildesk quarantine show` takes.

    `told`: its sender was asked to send it smaller.
    """

    row: int
    sender: str
    subject: str
    received: datetime
    reason: str
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLargeValues(Letter):
    """The reader's mail was not taken: it has `size`, and one may have `limit`, both in words."""

    title: str
    size: str
    limit: str
    hotline: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerValues(Letter):
    """Automatic letters paused (DESIGN §8): `limit` reached for `about`, `held` kept back.

    `about` is the address or the ticket number, "" for the whole desk. `resumes` None: not by
    itself.
    """

    scope: Literal["address", "ticket", "desk"]
    about: str
    limit: int
    held: int
    since: datetime
    resumes: datetime | None


@dataclass(frozen=True, slots=True)
class DoorstepItem:
    """One mail waiting at the doorstep."""

    row: int
    sender: str
    subject: str
    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorstepValues(Letter):
    """The day's list of mails from strangers (DESIGN §7). `command` admits one, if there is one.

    `count` may be larger than the items shown.
    """

    count: int
    items: tuple[DoorstepItem, ...]
    command: str | None


LetterValues = (
    AckValues
    | LimitValues
    | QuarantineValues
    | TooLargeValues
    | BreakerValues
    | DoorstepValues
    | ReportValues
    | ApprovalLetters
    | RequesterValues
    | SurveyValues
    | ReminderLetters
    | LowRatingValues
    | RoutingLetters
    | StaffValues
    | LinkedValues
)


_ACK = AckValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="打印机卡纸",
    handler=None,
    group="硬件组",
    extension="8005",
    hotline="8000",
    due=NOW + HOUR,
    category="硬件故障",
    priority="中",
    type="故障申报",
)
_QUESTIONS = (
    "开机后屏幕上显示什么？拍张照片也行。",
    "只有您这台，还是旁边同事也这样？",
)
_LIMIT = LimitValues(
    **SAMPLE,
    name="王强",
    number="IT-20261120-0001",
    title="打印机卡纸",
    minutes=30,
    due=NOW + HOUR,
    opened=NOW - 3 * HOUR,
    category="硬件故障",
    priority="中",
    requester="张敏",
    department="财务部",
    handler=None,
    group="硬件组",
    extension="8005",
)
_QUARANTINE = QuarantineValues(
    **SAMPLE,
    name="王强",
    row=3,
    sender="li@corp.test",
    subject="报表打不开",
    received=NOW - HOUR,
    reason="三次读取都使程序中断",
)
_TOO_LARGE = TooLargeValues(
    **SAMPLE,
    name="张敏",
    title="报表打不开",
    size="152 MB",
    limit="100 MB",
    hotline="8000",
)
_BREAKER = BreakerValues(
    **SAMPLE,
    name="王强",
    scope="address",
    about="robot@corp.test",
    limit=5,
    held=2,
    since=NOW - HOUR,
    resumes=NOW + HOUR,
)
_DOORSTEP = DoorstepValues(
    **SAMPLE,
    name="王强",
    count=2,
    items=(DoorstepItem(7, "a@elsewhere.test", "合作咨询", NOW - HOUR),),
    command="maildesk doorstep admit",
)

SAMPLES: Mapping[str, tuple[LetterValues, ...]] = {
    "ack": (
        _ACK,
        replace(_ACK, urgent=True, handler="刘洋", scope="影响整个部门", contact="8123"),
        replace(_ACK, resumes=NOW + HOUR, linked="IT-20261101-0003", attachments=2),
        replace(_ACK, name="", title="", extension=None, hotline=None, due=None, urgent=True),
        replace(_ACK, echo_title=False, resumes=NOW + HOUR, open_now=True, hotline=None),
        replace(_ACK, reporter="刘洋", handler="王强", reopened_from="IT-20261101-0003"),
        replace(_ACK, encrypted=True, title="", hotline=None),
        replace(_ACK, service_url="https://desk.corp.test/service/it"),
        replace(
            _ACK,
            offered=(
                OfferedArticle("KB-0007", "打印机卡纸怎么办", "打开后盖，取出卡住的纸。", ""),
                OfferedArticle("KB-0009", "双面打印卡纸", "", "https://desk.corp.test/k/sample"),
            ),
        ),
        replace(_ACK, title="电脑坏了", questions=_QUESTIONS, severity="很急"),
        replace(_ACK, questions=_QUESTIONS[:1], wished=NOW + HOUR),
        replace(_ACK, wished=NOW, wish_late=True, promised=NOW + 3 * HOUR),
        replace(_ACK, wished=NOW, wish_late=True, due=None, outside="投影仪由行政部管理"),
        replace(_ACK, wished=NOW, wish_late=True),
        replace(_ACK, approver="张伟", due=None),
        replace(_ACK, approver="张伟", due=None, questions=_QUESTIONS[:1]),
    ),
    "near": (
        _LIMIT,
        replace(_LIMIT, handler="刘洋", contact="8123", department=None, extension=None),
        replace(_LIMIT, to_engineer=True, name="刘洋", handler="刘洋", code="n15-f9o-k7q4m2xdpa2c"),
        replace(_LIMIT, limit="contact", to_engineer=True, handler="刘洋"),
        replace(_LIMIT, limit="contact"),
        replace(_LIMIT, limit="solution", to_engineer=True, handler="刘洋"),
        replace(_LIMIT, limit="solution"),
    ),
    "missed": (
        _LIMIT,
        replace(_LIMIT, name="", title="", handler="刘洋", extension=None, outage=True),
        replace(_LIMIT, to_engineer=True, name="刘洋", handler="刘洋", code="n15-f9o-k7q4m2xdpa2c"),
        replace(_LIMIT, limit="contact", to_engineer=True, handler="刘洋"),
        replace(_LIMIT, limit="contact", outage=True),
        replace(_LIMIT, limit="solution", to_engineer=True, handler="刘洋"),
        replace(_LIMIT, limit="solution"),
    ),
    "quarantine": (
        _QUARANTINE,
        replace(_QUARANTINE, name="", sender="", subject=""),
        replace(_QUARANTINE, told=True),
    ),
    "too_large": (_TOO_LARGE, replace(_TOO_LARGE, name="", title="", hotline=None)),
    "breaker": (
        _BREAKER,
        replace(_BREAKER, scope="ticket", about="IT-20261120-0001", resumes=None),
        replace(_BREAKER, scope="desk", about="", held=0, name=""),
    ),
    "doorstep": (_DOORSTEP, replace(_DOORSTEP, name="", command=None, count=1)),
    **REPORT_SAMPLES,
    **APPROVAL_SAMPLES,
    **REMINDER_SAMPLES,
    **FOLLOW_UP_SAMPLES,
    **REQUESTER_SAMPLES,
    **SURVEY_SAMPLES,
    **ROUTING_SAMPLES,
    **STAFF_SAMPLES,
    **LINKED_SAMPLES,
}
"""What every letter is tried with: each value present and absent at least once."""
