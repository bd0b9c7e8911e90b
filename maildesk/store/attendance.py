"""Who of the staff could get a ticket now: whose turn it is, how much each has, who is away.

One statement for all of it, run only where somebody is to be chosen. Who gets it is
`desk.request.assignment`'s decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Update, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import Insert as PgInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import AbsencePlan
from maildesk.desk.person import Role
from maildesk.desk.ticket import State
from maildesk.store import deadlines
from maildesk.store.deadlines import NewDeadline
from maildesk.store.engine import upsert
from maildesk.store.schema import absences, addresses, people, tickets

# What a ticket weighs: one that waits for somebody else is looked at now and then, one that is to
# be confirmed asks for nothing.
_URGENT, _OPEN, _WAITING = 4, 2, 1
_WAITS = (State.ON_HOLD.value, State.WAITING_REQUESTER.value)
_COUNTED = (State.NEW.value, State.UNASSIGNED.value, State.IN_PROGRESS.value, *_WAITS)
_load = (
    select(
        func.sum(
            case(
                (tickets.c.state.in_(_WAITS), _WAITING),
                (tickets.c.priority.in_(bindparam("urgent", expanding=True)), _URGENT),
                else_=_OPEN,
            )
        )
    )
    .where(tickets.c.assignee_id == people.c.id, tickets.c.state.in_(_COUNTED))
    .correlate(people)
    .scalar_subquery()
)
_STAFF = (
    select(
        addresses.c.address,
        people.c.assigned_at,
        absences.c.since,
        absences.c.until,
        _load.label("load"),
    )
    .join(people, people.c.id == addresses.c.person_id)
    .outerjoin(absences, absences.c.person_id == people.c.id)
    .where(people.c.role.in_((Role.ENGINEER.value, Role.LEAD.value)), people.c.listed.is_(True))
)


@dataclass(frozen=True, slots=True)
class Attendance:
    """By address key: when somebody last got a ticket, what he has, until when he is away."""

    assigned_at: dict[str, datetime | None] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    away: dict[str, datetime] = field(default_factory=dict)


def read_attendance(db: Connection, desk: DeskConfig, now: datetime) -> Attendance:
    """All staff as they stand now."""
    urgent = [item.key for item in desk.profile.priorities if item.rank == 0]
    found = Attendance()
    for address, assigned, since, until, load in db.execute(_STAFF, {"urgent": urgent}):
        found.assigned_at[address] = assigned
        found.loads[address] = int(load or 0)
        if until is not None and since <= now < until:
            found.away[address] = until
    return found


_AWAY = (
    select(addresses.c.address, absences.c.until)
    .join(absences, absences.c.person_id == addresses.c.person_id)
    .where(absences.c.since <= bindparam("now"), absences.c.until > bindparam("now"))
)


def read_away(db: Connection, now: datetime) -> dict[str, datetime]:
    """Until when people are away by their own notices, by address key."""
    return {row[0]: row[1] for row in db.execute(_AWAY, {"now": now})}


def note_absence(
    db: Connection, desk_id: str, person: int, plan: AbsencePlan, letter: int | None
) -> None:
    """Somebody is away from now or a day ahead on, or longer than he said, or back."""
    if plan.until is None:
        db.execute(_BACK, {"person": person})
        return
    if plan.since is None:
        db.execute(_LONGER, {"person": person, "end": plan.until, "letter": letter})
        return
    row = {"person_id": person, "since": plan.since, "until": plan.until, "letter_id": letter}
    db.execute(_begin(db.dialect.name), row)
    if not plan.works:
        return
    # His urgent tickets may not wait for his return.
    round_ = f"{plan.since:%Y%m%d%H%M%S%f}"
    told = NewDeadline("absence_notice", f"person:{person}", desk_id, plan.since, None, round_)
    deadlines.set_deadlines(db, [told])


_BACK = delete(absences).where(absences.c.person_id == bindparam("person"))
_LONGER: Update = (
    update(absences)
    .where(absences.c.person_id == bindparam("person"))
    .values(until=bindparam("end"), letter_id=bindparam("letter"))
)


@cache
def _begin(dialect: str) -> SqliteInsert | PgInsert:
    new = upsert(dialect, absences)
    return new.on_conflict_do_update(
        index_elements=[absences.c.person_id],
        set_={
            "since": new.excluded.since,
            "until": new.excluded.until,
            "letter_id": new.excluded.letter_id,
        },
    )


def find_person(
    db: Connection, person: int, now: datetime
) -> tuple[Sequence[str], datetime | None]:
    """(address keys of a person, until when he is away; None: he is there)."""
    rows = db.execute(_PERSON, {"person": person}).all()
    away = rows and rows[0][2] is not None and rows[0][1] <= now < rows[0][2]
    return [row[0] for row in rows], rows[0][2] if away else None


_PERSON = (
    select(addresses.c.address, absences.c.since, absences.c.until)
    .outerjoin(absences, absences.c.person_id == addresses.c.person_id)
    .where(addresses.c.person_id == bindparam("person"))
)
