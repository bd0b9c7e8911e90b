"""Low ratings somebody must speak with their requesters about (M8): opened, done, listed.

One is open for a ticket at a time. In the caller's transaction, which holds the ticket's row; when
one is opened `desk.aftercare.follow_up` decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.decision import FollowUpPlan
from maildesk.desk.evidence import OpenFollowUp
from maildesk.store.column import Instant
from maildesk.store.schema import follow_ups, people, ratings, tickets
from maildesk.store.statement import insert_or_ignore

# Built once: building a statement costs several times what running it does.
_OPEN = (
    select(follow_ups.c.id, follow_ups.c.opened_at, follow_ups.c.due_at)
    .join(tickets, tickets.c.id == follow_ups.c.ticket_id)
    .where(
        # That of a ticket merged into this one as well: its letters lead here.
        or_(tickets.c.id == bindparam("ticket"), tickets.c.merged_into_id == bindparam("ticket")),
        follow_ups.c.done_at.is_(None),
    )
    .order_by(follow_ups.c.id)
    .limit(1)
)
_DONE = (
    update(follow_ups)
    .where(follow_ups.c.id == bindparam("row"), follow_ups.c.done_at.is_(None))
    .values(
        done_at=bindparam("now", type_=Instant),
        done_by_id=bindparam("person"),
        record=bindparam("words"),
    )
)
_RATED = (
    select(ratings.c.score, ratings.c.answers, ratings.c.words, ratings.c.source)
    .join(follow_ups, follow_ups.c.rating_id == ratings.c.id)
    .where(follow_ups.c.id == bindparam("row"))
)
_LIST = (
    select(
        tickets.c.number,
        tickets.c.title,
        people.c.name,
        ratings.c.score,
        follow_ups.c.due_at,
    )
    .join(tickets, tickets.c.id == follow_ups.c.ticket_id)
    .join(people, people.c.id == tickets.c.requester_id)
    .join(ratings, ratings.c.id == follow_ups.c.rating_id)
    .where(follow_ups.c.desk_id == bindparam("desk"), follow_ups.c.done_at.is_(None))
    .order_by(follow_ups.c.due_at, follow_ups.c.id)
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An open follow-up for the lead's digest; `score` None: negative words without one."""

    number: str
    title: str
    requester: str
    score: int | None
    due: datetime


def open_one(
    db: Connection, desk_id: str, ticket: int, rating: int, plan: FollowUpPlan, now: datetime
) -> None:
    """Enter it; where one of the ticket is open already it stays as it is."""
    row = {
        "desk_id": desk_id,
        "ticket_id": ticket,
        "rating_id": rating,
        "why": plan.why,
        "opened_at": now,
        "due_at": plan.due,
    }
    insert_or_ignore(db, follow_ups, [row])


def settle(db: Connection, row: int, person: int | None, words: str, now: datetime) -> None:
    """Somebody spoke with the requester; the first record counts."""
    db.execute(_DONE, {"row": row, "person": person, "words": words, "now": now})


def find_open(db: Connection, ticket: int) -> OpenFollowUp | None:
    """The one that is open for the ticket."""
    row = db.execute(_OPEN, {"ticket": ticket}).first()
    return OpenFollowUp(row.id, row.opened_at, row.due_at) if row else None


def read_rating(db: Connection, row: int) -> Rating:
    """What was said that must be followed up."""
    found = db.execute(_RATED, {"row": row}).one()
    return Rating(found.score, found.answers, found.words, found.source)


def list_open(db: Connection, desk_id: str) -> list[Listed]:
    """All of the desk's that nobody has done, the most urgent first."""
    return [Listed(*row) for row in db.execute(_LIST, {"desk": desk_id})]
