"""Time passes for follow-ups of low ratings: the lead is reminded, and a miss is recorded.  (M8)

Handlers of the clock's rows. The hours are the clock's own, not the desk's; only a letter that can
wait does not leave at night.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from maildesk.desk.aftercare.follow_up_letters import tell_low
from maildesk.desk.calendar.quiet import hold_until
from maildesk.desk.charter import DeskConfig
from maildesk.desk.evidence import OpenFollowUp
from maildesk.desk.letters.follow_up_values import Tone
from maildesk.desk.letters.moments import say
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import DigestItem, DigestSection
from maildesk.post import Post
from maildesk.store import cases, follow_ups, sayings, tickets
from maildesk.store.deadlines import Due
from maildesk.store.engine import Connection

_MOST = 40


def remind_of_follow_up(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """Its time is nearly over, and nobody has recorded that somebody spoke with the requester."""
    assert due.ticket is not None
    found = follow_ups.find_open(db, due.ticket)
    if found is None:
        return "it is done"
    if found.due <= now:
        return "too late to remind: its time has passed"
    return _tell(post, db, due, found, "near", now)


def note_missed_follow_up(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """Its time has passed: an event, and the lead is told once; it stays open."""
    assert due.ticket is not None
    found = follow_ups.find_open(db, due.ticket)
    if found is None:
        return "it is done"
    told = {"due": found.due.isoformat()}
    tickets.add_event(db, due.ticket, "follow_up_missed", told, now)
    return _tell(post, db, due, found, "missed", now)


def list_follow_ups(
    db: Connection, desk: DeskConfig, now: datetime, language: str
) -> tuple[DigestSection, ...]:
    """What the lead still has to follow up: a section of his digest, or none."""
    items = []
    waiting = follow_ups.list_open(db, desk.id)
    for item in waiting[:_MOST]:
        words = "agenda_low" if item.score is not None else "agenda_complaint"
        until = "agenda_follow_late" if item.due <= now else "agenda_follow_by"
        time = say(item.due, now, desk.zone_info, language)
        score = str(item.score or "")
        told = phrase(words, language, requester=item.requester, score=score)
        text = phrase(until, language, told=told, time=time)
        items.append(DigestItem(item.number, item.title, text))
    if not items:
        return ()
    rest = len(waiting) - len(items)
    return (DigestSection(phrase("agenda_follow_up", language), tuple(items), rest),)


def _tell(
    post: Post, db: Connection, due: Due, found: OpenFollowUp, tone: Tone, now: datetime
) -> str:
    desk = post.desks[due.desk_id]
    later = hold_until(now, desk.profile, desk.zone_info)
    if tone == "near" and later is not None and later >= found.due:
        return "its time passes before the quiet hours end: only the miss is told"
    known = cases.load(db, due.desk_id, [due.ticket or 0], post.directory, now, lock=False)
    if not known:
        return "the ticket is gone"
    if not post.leads:
        return "no lead is listed; nobody was told"
    ticket, rating = known[0], follow_ups.read_rating(db, found.id)
    solution, cause = sayings.read_solution(db, ticket.id), f"deadline:{due.id}"
    return "; ".join(
        post.queue(
            db,
            desk.id,
            replace(
                tell_low(
                    desk, post.directory, lead, ticket, rating, solution, found.due,
                    later or now, tone=tone,
                ),
                not_before=later,
            ),
            cause,
            ticket.id,
            now,
            condition="follow_up",
        )
        for lead in post.leads
    )  # fmt: skip
