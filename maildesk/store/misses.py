"""Which limits of a ticket were missed, and which of them somebody has explained (R14).

Read from the timeline. What counts as a miss was `clock_limits`' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from maildesk.desk.evidence import Miss
from maildesk.store.schema import events

MISS_KINDS = ("response_missed", "contact_missed", "solution_missed", "late_reason")

_MISSES = (
    select(events.c.kind, events.c.data, events.c.at)
    .where(events.c.ticket_id == bindparam("ticket"), events.c.kind.in_(MISS_KINDS))
    .order_by(events.c.id)
)


def read_misses(db: Connection, ticket: int) -> tuple[Miss, ...]:
    """The limits that were missed on the ticket, the oldest first."""
    rows = db.execute(_MISSES, {"ticket": ticket})
    return list_misses((row.kind, row.data, row.at) for row in rows)


def list_misses(told: Iterable[tuple[str, Mapping[str, str], datetime]]) -> tuple[Miss, ...]:
    """One ticket's misses from its events, in order, by (kind, data, at). A reason explains every
    miss before it."""
    found: list[Miss] = []
    for kind, data, at in told:
        if kind == "late_reason":
            found = [replace(miss, explained=True) for miss in found]
        else:
            due = datetime.fromisoformat(data["due"]) if "due" in data else None
            ours = data.get("outage") == "yes"
            found.append(Miss(kind.removesuffix("_missed"), at, ours, due))
    return tuple(found)
