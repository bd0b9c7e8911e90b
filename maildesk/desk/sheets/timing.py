"""How a ticket's limits were kept, as a form says it: 2小时内(达标), within 2 h (missed).

Judged against the due time the ticket has now. Whether somebody is told of a miss is the clock's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from maildesk.desk.calendar.hours import measure
from maildesk.desk.letters.moments import say_span
from maildesk.desk.limits.due import Limit, LimitKind, find_due, list_limits, stands_still
from maildesk.desk.limits.state import find_met
from maildesk.desk.sheets.form import Reader
from maildesk.desk.ticket import ENDED, State

_MISSED = {kind: kind.missed for kind in LimitKind}


def say_response(reader: Reader) -> str:
    """R12's SLA响应时效."""
    return _say(reader, LimitKind.RESPONSE)


def say_contact(reader: Reader) -> str:
    """From dispatch to the first contact (M4); "" without such a limit."""
    return _say(reader, LimitKind.CONTACT)


def say_solution(reader: Reader) -> str:
    """From receipt to solved (N7); "" without such a limit."""
    return _say(reader, LimitKind.SOLUTION)


def _say(reader: Reader, kind: LimitKind) -> str:
    limit, due = _find_limit(reader, kind), find_due(reader.dossier.ticket, kind)
    if limit is None or due is None:
        return ""
    span = say_span(limit.minutes, reader.language)
    if limit.minutes % 60 == 0 and limit.minutes <= 48 * 60:
        hours = limit.minutes // 60
        span = reader.pick(f"{hours}小时", f"{hours} h")
    how = _judge(reader, kind, limit, due)
    return reader.pick(f"{span}内({how})", f"within {span} ({how})")


def _find_limit(reader: Reader, kind: LimitKind) -> Limit | None:
    priority = reader.profile.priority(reader.dossier.ticket.priority)
    limits = list_limits(priority, reader.profile)
    return next((item for item in limits if item.kind is kind), None)


def _judge(reader: Reader, kind: LimitKind, limit: Limit, due: datetime) -> str:
    ticket = reader.dossier.ticket
    met = find_met(ticket, kind)
    if met is not None and met <= due:
        return reader.pick("达标", "met")
    if ticket.merged_into is not None or ticket.parent is not None:
        return reader.pick("按主单计", "counts on its main ticket")
    if met is None and ticket.state in (State.REJECTED, State.CLOSED):
        return reader.pick("不计", "not counted")
    if met is None and ticket.state not in ENDED:
        if stands_still(ticket.state, ticket.waiting):
            return reader.pick("暂停计时", "paused")
        if reader.now <= due:
            return reader.pick("未到期", "not due yet")
    over = measure(due, met or reader.now, limit.calendar, reader.zone)
    minutes = int(over / timedelta(minutes=1))  # of working time: none in a lunch break
    late = say_span(minutes, reader.language) if minutes else ""
    said = reader.pick(f"超时{late}", f"missed by {late}" if late else "missed")
    if _was_ours(reader, kind):
        said += reader.pick("，系统中断所致", ", our own outage")
    return said


def _was_ours(reader: Reader, kind: LimitKind) -> bool:
    miss = reader.dossier.last(_MISSED[kind])
    return miss is not None and miss.data.get("outage") == "yes"


def say_reasons(reader: Reader) -> str:
    """Why limits were missed, as their engineer said it (R14)."""
    said = [step.data.get("why", "") for step in reader.dossier.steps if step.kind == "late_reason"]
    return "；".join(dict.fromkeys(filter(None, said)))
