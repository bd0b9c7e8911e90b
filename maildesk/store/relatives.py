"""Which other tickets does a mail speak of or touch: merged ones, main ones, those its orders name?

Looked for before any row is locked, so that all of them are locked at once and in the order of
their ids (DESIGN §3). Too many only wait for each other; what an order means is `desk`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Evidence, Sender
from maildesk.desk.evidence import Answering
from maildesk.desk.orders.line import Line, is_hash_line, read_line
from maildesk.desk.orders.table import Order
from maildesk.desk.outages.alike import TAG, list_alike
from maildesk.desk.request.similar import Candidate
from maildesk.desk.ticket import KnownTicket
from maildesk.mail.message import Incoming
from maildesk.mail.proof import tokens
from maildesk.store import cases, steps
from maildesk.store.schema import tickets

_NUMBERED = select(tickets.c.id).where(
    tickets.c.desk_id == bindparam("desk"),
    tickets.c.number.in_(bindparam("numbers", expanding=True)),
)
_SAMPLE = 20_000  # characters of a mail in which orders are looked for
_NAMING = frozenset({Order.MERGE, Order.PARENT})


@dataclass(frozen=True, slots=True)
class Ahead:
    """Tickets to lock beside those the mail answers, and the newest ones if an order needs them."""

    tickets: frozenset[int] = frozenset()
    recent: tuple[Candidate, ...] = ()


def look_ahead(
    db: Connection,
    desk: DeskConfig,
    mail: Incoming,
    sender: Sender | None,
    answered: Collection[int],
    now: datetime,
) -> Ahead:
    """What a staff member's orders will need of other tickets; nothing of anybody else's mail."""
    if sender is None or not sender.is_staff or not answered:
        return Ahead()
    lines = [line for line in mail.text[:_SAMPLE].splitlines() if is_hash_line(line)]
    orders = [read for read in map(read_line, lines) if isinstance(read, Line)]
    release = any(read.order is Order.SEND for read in orders)
    if sender.person is not None and (release or tokens.find_once(mail.reply)):
        drafts = steps.read_drafts(db, sender.person, sorted(answered), now)
        lines = [line for item in drafts for line in item.words.splitlines() if is_hash_line(line)]
        orders += [read for read in map(read_line, lines) if isinstance(read, Line)]
    naming = [read for read in orders if read.order in _NAMING]
    if not naming:
        return Ahead()
    form = (desk.profile.number_format,)
    numbers = {number for read in naming for number in find_numbers(read.argument, form)}
    found: set[int] = set()
    if numbers:
        about = {"desk": desk.id, "numbers": sorted(numbers)}
        found |= set(db.execute(_NUMBERED, about).scalars())
    recent: tuple[Candidate, ...] = ()
    if any(read.order is Order.PARENT and not read.argument for read in naming):
        recent = cases.read_recent(db, desk.id)
        for first in (item for item in recent if item.id in answered):
            found |= {item.id for item in list_alike(first, recent, desk.profile)}
    return Ahead(frozenset(found), recent)


@dataclass(frozen=True, slots=True)
class Relatives:
    """Numbers of the tickets that belong to one; `result` is how it ended, None: not yet."""

    result: str | None
    main: str | None
    merged_into: str | None
    under: tuple[str, ...]
    merged: tuple[str, ...]


def read_relatives(db: Connection, ticket: int) -> Relatives:
    """What a ticket belongs to and what belongs to it, for people to look at."""
    main, into = tickets.alias("main"), tickets.alias("into")
    row = db.execute(
        select(tickets.c.result, main.c.number.label("main"), into.c.number.label("into"))
        .select_from(
            tickets.outerjoin(main, main.c.id == tickets.c.parent_id).outerjoin(
                into, into.c.id == tickets.c.merged_into_id
            )
        )
        .where(tickets.c.id == ticket)
    ).one()
    numbers = [
        tuple(db.execute(select(tickets.c.number).where(column == ticket)).scalars())
        for column in (tickets.c.parent_id, tickets.c.merged_into_id)
    ]
    return Relatives(row.result, row.main, row.into, *numbers)


def find_mains(recent: Sequence[Candidate]) -> list[int]:
    """The main tickets among the newest ones, or over them."""
    mains = {item.id for item in recent if TAG in item.tags}
    return sorted(mains | {item.parent for item in recent if item.parent is not None})


def follow_merged(
    evidence: Sequence[Evidence], answering: Sequence[Answering], known: Sequence[KnownTicket]
) -> tuple[tuple[Evidence, ...], tuple[Answering, ...]]:
    """The same, of the tickets that those named were merged into."""
    here = {item.id: item.number for item in known}
    moved = {item.id: item.merged_into for item in known if item.merged_into in here}
    traced: list[Evidence] = []
    for sign in evidence:
        target = moved.get(sign.ticket)
        merged = here[sign.ticket] if target is not None else ""
        traced.append(replace(sign, ticket=target, merged=merged) if target is not None else sign)
    answered: list[Answering] = []
    for answer in answering:
        target = moved.get(answer.ticket)
        answered.append(answer if target is None else replace(answer, ticket=target))
    return tuple(traced), tuple(answered)
