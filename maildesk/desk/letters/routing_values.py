"""What letters about who works on what are told: somebody is away, something urgent has begun.

Texts stand in the reader's language, moments are aware; `code` and `marker` are filled in when the
letter is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from maildesk.desk.letters.letter import StaffTicketLetter
from maildesk.desk.letters.sample import HOUR, NOW, SAMPLE
from maildesk.desk.letters.staff_values import UnassignedItem
from maildesk.desk.staff.marker import MARKER


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentValues(StaffTicketLetter):
    """An engineer's notice says he is away, and these tickets of his cannot wait for him.

    `last` is a moment of his last day away; or, `today`, the hour he comes back. `number` and
    `title` are "" when there are several.
    """

    engineer: str
    items: tuple[UnassignedItem, ...]
    last: datetime
    today: bool = False
    urgent: bool = False
    number: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentValues(StaffTicketLetter):
    """The emergency response begins (M3): told to leads at once. `raised`: the ticket was less
    urgent before; `by` is who or what raised it. `engineer` None: nobody has it."""

    words: str
    priority: str
    category: str
    requester: str
    department: str | None
    contact: str | None
    group: str
    engineer: str | None
    extension: str | None
    hotline: str | None
    received: datetime
    due: datetime | None
    update_minutes: int
    scope: str = ""
    raised: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentValues(StaffTicketLetter):
    """A major incident of which nothing was heard for so many minutes. `to_engineer`: whoever
    reads it has the ticket, and his answer goes to the requester."""

    minutes: int
    priority: str
    requester: str
    to_requester: str
    engineer: str | None
    extension: str | None
    received: datetime
    to_engineer: bool = False


RoutingLetters = AbsentValues | UrgentValues | SilentValues

_DESK: dict[str, Any] = {
    **SAMPLE,
    "name": "王强",
    "code": "n15-f9o-k7q4m2xdpa2c",
}
_TICKET = {**_DESK, "number": "IT-20261120-0001", "title": "全公司断网"}
_ITEM = UnassignedItem(
    number="IT-20261120-0001",
    title="打印机卡纸",
    priority="高",
    category="硬件故障",
    group="硬件组",
    requester="张敏",
    received=NOW - HOUR,
    due=NOW + HOUR,
)
_OTHER = replace(_ITEM, number="IT-20261120-0002", title="", requester="", due=None)
_ABSENT = AbsentValues(
    **{**_TICKET, "title": "打印机卡纸"},
    engineer="刘洋",
    items=(_ITEM,),
    last=NOW + 10 * 24 * HOUR,
)
_URGENT = UrgentValues(
    **_TICKET,
    words="全公司断网了，都上不了网！\n前台电话也打不通。",
    priority="紧急",
    category="网络异常",
    requester="张敏",
    department="财务部",
    contact="8123",
    group="网络组",
    engineer="陈静",
    extension="8002",
    hotline="8000",
    received=NOW - HOUR,
    due=NOW + HOUR,
    update_minutes=30,
)
_SILENT = SilentValues(
    **_TICKET,
    minutes=31,
    priority="紧急",
    requester="张敏",
    to_requester="张敏",
    engineer="陈静",
    extension="8002",
    received=NOW - HOUR,
)
ROUTING_SAMPLES: Mapping[str, tuple[RoutingLetters, ...]] = {
    "absent": (
        _ABSENT,
        replace(_ABSENT, name="", title="", urgent=True, today=True, last=NOW + HOUR),
        replace(_ABSENT, number="", title="", items=(_ITEM, _OTHER), urgent=True, code=""),
        replace(_ABSENT, number="", title="", items=(_ITEM, _OTHER), code=""),
    ),
    "urgent": (
        _URGENT,
        replace(_URGENT, raised=True, by="刘洋", scope="影响整个部门", extension=None),
        replace(_URGENT, engineer=None, name="", title="", words="", requester="", hotline=None),
        replace(_URGENT, raised=True, department=None, contact=None, due=None),
    ),
    "silent": (
        _SILENT,
        replace(_SILENT, to_engineer=True, name="陈静", marker=MARKER, code="r15-f9o-k7q4m2xdpa2c"),
        replace(_SILENT, engineer=None, extension=None, name="", title="", requester=""),
    ),
}
"""What the templates are tried with: each value present and absent at least once."""
