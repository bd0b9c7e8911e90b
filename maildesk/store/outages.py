"""When did nothing of ours run?  A heartbeat, and the gaps in it.

Any daemon's clock keeps the one heartbeat, so a gap means that none ran. What a gap excuses is
`desk.limits.state`'s question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select

from maildesk.desk.ticket import Pause
from maildesk.store import health as parts
from maildesk.store.schema import events, health, outages

HEART = "clock"
"""The part of `health` that says when a clock last knocked."""

GAP = timedelta(minutes=3)
"""So long a silence is an outage; a restart is shorter."""

_LAST = select(health.c.updated_at).where(health.c.part == HEART)
_AMONG = (
    select(outages.c.since, outages.c.until)
    .where(
        outages.c.desk_id == bindparam("desk"),
        outages.c.until > bindparam("after"),
        outages.c.since < bindparam("before"),
    )
    .order_by(outages.c.since)
)
_FIRST = (
    select(func.min(events.c.id))
    .where(events.c.ticket_id.in_(bindparam("some", expanding=True)))
    .group_by(events.c.ticket_id)
)
_ENTERED = select(events.c.ticket_id, events.c.at).where(events.c.id.in_(_FIRST))


def beat(db: Connection, desks: Iterable[str], now: datetime) -> Pause | None:
    """Note that a clock knocks now; the outage that ends with it, noted for all desks."""
    last: datetime | None = db.execute(_LAST).scalar_one_or_none()
    parts.report(db, HEART, "ok", "limits and letters are looked after", now)
    if last is None or now - last < GAP:
        return None
    rows = [{"desk_id": desk, "since": last, "until": now} for desk in desks]
    if rows:
        db.execute(insert(outages), rows)
    return Pause(last, now)


def list_outages(db: Connection, desk: str, after: datetime, before: datetime) -> tuple[Pause, ...]:
    """The outages that reach into that time."""
    rows = db.execute(_AMONG, {"desk": desk, "after": after, "before": before})
    return tuple(Pause(row.since, row.until) for row in rows)


def list_entered(db: Connection, some: Sequence[int]) -> dict[int, datetime]:
    """When each ticket's first mail was decided, however long it had lain on the server."""
    rows = db.execute(_ENTERED, {"some": some}) if some else ()
    return {row[0]: row[1] for row in rows}
