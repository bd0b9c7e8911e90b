"""What the clock must know before it asks for a rating, or closes a ticket nobody rated.

In the caller's transaction. Whether somebody is asked is `desk.aftercare.survey_letter`'s question.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from maildesk.store.schema import addresses, events, outbox, tickets

# Every address key of who confirmed.
_CONFIRMED_BY = (
    select(addresses.c.address)
    .join(tickets, tickets.c.confirmed_by_id == addresses.c.person_id)
    .where(tickets.c.id == bindparam("ticket"))
    .order_by(addresses.c.address)
)
_ASKED = select(func.max(outbox.c.created_at)).where(
    outbox.c.address.in_(bindparam("keys", expanding=True)),
    outbox.c.created_at > bindparam("since", type_=outbox.c.created_at.type),
    outbox.c.letter == "survey",
    # Nobody was bothered by these.
    outbox.c.state.not_in(("withheld", "superseded", "dead")),
)
_LAST_WORDS = (
    select(events.c.kind)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        events.c.kind.in_(("asked_more", "relayed", "contacted")),
    )
    .order_by(events.c.id.desc())
    .limit(1)
)


def list_confirming(db: Connection, ticket: int) -> tuple[str, ...]:
    """The addresses of who confirmed it; () when nobody did."""
    return tuple(db.execute(_CONFIRMED_BY, {"ticket": ticket}).scalars())


def find_last_asked(db: Connection, keys: Collection[str], since: datetime) -> datetime | None:
    """When this person was last asked for a rating since then, about whichever ticket."""
    found: datetime | None = db.execute(_ASKED, {"keys": list(keys), "since": since}).scalar_one()
    return found


def waits_for_answer(db: Connection, ticket: int) -> bool:
    """Whether a question that came with the yes has not been answered yet (N5)."""
    return db.execute(_LAST_WORDS, {"ticket": ticket}).scalar_one_or_none() == "asked_more"
