"""Tickets that wait for their requesters, as the clock needs them: since when, how often reminded.

When one is reminded is `desk.aftercare.reminders`' decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from maildesk.store.joint_letters import RECALLED
from maildesk.store.schema import absences, addresses, deadlines, events, tickets

_REMINDED = (
    select(events.c.at, events.c.data, events.c.kind)
    .where(events.c.ticket_id == bindparam("ticket"), events.c.kind.in_(("reminded", RECALLED)))
    .order_by(events.c.id)
)
_ASKED = (
    select(events.c.at, events.c.data)
    .where(events.c.ticket_id == bindparam("ticket"), events.c.kind == "relayed")
    .order_by(events.c.id.desc())
    .limit(20)
)
_AWAY = (
    select(absences.c.since, absences.c.until)
    .join(addresses, addresses.c.person_id == absences.c.person_id)
    .where(addresses.c.address == bindparam("key"))
)
_LOCK = (
    select(tickets.c.id)
    .where(tickets.c.id == bindparam("ticket"))
    .with_for_update(key_share=True, skip_locked=True)
)
_mine = tickets.alias("mine")
_OTHERS = (
    select(
        deadlines.c.id,
        deadlines.c.kind,
        deadlines.c.subject,
        deadlines.c.round,
        deadlines.c.ticket_id,
        deadlines.c.due_at,
    )
    .join(tickets, tickets.c.id == deadlines.c.ticket_id)
    .join(_mine, _mine.c.requester_id == tickets.c.requester_id)
    .where(
        _mine.c.id == bindparam("ticket"),
        tickets.c.id != _mine.c.id,
        deadlines.c.desk_id == bindparam("desk"),
        deadlines.c.state == "open",
        deadlines.c.kind.in_(bindparam("kinds", expanding=True)),
        deadlines.c.due_at <= bindparam("until", type_=deadlines.c.due_at.type),
    )
    .order_by(deadlines.c.due_at, deadlines.c.id)
    .with_for_update(of=deadlines, skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another reminder of the same requester; a row of `deadlines`."""

    id: int
    kind: str
    subject: str
    round: str
    ticket: int
    due_at: datetime


def list_others(
    db: Connection, desk_id: str, ticket: int, kinds: Sequence[str], until: datetime
) -> list[Waiting]:
    """Reminders for the same requester that fall due until then; locked for this transaction.

    What another daemon has in hand is left out.
    """
    about = {"ticket": ticket, "desk": desk_id, "kinds": list(kinds), "until": until}
    return [Waiting(*row) for row in db.execute(_OTHERS, about).all()]


def list_reminded(db: Connection, ticket: int) -> list[tuple[datetime, str]]:
    """When its requester was reminded, and of what; the oldest first. What was taken back before
    it left is not among them."""
    found: list[tuple[datetime, str]] = []
    rows: Any = db.execute(_REMINDED, {"ticket": ticket})
    for row in rows:
        if row.kind != RECALLED:
            found.append((row.at, str(row.data.get("what", ""))))
        elif found:
            found.pop()
    return found


def read_told(db: Connection, ticket: int, letter: str) -> tuple[str, datetime | None]:
    """The words last sent to the requester in such a letter, and when; ("", None): never."""
    for row in db.execute(_ASKED, {"ticket": ticket}):
        if row.data.get("letter") == letter:
            return str(row.data.get("words", "")), row.at
    return "", None


def list_absences(db: Connection, address: str) -> list[tuple[datetime, datetime]]:
    """When somebody is or was away by his own notice."""
    return [(row.since, row.until) for row in db.execute(_AWAY, {"key": address})]


def lock(db: Connection, ticket: int) -> bool:
    """Lock the ticket's row to change it. False: a mail is just being decided on.

    The clock holds a deadline that mail may wait for, so it must never wait for the mail.
    """
    return db.execute(_LOCK, {"ticket": ticket}).first() is not None
