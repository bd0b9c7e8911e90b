"""A new ticket's row, its number, and everything it waits for from the beginning.

In the caller's transaction. Whether a mail opens one was decided in `desk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from maildesk.desk.arrival.number import NumberFormat
from maildesk.desk.decision import DeadlinePlan, Facts, Opening
from maildesk.desk.profile import Profile
from maildesk.store import deadlines
from maildesk.store.changes import note_turn, write_pauses
from maildesk.store.deadlines import NewDeadline
from maildesk.store.engine import upsert
from maildesk.store.schema import numbers, tickets
from maildesk.store.statement import Statement

_NEW_TICKET = Statement(insert(tickets).returning(tickets.c.id))


def enter_ticket(
    db: Connection, facts: Facts, opening: Opening, known: Mapping[str, int], reporter: int
) -> tuple[int, str]:
    """The new ticket's row; (its id, the number it was given). `reporter` is a person's row."""
    requester = known[opening.requester] if opening.requester else reporter
    assignee = known[opening.assignee] if opening.assignee else None
    zone = ZoneInfo(facts.desk.zone)
    number = give_number(db, facts.desk.id, facts.desk.profile, opening, zone)
    row = {
        "desk_id": facts.desk.id,
        "number": number,
        "title": opening.title,
        "state": opening.state.value,
        "waiting": opening.waiting.value,
        "category": opening.category,
        "priority": opening.priority,
        "type": opening.type,
        "group_key": opening.group,
        "assignee_id": assignee,
        "requester_id": requester,
        "reporter_id": reporter,
        "department": opening.department,
        "language": opening.language,
        "opened_at": opening.received,
        "response_due": opening.response_due,
        "contact_due": opening.contact_due,
        "solution_due": opening.solution_due,
        "assigned_at": facts.now if assignee is not None else None,
        "impact": opening.impact,
        "urgency": opening.urgency,
        "severity": opening.severity,
        "fields": dict(opening.fields) or None,
        "tags": list(opening.tags) or None,
        "parent_id": opening.parent,
        "pauses": write_pauses(opening.pauses) or None,
        "eta_at": opening.eta,
        "chases": 0,
        "updated_at": facts.now,
    }
    [[ticket]] = _NEW_TICKET.ask(db, row)
    if assignee is not None:
        note_turn(db, assignee, facts.now)
    return int(ticket), number


def set_limits(
    db: Connection,
    desk_id: str,
    plans: Sequence[DeadlinePlan],
    ticket: int,
) -> None:
    """Everything a new ticket waits for, in one statement: nothing is there to be moved."""
    deadlines.set_deadlines(
        db,
        [
            _enter(plan.kind, plan.about or ticket, desk_id, plan.at)
            for plan in plans
            if plan.at is not None
        ],
    )


def _enter(kind: str, ticket: int, desk_id: str, at: datetime) -> NewDeadline:
    return NewDeadline(kind, f"ticket:{ticket}", desk_id, at, ticket)


def give_number(
    db: Connection, desk_id: str, profile: Profile, opening: Opening, zone: tzinfo
) -> str:
    """The next number, dated by the opening day in the desk's zone; unique, never given twice."""
    form = _read_format(profile.number_format)
    day = opening.received.astimezone(zone).date()
    first = {"desk_id": desk_id, "period": form.period(day), "last": 1}
    [[seq]] = _count(db.dialect.name).ask(db, first)
    return form.format(day, int(seq), profile.type(opening.type).code or opening.type)


_read_format = cache(NumberFormat)


@cache
def _count(dialect: str) -> Statement:
    counted = upsert(dialect, numbers).on_conflict_do_update(
        index_elements=[numbers.c.desk_id, numbers.c.period],
        set_={"last": numbers.c.last + 1},
    )
    return Statement(counted.returning(numbers.c.last))
