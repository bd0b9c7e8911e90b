"""A limit's moment has come: does it still hold, was it missed, and was that our own doing?

Pure; what is then told to whom `notices` writes, and the clock carries out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.hours import measure
from maildesk.desk.limits.due import Limit, LimitKind, find_due, stands_still
from maildesk.desk.ticket import ENDED, KnownTicket, Part, Pause, State, Waiting

# After an outage somebody must first get the chance to read what came meanwhile.
_GRACE = timedelta(minutes=10)
_LOST_SHARE = 2


def find_relief(ticket: KnownTicket, kind: LimitKind, due: datetime) -> str | None:
    """Why nothing is missed or about to be on that limit, which was due then; None: it is."""
    if _counts_elsewhere(ticket):
        return _ELSEWHERE
    if find_due(ticket, kind) is None:
        return "there is no such limit any more"
    met = find_met(ticket, kind)
    if met is not None:
        return say_met(kind) if met <= due else None
    if stands_still(ticket.state, ticket.waiting):
        return f"its clock stands still: {say_stand(ticket)}"
    if kind is LimitKind.CONTACT and ticket.find(Part.ASSIGNEE) is None:
        return "nobody has it"
    return None


_ELSEWHERE = "its limits are those of the ticket it hangs under or was merged into"


def _counts_elsewhere(ticket: KnownTicket) -> bool:
    return ticket.parent is not None or ticket.merged_into is not None


def find_met(ticket: KnownTicket, kind: LimitKind) -> datetime | None:
    """When what the limit asks for was done."""
    return ticket.solved if kind is LimitKind.SOLUTION else ticket.responded


def say_met(kind: LimitKind) -> str:
    return "it is solved" if kind is LimitKind.SOLUTION else "somebody has responded"


def say_stand(ticket: KnownTicket) -> str:
    """Why a ticket's clock stands."""
    if ticket.waiting is not Waiting.NONE:
        return f"it waits for {_OUTSIDE[ticket.waiting]}"
    return "it is over" if ticket.state in ENDED else "it is solved, and to be confirmed"


_OUTSIDE = {
    Waiting.NONE: "nobody",
    Waiting.REQUESTER: "the requester",
    Waiting.THIRD_PARTY: "a third party",
    Waiting.APPROVAL: "an approval",
}


def miss_same_day(ticket: KnownTicket, due: datetime) -> str | None:
    """Why a ticket is no miss of the day it should be solved on; None: it is (R14)."""
    if _counts_elsewhere(ticket):
        return _ELSEWHERE
    if ticket.solved is not None and ticket.solved <= due:
        return "it was solved that day"
    if ticket.state is State.REJECTED:
        return "it was not accepted"
    for item in ticket.pauses:
        if item.start <= due and (item.end is None or item.end > due) and ticket.solved is None:
            return "it was waiting for somebody outside that day"
    return None


def blame_outage(
    start: datetime, due: datetime, outages: Iterable[Pause], limit: Limit, zone: ZoneInfo
) -> bool:
    """Whether a limit that ran from `start` to `due` was missed because of us: it ran out while
    nothing of ours ran or just after, or that took half of its time and more."""
    lost = timedelta()
    for item in outages:
        end = item.end or due
        if item.start < due <= end + _GRACE:
            return True
        lost += measure(max(item.start, start), min(end, due), limit.calendar, zone)
    return lost > timedelta() and lost * _LOST_SHARE >= timedelta(minutes=limit.minutes)


def add_wait(
    outages: Sequence[Pause], received: datetime | None, entered: datetime | None
) -> tuple[Pause, ...]:
    """With the time in which the ticket's first mail lay on the server, and we did not read it."""
    if received is None or entered is None or entered - received < _GRACE:
        return tuple(outages)
    return (*outages, Pause(received, entered))
