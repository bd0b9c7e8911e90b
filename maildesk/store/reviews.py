"""Tickets that are over and that nobody has reviewed yet (W9), for the lead's digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from maildesk.desk.sheets.review import Unreviewed
from maildesk.desk.ticket import State
from maildesk.store.schema import people, tickets

_requester = people.alias("requester")
_assignee = people.alias("assignee")
# What hangs under a main ticket, or was merged, is reviewed with the one it belongs to.
_OVER = (
    select(
        tickets.c.number,
        tickets.c.title,
        _requester.c.name.label("requester"),
        _assignee.c.name.label("handler"),
        tickets.c.solved_at,
        tickets.c.fields,
    )
    .join(_requester, _requester.c.id == tickets.c.requester_id)
    .outerjoin(_assignee, _assignee.c.id == tickets.c.assignee_id)
    .where(
        tickets.c.desk_id == bindparam("desk"),
        tickets.c.state.in_((State.SOLVED.value, State.CLOSED.value)),
        tickets.c.opened_at >= bindparam("since"),
        tickets.c.priority.in_(bindparam("priorities", expanding=True)),
        tickets.c.solved_at.is_not(None),
        tickets.c.parent_id.is_(None),
        tickets.c.merged_into_id.is_(None),
    )
    .order_by(tickets.c.solved_at, tickets.c.id)
)


def list_unreviewed(
    db: Connection, desk: str, priorities: Sequence[str], since: datetime
) -> tuple[Unreviewed, ...]:
    """Those of these priorities opened since then, the one solved first at the front."""
    if not priorities:
        return ()
    wanted = {"desk": desk, "priorities": list(priorities), "since": since}
    return tuple(
        Unreviewed(row.number, row.title, row.requester, row.handler or "", row.solved_at)
        for row in db.execute(_OVER, wanted)
        if not (row.fields or {}).get("review")
    )
