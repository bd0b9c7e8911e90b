"""Tickets as decisions need them: whole, locked, with everybody in them.

Read in the transaction that decides. What was said on them is `sayings`, what somebody did last
`steps`; lists and histories for people to look at are `tickets`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, Connection, Select, bindparam, select, union

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.outages.alike import TAG
from maildesk.desk.person import Role
from maildesk.desk.request.similar import Candidate
from maildesk.desk.ticket import ENDED, Insider, KnownTicket, Part, Pause, State, Waiting
from maildesk.store.schema import (
    addresses,
    participants,
    people,
    tickets,
)

Kin = Literal["none", "merged", "family"]
"""Which relatives of a ticket are loaded with it."""

# How far back similar tickets are looked at.
_RECENT = 50

# Built once: building a statement costs several times what running it does.
_TICKETS = select(
    tickets.c.id,
    tickets.c.number,
    tickets.c.state,
    tickets.c.title,
    tickets.c.category,
    tickets.c.priority,
    tickets.c.type,
    tickets.c.group_key,
    tickets.c.language,
    tickets.c.department,
    tickets.c.waiting,
    tickets.c.opened_at,
    tickets.c.response_due,
    tickets.c.responded_at,
    tickets.c.eta_at,
    tickets.c.solved_at,
    tickets.c.confirmed_at,
    tickets.c.closed_at,
    tickets.c.confirmed_by_id,
    tickets.c.closed_by,
    tickets.c.reopens,
    tickets.c.chases,
    tickets.c.chased_at,
    tickets.c.impact,
    tickets.c.urgency,
    tickets.c.severity,
    tickets.c.fields,
    tickets.c.tags,
    tickets.c.assigned_at,
    tickets.c.contact_due,
    tickets.c.solution_due,
    tickets.c.pauses,
    tickets.c.result,
    tickets.c.parent_id,
    tickets.c.merged_into_id,
    tickets.c.desk_id,
).order_by(tickets.c.id)
_TARGETS = tickets.alias("targets")


def _choose(ids: Column[int], by: Column[int]) -> Select[Any]:
    return select(ids).where(by.in_(bindparam("wanted", expanding=True)), ids.is_not(None))


_THEMSELVES = _choose(_TARGETS.c.id, _TARGETS.c.id)
_INTO = _choose(_TARGETS.c.merged_into_id, _TARGETS.c.id)
_UNDER = _choose(_TARGETS.c.id, _TARGETS.c.parent_id)
_FROM = _choose(_TARGETS.c.id, _TARGETS.c.merged_into_id)
# One statement for a ticket and its relatives: rows are locked in the order of their ids. Each
# kind of relative is a question of its own, and the desk is compared afterwards: else SQLite reads
# all of the desk's tickets.
_READ: Mapping[Kin, Select[Any]] = {
    "none": _TICKETS.where(tickets.c.id.in_(bindparam("wanted", expanding=True))),
    "merged": _TICKETS.where(tickets.c.id.in_(union(_THEMSELVES, _INTO))),
    "family": _TICKETS.where(tickets.c.id.in_(union(_THEMSELVES, _INTO, _UNDER, _FROM))),
}
# Not FOR UPDATE: that would keep the clock, which holds a deadline this may move, from writing
# to the timeline, and then each waits for the other.
_LOCKED = {kin: query.with_for_update(key_share=True) for kin, query in _READ.items()}
_PEOPLE = (
    select(
        participants.c.ticket_id,
        participants.c.role,
        people.c.id,
        people.c.key,
        people.c.name,
        people.c.role.label("rank"),
        people.c.listed,
        people.c.language,
        people.c.extension,
        people.c.department,
        addresses.c.address,
        addresses.c.bounced_until,
    )
    .join(people, people.c.id == participants.c.person_id)
    .join(addresses, addresses.c.person_id == people.c.id)
    .where(participants.c.ticket_id.in_(bindparam("wanted", expanding=True)))
    .order_by(participants.c.ticket_id, people.c.id)
)
_ASKING = people.alias("asking")
_LATEST = (
    select(
        tickets.c.id, tickets.c.number, tickets.c.title, tickets.c.category, tickets.c.state,
        people.c.name, tickets.c.opened_at, _ASKING.c.key, tickets.c.parent_id, tickets.c.tags,
    )
    .join(_ASKING, _ASKING.c.id == tickets.c.requester_id)
    .outerjoin(people, people.c.id == tickets.c.assignee_id)
    .where(tickets.c.desk_id == bindparam("desk"))
    .order_by(tickets.c.opened_at.desc())
    .limit(_RECENT)
)  # fmt: skip


def load(
    db: Connection,
    desk_id: str,
    wanted: Sequence[int],
    directory: Directory,
    now: datetime,
    *,
    lock: bool = True,
    kin: Kin = "none",
) -> tuple[KnownTicket, ...]:
    """These tickets of the desk with everybody in them; their rows are locked to be decided on.

    `kin` "merged": those they were merged into as well; "family": also what hangs under them or
    was merged into them. In the order of their ids.
    """
    if not wanted:
        return ()
    query = (_LOCKED if lock else _READ)[kin]
    rows = [row for row in db.execute(query, {"wanted": wanted}) if row.desk_id == desk_id]
    joined = len(wanted) > 1 or any(TAG in (row.tags or ()) for row in rows)
    if lock and kin == "family" and joined:
        # What came under a main ticket, or was merged into one that an order merges on, while
        # their rows were waited for is among them only now.
        rows = [row for row in db.execute(query, {"wanted": wanted}) if row.desk_id == desk_id]
    crowd = _gather_people(db, [row.id for row in rows], directory, now)
    return tuple(
        KnownTicket(
            id=row.id,
            number=row.number,
            state=State(row.state),
            title=row.title,
            insiders=frozenset(key for person in crowd[row.id] for key in person.addresses),
            people=crowd[row.id],
            category=row.category,
            priority=row.priority,
            type=row.type,
            group=row.group_key,
            language=row.language,
            department=row.department,
            waiting=Waiting(row.waiting),
            opened=row.opened_at,
            response_due=row.response_due,
            responded=row.responded_at,
            eta=row.eta_at,
            solved=row.solved_at,
            confirmed=row.confirmed_at,
            closed=row.closed_at,
            confirmed_by=next(
                (who.key for who in crowd[row.id] if who.id == row.confirmed_by_id), None
            ),
            closed_by=row.closed_by,
            reopens=row.reopens,
            chases=row.chases,
            chased=row.chased_at,
            impact=row.impact,
            urgency=row.urgency,
            severity=row.severity,
            fields=row.fields or {},
            tags=tuple(row.tags or ()),
            assigned=row.assigned_at,
            contact_due=row.contact_due,
            solution_due=row.solution_due,
            pauses=read_pauses(row.pauses),
            result=row.result,
            parent=row.parent_id,
            merged_into=row.merged_into_id,
        )
        for row in rows
    )


def read_pauses(kept: list[list[str | None]] | None) -> tuple[Pause, ...]:
    """As `changes.write_pauses` keeps them."""
    return tuple(
        Pause(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
        for start, end in kept or ()
        if start
    )


def _gather_people(
    db: Connection, wanted: Sequence[int], directory: Directory, now: datetime
) -> dict[int, tuple[Insider, ...]]:
    """By ticket: each part somebody has in it. A listed person is written to at the list's first
    address; anybody else at the one he wrote from first."""
    found: dict[tuple[int, str, int], list[Any]] = defaultdict(list)
    for row in db.execute(_PEOPLE, {"wanted": wanted}) if wanted else ():
        found[row.ticket_id, row.role, row.id].append(row)
    crowd: dict[int, list[Insider]] = {ticket: [] for ticket in wanted}
    for (ticket, part, _), rows in found.items():
        first = rows[0]
        keys = [row.address for row in rows]
        listed = directory.at(keys[0]) if first.listed else None
        main = listed.addresses[0] if listed else first.key if first.key in keys else keys[0]
        crowd[ticket].append(
            Insider(
                part=Part(part),
                key=main,
                name=first.name,
                addresses=frozenset(keys),
                role=Role(first.rank),
                listed=first.listed,
                language=first.language,
                extension=first.extension,
                department=first.department,
                bounced=any(
                    row.address == main and row.bounced_until and row.bounced_until > now
                    for row in rows
                ),
                id=first.id,
            )
        )
    return {ticket: tuple(persons) for ticket, persons in crowd.items()}


def read_recent(db: Connection, desk_id: str) -> tuple[Candidate, ...]:
    """The desk's newest tickets that are still open."""
    return tuple(
        Candidate(
            *(ticket, number, title, category, _STATES[state], handler, opened, key, parent),
            tags=tuple(tags or ()),
        )
        for ticket, number, title, category, state, handler, opened, key, parent, tags in (
            db.execute(_LATEST, {"desk": desk_id}).all()
        )
        if state not in _OVER
    )


_OVER = frozenset(state.value for state in ENDED)
# Calling an enum costs several times what a look-up does.
_STATES = {state.value: state for state in State}
