"""Time passes for who works on what: an engineer is away, a major incident is silent.

Handlers of due rows, as `clock` runs them: each reads facts, queues letters, and says in one
sentence what it did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from maildesk.desk.calendar.absence import find_away
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead
from maildesk.desk.letters.routing_notices import tell_absent, tell_silent
from maildesk.desk.outages.major import is_major
from maildesk.desk.staff.agenda import AwayTasks, Task
from maildesk.desk.ticket import KnownTicket, Part, Waiting
from maildesk.post import Post
from maildesk.store import agendas, attendance, cases, deadlines, tickets
from maildesk.store.deadlines import Due, NewDeadline
from maildesk.store.engine import Connection

_CANNOT_WAIT = 2
"""Tickets of so many of the most urgent priorities are handed on when their engineer is away."""

_LONGEST_PAUSE = timedelta(hours=8)
_MOST_TOLD = 4


def tell_of_absence(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """Somebody's notice says he is away: his urgent and high tickets that nobody has answered are
    told to the leads, in one letter a desk; the rest stands in their digest."""
    person = int(due.subject.partition(":")[2])
    addresses, until = attendance.find_person(db, person, now)
    if until is None:
        return "he is there"
    listed = next((who for key in addresses if (who := post.directory.at(key))), None)
    name = listed.name if listed else addresses[0]
    told = []
    if not post.leads:
        return "no lead is listed; nobody was told"
    for desk in post.desks.values():
        priorities = [item.key for item in desk.profile.priorities if item.rank < _CANNOT_WAIT]
        waiting = agendas.list_unanswered(db, desk.id, person, priorities)
        if not waiting:
            continue
        only = waiting[0][0] if len(waiting) == 1 else None
        shown = [ticket for _, ticket in waiting]
        for lead in post.leads:
            if lead.address in addresses:
                continue  # he is away himself
            plan = tell_absent(desk, lead, name, until, shown, now)
            told.append(post.queue(db, desk.id, plan, f"deadline:{due.id}", only, now))
    return "; ".join(told) or "nothing of his cannot wait"


def list_absent(
    post: Post,
    db: Connection,
    desk: DeskConfig,
    tasks: Mapping[str, tuple[Task, ...]],
    now: datetime,
) -> tuple[AwayTasks, ...]:
    """Who is away, and what lies with him; `tasks` by somebody's key in the people list."""
    notices = attendance.read_away(db, now)
    found = []
    for person in post.directory.staff:
        mine = tasks.get(person.staff_number or person.key, ())
        away = find_away(person, notices, now, desk.zone_info) if mine else None
        if away is not None:
            found.append(AwayTasks(person.name, away.until, mine))
    return tuple(found)


def ask_for_news(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """A major incident of which nothing was heard: its engineer is reminded, from the second time
    on its leads as well; the pauses grow, so that a night is no storm, and who did not answer four
    letters is not sent a fifth."""
    assert due.ticket is not None
    desk = post.desks[due.desk_id]
    known = cases.load(db, desk.id, [due.ticket], post.directory, now, lock=False)
    if not known or not is_major(desk.profile, known[0].priority, known[0].tags, known[0].state):
        return "the major incident is over"
    ticket = known[0]
    every = timedelta(minutes=desk.profile.major_update_minutes)
    last, before = tickets.find_last_news(db, ticket.id)
    heard = last or ticket.opened or now
    if now - heard < every:
        _ask_again(db, due, heard + every)
        return "there was news"
    if ticket.responded is None and ticket.response_due is not None:
        # Its limits ask for the first word; silence is told after them, not beside them.
        asked = ticket.response_due + every
        if now < asked:
            _ask_again(db, due, asked)
            return "nobody has responded yet: its limit is told first"
    if ticket.waiting is not Waiting.NONE:
        _ask_again(db, due, now + every)
        return f"it waits for the {ticket.waiting.value.replace('_', ' ')}"
    if before >= _MOST_TOLD:
        _ask_again(db, due, now + _LONGEST_PAUSE)
        return f"told {before} times without an answer: more letters would change nothing"
    _ask_again(db, due, now + min(every * 2 ** max(0, before - 1), _LONGEST_PAUSE))
    tickets.add_event(db, ticket.id, "silent", {}, now)
    minutes = round((now - heard).total_seconds() / 60)
    readers = _choose_readers(post, ticket, before)
    if not readers:
        return "no lead is listed; nobody was told"
    return "; ".join(
        post.queue(
            db,
            desk.id,
            tell_silent(desk, reader, ticket, minutes, now, to_engineer=mine),
            f"deadline:{due.id}",
            ticket.id,
            now,
        )
        for reader, mine in readers
    )


def _choose_readers(post: Post, ticket: KnownTicket, before: int) -> list[tuple[Lead, bool]]:
    """Each once, and whether the ticket is his; leads from the second time on, or without him."""
    engineer = ticket.find(Part.ASSIGNEE)
    readers = []
    if engineer is not None:
        readers.append((Lead(engineer.key, engineer.name, engineer.language), True))
    if before > 0 or engineer is None or engineer.bounced:
        mine = engineer.addresses if engineer else frozenset()
        readers += [(lead, False) for lead in post.leads if lead.address not in mine]
    return readers


def _ask_again(db: Connection, due: Due, at: datetime) -> None:
    following = str(int(due.round) + 1)
    row = NewDeadline(due.kind, due.subject, due.desk_id, at, due.ticket, following)
    deadlines.set_deadlines(db, [row])
