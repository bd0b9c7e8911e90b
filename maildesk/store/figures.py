"""Reads a period's tickets for its figures: one by one, in flat memory, by three statements.

Which tickets those are, and nothing else, is decided here; what one counts as
`desk.reports.measured` knows. A report of many tickets takes seconds: read it in a transaction
that writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
)

from maildesk.desk.charter import DeskConfig
from maildesk.desk.reports.figures import Figures
from maildesk.desk.reports.measured import MOVES, TOLD, Called, Measured, Rated, Ruler, Stored, Told
from maildesk.desk.reports.period import Period, find_before
from maildesk.desk.reports.tally import Tally
from maildesk.desk.ticket import ENDED, State
from maildesk.store.cases import read_pauses
from maildesk.store.engine import Store
from maildesk.store.schema import events, follow_ups, people, ratings, tickets

_AT_ONCE = 1000
"""Rows fetched in one go; more are never held."""

# Whatever happens to a ticket touches it: what was left alone since and is over counts nowhere. A
# rating may come or change later without touching it.
_CONCERNED = and_(
    # No index helps to read nearly everything in the order of its keys: with nothing added, SQLite
    # would take the one by desk, and then sort whole rows.
    tickets.c.desk_id.concat("") == bindparam("desk"),
    tickets.c.opened_at < bindparam("until"),
    or_(
        tickets.c.updated_at >= bindparam("since"),
        tickets.c.state.not_in([state.value for state in ENDED]),
        ratings.c.at >= bindparam("since"),
    ),
)
# Written as the index on it is: SQLite knows that index by these very words.
_CURRENT = text("ratings.current")
_RATED = tickets.outerjoin(ratings, and_(ratings.c.ticket_id == tickets.c.id, _CURRENT))
_FIRST_ANSWER = tickets.c.responded_at >= tickets.c.solved_at

_TICKETS = (
    select(
        tickets.c.id,
        tickets.c.number,
        tickets.c.title,
        tickets.c.state,
        tickets.c.category,
        tickets.c.priority,
        tickets.c.type,
        tickets.c.group_key,
        people.c.key,
        people.c.name,
        tickets.c.department,
        tickets.c.opened_at,
        tickets.c.response_due,
        tickets.c.responded_at,
        tickets.c.contact_due,
        tickets.c.solution_due,
        tickets.c.solved_at,
        tickets.c.confirmed_at,
        tickets.c.closed_at,
        tickets.c.closed_by,
        tickets.c.parent_id,
        tickets.c.merged_into_id,
        tickets.c.tags,
        tickets.c.pauses,
        ratings.c.at,
        ratings.c.score,
        ratings.c.answers,
        ratings.c.words,
    )
    .select_from(_RATED.outerjoin(people, people.c.id == tickets.c.assignee_id))
    .where(_CONCERNED)
    .order_by(tickets.c.id)
)
_EVENTS = (
    select(events.c.ticket_id, events.c.kind, events.c.at, events.c.data)
    .select_from(_RATED.join(events, events.c.ticket_id == tickets.c.id))
    .where(
        _CONCERNED,
        or_(
            events.c.kind.in_(sorted(TOLD)),
            and_(events.c.kind.in_(sorted(MOVES)), _FIRST_ANSWER),
        ),
    )
    .order_by(tickets.c.id, events.c.id)
)
_CALLS = (
    select(
        follow_ups.c.ticket_id,
        follow_ups.c.opened_at,
        follow_ups.c.due_at,
        follow_ups.c.done_at,
        follow_ups.c.record,
    )
    .where(follow_ups.c.desk_id == bindparam("desk"), follow_ups.c.opened_at >= bindparam("since"))
    .order_by(follow_ups.c.ticket_id, follow_ups.c.id)
)
_CATEGORIES = (
    select(tickets.c.category, func.count())
    .where(
        tickets.c.desk_id == bindparam("desk"),
        tickets.c.opened_at >= bindparam("since"),
        tickets.c.opened_at < bindparam("until"),
    )
    .group_by(tickets.c.category)
    .order_by(tickets.c.category)
)


@contextmanager
def read_steadily(store: Store) -> Iterator[Connection]:
    """A reading transaction in which nothing changes: figures that are read one after the other
    fit together."""
    with store.read() as db:
        if not store.sqlite:
            db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        yield db


Through = Callable[[Iterator[Measured]], Iterable[Measured]]
"""What the tickets pass on their way: shows how far it is, or writes them down."""


def sum_up(db: Connection, desk: DeskConfig, period: Period, through: Through = iter) -> Figures:
    """The desk's figures of the period."""
    tally = Tally(desk, period)
    for found in through(read_measured(db, desk, period)):
        tally.add(found)
    before = find_before(period, desk.profile, desk.zone_info)
    return tally.finish(count_categories(db, desk.id, before))


def read_measured(db: Connection, desk: DeskConfig, period: Period) -> Iterator[Measured]:
    """What each ticket that was looked at counts as in the period."""
    ruler = Ruler(period, desk.profile, desk.zone_info)
    return map(ruler.measure, read_tickets(db, desk.id, period))


def count_categories(db: Connection, desk: str, period: Period) -> dict[str, int]:
    """How many tickets of each category were opened in the period."""
    rows = db.execute(_CATEGORIES, {"desk": desk, "since": period.since, "until": period.until})
    return {row[0]: row[1] for row in rows}


def count_tickets(db: Connection, desk: str, period: Period) -> int:
    """About how many tickets the figures are made of: for a progress bar."""
    return sum(count_categories(db, desk, period).values())


def read_tickets(db: Connection, desk: str, period: Period) -> Iterator[Stored]:
    """Every ticket that may count in the period, in the order of their opening."""
    about = {"desk": desk, "since": period.since, "until": period.until}
    told = _Following(_stream(db, _EVENTS, about))
    calls = _Following(_stream(db, _CALLS, about))
    for row in _stream(db, _TICKETS, about):
        yield _read(row, told.take(row[0]), calls.take(row[0]))


def _read(row: Any, told: Sequence[Any], calls: Sequence[Any]) -> Stored:
    """One ticket of `_TICKETS`, whose first columns stand in the order of `Stored`'s fields."""
    tags, pauses, rated, score, answers, words = row[_PLAIN:]
    values: list[Any] = [
        *row[:_PLAIN],
        tags or (),
        read_pauses(pauses) if pauses else (),
        [Told(kind, at, data) for _, kind, at, data in told],
        Rated(rated, score, answers or {}, words) if rated is not None else None,
        [Called(begun, due, done, record or "") for _, begun, due, done, record in calls],
    ]
    values[3] = _STATES[row[3]]
    return Stored(*values)


_PLAIN = 22
_STATES = {state.value: state for state in State}


def _stream(db: Connection, query: Select[Any], about: dict[str, Any]) -> Iterator[Row[Any]]:
    return iter(db.execute(query, about, execution_options={"yield_per": _AT_ONCE}))


class _Following:
    """Rows in the order of the tickets they belong to, taken ticket by ticket."""

    def __init__(self, rows: Iterator[Row[Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, ticket: int) -> list[Row[Any]]:
        """Those of that ticket; what belongs to tickets before it is passed over."""
        found: list[Row[Any]] = []
        if self._next is None or self._next[0] > ticket:
            return found
        for row in chain((self._next,), self._rows):
            if row[0] > ticket:
                self._next = row
                return found
            if row[0] == ticket:
                found.append(row)
        self._next = None
        return found
