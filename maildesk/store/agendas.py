"""Whose tickets want something: those nobody has, and each engineer's own, for grouped letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from maildesk.desk.evidence import DRAFTS_KEPT, Miss
from maildesk.desk.letters.notices import LimitFacts
from maildesk.desk.staff.agenda import Task
from maildesk.desk.ticket import ENDED, State, Waiting
from maildesk.store.column import among
from maildesk.store.deadlines import close
from maildesk.store.misses import MISS_KINDS, list_misses
from maildesk.store.schema import deadlines, drafts, events, outbox, people, ratings, tickets

_OVER = tuple(state.value for state in ENDED)
_requester = people.alias("requester")
_assignee = people.alias("assignee")


def take_unassigned(
    db: Connection, desk_id: str, now: datetime, ahead: timedelta
) -> tuple[LimitFacts, ...]:
    """Tickets nobody has that are to be told about, also those due within `ahead`: in one letter.

    Their notices are closed, so that each ticket is told once.
    """
    query = (
        _select_limits(deadlines.c.ticket_id, deadlines.c.id)
        .join(deadlines, deadlines.c.ticket_id == tickets.c.id)
        .where(
            deadlines.c.kind == "unassigned_notice",
            deadlines.c.state == "open",
            deadlines.c.desk_id == desk_id,
            deadlines.c.due_at <= now + ahead,
        )
        .with_for_update(of=deadlines, skip_locked=True)
    )
    found = []
    # Ordered here: for an order by ticket SQLite reads every ticket there ever was.
    for row in sorted(db.execute(query), key=lambda item: int(item.ticket_id)):
        waits = row.assignee_id is None and row.state not in _OVER
        close(db, row[-1], "fired", now, "told" if waits else "somebody has it")
        if waits:
            found.append(_read_limit(row))
    return tuple(found)


def list_limits(db: Connection, some: Sequence[int]) -> dict[int, LimitFacts]:
    """Tickets with their handlers, as letters about their limits tell them."""
    return {row[-1]: _read_limit(row) for row in db.execute(_LIMITS, {"some": some})}


def list_unanswered(
    db: Connection, desk_id: str, person: int, priorities: Sequence[str]
) -> tuple[tuple[int, LimitFacts], ...]:
    """This person's tickets of these priorities whose requester nobody has contacted yet, with
    their ids."""
    query = (
        _select_limits(tickets.c.id)
        .where(
            tickets.c.desk_id == desk_id,
            tickets.c.assignee_id == person,
            tickets.c.state.not_in((*_OVER, State.TO_CONFIRM.value)),
            tickets.c.waiting == Waiting.NONE.value,
            tickets.c.responded_at.is_(None),
            tickets.c.priority.in_(priorities),
        )
        .order_by(tickets.c.response_due, tickets.c.id)
    )
    return tuple((row[-1], _read_limit(row)) for row in db.execute(query))


def list_told(db: Connection, some: Sequence[int], since: datetime) -> dict[int, frozenset[str]]:
    """By ticket: which letters about its limits, "near" and "missed", were written since then."""
    found: dict[int, set[str]] = defaultdict(set)
    for ticket, letter in db.execute(_TOLD, {"some": some, "since": since}):
        found[ticket].add(letter)
    return {ticket: frozenset(letters) for ticket, letters in found.items()}


_TOLD = select(outbox.c.ticket_id, outbox.c.letter).where(
    outbox.c.ticket_id.in_(bindparam("some", expanding=True)),
    outbox.c.created_at > bindparam("since"),
    among(outbox.c.letter, ("near", "missed")),
)


def list_tasks(db: Connection, desk_id: str, since: datetime) -> dict[str, tuple[Task, ...]]:
    """By somebody's key in the people list: tickets of his that are open or were confirmed or rated
    since, and those on which words of his wait."""
    open_ones = (
        _select_tasks()
        .join(_assignee, _assignee.c.id == tickets.c.assignee_id)
        .where(
            tickets.c.desk_id == desk_id,
            or_(tickets.c.state.not_in(_OVER), tickets.c.confirmed_at > since),
        )
    )
    held = (
        _select_tasks(func.max(drafts.c.created_at).label("held"))
        .join(drafts, drafts.c.ticket_id == tickets.c.id)
        .join(_assignee, _assignee.c.id == drafts.c.person_id)
        .where(
            tickets.c.desk_id == desk_id,
            drafts.c.kind == "unsure",
            drafts.c.released_at.is_(None),
            drafts.c.created_at > since - DRAFTS_KEPT,
        )
        .group_by(_assignee.c.key, _requester.c.name, tickets.c.id)
    )
    found: dict[str, dict[str, Task]] = defaultdict(dict)
    for query in (open_ones, held):
        for row in db.execute(query):
            number, title, state, *others, reminded = row[1:]
            task = Task(number, title, State(state), *others)
            found[row.whose][number] = replace(task, reminded=reminded)
    rated = (
        _select_tasks(ratings.c.score, ratings.c.words)
        .join(_assignee, _assignee.c.id == tickets.c.assignee_id)
        .join(ratings, ratings.c.ticket_id == tickets.c.id)
        .where(ratings.c.desk_id == desk_id, ratings.c.at > since, ratings.c.current)
    )
    for row in db.execute(rated):
        number, title, state, *others, score, said, reminded = row[1:]
        task = Task(number, title, State(state), *others)
        known = found[row.whose].get(number, replace(task, reminded=reminded))
        found[row.whose][number] = replace(known, score=score, said=said)
    missed = _find_unexplained(db, desk_id, since)
    return {
        whose: tuple(replace(task, missed=missed.get(task.number, ())) for task in tasks.values())
        for whose, tasks in found.items()
    }


def _find_unexplained(db: Connection, desk_id: str, since: datetime) -> dict[str, tuple[str, ...]]:
    """By ticket number: limits missed since then for which nobody has said why. So a reason is
    asked for in one digest, and no more; nor is it where a call in time was entered later."""
    lately = select(events.c.ticket_id).where(
        events.c.at > since, events.c.kind.in_(MISS_KINDS), events.c.kind != "late_reason"
    )
    query = (
        select(
            tickets.c.number,
            tickets.c.responded_at,
            events.c.kind,
            events.c.data,
            events.c.at,
        )
        .join(tickets, tickets.c.id == events.c.ticket_id)
        .where(
            tickets.c.desk_id == desk_id,
            tickets.c.id.in_(lately),
            events.c.kind.in_(MISS_KINDS),
        )
        .order_by(events.c.id)
    )
    told: dict[str, list[Any]] = defaultdict(list)
    for row in db.execute(query):
        told[row.number].append(row)
    found = {}
    for number, rows in told.items():
        misses = list_misses((row.kind, row.data, row.at) for row in rows)
        asked = (item.limit for item in misses if item.at > since and _lacks(item, rows[0]))
        found[number] = tuple(dict.fromkeys(asked))
    return found


def _lacks(miss: Miss, row: Any) -> bool:
    """Whether its engineer still has to say why."""
    called = row.responded_at if miss.limit != "solution" else None
    in_time = called is not None and miss.due is not None and called <= miss.due
    return not miss.explained and not in_time


def _select_tasks(*more: Any) -> Select[Any]:
    return (
        select(
            _assignee.c.key.label("whose"),
            tickets.c.number,
            tickets.c.title,
            tickets.c.state,
            _requester.c.name,
            tickets.c.responded_at,
            tickets.c.response_due,
            tickets.c.eta_at,
            tickets.c.confirmed_at,
            tickets.c.updated_at,
            *more,
            _LAST_REMINDED.label("reminded"),
        )
        .join(_requester, _requester.c.id == tickets.c.requester_id)
        .order_by(tickets.c.id)
    )


_LAST_REMINDED = (
    select(func.max(events.c.at))
    .where(
        events.c.ticket_id == tickets.c.id,
        events.c.kind.in_(("reminded", "not_reminded")),
    )
    .correlate(tickets)
    .scalar_subquery()
)


def _select_limits(*more: Any) -> Select[Any]:
    return (
        select(
            tickets.c.number,
            tickets.c.title,
            tickets.c.category,
            tickets.c.priority,
            tickets.c.group_key,
            _requester.c.name,
            tickets.c.department,
            tickets.c.opened_at,
            tickets.c.response_due,
            tickets.c.responded_at,
            _assignee.c.name.label("handler"),
            _requester.c.extension,
            tickets.c.fields,
            tickets.c.assignee_id,
            tickets.c.state,
            *more,
        )
        .join(_requester, _requester.c.id == tickets.c.requester_id)
        .outerjoin(_assignee, _assignee.c.id == tickets.c.assignee_id)
    )


_LIMITS = _select_limits(tickets.c.id).where(tickets.c.id.in_(bindparam("some", expanding=True)))


def _read_limit(row: Any) -> LimitFacts:
    return LimitFacts(
        number=row.number,
        title=row.title,
        category=row.category,
        priority=row.priority,
        group=row.group_key,
        requester=row.name,
        department=row.department,
        opened=row.opened_at,
        due=row.response_due or row.opened_at,
        responded=row.responded_at is not None,
        handler=row.handler,
        contact=(row.fields or {}).get("contact") or row.extension,
    )
