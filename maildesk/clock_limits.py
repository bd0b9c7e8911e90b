"""A ticket's limits fall due: who is warned, who is asked why, and when nobody is.

Handlers of the clock's rows. Whether a limit still holds is `desk.limit_state`'s question; a miss
leaves its event whoever is told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from maildesk.desk import notices
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead
from maildesk.desk.limit_state import (
    add_wait,
    blame_outage,
    find_met,
    find_relief,
    miss_same_day,
    say_met,
)
from maildesk.desk.limits import LimitKind, find_due, list_limits
from maildesk.desk.major import is_major
from maildesk.desk.notices import LimitFacts, waits_past
from maildesk.desk.ticket import KnownTicket, Part
from maildesk.post import Post
from maildesk.store import agendas, cases, outages, tickets
from maildesk.store.deadlines import Due
from maildesk.store.engine import Connection

_CONDITIONS = {
    LimitKind.RESPONSE: "awaiting_response",
    LimitKind.CONTACT: "awaiting_response",
    LimitKind.SOLUTION: "unsolved",
}


def warn(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """A limit comes near: told to its engineer, or to the lead without one that letters reach; in
    a major incident to both."""
    kind, ticket = _read_kind(due), _load(post, db, due, now)
    if ticket is None:
        return "the ticket is gone"
    limit_due = find_due(ticket, kind) or due.due_at
    relief = find_relief(ticket, kind, limit_due)
    if relief is not None:
        return relief
    if limit_due <= now:
        return "too late to warn: the limit has passed"
    if find_met(ticket, kind) is not None:
        return say_met(kind)
    if kind is LimitKind.SOLUTION and ticket.eta is not None and ticket.eta > now:
        return "its engineer has said when it will be done"
    desk = post.desks[due.desk_id]
    facts = _describe(db, ticket, kind, limit_due)
    if facts is None:
        return "the ticket is gone"
    if waits_past(desk, facts, now):
        return "the limit passes before the quiet hours end: only the miss is told"
    lately = now - timedelta(minutes=desk.profile.near_minutes)
    if agendas.was_told(db, ticket.id, ("near", "missed"), lately):
        return "another limit of the ticket was told just before: one letter is enough"
    engineers, reached = _find_engineer(ticket)
    readers = [(item, True) for item in engineers]
    major = is_major(desk.profile, ticket.priority, ticket.tags, ticket.state)
    readers += [(item, False) for item in (post.leads if major or not reached else ())]
    return _tell(post, db, due, "near", desk, facts, readers, now)


def tell_miss(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """A limit was missed: an event, and the reason asked of its engineer, or of the lead without
    one that letters reach. A missed urgent one is told to the lead as well (WORDS: at once)."""
    kind, ticket = _read_kind(due), _load(post, db, due, now)
    if ticket is None:
        return "the ticket is gone"
    limit_due = find_due(ticket, kind) or due.due_at
    relief = find_relief(ticket, kind, limit_due)
    if relief is not None:
        return relief
    if limit_due > now:
        return "it is due later by now"
    desk = post.desks[due.desk_id]
    entered = outages.find_entered(db, ticket.id)
    ours = _is_ours(db, desk, ticket, kind, limit_due, entered)
    told = {
        "limit": kind.value,
        "due": limit_due.isoformat(),
        **({"outage": "yes"} if ours else {}),
    }
    tickets.add_event(db, ticket.id, kind.missed, told, now)
    if find_met(ticket, kind) is not None:
        return f"missed: {say_met(kind)}, but too late"
    lately = now - timedelta(minutes=desk.profile.near_minutes)
    if ours and entered is not None and entered > lately:
        return "missed by our own outage; what came meanwhile has only just been given out"
    spared = _spare(db, desk, ticket, kind, now)
    if spared is not None:
        return f"missed; {spared}"
    facts = _describe(db, ticket, kind, limit_due)
    if facts is None:
        return "the ticket is gone"
    engineers, reached = _find_engineer(ticket)
    urgent = desk.profile.priority(ticket.priority).rank == 0
    readers = [(item, True) for item in engineers]
    readers += [(item, False) for item in (post.leads if urgent or not reached else ())]
    note = _tell(post, db, due, "missed", desk, replace(facts, outage=ours), readers, now)
    return f"missed by our own outage: {note}" if ours else note


_SAME_ACT = {
    LimitKind.RESPONSE: LimitKind.CONTACT,
    LimitKind.CONTACT: LimitKind.RESPONSE,
}
"""Both ask for one and the same: that somebody contacts the requester."""


def _spare(
    db: Connection, desk: DeskConfig, ticket: KnownTicket, kind: LimitKind, now: datetime
) -> str | None:
    """Why a miss needs no letter of its own; a reason given later stands for both."""
    other = _SAME_ACT.get(kind)
    if other is None:
        return None
    within = timedelta(minutes=desk.profile.near_minutes)
    following = find_due(ticket, other)
    if following is not None and now < following <= now + within:
        return f"the {other.value} is due soon, and one letter will ask for both"
    if agendas.was_told(db, ticket.id, ("missed",), now - within):
        return f"the letter about the {other.value} has just asked"
    return None


def note_same_day(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """The day ends on which the ticket should have been solved (R14): an event, and no letter."""
    ticket = _load(post, db, due, now)
    if ticket is None:
        return "the ticket is gone"
    why = miss_same_day(ticket, due.due_at)
    if why is not None:
        return why
    tickets.add_event(db, ticket.id, "same_day_missed", {"due": due.due_at.isoformat()}, now)
    return "not solved on the day it came"


def _read_kind(due: Due) -> LimitKind:
    return LimitKind(due.kind.partition("_")[0])


def _load(post: Post, db: Connection, due: Due, now: datetime) -> KnownTicket | None:
    assert due.ticket is not None
    known = cases.load(db, due.desk_id, [due.ticket], post.directory, now, lock=False)
    return known[0] if known else None


def _describe(
    db: Connection, ticket: KnownTicket, kind: LimitKind, due: datetime
) -> LimitFacts | None:
    found = agendas.find_limit(db, ticket.id)
    return replace(found, limit=kind.value, due=due) if found is not None else None


def _is_ours(
    db: Connection,
    desk: DeskConfig,
    ticket: KnownTicket,
    kind: LimitKind,
    due: datetime,
    entered: datetime | None,
) -> bool:
    """Whether the limit ran out because nothing of ours ran, or had not read the mail.

    `entered`: when its first mail was decided, however long it had lain on the server.
    """
    profile = desk.profile
    limits = list_limits(profile.priority(ticket.priority), profile)
    limit = next((item for item in limits if item.kind is kind), None)
    start = ticket.assigned if kind is LimitKind.CONTACT else ticket.opened
    if limit is None or start is None:
        return False
    gaps = outages.list_outages(db, desk.id, start - timedelta(hours=1), due)
    if kind is not LimitKind.CONTACT:
        gaps = add_wait(gaps, ticket.opened, entered)
    return blame_outage(start, due, gaps, limit, desk.zone_info)


def _find_engineer(ticket: KnownTicket) -> tuple[tuple[Lead, ...], bool]:
    """(who has the ticket, whether letters reach him: none to him has come back)."""
    assignee = ticket.find(Part.ASSIGNEE)
    if assignee is None:
        return (), False
    return (Lead(assignee.key, assignee.name, assignee.language),), not assignee.bounced


def _tell(
    post: Post,
    db: Connection,
    due: Due,
    letter: str,
    desk: DeskConfig,
    facts: LimitFacts,
    readers: list[tuple[Lead, bool]],
    now: datetime,
) -> str:
    """One letter a reader; `readers` are (who, whether the ticket is his)."""
    if not readers:
        return "no lead is listed; nobody was told"
    return "; ".join(
        post.queue(
            db,
            due.desk_id,
            notices.tell_limit(letter, desk, reader, facts, now, to_engineer=mine),
            f"deadline:{due.id}",
            due.ticket,
            now,
            condition=_CONDITIONS[_read_kind(due)],
        )
        for reader, mine in {item.address: (item, mine) for item, mine in readers}.values()
    )
