"""Addresses our letters came back from: marked for a while, with why, and let go again.

How long, and what ends it, is `desk.arrival.unreached`'s decision.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, update

from maildesk.desk.arrival.unreached import Unreached, withhold
from maildesk.store.schema import addresses, outbox, participants, people
from maildesk.store.statement import Statement

_KEPT = (addresses.c.bounced_at, addresses.c.bounced_until, addresses.c.bounced_why)
_MARKED = (
    select(addresses.c.address, *_KEPT)
    .where(addresses.c.address.in_(bindparam("keys", expanding=True)))
    .order_by(addresses.c.address)
    .with_for_update()
)
_UNREACHED = Statement(
    select(*_KEPT).where(
        addresses.c.address == bindparam("address"), addresses.c.bounced_until > bindparam("now")
    )
)
_AMONG = select(addresses.c.address, *_KEPT).where(
    addresses.c.address.in_(bindparam("keys", expanding=True)),
    addresses.c.bounced_until > bindparam("now"),
)


@dataclass(frozen=True, slots=True)
class UnreachedPerson:
    """Somebody of a ticket whose letters came back lately."""

    name: str
    address: str
    mark: Unreached


def mark(
    db: Connection,
    keys: Sequence[str],
    now: datetime,
    until: datetime,
    why: str,
    zone: ZoneInfo,
) -> None:
    """Letters to these addresses came back: none leaves for them by itself before `until`.

    A second one begins the time anew and never shortens it; since when stays the first one's.
    What still waits for them in the outbox is withheld as well.
    """
    if until <= now:
        return
    for row in db.execute(_MARKED, {"keys": list(keys)}).all() if keys else ():
        marked = row.bounced_until is not None and row.bounced_until > now
        if marked and row.bounced_until > until:
            continue
        since = row.bounced_at if marked else now
        db.execute(
            update(addresses)
            .where(addresses.c.address == row.address)
            .values(bounced_at=since, bounced_until=until, bounced_why=why)
        )
        db.execute(
            update(outbox)
            .where(
                outbox.c.address == row.address,
                outbox.c.state == "queued",
                outbox.c.automatic.is_(True),
                outbox.c.relay == "internal",
            )
            .values(state="withheld", reason=withhold(Unreached(since, until, why), zone))
        )


def clear(db: Connection, keys: Sequence[str]) -> None:
    """Letters reach these addresses again. What was withheld stays so."""
    if keys:
        db.execute(
            update(addresses)
            .where(addresses.c.address.in_(keys))
            .values(bounced_at=None, bounced_until=None, bounced_why=None)
        )


def find(db: Connection, address: str, now: datetime) -> Unreached | None:
    """Whether and why nothing automatic leaves for this address key now."""
    for since, until, why in _UNREACHED.ask(db, {"address": address, "now": now}):
        return Unreached(since, until, why or "")
    return None


def find_among(db: Connection, keys: Collection[str], now: datetime) -> dict[str, Unreached]:
    """The same for several address keys: those for which nothing automatic leaves."""
    rows = db.execute(_AMONG, {"keys": sorted(keys), "now": now}) if keys else ()
    return {
        row.address: Unreached(row.bounced_at, row.bounced_until, row.bounced_why or "")
        for row in rows
    }


def list_of(db: Connection, ticket: int, now: datetime) -> list[UnreachedPerson]:
    """Who of a ticket cannot be reached now, each address once."""
    rows = db.execute(
        select(people.c.name, addresses.c.address, *_KEPT)
        .distinct()
        .join(addresses, addresses.c.person_id == people.c.id)
        .join(participants, participants.c.person_id == people.c.id)
        .where(participants.c.ticket_id == ticket, addresses.c.bounced_until > now)
        .order_by(addresses.c.address)
    )
    return [
        UnreachedPerson(
            row.name,
            row.address,
            Unreached(row.bounced_at, row.bounced_until, row.bounced_why or ""),
        )
        for row in rows
    ]
