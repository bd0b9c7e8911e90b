"""Mails the rules have judged: which matched what, and where their raw files lie.

For counting hits and for judging them again; one row a mail, streamed, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from maildesk.store.schema import events, letters, tickets

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Hits:
    """How many mails a rule matched, and when the last one came."""

    rule: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Opener:
    """A mail that opened a ticket."""

    desk: str
    raw_sha: str
    received: datetime
    number: str
    title: str


def count_judged(db: Connection, since: datetime | None = None) -> int:
    """How many mails have a trace of rules."""
    query = select(func.count()).select_from(letters).where(letters.c.rules_hash.is_not(None))
    if since is not None:
        query = query.where(letters.c.received_at >= since)
    return int(db.execute(query).scalar_one())


def read_traces(
    db: Connection, since: datetime | None = None
) -> Iterator[tuple[datetime, list[str]]]:
    """When each judged mail came, and which rules matched it."""
    query = select(letters.c.received_at, letters.c.trace).where(letters.c.rules_hash.is_not(None))
    if since is not None:
        query = query.where(letters.c.received_at >= since)
    for row in db.execute(query, execution_options={"yield_per": _AT_ONCE}):
        trace: dict[str, Any] = row.trace or {}
        yield row.received_at, [str(item["rule"]) for item in trace.get("rules", ())]


def add_up(traces: Iterable[tuple[datetime, list[str]]]) -> dict[str, Hits]:
    """Hits by rule."""
    found: dict[str, Hits] = {}
    for received, rules in traces:
        for rule in rules:
            known = found.get(rule)
            count, last = (known.count, known.last) if known else (0, received)
            found[rule] = Hits(rule, count + 1, max(last, received))
    return found


def list_openers(db: Connection, since: datetime | None = None) -> list[Opener]:
    """Every mail that opened a ticket, the oldest first."""
    query = (
        select(
            letters.c.desk_id,
            letters.c.raw_sha,
            letters.c.received_at,
            tickets.c.number,
            tickets.c.title,
        )
        .join(tickets, tickets.c.id == letters.c.ticket_id)
        .join(events, (events.c.letter_id == letters.c.id) & (events.c.kind == "opened"))
        .where(letters.c.rules_hash.is_not(None))
        .order_by(letters.c.id)
    )
    if since is not None:
        query = query.where(letters.c.received_at >= since)
    return [Opener(*row) for row in db.execute(query)]
