"""Closed tickets that are archived: marked, each with a line on its timeline (M9, W9).

In the caller's transaction. When it is time is `desk.sheets.retention`'s question.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from maildesk.desk.ticket import State
from maildesk.store.schema import events, tickets

MOST = 1_000
"""Tickets archived in one transaction: nobody else writes to SQLite meanwhile."""

_OVER = (State.CLOSED.value, State.REJECTED.value)
# Rows somebody works on are left for the next round: waiting for many would tie up the clock.
_RIPE = (
    select(tickets.c.id)
    .where(
        tickets.c.desk_id == bindparam("desk"),
        tickets.c.closed_at < bindparam("before"),
        tickets.c.closed_at >= bindparam("after"),
        tickets.c.state.in_(_OVER),
        or_(tickets.c.archived_at.is_(None), tickets.c.archived_at < tickets.c.closed_at),
    )
    .order_by(tickets.c.id)
    .limit(MOST)
    .with_for_update(skip_locked=True)
)
_CLOSED = (
    select(tickets.c.id)
    .where(
        tickets.c.desk_id == bindparam("desk"),
        tickets.c.closed_at >= bindparam("since"),
        tickets.c.closed_at < bindparam("until"),
        tickets.c.state.in_(_OVER),
    )
    .order_by(tickets.c.closed_at, tickets.c.id)
)
_NEW_EVENT = insert(events)


def archive(
    db: Connection, desk: str, after: datetime, before: datetime, now: datetime, cause: str
) -> int:
    """Mark tickets closed in that time; at most `MOST`, so that the caller may have to go on."""
    wanted = {"desk": desk, "after": after, "before": before}
    ripe = list(db.execute(_RIPE, wanted).scalars())
    if ripe:
        db.execute(update(tickets).where(tickets.c.id.in_(ripe)).values(archived_at=now))
        row = {"at": now, "kind": "archived", "data": {"cause": cause}}
        db.execute(_NEW_EVENT, [{"ticket_id": ticket, **row} for ticket in ripe])
    return len(ripe)


def list_closed(db: Connection, desk: str, since: datetime, until: datetime) -> list[int]:
    """Ids of the tickets that were closed in that time and still are, in that order."""
    period = {"desk": desk, "since": since, "until": until}
    return list(db.execute(_CLOSED, period).scalars())
