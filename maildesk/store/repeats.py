"""Tickets solved lately, for what keeps coming back among them (F10).

In the caller's transaction. Which of them are one problem is `desk.knowledge.repeats`' question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, insert, select

from maildesk.desk.knowledge.repeats import Repeat, Solved
from maildesk.desk.ticket import State
from maildesk.store.schema import events, tickets

PROPOSED = "repeat_proposed"
"""The event of a ticket whose problem was proposed to the leads."""

_MOST = 10_000
# What hangs under a main ticket, or was merged, came back with it and not by itself.
_SOLVED = (
    select(
        tickets.c.id,
        tickets.c.number,
        tickets.c.title,
        tickets.c.category,
        tickets.c.solved_at,
        tickets.c.fields,
    )
    .where(
        tickets.c.desk_id == bindparam("desk"),
        tickets.c.opened_at >= bindparam("since"),
        tickets.c.solved_at.is_not(None),
        tickets.c.state != State.REJECTED.value,
        tickets.c.parent_id.is_(None),
        tickets.c.merged_into_id.is_(None),
    )
    .order_by(tickets.c.opened_at.desc(), tickets.c.id.desc())
    .limit(_MOST)
)
_FRESH = _SOLVED.where(
    ~exists().where(events.c.ticket_id == tickets.c.id, events.c.kind == PROPOSED)
)
_NEW_EVENT = insert(events)


def list_solved(
    db: Connection, desk: str, since: datetime, *, fresh: bool = False
) -> Sequence[Solved]:
    """The desk's tickets opened since then and solved, at most ten thousand, the newest first.
    `fresh`: those only whose problem was never proposed."""
    rows = db.execute(_FRESH if fresh else _SOLVED, {"desk": desk, "since": since})
    return [Solved(*row[:5], (row.fields or {}).get("cause", "")) for row in rows]


def note_proposed(db: Connection, repeats: Iterable[Repeat], now: datetime) -> None:
    """Remember on their tickets that they were proposed: the same ones are not proposed again."""
    rows = [
        {"ticket_id": ticket.id, "at": now, "kind": PROPOSED, "data": {"times": len(item.tickets)}}
        for item in repeats
        for ticket in item.tickets
    ]
    if rows:
        db.execute(_NEW_EVENT, rows)
