"""Makes a decided change of a ticket true: its fields, its people, its deadlines, kept words.

In the caller's transaction, which holds the ticket's row. What changes was decided in `desk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_, update

from maildesk.desk.decision import Change, DeadlinePlan, DraftPlan, EventPlan, LetterPlan
from maildesk.desk.privacy.mask import ALL, Secret, mask
from maildesk.desk.ticket import Part, Pause
from maildesk.store import deadlines, outbox
from maildesk.store.deadlines import NewDeadline
from maildesk.store.schema import deadlines as due
from maildesk.store.schema import drafts, events, participants, people, tickets
from maildesk.store.statement import Statement, insert_or_ignore

_NEW_EVENT = Statement(insert(events))
_CHANGE = Statement(update(tickets).where(tickets.c.id == bindparam("ticket")))

# A change's field → the ticket's column, where they differ.
_COLUMNS = {
    "group": "group_key",
    "eta": "eta_at",
    "responded": "responded_at",
    "solved": "solved_at",
    "confirmed": "confirmed_at",
    "closed": "closed_at",
    "chased": "chased_at",
    "assigned": "assigned_at",
    "parent": "parent_id",
    "merged_into": "merged_into_id",
}
_PERSONS = {
    "assignee": "assignee_id",
    "requester": "requester_id",
    "confirmed_by": "confirmed_by_id",
}


def change_ticket(
    db: Connection, ticket: int, change: Change | None, known: Mapping[str, int], now: datetime
) -> None:
    """Write the fields that differ; `known` are the people's rows by address key."""
    values: dict[str, Any] = {"updated_at": now}
    for name in Change.__slots__ if change is not None else ():
        value = getattr(change, name)
        if name == "clear" or value is None:
            continue
        if name in _PERSONS:
            values[_PERSONS[name]] = known[value]
        elif name == "fields":
            values["fields"] = _merge_fields(db, ticket, value)
        elif name == "pauses":
            values["pauses"] = write_pauses(value) or None
        else:
            values[_COLUMNS.get(name, name)] = getattr(value, "value", value)
    for name in change.clear if change is not None else ():
        values[_PERSONS.get(name) or _COLUMNS.get(name, name)] = None
    _CHANGE.run(db, {**values, "ticket": ticket})
    if change is not None and change.assignee is not None:
        note_turn(db, known[change.assignee], now)


def _merge_fields(db: Connection, ticket: int, told: Mapping[str, str]) -> dict[str, str] | None:
    kept = db.execute(select(tickets.c.fields).where(tickets.c.id == ticket)).scalar_one() or {}
    return {key: text for key, text in {**kept, **told}.items() if text} or None


def write_pauses(pauses: Sequence[Pause]) -> list[list[str | None]]:
    """As `cases.read_pauses` reads them: instants as text, None for one that is not over."""
    return [[item.start.isoformat(), item.end.isoformat() if item.end else None] for item in pauses]


def note_turn(db: Connection, person: int, now: datetime) -> None:
    """Somebody was given a ticket: others are next."""
    db.execute(update(people).where(people.c.id == person).values(assigned_at=now))


def change_people(
    db: Connection,
    ticket: int,
    joins: Sequence[tuple[int, Part]],
    leaves: Sequence[tuple[int, Part]],
) -> None:
    """Who takes part from now on, and in what no longer."""
    if leaves:
        gone = [(ticket, who, part.value) for who, part in leaves]
        key = tuple_(participants.c.ticket_id, participants.c.person_id, participants.c.role)
        db.execute(delete(participants).where(key.in_(gone)))
    if joins:
        rows = sorted({(who, part.value) for who, part in joins})
        insert_or_ignore(
            db,
            participants,
            [{"ticket_id": ticket, "person_id": who, "role": part} for who, part in rows],
        )


def plan_deadlines(
    db: Connection, desk_id: str, ticket: int, plans: Sequence[DeadlinePlan]
) -> None:
    """Enter what falls due; an open row of the kind is moved, a fired one is never used again."""
    subject = f"ticket:{ticket}"
    for plan in plans:
        mine = (due.c.kind == plan.kind) & (due.c.subject == subject)
        if plan.at is None:
            gone = {"state": "dropped", "note": "no longer due"}
            db.execute(update(due).where(mine, due.c.state == "open").values(gone))
            continue
        moved = db.execute(update(due).where(mine, due.c.state == "open").values(due_at=plan.at))
        if moved.rowcount:
            continue
        rounds = db.execute(select(func.count()).select_from(due).where(mine)).scalar_one()
        deadlines.set_deadlines(
            db, [NewDeadline(plan.kind, subject, desk_id, plan.at, ticket, str(rounds + 1))]
        )


def note_events(
    db: Connection,
    ticket: int,
    letter: int | None,
    actor: int | None,
    now: datetime,
    plans: Sequence[EventPlan],
    letters: Sequence[LetterPlan],
    cause: str,
    hide: frozenset[Secret] = ALL,
) -> None:
    """What happened, and which letters it made, on the ticket's timeline.

    `hide`: what a letter may show its reader, its copy here may not.
    """
    rows = [
        {
            "ticket_id": ticket,
            "letter_id": letter,
            "at": now,
            "kind": item.kind,
            "actor_id": actor,
            "data": {key: mask(value, hide) for key, value in item.data}
            | ({"cause": cause} if letter is None else {}),
        }
        for item in plans
    ]
    rows += [
        {
            "ticket_id": ticket,
            "letter_id": letter,
            "at": now,
            "kind": "letter_withheld" if plan.withheld else "letter_queued",
            "actor_id": None,
            "data": {"letter": plan.letter, "to": plan.address, "why": plan.withheld or ""},
        }
        for plan in letters
    ]
    if rows:
        _NEW_EVENT.run_all(db, rows)


def keep_draft(
    db: Connection,
    desk_id: str,
    ticket: int | None,
    letter: int,
    person: int,
    plan: DraftPlan,
    now: datetime,
) -> int:
    """Keep words back until their author releases them; the draft's number."""
    row = {
        "desk_id": desk_id,
        "ticket_id": ticket,
        "letter_id": letter,
        "person_id": person,
        "kind": plan.kind,
        "words": plan.words,
        "relay": plan.relay,
        "relay_to": plan.relay_to or None,
        "files": outbox.write_files(plan.files),
        "reason": plan.reason,
        "created_at": now,
    }
    return int(db.execute(insert(drafts).returning(drafts.c.id), row).scalar_one())


def release_drafts(db: Connection, wanted: Sequence[int], now: datetime) -> None:
    """These drafts no longer wait."""
    if wanted:
        db.execute(
            update(drafts)
            .where(drafts.c.id.in_(wanted), drafts.c.released_at.is_(None))
            .values(released_at=now)
        )
