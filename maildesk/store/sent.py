"""Who had which letter of ours: asked when somebody answers one, and before we write the next.

Reads the outbox by cause, by address and by Message-ID; what waits there and leaves is `outbox`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from maildesk.store.outbox import Relay
from maildesk.store.schema import outbox

_LAST_SEEN = 3  # ids of References that keep a conversation together; more only make it long


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter of ours somebody may answer: to whom it went, and where the answer goes."""

    letter: str
    address: str
    relay: Relay
    relay_to: str | None
    ticket: int | None
    created_at: datetime
    cause: str


_SENT = select(
    outbox.c.message_id,
    outbox.c.letter,
    outbox.c.address,
    outbox.c.relay,
    outbox.c.relay_to,
    outbox.c.ticket_id,
    outbox.c.created_at,
    outbox.c.cause,
).where(
    outbox.c.message_id.in_(bindparam("ids", expanding=True)),
    outbox.c.desk_id == bindparam("desk"),
    # Nobody can have seen these.
    outbox.c.state.not_in(("withheld", "superseded")),
)
_SEEN = (
    select(outbox.c.message_id)
    .where(
        outbox.c.ticket_id == bindparam("ticket"),
        outbox.c.address == bindparam("to"),
        outbox.c.state.in_(("accepted", "sending", "queued")),
    )
    .order_by(outbox.c.id.desc())
    .limit(_LAST_SEEN)
)


def find_sent(db: Connection, desk_id: str, sent_ids: Sequence[str]) -> dict[str, SentLetter]:
    """Those of the Message-IDs under which a letter of this desk left, or is about to."""
    if not sent_ids:
        return {}
    rows = db.execute(_SENT, {"desk": desk_id, "ids": list(sent_ids)})
    return {row[0]: SentLetter(*row[1:]) for row in rows}


def last_seen_ids(db: Connection, ticket: int, address: str) -> tuple[str, ...]:
    """The last Message-IDs this address was sent about the ticket, at most three, newest last."""
    rows = db.execute(_SEEN, {"ticket": ticket, "to": address})
    return tuple(row[0] for row in rows)[::-1]


def caused_by(db: Connection, cause: str) -> list[Any]:
    """Every letter of one cause, those about other tickets with it, for `explain`."""
    mine = or_(outbox.c.cause == cause, outbox.c.cause.startswith(f"{cause}/", autoescape=True))
    return list(db.execute(select(outbox).where(mine).order_by(outbox.c.id)))


def states_of(db: Connection, cause: str) -> list[tuple[str, str, str]]:
    """(letter, address, state) of every letter of a cause, in the order they were written."""
    query = (
        select(outbox.c.letter, outbox.c.address, outbox.c.state)
        .where(outbox.c.cause == cause)
        .order_by(outbox.c.id)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(query)]


def was_written(db: Connection, letter: str, address: str, now: datetime) -> bool:
    """Whether this address had such a letter, or was denied one by a brake, within the day."""
    query = select(func.count()).where(
        outbox.c.address == address,
        outbox.c.created_at > now - timedelta(days=1),
        outbox.c.letter == letter,
    )
    return bool(db.execute(query).scalar_one())
