"""Everybody the desk has met: the people list, and senders seen since.

One person, many addresses; an address belongs to one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from maildesk.desk.arrival.directory import STAFF
from maildesk.desk.decision import Sender
from maildesk.desk.person import Person, Role
from maildesk.store.schema import absences, addresses, events, participants, people, tickets
from maildesk.store.statement import Statement, insert_or_ask, insert_or_ignore

_LONGEST_NAME = 255


def sync_people(db: Connection, listed: Iterable[Person]) -> tuple[int, ...]:
    """Make the listed people what the file says; somebody no longer listed becomes a requester.

    Answers who was staff and is not any more.
    """
    wanted = {person.staff_number or person.addresses[0]: person for person in listed}
    known = {row.key: row for row in db.execute(select(people))}
    owners = {row.address: row.person_id for row in db.execute(select(addresses))}
    listed_ids = {row.id for row in known.values() if row.listed}
    renamed = {row.id: row for row in known.values() if row.listed and row.key not in wanted}
    staff: set[int] = set()
    for key, person in wanted.items():
        values = {
            "key": key,
            "name": person.name,
            "listed": True,
            "staff_number": person.staff_number,
            "department": person.department,
            "manager": person.manager,
            "extension": person.extension,
            "language": person.language,
            "role": person.role.value,
            "skills": list(person.skills),
        }
        row = known.get(key) or _recognise(person, renamed, owners)
        if row is None:
            person_id = db.execute(insert(people).returning(people.c.id), values).scalar_one()
        else:
            person_id = row.id
            if any(row._mapping[name] != value for name, value in values.items()):
                db.execute(update(people).where(people.c.id == person_id).values(values))
        if person.role in STAFF:
            staff.add(person_id)
        for address in person.addresses:
            owner = owners.get(address)
            if owner is None:
                db.execute(insert(addresses), {"address": address, "person_id": person_id})
            elif owner != person_id:
                seen_only = owner not in listed_ids
                _move_address(db, address, owner, person_id, with_past=seen_only)
    if renamed:
        db.execute(_LEAVE, [{"gone": person} for person in renamed])
    return tuple(
        row.id for row in known.values() if Role(row.role) in STAFF and row.id not in staff
    )


# Each by itself: a company may leave the list at once, and a statement takes only so many ids.
_LEAVE = (
    update(people)
    .where(people.c.id == bindparam("gone"))
    .values(listed=False, role=Role.REQUESTER.value)
)


def _recognise(
    person: Person, renamed: dict[int, Row[Any]], owners: Mapping[str, int]
) -> Row[Any] | None:
    """Who was listed under another key: a staff number was added, corrected or left out, or another
    address stands first. He keeps his tickets; one of another name is another person."""
    for address in person.addresses:
        row = renamed.get(owners.get(address, 0))
        if row is not None and row.name == person.name:
            return renamed.pop(row.id)
    return None


_own = addresses.alias()
_SENDER = Statement(
    select(
        people.c.id,
        people.c.name,
        people.c.listed,
        people.c.role,
        people.c.department,
        people.c.extension,
        people.c.language,
        absences.c.since,
        absences.c.until,
        addresses.c.address,
        addresses.c.bounced_at,
    )
    .join(addresses, addresses.c.person_id == people.c.id)
    .outerjoin(absences, absences.c.person_id == people.c.id)
    .where(
        people.c.id
        == select(_own.c.person_id).where(_own.c.address == bindparam("sender")).scalar_subquery()
    )
)


def _move_address(
    db: Connection, address: str, owner: int, person: int, *, with_past: bool
) -> None:
    """Give an address to a listed person; `with_past`, also the tickets of who only wrote from it.

    Without that, somebody who wrote before being listed would no longer take part in his tickets.
    """
    db.execute(update(addresses).where(addresses.c.address == address).values(person_id=person))
    if not with_past:
        return
    parts = db.execute(
        select(participants.c.ticket_id, participants.c.role).where(
            participants.c.person_id == owner
        )
    ).all()
    if parts:
        insert_or_ignore(
            db,
            participants,
            [{"ticket_id": row[0], "person_id": person, "role": row[1]} for row in parts],
        )
        db.execute(delete(participants).where(participants.c.person_id == owner))
    for column in (
        tickets.c.requester_id,
        tickets.c.reporter_id,
        tickets.c.assignee_id,
        events.c.actor_id,
    ):
        db.execute(update(column.table).where(column == owner).values({column: person}))


def find_sender(db: Connection, address: str, name: str) -> Sender:
    """Who writes from this address key; somebody never seen has `person` None."""
    rows = _SENDER.ask(db, {"sender": address})
    if not rows:
        return Sender(address=address, name=name, addresses=frozenset((address,)))
    person, kept, listed, role, department, extension, language, since, until = rows[0][:-2]
    bounced = {row[-2]: row[-1] for row in rows}
    return Sender(
        address=address,
        name=kept if listed else name or kept,
        person=person,
        listed=listed,
        role=Role(role),
        department=department,
        extension=extension,
        language=language,
        addresses=frozenset(bounced),
        unreached=bounced.get(address) is not None,
        away=(since, until) if until else None,
    )


_IDS = select(addresses.c.address, addresses.c.person_id).where(
    addresses.c.address.in_(bindparam("keys", expanding=True))
)


def find_ids(db: Connection, keys: Sequence[str]) -> dict[str, int]:
    """Address key → person id, for those already met."""
    if not keys:
        return {}
    return {row[0]: row[1] for row in db.execute(_IDS, {"keys": keys})}


def ensure(
    db: Connection, wanted: Mapping[str, str], new: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Address key → person id for each of `wanted` (key → display name); creates the unknown.

    `new` were looked for in this transaction and not found: they are not looked for again.
    Keys are handled in sorted order, so that two transactions never wait for each other.
    """
    found = find_ids(db, sorted(set(wanted) - new))
    for key in sorted(set(wanted) - set(found)):
        row = {
            "key": key,
            "name": (wanted[key] or key)[:_LONGEST_NAME],
            "listed": False,
            "role": Role.REQUESTER.value,
            "skills": [],
        }
        person = insert_or_ask(db, people, row)
        if person is None:
            person = db.execute(select(people.c.id).where(people.c.key == key)).scalar_one()
        insert_or_ignore(db, addresses, [{"address": key, "person_id": person}])
        found[key] = person
    return found
