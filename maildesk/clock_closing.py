"""Time passes after a yes: its score is asked for in one letter, and the ticket is closed.

Handlers of the clock's rows, which `desk.answers.closing` plans. A rating that comes by itself
makes both needless: it closes the ticket at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from maildesk.desk.aftercare import survey_letter
from maildesk.desk.answers.closing import close
from maildesk.desk.calendar.hours import count_working_days
from maildesk.desk.calendar.quiet import choose_calendar, next_round
from maildesk.desk.ticket import KnownTicket, State
from maildesk.post import Post
from maildesk.store import cases, changes, deadlines, ratings, reminders, surveys, tickets
from maildesk.store.deadlines import Due, NewDeadline
from maildesk.store.engine import Connection

_BUSY = timedelta(minutes=1)
_DAYS_TO_ANSWER = 10
"""Working days that a question beside the yes keeps a ticket from closing, if nobody answers it."""


def ask_rating(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """He said yes and gave no score: one letter, never twice, and not to whom was asked lately."""
    desk, ticket = post.desks[due.desk_id], _load(post, db, due, now)
    if ticket is None:
        return "the ticket is gone"
    confirming = surveys.list_confirming(db, ticket.id)
    rater = survey_letter.find_rater(ticket, confirming)
    why = survey_letter.judge(ticket, rater)
    if why is None and rater is not None:
        away = reminders.list_absences(db, rater.key)
        if any(since <= now < until for since, until in away):
            why = f"{rater.key} is away"
    if why is None and ratings.read_current(db, ticket.id) is not None:
        why = "it was rated meanwhile"
    if why is not None or rater is None:
        return f"not asked: {why}"
    days = desk.profile.survey.every_days
    if surveys.find_last_asked(db, rater.addresses, now - timedelta(days=days)) is not None:
        return f"not asked: {rater.key} was asked for a rating within {days} days"
    plan = survey_letter.ask_rating(desk, post.directory, ticket, rater, now)
    note = post.queue(db, desk.id, plan, f"deadline:{due.id}", ticket.id, now, condition="unrated")
    if not note.startswith("withheld"):
        tickets.add_event(db, ticket.id, "survey_sent", {"to": rater.key}, now)
    return note


def close_confirmed(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """Confirmed, and the days for a score have passed: closed by the requester's own word."""
    if due.ticket is not None and not reminders.lock(db, due.ticket):
        return _look_again(db, due, now + _BUSY, "a mail is just being decided on")
    desk, ticket = post.desks[due.desk_id], _load(post, db, due, now)
    if ticket is None:
        return "the ticket is gone"
    if ticket.state is not State.SOLVED or ticket.confirmed is None:
        return "not closed: it is closed already, or goes on"
    calendar = desk.profile.calendar(desk.profile.priority(ticket.priority).calendar)
    days = count_working_days(ticket.confirmed, now, calendar, desk.zone_info)
    if days < _DAYS_TO_ANSWER and surveys.waits_for_answer(db, ticket.id):
        clock = now.astimezone(desk.zone_info).time()
        at = next_round(now, clock, desk.zone_info, choose_calendar(desk.profile))
        return _look_again(db, due, at, "a question that came with the yes is not answered yet")
    changes.change_ticket(db, ticket.id, close(now), {}, now)
    tickets.add_event(db, ticket.id, "closed", {"by": "requester", "why": "confirmed"}, now)
    return "closed: it was confirmed"


def _look_again(db: Connection, due: Due, at: datetime, why: str) -> str:
    following = str(int(due.round) + 1)
    row = NewDeadline(due.kind, due.subject, due.desk_id, at, due.ticket, following)
    deadlines.set_deadlines(db, [row])
    return f"{why}; looked at again later"


def _load(post: Post, db: Connection, due: Due, now: datetime) -> KnownTicket | None:
    assert due.ticket is not None
    # Not locked: a mail that holds the ticket may wait for the deadline this handler holds.
    found = cases.load(db, due.desk_id, [due.ticket], post.directory, now, lock=False)
    return found[0] if found else None
