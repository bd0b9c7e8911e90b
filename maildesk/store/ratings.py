"""What requesters thought of it, as it was said; a changed mind is a new row (R9, M7, W8).

In the caller's transaction, which holds the ticket's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from maildesk.desk.aftercare.rating import Rating
from maildesk.store.schema import people, ratings


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating as it stands: its row, who gave it and when."""

    id: int
    person: int
    name: str
    at: datetime
    rating: Rating


# Built once: building a statement costs several times what running it does.
_CURRENT = (
    select(ratings, people.c.name)
    .join(people, people.c.id == ratings.c.person_id)
    .where(ratings.c.ticket_id == bindparam("ticket"), ratings.c.current)
)
_REPLACE = (
    update(ratings)
    .where(ratings.c.ticket_id == bindparam("ticket"), ratings.c.current)
    .values(current=False)
)
_NEW = insert(ratings).returning(ratings.c.id)


def record(
    db: Connection, desk_id: str, ticket: int, person: int, rating: Rating, now: datetime
) -> int:
    """Keep it as the ticket's current one; returns its row."""
    db.execute(_REPLACE, {"ticket": ticket})
    return note(db, desk_id, ticket, person, rating, now, current=True)


def note(
    db: Connection,
    desk_id: str,
    ticket: int,
    person: int,
    rating: Rating,
    now: datetime,
    *,
    current: bool = False,
) -> int:
    """Keep words that rate nothing, such as a complaint without a score, beside what counts."""
    row = {
        "desk_id": desk_id,
        "ticket_id": ticket,
        "person_id": person,
        "at": now,
        "score": rating.score,
        "answers": dict(rating.answers),
        "words": rating.words,
        "source": rating.source,
        "current": current,
    }
    return int(db.execute(_NEW, row).scalar_one())


def read_current(db: Connection, ticket: int) -> Rated | None:
    """The one that counts now; None: nobody rated it."""
    row = db.execute(_CURRENT, {"ticket": ticket}).first()
    if row is None:
        return None
    rating = Rating(row.score, row.answers, row.words, row.source)
    return Rated(row.id, row.person_id, row.name, row.at, rating)
