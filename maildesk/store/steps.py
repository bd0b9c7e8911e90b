"""What somebody did last on a ticket, and what of his waits there: what can be undone or released.

Read in the transaction that decides; whose steps they are is always part of the question.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from maildesk.desk.evidence import DRAFTS_KEPT, Draft, LastAnswer, LastChange
from maildesk.store import outbox
from maildesk.store.column import Instant
from maildesk.store.schema import drafts, events
from maildesk.store.sent import states_of

# The statements are built once: that costs several times what running them does.

# What somebody else did since counts as well: a step back would undo his step, too.
_STEPS = (
    *("changed", "undone", "joined", "merged_in", "confirmed", "reopened"),
    *("approved", "not_approved"),
)
_LAST = (
    select(events.c.kind, events.c.actor_id, events.c.letter_id, events.c.at, events.c.data)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        or_(
            events.c.kind.in_(_STEPS),
            (events.c.kind == "words") & (events.c.actor_id != bindparam("person")),
        ),
    )
    .order_by(events.c.id.desc())
    .limit(1)
)
# Orders of one mail have one moment.
_INVITED = select(events.c.data).where(
    events.c.ticket_id == bindparam("ticket"),
    events.c.actor_id == bindparam("person"),
    events.c.at == bindparam("at", type_=Instant),
    events.c.kind == "joined",
)
_DRAFTS = (
    select(drafts)
    .where(
        drafts.c.person_id == bindparam("person"),
        drafts.c.ticket_id.in_(bindparam("wanted", expanding=True)),
        drafts.c.released_at.is_(None),
        drafts.c.created_at > bindparam("since"),
    )
    .order_by(drafts.c.id.desc())
)
_PAGES = (
    select(events.c.kind, events.c.at, events.c.data)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        events.c.actor_id == bindparam("person"),
        events.c.letter_id.is_(None),
        events.c.kind.in_(("changed", "confirmed", "reopened", "rated")),
    )
    .order_by(events.c.id.desc())
    .limit(5)
)


def read_last_change(db: Connection, ticket: int, person: int) -> LastChange | None:
    """The ticket's last change if it is this person's, and not undone already.

    Once somebody else has moved or answered it, a step back would undo his step as well.
    """
    row = db.execute(_LAST, {"ticket": ticket, "person": person}).first()
    if row is None or row.kind not in _UNDOABLE or row.actor_id != person:
        return None
    if row.kind == "joined" and not row.letter_id:
        return None
    cause = f"letter:{row.letter_id}" if row.letter_id else str(row.data.get("cause", ""))
    same = {"ticket": ticket, "person": person, "at": row.at}
    invited = [str(data.get("who", "")) for (data,) in db.execute(_INVITED, same)]
    sent = states_of(db, cause) if cause else []
    return LastChange(
        cause=cause,
        at=row.at,
        orders=row.data.get("orders", ""),
        before=tuple(sorted(json.loads(row.data.get("before", "{}")).items())),
        left=tuple((name, to) for name, to, state in sent if state not in _STAYS),
        waiting=tuple((name, to) for name, to, state in sent if state == "queued"),
        invited=tuple(filter(None, invited)),
        final="undo_merged" if row.kind == "merged_in" else str(row.data.get("final", "")),
    )


_UNDOABLE = ("changed", "joined", "merged_in")
_STAYS = ("queued", "withheld", "superseded", "dead")


def read_page_answer(db: Connection, ticket: int, person: int) -> LastAnswer | None:
    """What this person answered last on a page of the ticket."""
    for row in db.execute(_PAGES, {"ticket": ticket, "person": person}):
        cause = str(row.data.get("cause", ""))
        if cause.startswith("page:"):
            given = str(row.data.get("orders") or row.kind)
            return LastAnswer(given, row.at, cause.rpartition(":")[2])
    return None


def read_exposure(db: Connection, ticket: int, person: int) -> datetime | None:
    """When this person last mailed his action links to others; older links act no more."""
    return db.execute(_EXPOSED, {"ticket": ticket, "person": person}).scalar_one_or_none()


_EXPOSED = (
    select(events.c.at)
    .where(
        events.c.ticket_id == bindparam("ticket"),
        events.c.actor_id == bindparam("person"),
        events.c.kind == "links_exposed",
    )
    .order_by(events.c.id.desc())
    .limit(1)
)


def read_drafts(
    db: Connection, person: int, wanted: Sequence[int], now: datetime
) -> tuple[Draft, ...]:
    """The person's own words that wait on these tickets, the newest first."""
    if not wanted:
        return ()
    about = {"person": person, "wanted": wanted, "since": now - DRAFTS_KEPT}
    return tuple(
        Draft(
            id=row.id,
            ticket=row.ticket_id,
            kind=row.kind,
            words=row.words,
            relay=row.relay,
            relay_to=row.relay_to or "",
            files=outbox.read_files(row.files),
            created=row.created_at,
            cause=f"letter:{row.letter_id}",
        )
        for row in db.execute(_DRAFTS, about)
    )
