"""One letter about several tickets: which it names, and what follows when one is answered.

It is written before it leaves, and names all of them or none: once one of them waits no longer it
is taken back, and the others fall due again, for a letter of their own. When somebody is reminded
at all is `desk.aftercare.reminders`' decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, bindparam, select

from maildesk.desk.aftercare.reminders import REMIND, STATES, What
from maildesk.desk.decision import DeadlinePlan
from maildesk.store import changes
from maildesk.store import tickets as timeline
from maildesk.store.schema import events, tickets

CONDITION = "requesters_turn"
"""The condition in the outbox of a letter that names several."""

RECALLED = "reminder_recalled"
"""A letter about the ticket was taken back: it never left, and counts for nothing."""

_NAMED = (
    select(events.c.data)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        events.c.kind == "reminded",
        events.c.at == bindparam("at", type_=events.c.at.type),
    )
    .order_by(events.c.id.desc())
)
_STATES = select(tickets.c.id, tickets.c.number, tickets.c.state, tickets.c.desk_id).where(
    tickets.c.id.in_(bindparam("wanted", expanding=True))
)


def write_named(named: Sequence[tuple[int, What]]) -> str:
    """Which tickets a letter names, and for what each waits: kept on the first one's timeline."""
    return " ".join(f"{ticket}:{what}" for ticket, what in named)


def take_back(db: Connection, first: int, written: datetime, now: datetime) -> str | None:
    """Why the letter about `first` and others may not leave any more; None: all of them wait.

    Those that still do are reminded anew, from now on.
    """
    named = _read_named(db, first, written)
    rows = {row.id: row for row in db.execute(_STATES, {"wanted": list(named)})}
    waiting = [item for item, row in rows.items() if row.state == STATES[named[item]].value]
    if len(waiting) == len(named):
        return None
    gone = ", ".join(row.number for item, row in rows.items() if item not in waiting)
    for item in waiting:
        what = named[item]
        changes.plan_deadlines(db, rows[item].desk_id, item, (DeadlinePlan(REMIND[what], now),))
        timeline.add_event(db, item, RECALLED, {"what": what, "why": gone}, now)
    others = f"; {len(waiting)} others are told anew" if waiting else ""
    return f"answered meanwhile: {gone or 'all it names'}{others}"


def _read_named(db: Connection, first: int, written: datetime) -> dict[int, What]:
    for row in db.execute(_NAMED, {"ticket": first, "at": written}):
        if kept := row.data.get("named"):
            pairs = (item.split(":") for item in str(kept).split())
            return {int(ticket): cast("What", what) for ticket, what in pairs}
    return {}
