"""How a ticket's limits read at a terminal: when each is due, how that came about, and its pauses.

For `maildesk tickets show`. What a limit is `desk.limits.due` knows; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from maildesk.cli.setting import say_moment

if TYPE_CHECKING:
    from maildesk.desk.charter import DeskConfig
    from maildesk.desk.ticket import KnownTicket

_NAMES = {"response": "respond by", "contact": "contact by", "solution": "solve by"}
_STARTS = {
    "response": "since it came",
    "contact": "since its engineer got it",
    "solution": "since it came",
}


def write_limits(ticket: KnownTicket, desk: DeskConfig, now: datetime) -> Iterator[str]:
    """A line for each limit, and one for each time in which they stood still."""
    from maildesk.desk.calendar.hours import measure
    from maildesk.desk.limits.due import find_due, list_limits, measure_handling, stands_still
    from maildesk.desk.limits.state import find_met, say_stand

    limits = list_limits(desk.profile.priority(ticket.priority), desk.profile)
    for limit in limits:
        due, met = find_due(ticket, limit.kind), find_met(ticket, limit.kind)
        if due is None:
            continue
        done = f", done {say_moment(met, desk.zone)}" if met is not None else ""
        late = met > due if met is not None else now > due and not _stands(ticket, due)
        how = f"{limit.minutes} min of calendar {limit.calendar.key} {_STARTS[limit.kind.value]}"
        fate = " LATE" if late else ""
        name = _NAMES[limit.kind.value]
        yield f"{name:<12} {say_moment(due, desk.zone)}{done}{fate} ({how})"
    calendar = limits[-1].calendar
    for pause in ticket.pauses:
        end = pause.end or now
        work = round(measure(pause.start, end, calendar, desk.zone_info).total_seconds() / 60)
        until = say_moment(pause.end, desk.zone) if pause.end else f"now: {say_stand(ticket)}"
        span = f"{say_moment(pause.start, desk.zone)} to {until}"
        yield f"stood still  {span} ({work} min of calendar {calendar.key})"
    if ticket.assigned is not None and not stands_still(ticket.state, ticket.waiting):
        handled = measure_handling(ticket, now, desk.profile, desk.zone_info)
        yield f"worked on    {round(handled.total_seconds() / 60)} min"


def _stands(ticket: KnownTicket, due: datetime) -> bool:
    """Whether the clocks stood before it was due and have not gone on since."""
    return any(item.end is None and item.start <= due for item in ticket.pauses)
