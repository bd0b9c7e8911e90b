"""Letters waiting to leave: written with the decision that caused them, claimed to be sent.

A row holds the finished bytes and the hashes of files that go with them; the same letter is the
same bytes at every try. What a server's answer *means* for a row `delivery` decides; who had which
letter, and may answer it, is found in `sent`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Integer, bindparam, func, or_, select, update

from maildesk.mail.message import Attachment
from maildesk.store.column import Instant
from maildesk.store.schema import message_ids, outbox, tickets
from maildesk.store.statement import Statement, insert_or_ignore

# queued → sending → accepted | dead | unknown ; withheld and superseded never leave.
STATES = ("queued", "sending", "accepted", "dead", "unknown", "withheld", "superseded")

Relay = Literal["internal", "requester", "vendor"]
"""Where an answer to a letter goes (DESIGN §6)."""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A finished letter for one recipient. Unique by (cause, letter, address).

    `address` is the key brakes count by, `mailbox` where it really goes. `relay_to` is the address
    key an answer goes to. It does not leave before `not_before`.
    """

    desk_id: str
    ticket: int | None
    cause: str
    letter: str
    address: str
    mailbox: str
    automatic: bool
    message_id: str
    subject: str
    data: bytes
    withheld: str | None = None
    valid_until: datetime | None = None
    condition: str | None = None
    relay: Relay = "internal"
    relay_to: str | None = None
    files: tuple[Attachment, ...] = ()
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter this daemon may send until its lease ends."""

    id: int
    desk_id: str
    ticket: int | None
    letter: str
    address: str
    mailbox: str
    automatic: bool
    message_id: str
    data: bytes
    attempts: int
    in_doubt: int
    created_at: datetime
    valid_until: datetime | None
    condition: str | None
    files: tuple[Attachment, ...]


def enqueue(db: Connection, letters: Sequence[NewLetter], now: datetime) -> None:
    """Write letters into the outbox; one that is there already stays as it is."""
    if not letters:
        return
    insert_or_ignore(
        db,
        outbox,
        [
            {
                "desk_id": item.desk_id,
                "ticket_id": item.ticket,
                "cause": item.cause,
                "letter": item.letter,
                "address": item.address,
                "mailbox": item.mailbox,
                "automatic": item.automatic,
                "message_id": item.message_id,
                "subject": item.subject,
                "data": item.data,
                "state": "withheld" if item.withheld else "queued",
                "reason": item.withheld,
                "created_at": now,
                "next_at": max(now, item.not_before or now),
                "valid_until": item.valid_until,
                "condition": item.condition,
                "attempts": 0,
                "in_doubt": 0,
                "relay": item.relay,
                "relay_to": item.relay_to,
                "files": write_files(item.files),
            }
            for item in letters
        ],
    )
    insert_or_ignore(
        db,
        message_ids,
        [
            {"desk_id": item.desk_id, "message_id": item.message_id, "ticket_id": item.ticket}
            for item in letters
        ],
    )


def write_files(files: Sequence[Attachment]) -> list[dict[str, Any]] | None:
    """Files as a JSON column keeps them; None when there are none."""
    return [asdict(item) for item in files] or None


def read_files(kept: Sequence[dict[str, Any]] | None) -> tuple[Attachment, ...]:
    return tuple(Attachment(**item) for item in kept or ())


_CLAIM_COLUMNS = (
    outbox.c.id,
    outbox.c.desk_id,
    outbox.c.ticket_id,
    outbox.c.letter,
    outbox.c.address,
    outbox.c.mailbox,
    outbox.c.automatic,
    outbox.c.message_id,
    outbox.c.data,
    outbox.c.attempts,
    outbox.c.in_doubt,
    outbox.c.created_at,
    outbox.c.valid_until,
    outbox.c.condition,
    outbox.c.files,
)


# Statements of every letter's way are built once: that costs several times what running one does.
_DUE = (
    select(outbox.c.id)
    .where(
        outbox.c.state == "queued",
        outbox.c.next_at <= bindparam("now"),
        or_(
            outbox.c.desk_id.not_in(bindparam("held", expanding=True)),
            outbox.c.automatic.is_(False),
        ),
    )
    .order_by(outbox.c.next_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_DUE.scalar_subquery()))
    .values(attempts=outbox.c.attempts + 1)
    .returning(*_CLAIM_COLUMNS)
)
_SENDING = (
    select(
        outbox.c.id,
        outbox.c.address,
        outbox.c.in_doubt,
        outbox.c.lease_owner,
        outbox.c.lease_until,
    )
    .where(outbox.c.state == "sending")
    .with_for_update(skip_locked=True)
)
_settle = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.state == "sending")
    .values(
        next_at=func.coalesce(bindparam("again", type_=Instant), outbox.c.next_at),
        in_doubt=outbox.c.in_doubt + bindparam("doubts", type_=Integer),
        attempts=outbox.c.attempts - bindparam("uncounted", type_=Integer),
    )
)
_SETTLE_ANY = Statement(_settle)
_SETTLE_MINE = Statement(_settle.where(outbox.c.lease_owner == bindparam("mine")))
_ACCEPTED_SINCE = (
    select(outbox.c.desk_id, func.count())
    .where(
        # Said by what they are not: by what they are, SQLite would look at every letter ever sent.
        outbox.c.state.not_in(("queued", "dead", "withheld", "superseded")),
        outbox.c.automatic.is_(True),
        outbox.c.settled_at > bindparam("since"),
    )
    .group_by(outbox.c.desk_id)
)


def claim(
    db: Connection,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    held_desks: Sequence[str] = (),
) -> list[Claimed]:
    """Lease due letters to this daemon. Automatic letters of `held_desks` are left alone."""
    about = {
        "now": now,
        "most": limit,
        "held": list(held_desks),
        "state": "sending",
        "lease_owner": owner,
        "lease_until": now + lease,
    }
    rows = db.execute(_CLAIM, about).all()
    claimed = ((*row[:-1], read_files(row[-1])) for row in rows)
    return sorted((Claimed(*values) for values in claimed), key=lambda item: item.id)


def sending(db: Connection) -> list[Any]:
    """Rows that are being sent, or were when their sender died."""
    return list(db.execute(_SENDING))


def settle(
    db: Connection,
    letter: int,
    owner: str | None,
    *,
    state: str,
    now: datetime,
    reason: str | None = None,
    code: int | None = None,
    next_at: datetime | None = None,
    in_doubt: int = 0,
    uncount: bool = False,
) -> bool:
    """Write what became of a try. False: the lease was no longer `owner`'s; nothing was written.

    `uncount` takes the attempt back: it failed for a reason that is not this letter's.
    """
    about: dict[str, Any] = {
        "row": letter,
        "state": state,
        "reason": reason,
        "code": code,
        "lease_owner": None,
        "lease_until": None,
        "settled_at": None if state == "queued" else now,
        "again": next_at,
        "doubts": in_doubt,
        "uncounted": int(uncount),
    }
    if owner is None:
        return _SETTLE_ANY.run(db, about) == 1
    return _SETTLE_MINE.run(db, {**about, "mine": owner}) == 1


def accepted_last_hour(db: Connection, now: datetime) -> dict[str, int]:
    """Automatic letters that left within the hour, by desk; what the desk's brake looks at."""
    rows = db.execute(_ACCEPTED_SINCE, {"since": now - timedelta(hours=1)})
    return {row[0]: row[1] for row in rows}


def count_waiting(db: Connection, desk_id: str) -> int:
    """Automatic letters of a desk that are queued."""
    query = (
        select(func.count())
        .select_from(outbox)
        .where(
            outbox.c.state == "queued", outbox.c.desk_id == desk_id, outbox.c.automatic.is_(True)
        )
    )
    return int(db.execute(query).scalar_one())


def count_by_state(db: Connection) -> dict[str, int]:
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: row[1] for row in db.execute(query)}


def retry(db: Connection, letter: int, now: datetime) -> bool:
    """Put a dead, unknown or waiting letter back at the head of the queue, at an admin's word."""
    states = ("queued", "dead", "unknown", "withheld")
    done = db.execute(
        update(outbox)
        .where(outbox.c.id == letter, outbox.c.state.in_(states))
        .values(state="queued", next_at=now, reason=None, attempts=0, settled_at=None)
    )
    return done.rowcount == 1


def list_letters(db: Connection, states: Sequence[str], limit: int) -> list[Any]:
    """Letters in these states, the newest first, with their ticket's number."""
    query = (
        select(
            outbox.c.id,
            outbox.c.desk_id,
            outbox.c.letter,
            outbox.c.address,
            outbox.c.subject,
            outbox.c.state,
            outbox.c.reason,
            outbox.c.created_at,
            outbox.c.next_at,
            outbox.c.attempts,
            outbox.c.code,
            outbox.c.settled_at,
            tickets.c.number,
        )
        .outerjoin(tickets, tickets.c.id == outbox.c.ticket_id)
        .where(outbox.c.state.in_(states))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return list(db.execute(query))


def supersede(db: Connection, cause: str, now: datetime, why: str) -> int:
    """Take back what still waits of a cause; how many letters. What is being sent, leaves."""
    done = db.execute(
        update(outbox)
        .where(outbox.c.cause == cause, outbox.c.state == "queued")
        .values(state="superseded", reason=why, settled_at=now)
    )
    return done.rowcount
