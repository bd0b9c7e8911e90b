"""Time passes for alike tickets: the lead is asked once whether they are one outage.

A handler of a due row, as `clock` runs them. Which tickets are alike `desk.outages.alike` says.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.desk.letters.notices import tell_outage
from maildesk.desk.outages.alike import TAG, list_alike
from maildesk.post import Post
from maildesk.store import cases, tickets
from maildesk.store.deadlines import Due
from maildesk.store.engine import Connection


def offer_outage(clock: Post, db: Connection, due: Due, now: datetime) -> str:
    """The row is the first one's: asked about it once, and about those listed with it not again."""
    desk = clock.desks[due.desk_id]
    recent = cases.read_recent(db, due.desk_id)
    first = next((item for item in recent if item.id == due.ticket), None)
    if first is None or first.parent is not None or TAG in first.tags:
        return "it is over, or under a main ticket already"
    found = [first, *list_alike(first, recent, desk.profile)]
    if len({item.requester for item in found}) < desk.profile.alike.tickets:
        return "no longer enough alike"
    if any(tickets.has_event(db, item.id, "outage_offered") for item in found):
        return "the lead was asked about these"
    if not clock.leads:
        return "no lead is listed; nobody was told"
    for item in found:
        tickets.add_event(db, item.id, "outage_offered", {"with": first.number}, now)
    return "; ".join(
        clock.queue(
            db,
            due.desk_id,
            tell_outage(desk, lead, found, now),
            f"deadline:{due.id}",
            first.id,
            now,
        )
        for lead in clock.leads
    )
