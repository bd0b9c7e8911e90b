"""What somebody leaves behind who is no longer staff: tickets and letters that wait for him.

His tickets are nobody's from now on, and their lead is told: else their requesters would write to
somebody who left, and nobody would ever know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, exists, or_, select, update

from maildesk.desk.arrival.directory import STAFF
from maildesk.desk.decision import DeadlinePlan
from maildesk.desk.ticket import ENDED, Part, State
from maildesk.store.changes import plan_deadlines
from maildesk.store.schema import addresses, outbox, participants, people, tickets
from maildesk.store.tickets import add_event

_ASKING = (Part.REQUESTER, Part.REPORTER, Part.CC)
_BEGUN = (State.NEW.value, State.IN_PROGRESS.value)


def vacate(db: Connection, now: datetime) -> int:
    """Take open tickets from everybody the people list does not name as staff; how many.

    Call it after the list was entered. The lead hears of all of them in one letter.
    """
    staff = [role.value for role in STAFF]
    former = or_(people.c.listed.is_(False), people.c.role.not_in(staff))
    found = db.execute(
        select(tickets.c.id, tickets.c.desk_id, tickets.c.state, people.c.name)
        .join(people, people.c.id == tickets.c.assignee_id)
        .where(former, tickets.c.state.not_in([state.value for state in ENDED]))
        .order_by(tickets.c.id)
        .with_for_update(of=tickets)
    ).all()
    for row in found:
        state = State.UNASSIGNED.value if row.state in _BEGUN else row.state
        values = {"assignee_id": None, "state": state, "updated_at": now}
        db.execute(update(tickets).where(tickets.c.id == row.id).values(values))
        add_event(db, row.id, "assignee_left", {"who": row.name}, now)
        plan_deadlines(db, row.desk_id, row.id, [DeadlinePlan("unassigned_notice", now)])
    db.execute(
        delete(participants).where(
            participants.c.role.in_((Part.ASSIGNEE.value, Part.HELPER.value)),
            participants.c.person_id.in_(select(people.c.id).where(former)),
        )
    )
    return len(found)


def take_back_letters(db: Connection, former: Sequence[int], now: datetime) -> int:
    """What waits to leave to people who were staff stays here, but for tickets of their own."""
    if not former:
        return 0
    own = exists().where(
        participants.c.ticket_id == outbox.c.ticket_id,
        participants.c.person_id.in_(former),
        participants.c.role.in_([part.value for part in _ASKING]),
    )
    theirs = select(addresses.c.address).where(addresses.c.person_id.in_(former))
    done = db.execute(
        update(outbox)
        .where(outbox.c.state == "queued", outbox.c.address.in_(theirs), ~own)
        .values(state="superseded", reason="its reader is no longer staff", settled_at=now)
    )
    return done.rowcount
