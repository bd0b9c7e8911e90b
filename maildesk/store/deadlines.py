"""Times that fall due: rows, not scheduler jobs, so that any number of daemons may run.

A row is unique by (kind, subject, round); a fired row is never reused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from maildesk.store.column import among
from maildesk.store.schema import deadlines
from maildesk.store.statement import Statement, insert_or_ignore


@dataclass(frozen=True, slots=True)
class NewDeadline:
    """Something that will be due. `subject` is like "ticket:12"."""

    kind: str
    subject: str
    desk_id: str
    due_at: datetime
    ticket: int | None = None
    round: str = "1"


@dataclass(frozen=True, slots=True)
class Due:
    id: int
    kind: str
    subject: str
    round: str
    desk_id: str
    ticket: int | None
    due_at: datetime


_COLUMNS = (
    deadlines.c.id,
    deadlines.c.kind,
    deadlines.c.subject,
    deadlines.c.round,
    deadlines.c.desk_id,
    deadlines.c.ticket_id,
    deadlines.c.due_at,
)


_CLAIM = Statement(
    select(*_COLUMNS)
    .where(deadlines.c.id == bindparam("deadline"), deadlines.c.state == "open")
    .with_for_update(skip_locked=True)
)
_CLOSE = Statement(
    update(deadlines)
    .where(deadlines.c.id == bindparam("deadline"))
    .values(
        state=bindparam("to_state"),
        fired_at=bindparam("at", type_=deadlines.c.fired_at.type),
        note=bindparam("why"),
    )
)


@cache
def _ask_alike(kinds: tuple[str, ...]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .where(
            deadlines.c.id.in_(bindparam("some", expanding=True)),
            deadlines.c.state == "open",
            among(deadlines.c.kind, kinds),
        )
        .order_by(deadlines.c.due_at, deadlines.c.id)
        .with_for_update(skip_locked=True)
    )


def set_deadlines(db: Connection, rows: Sequence[NewDeadline]) -> None:
    """Enter deadlines; one of the same kind, subject and round stays as it is."""
    if rows:
        insert_or_ignore(
            db,
            deadlines,
            [
                {
                    "kind": row.kind,
                    "subject": row.subject,
                    "round": row.round,
                    "desk_id": row.desk_id,
                    "ticket_id": row.ticket,
                    "due_at": row.due_at,
                    "state": "open",
                }
                for row in rows
            ],
        )


def due_ids(db: Connection, now: datetime, limit: int = 200) -> list[int]:
    """Ids of open rows that are due, the oldest first."""
    query = (
        select(deadlines.c.id)
        .where(deadlines.c.state == "open", deadlines.c.due_at <= now)
        .order_by(deadlines.c.due_at, deadlines.c.id)
        .limit(limit)
    )
    return list(db.execute(query).scalars())


def list_due(db: Connection, kinds: Sequence[str], now: datetime) -> tuple[Due, ...]:
    """Open rows of these kinds that are due, unlocked: for whoever prepares what takes long."""
    query = (
        select(*_COLUMNS)
        .where(deadlines.c.state == "open", deadlines.c.due_at <= now, deadlines.c.kind.in_(kinds))
        .order_by(deadlines.c.due_at, deadlines.c.id)
    )
    return tuple(Due(*row) for row in db.execute(query))


def last_fired(db: Connection, kind: str, subject: str) -> datetime | None:
    """When the newest round before was handled."""
    query = select(func.max(deadlines.c.fired_at)).where(
        deadlines.c.kind == kind, deadlines.c.subject == subject, deadlines.c.state == "fired"
    )
    found: datetime | None = db.execute(query).scalar_one()
    return found


def claim(db: Connection, deadline: int) -> Due | None:
    """Lock one due row within this transaction; None when another daemon has or had it."""
    rows = _CLAIM.ask(db, {"deadline": deadline})
    return Due(*rows[0]) if rows else None


def claim_alike(db: Connection, some: Sequence[int], kinds: tuple[str, ...]) -> tuple[Due, ...]:
    """The same for those of these rows that are of such a kind, the oldest first."""
    rows = db.execute(_ask_alike(kinds), {"some": some})
    return tuple(Due(*row) for row in rows)


def close(db: Connection, deadline: int, state: str, now: datetime, note: str | None) -> None:
    """Mark a claimed row `fired` or `dropped`, with the reason."""
    about = {"deadline": deadline, "to_state": state, "at": now, "why": note}
    _CLOSE.run(db, about)


def close_fired(db: Connection, told: Sequence[tuple[int, str]], now: datetime) -> None:
    """Mark claimed rows `fired`, each (row, what was done)."""
    rows = [{"deadline": row, "to_state": "fired", "at": now, "why": note} for row, note in told]
    if rows:
        _CLOSE.run_all(db, rows)
