"""What a mail does to other tickets than its own: merged into, split off, under one main ticket.

In the transaction of its decision, which holds their rows in the order of their ids. What happens
was decided in `desk`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, update

from maildesk.desk.decision import Decision, EventPlan, Facts, Opening, Other
from maildesk.desk.ticket import Part
from maildesk.store.changes import change_people, change_ticket, note_events, plan_deadlines
from maildesk.store.letterpress import Letterpress
from maildesk.store.openings import enter_ticket, set_limits
from maildesk.store.printing import print_all
from maildesk.store.schema import letters, message_ids, texts


def apply_others(
    db: Connection,
    press: Letterpress,
    facts: Facts,
    decision: Decision,
    letter: int | None,
    known: Mapping[str, int],
    cause: str,
) -> int:
    """Make all of it true; how many letters were queued. `known` are people's rows by address."""
    actor = None
    if facts.sender is not None:
        actor = facts.sender.person or known.get(facts.sender.address)
    queued = 0
    for other in decision.others:
        ticket, number = _reach(db, facts, decision, other, letter, known, actor)
        joins = {(known[key], part) for key, _, part in other.joins}
        leaves = [(known[key], part) for key, part in other.leaves]
        if other.opening is not None:
            joins |= _list_parts(other.opening, known)
        change_people(db, ticket, sorted(joins), leaves)
        mine = f"{cause}/{ticket}"  # the same reader may get a letter of each
        told = other.letters
        note_events(
            db, ticket, letter, actor, facts.now, other.events, told, mine, facts.desk.privacy.hide
        )
        if other.takes is not None:
            _move_mail(db, facts.desk.id, other.takes, ticket)
        queued += print_all(db, press, facts, told, other.ticket, ticket, number, None, mine)
    return queued


def _reach(
    db: Connection,
    facts: Facts,
    decision: Decision,
    other: Other,
    letter: int | None,
    known: Mapping[str, int],
    actor: int | None,
) -> tuple[int, str]:
    """The ticket changed, or opened; the one it comes from is told its number."""
    desk, now = facts.desk.id, facts.now
    opening = other.opening
    if opening is None:
        assert other.ticket is not None
        change_ticket(db, other.ticket.id, other.change, known, now)
        plan_deadlines(db, desk, other.ticket.id, other.deadlines)
        return other.ticket.id, other.ticket.number
    assert opening.requester is not None
    ticket, number = enter_ticket(db, facts, opening, known, known[opening.requester])
    set_limits(db, desk, other.deadlines, ticket)
    if decision.ticket is not None:
        event = EventPlan("split", (("to", number),))
        note_events(db, decision.ticket.id, letter, actor, now, (event,), (), "")
    return ticket, number


def _list_parts(opening: Opening, known: Mapping[str, int]) -> set[tuple[int, Part]]:
    parts = {Part.REQUESTER: opening.requester, Part.ASSIGNEE: opening.assignee}
    return {(known[key], part) for part, key in parts.items() if key}


_MAIL = select(letters.c.message_id).where(letters.c.id == bindparam("mail"))
_MOVES = (
    update(letters).where(letters.c.id == bindparam("mail")).values(ticket_id=bindparam("to")),
    update(texts).where(texts.c.letter_id == bindparam("mail")).values(ticket_id=bindparam("to")),
)
_RENAME = (
    update(message_ids)
    .where(message_ids.c.desk_id == bindparam("desk"), message_ids.c.message_id == bindparam("id"))
    .values(ticket_id=bindparam("to"))
)


def _move_mail(db: Connection, desk_id: str, mail: int, ticket: int) -> None:
    """A mail and its words belong to the other ticket from now on; so do answers to it."""
    for move in _MOVES:
        db.execute(move, {"mail": mail, "to": ticket})
    message_id = db.execute(_MAIL, {"mail": mail}).scalar_one_or_none()
    if message_id:
        db.execute(_RENAME, {"desk": desk_id, "id": message_id, "to": ticket})
