"""Tickets read back: for lists, for one ticket's whole history, for the clock's handlers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, insert, or_, select

from maildesk.desk.evidence import DRAFTS_KEPT
from maildesk.desk.ticket import ENDED, State, Waiting
from maildesk.mail.message import address_key
from maildesk.store.schema import (
    addresses,
    attachments,
    drafts,
    events,
    follow_ups,
    letters,
    outbox,
    participants,
    people,
    ratings,
    texts,
    tickets,
)


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket as lists show it; times in UTC. `assignee` is a name, None: nobody has it."""

    id: int
    desk_id: str
    number: str
    title: str
    state: State
    category: str
    priority: str
    type: str
    group: str | None
    requester: str
    department: str | None
    language: str
    opened_at: datetime
    response_due: datetime | None
    responded_at: datetime | None
    assignee: str | None
    waiting: str
    eta: datetime | None
    chases: int
    severity: str | None
    fields: Mapping[str, str]
    tags: tuple[str, ...] = ()


_HANDLERS = people.alias("handlers")
_NEW_EVENT = insert(events)


def _select() -> Select[Any]:
    return select(
        tickets.c.id,
        tickets.c.desk_id,
        tickets.c.number,
        tickets.c.title,
        tickets.c.state,
        tickets.c.category,
        tickets.c.priority,
        tickets.c.type,
        tickets.c.group_key,
        people.c.name,
        tickets.c.department,
        tickets.c.language,
        tickets.c.opened_at,
        tickets.c.response_due,
        tickets.c.responded_at,
        _HANDLERS.c.name,
        tickets.c.waiting,
        tickets.c.eta_at,
        tickets.c.chases,
        tickets.c.severity,
        tickets.c.fields,
        tickets.c.tags,
    ).select_from(
        tickets.join(people, people.c.id == tickets.c.requester_id).outerjoin(
            _HANDLERS, _HANDLERS.c.id == tickets.c.assignee_id
        )
    )


def _row(row: Any) -> TicketRow:
    values = list(row)
    values[4] = State(values[4])
    values[-2], values[-1] = values[-2] or {}, tuple(values[-1] or ())
    return TicketRow(*values)


def list_tickets(
    db: Connection,
    *,
    desk: str | None = None,
    state: str | None = None,
    assignee: str | None = None,
    limit: int = 50,
) -> list[TicketRow]:
    """The newest tickets first; `assignee` is a name, a staff number or an address."""
    query = _select().order_by(tickets.c.id.desc()).limit(limit)
    if desk is not None:
        query = query.where(tickets.c.desk_id == desk)
    if state is not None:
        query = query.where(tickets.c.state == state)
    if assignee is not None:
        theirs = select(addresses.c.person_id).where(addresses.c.address == address_key(assignee))
        query = query.where(
            or_(
                _HANDLERS.c.name == assignee,
                func.lower(_HANDLERS.c.staff_number) == assignee.lower(),
                _HANDLERS.c.id.in_(theirs),
            )
        )
    return [_row(row) for row in db.execute(query)]


def find_ticket(db: Connection, number: str) -> TicketRow | None:
    """By number, any case; among all numbers ever given."""
    row = db.execute(_select().where(tickets.c.number == number.upper().strip("[] "))).first()
    if row is None:
        row = db.execute(_select().where(tickets.c.number == number)).first()
    return _row(row) if row else None


def get_ticket(db: Connection, ticket: int) -> TicketRow | None:
    row = db.execute(_select().where(tickets.c.id == ticket)).first()
    return _row(row) if row else None


def count_unassigned(db: Connection) -> int:
    """Tickets that are not over and that nobody has."""
    over = [state.value for state in ENDED]
    query = select(func.count()).where(
        tickets.c.assignee_id.is_(None), tickets.c.state.not_in(over)
    )
    return int(db.execute(query).scalar_one())


def count_drafts(db: Connection, now: datetime) -> int:
    """Mails of staff that wait for their author's word: for `#send`, or for a one-time code."""
    query = select(func.count()).where(
        drafts.c.released_at.is_(None), drafts.c.created_at > now - DRAFTS_KEPT
    )
    return int(db.execute(query).scalar_one())


@dataclass(frozen=True, slots=True)
class Situation:
    """How a ticket stands now: what the conditions of letters about it are held against."""

    state: State
    responded: bool
    assigned: bool
    waiting: Waiting = Waiting.NONE
    follow_up: bool = False  # somebody must still speak with the requester (M8)
    rated: bool = False


_SITUATION = select(
    tickets.c.state,
    tickets.c.responded_at,
    tickets.c.assignee_id,
    tickets.c.waiting,
    exists()
    .where(follow_ups.c.ticket_id == tickets.c.id, follow_ups.c.done_at.is_(None))
    .label("follow_up"),
    exists().where(ratings.c.ticket_id == tickets.c.id, ratings.c.current).label("rated"),
).where(tickets.c.id == bindparam("ticket"))


def find_situation(db: Connection, ticket: int) -> Situation | None:
    row = db.execute(_SITUATION, {"ticket": ticket}).first()
    if row is None:
        return None
    responded, assigned = row[1] is not None, row[2] is not None
    return Situation(
        State(row[0]), responded, assigned, Waiting(row[3]), bool(row[4]), bool(row[5])
    )


@dataclass(frozen=True, slots=True)
class History:
    """One ticket's rows: events (with actor), mails (with words), files, letters, people."""

    events: list[Any]
    mails: list[Any]
    files: list[Any]
    letters: list[Any]
    people: list[Any]


def read_history(db: Connection, ticket: int) -> History:
    return History(
        events=list(
            db.execute(
                select(events, people.c.name.label("actor"))
                .outerjoin(people, people.c.id == events.c.actor_id)
                .where(events.c.ticket_id == ticket)
                .order_by(events.c.id)
            )
        ),
        mails=list(
            db.execute(
                select(letters, texts.c.reply, texts.c.body)
                .outerjoin(texts, texts.c.letter_id == letters.c.id)
                .where(letters.c.ticket_id == ticket)
                .order_by(letters.c.id)
            )
        ),
        files=list(
            db.execute(
                select(attachments)
                .join(letters, letters.c.id == attachments.c.letter_id)
                .where(letters.c.ticket_id == ticket)
                .order_by(attachments.c.letter_id, attachments.c.position)
            )
        ),
        letters=list(
            db.execute(select(outbox).where(outbox.c.ticket_id == ticket).order_by(outbox.c.id))
        ),
        people=list(
            db.execute(
                select(participants.c.role, people.c.name, people.c.key)
                .join(people, people.c.id == participants.c.person_id)
                .where(participants.c.ticket_id == ticket)
                .order_by(participants.c.role)
            )
        ),
    )


def list_drafts(db: Connection, ticket: int, now: datetime) -> list[Any]:
    """Mails of staff about a ticket that wait for their author's word, with their `author`."""
    query = (
        select(drafts, people.c.name.label("author"))
        .join(people, people.c.id == drafts.c.person_id)
        .where(
            drafts.c.ticket_id == ticket,
            drafts.c.released_at.is_(None),
            drafts.c.created_at > now - DRAFTS_KEPT,
        )
        .order_by(drafts.c.id)
    )
    return list(db.execute(query))


def read_fate(db: Connection, letter: int) -> tuple[list[tuple[str, dict[str, str]]], str | None]:
    """What a mail left behind on its ticket, for `explain`: (kind, data) of its events, and the
    words of it that were kept back, None when none were."""
    rows = db.execute(
        select(events.c.kind, events.c.data)
        .where(events.c.letter_id == letter)
        .order_by(events.c.id)
    )
    held = db.execute(
        select(drafts.c.words).where(drafts.c.letter_id == letter).order_by(drafts.c.id)
    ).scalar()
    return [(row.kind, dict(row.data)) for row in rows], held


_NEWS = (
    *("opened", "major_incident", "assigned", "handed_to_group", "joined", "relayed", "changed"),
    *("ordered", "note", "contacted", "reopened"),
)
_LAST_NEWS = (
    select(events.c.kind, events.c.at)
    .where(events.c.ticket_id == bindparam("ticket"), events.c.kind.in_((*_NEWS, "silent")))
    .order_by(events.c.id.desc())
    .limit(50)
)


def find_last_news(db: Connection, ticket: int) -> tuple[datetime | None, int]:
    """(when somebody last worked on it, how often its silence was told since)."""
    silent = 0
    for kind, at in db.execute(_LAST_NEWS, {"ticket": ticket}):
        if kind != "silent":
            return at, silent
        silent += 1
    return None, silent


def has_event(db: Connection, ticket: int, kind: str) -> bool:
    """Whether something of the kind stands on the ticket's timeline."""
    query = select(func.count()).where(events.c.ticket_id == ticket, events.c.kind == kind)
    return bool(db.execute(query).scalar_one())


def add_event(db: Connection, ticket: int, kind: str, data: dict[str, str], now: datetime) -> None:
    """An event no mail caused: a limit missed, a letter refused."""
    add_events(db, [(ticket, kind, data)], now)


def add_events(
    db: Connection, told: Sequence[tuple[int, str, dict[str, str]]], now: datetime
) -> None:
    """Several at once, as (ticket, kind, data)."""
    rows = [{"ticket_id": row[0], "at": now, "kind": row[1], "data": row[2]} for row in told]
    if rows:
        db.execute(_NEW_EVENT, rows)
