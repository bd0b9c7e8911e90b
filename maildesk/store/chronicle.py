"""What has happened since a moment: mails, letters, due rows and timelines, and what comes next.

Read-only, for whoever tells a desk's story as it goes on. Why a letter was written is told from its
cause; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select

from maildesk.store.schema import (
    deadlines,
    events,
    letters,
    outbox,
    people,
    reports,
    sightings,
    tickets,
)

_HOUR = timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)
_UNTOLD = ("letter_queued", "letter_withheld")  # events that the letters themselves tell


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a story begins: the newest row of each table, and which letters and due rows wait."""

    sighting: int
    outbox: int
    event: int
    deadline: int
    waiting: frozenset[int] = frozenset()
    open: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Cause:
    """Where a letter comes from: a mail, a due row, a page. Texts are "" where there are none."""

    kind: str  # mail | deadline | page | other
    who: str = ""
    what: str = ""
    note: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter of the outbox with its ticket's number and what caused it."""

    cause: Cause
    id: int
    desk_id: str
    letter: str
    address: str
    subject: str
    state: str
    reason: str | None
    created_at: datetime
    next_at: datetime
    settled_at: datetime | None
    automatic: bool
    number: str | None
    message_id: str


@dataclass(frozen=True, slots=True)
class ArrivedMail:
    """A mail and what became of it.

    `unsent` are (letter, address, why) of what was not written, `change` what became different
    about its ticket, as `apply.list_changes` writes it.
    """

    id: int
    at: datetime
    sender: str
    subject: str
    outcome: str | None
    reason: str | None
    desk_id: str | None
    number: str | None
    unsent: tuple[tuple[str, str, str], ...] = ()
    change: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One line of a ticket's timeline, but those about letters."""

    id: int
    at: datetime
    kind: str
    actor: str | None
    data: dict[str, Any]
    number: str
    desk_id: str


@dataclass(frozen=True, slots=True)
class FiredRow:
    """A due row that was handled, and what its handler said; `at` None: it is still open."""

    id: int
    kind: str
    due: datetime
    at: datetime | None
    note: str
    desk_id: str
    number: str | None


def mark_now(db: Connection) -> Mark:
    """The place from which everything is news."""
    waiting = db.execute(select(outbox.c.id).where(outbox.c.state.in_(("queued", "sending"))))
    due = db.execute(select(deadlines.c.id).where(deadlines.c.state == "open"))
    return Mark(
        _newest(db, sightings),
        _newest(db, outbox),
        _newest(db, events),
        _newest(db, deadlines),
        frozenset(waiting.scalars()),
        frozenset(due.scalars()),
    )


def next_due(db: Connection, now: datetime) -> datetime | None:
    """When something happens by itself after `now`: a row falls due or a letter may leave."""
    fires = select(func.min(deadlines.c.due_at)).where(
        deadlines.c.state == "open", deadlines.c.due_at > now
    )
    leaves = select(func.min(outbox.c.next_at)).where(
        outbox.c.state == "queued", outbox.c.next_at > now
    )
    found = [db.execute(query).scalar_one() for query in (fires, leaves)]
    held = select(func.count()).where(outbox.c.state == "queued", outbox.c.next_at <= now)
    if db.execute(held).scalar_one():
        # A desk's brake holds it until the first of the hour's letters is an hour old.
        oldest = select(func.min(outbox.c.settled_at)).where(
            outbox.c.automatic.is_(True), outbox.c.settled_at > now - _HOUR
        )
        first = db.execute(oldest).scalar_one()
        found.append(first + _HOUR + _MOMENT if first else None)
    return min((moment for moment in found if moment is not None), default=None)


def list_written(db: Connection, since: Mark) -> list[WrittenLetter]:
    """Letters written since the mark, and those that waited then, in the order of writing."""
    wanted = _news(outbox.c.id, since.outbox, since.waiting)
    rows = db.execute(
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
            outbox.c.settled_at,
            outbox.c.automatic,
            tickets.c.number,
            outbox.c.message_id,
            outbox.c.cause,
        )
        .outerjoin(tickets, tickets.c.id == outbox.c.ticket_id)
        .where(wanted)
        .order_by(outbox.c.id)
    ).all()
    causes = _read_causes(db, {row.cause for row in rows})
    return [WrittenLetter(causes[row.cause], *row[:-1]) for row in rows]


def list_arrived(db: Connection, since: Mark) -> list[ArrivedMail]:
    """Mails that came since the mark, in their order."""
    rows = db.execute(
        select(
            sightings.c.id,
            sightings.c.internaldate,
            sightings.c.seen_at,
            letters.c.sender,
            letters.c.subject,
            sightings.c.outcome,
            sightings.c.reason,
            letters.c.desk_id,
            tickets.c.number,
            letters.c.trace,
        )
        .outerjoin(letters, letters.c.id == sightings.c.letter_id)
        .outerjoin(tickets, tickets.c.id == sightings.c.ticket_id)
        .where(sightings.c.id > since.sighting)
        .order_by(sightings.c.id)
    )
    return [
        ArrivedMail(
            row.id,
            row.seen_at,
            row.sender or "",
            row.subject or "",
            row.outcome,
            row.reason,
            row.desk_id,
            row.number,
            *(_read_trace(row.trace) if row.outcome != "duplicate" else ()),
        )
        for row in rows
    ]


def list_events(db: Connection, since: Mark) -> list[ToldEvent]:
    """The timelines' lines since the mark, without those that say that a letter was written."""
    rows = db.execute(
        select(
            events.c.id,
            events.c.at,
            events.c.kind,
            people.c.name,
            events.c.data,
            tickets.c.number,
            tickets.c.desk_id,
        )
        .join(tickets, tickets.c.id == events.c.ticket_id)
        .outerjoin(people, people.c.id == events.c.actor_id)
        .where(events.c.id > since.event, events.c.kind.not_in(_UNTOLD))
        .order_by(events.c.id)
    )
    return [ToldEvent(*row) for row in rows]


def list_fired(db: Connection, since: Mark, until: datetime) -> list[FiredRow]:
    """Due rows handled since the mark, and those that should have been by `until` and were not."""
    # What a decision took back has no moment at which it was handled.
    handled: ColumnElement[bool] = deadlines.c.fired_at.is_not(None)
    handled &= _news(deadlines.c.id, since.deadline, since.open)
    missed = (deadlines.c.state == "open") & (deadlines.c.due_at <= until)
    rows = db.execute(
        select(
            deadlines.c.id,
            deadlines.c.kind,
            deadlines.c.due_at,
            deadlines.c.fired_at,
            deadlines.c.note,
            deadlines.c.desk_id,
            tickets.c.number,
        )
        .outerjoin(tickets, tickets.c.id == deadlines.c.ticket_id)
        .where(handled | missed)
        .order_by(deadlines.c.due_at, deadlines.c.id)
    )
    return [FiredRow(*row[:4], row.note or "", *row[5:]) for row in rows]


def find_letter(
    db: Connection, address: str, letter: str | None, number: str | None
) -> tuple[bytes, str, str] | None:
    """(bytes, its address, desk) of the newest letter that left to an address.

    Of that kind and about the ticket of that number, where they are given.
    """
    query = (
        select(outbox.c.data, outbox.c.mailbox, outbox.c.desk_id)
        .outerjoin(tickets, tickets.c.id == outbox.c.ticket_id)
        .where(outbox.c.address == address, outbox.c.state == "accepted")
        .order_by(outbox.c.settled_at.desc(), outbox.c.id.desc())
        .limit(1)
    )
    if letter is not None:
        query = query.where(outbox.c.letter == letter)
    if number is not None:
        query = query.where(tickets.c.number == number)
    row = db.execute(query).first()
    return (row[0], row[1], row[2]) if row else None


def _news(key: Column[int], newest: int, waiting: frozenset[int]) -> ColumnElement[bool]:
    later = key > newest
    return later | key.in_(sorted(waiting)) if waiting else later


def _newest(db: Connection, table: Table) -> int:
    return int(db.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())


def _read_trace(
    trace: dict[str, Any] | None,
) -> tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str], ...]]:
    """(what was not written, what became different) of a decision."""
    kept = trace or {}
    unsent = tuple((it["letter"], it["address"], it["why"]) for it in kept.get("unsent", ()))
    return unsent, tuple(kept.get("change", {}).items())


def _read_causes(db: Connection, wanted: Collection[str]) -> dict[str, Cause]:
    """What stands behind the outbox's causes: `letter:7`, `deadline:3`, `report:2`, `page:…`.

    What follows a `/` says only what the letter is about.
    """
    found: dict[str, Cause] = {}
    by_kind: dict[str, list[int]] = {}
    for cause in {cause.partition("/")[0] for cause in wanted}:
        kind, _, rest = cause.partition(":")
        if kind == "page":
            found[cause] = Cause("page")
        elif rest.isdigit():
            by_kind.setdefault(kind, []).append(int(rest))
    for row in _pick(db, letters, by_kind.get("letter", ())):
        orders = _list_done(db, row.id)
        found[f"letter:{row.id}"] = Cause("mail", row.sender or "", row.subject, orders)
    for row in _pick(db, deadlines, by_kind.get("deadline", ())):
        found[f"deadline:{row.id}"] = Cause(
            "deadline", what=row.kind, note=row.note or "", due=row.due_at
        )
    for row in _pick(db, reports, by_kind.get("report", ())):
        found[f"report:{row.id}"] = Cause("other", what=f"{row.kind} report {row.period}")
    return {
        cause: found.get(cause.partition("/")[0], Cause("other", what=cause)) for cause in wanted
    }


def _pick(db: Connection, table: Table, ids: Sequence[int]) -> list[Any]:
    return list(db.execute(select(table).where(table.c.id.in_(ids)))) if ids else []


def _list_done(db: Connection, letter: int) -> str:
    """What a mail did to its ticket: its orders, else as the timeline names it."""
    rows = db.execute(
        select(events.c.kind, events.c.data)
        .where(events.c.letter_id == letter, events.c.kind.not_in(_UNTOLD))
        .order_by(events.c.id)
    ).all()
    orders = [row.data["orders"] for row in rows if row.data.get("orders")]
    return ", ".join(dict.fromkeys(orders or [row.kind for row in rows]))
