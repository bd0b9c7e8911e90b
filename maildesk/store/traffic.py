"""How much was written lately to some addresses and about some tickets, and who cannot be reached?

What the brakes look at before letters no mail caused, read for all of them at once. What is too
much `desk.letters.requester_notices` decides; a mail's own letters ask one by one, in `printing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, func, select

from maildesk.desk.arrival.unreached import Unreached
from maildesk.store import unreached
from maildesk.store.column import among
from maildesk.store.facts import COUNTED
from maildesk.store.schema import outbox


@dataclass(frozen=True, slots=True)
class Traffic:
    """Automatic letters to each address within the hour, about each ticket within the day, and why
    nothing automatic leaves for some addresses. Who writes another letter counts it."""

    to: Counter[str]
    about: Counter[int | None]
    unreached: Mapping[str, Unreached]


def _count_by(column: Column[Any]) -> Select[Any]:
    return (
        select(column, func.count())
        .where(
            column.in_(bindparam("some", expanding=True)),
            outbox.c.created_at > bindparam("since"),
            outbox.c.automatic.is_(True),
            among(outbox.c.state, COUNTED),
        )
        .group_by(column)
    )


_TO = _count_by(outbox.c.address)
_ABOUT = _count_by(outbox.c.ticket_id)


def read_traffic(
    db: Connection, addresses: Collection[str], tickets: Collection[int], now: datetime
) -> Traffic:
    """As it is now in this transaction; what nobody wrote about is not in it."""
    return Traffic(
        _count(db, _TO, addresses, now - timedelta(hours=1)),
        _count(db, _ABOUT, tickets, now - timedelta(days=1)),
        unreached.find_among(db, addresses, now),
    )


def _count(
    db: Connection, query: Select[Any], some: Collection[Any], since: datetime
) -> Counter[Any]:
    if not some:
        return Counter()
    rows = db.execute(query, {"some": sorted(some), "since": since})
    return Counter({row[0]: row[1] for row in rows})
