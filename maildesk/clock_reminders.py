"""Time passes without the requester's answer: he is reminded, and by policy the ticket is closed.

Handlers of the clock's rows. When and how often `desk.aftercare.reminders` decides, on how things
stand at that moment; what is due for one person on one day is one letter. Nothing is closed but
where the profile says so, and never without a reminder before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.aftercare import reminder_letters
from maildesk.desk.aftercare.reminder_letters import Missing
from maildesk.desk.aftercare.reminders import (
    CLOSE,
    MOST,
    REMIND,
    Later,
    Never,
    Wait,
    What,
    count,
    find_limit,
    judge,
    list_days,
    rest,
    weigh,
    weigh_closing,
)
from maildesk.desk.calendar.hours import Span
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Change
from maildesk.desk.limits.changes import follow
from maildesk.desk.ticket import Insider, KnownTicket, Part, State, Waiting
from maildesk.post import Post
from maildesk.store import cases, changes, deadlines, joint_letters, reminders, tickets
from maildesk.store.deadlines import Due, NewDeadline
from maildesk.store.engine import Connection

_WHATS: dict[str, What] = {
    **{kind: what for what, kind in REMIND.items()},
    **{kind: what for what, kind in CLOSE.items()},
}
_LETTERS: dict[What, str] = {"confirm": "solved", "waiting": "question"}
_CONDITIONS: dict[What, str] = {"confirm": "to_confirm", "waiting": "waits_requester"}
_BUSY = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Case:
    """A ticket that may be reminded of, with everything to decide on and to write."""

    due: Due
    ticket: KnownTicket
    wait: Wait
    words: str

    def find_reader(self) -> Insider:
        reader = self.ticket.find(Part.REQUESTER)
        assert reader is not None
        return reader


def remind(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """A requester has not answered for some working days: one letter for all that waits for him."""
    desk, case = post.desks[due.desk_id], _load(post, db, due, now)
    if case is None:
        return "the ticket is gone"
    said = weigh(case.ticket, case.wait, desk, now, now)
    if isinstance(said, Later):
        return _look_again(db, due, said)
    if isinstance(said, Never):
        return _give_up(db, case, said, now)
    return _send(post, db, due, [case, *_join_others(post, db, due, desk, now)], now)


def close(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """The profile's days without an answer have passed: closed, counted apart, and told."""
    desk = post.desks[due.desk_id]
    if due.ticket is not None and not reminders.lock(db, due.ticket):
        return _look_again(db, due, Later(now + _BUSY, "a mail is just being decided on"))
    case = _load(post, db, due, now)
    if case is None:
        return "the ticket is gone"
    said = weigh_closing(case.ticket, case.wait, desk, now)
    if isinstance(said, Later):
        return _look_again(db, due, said)
    if isinstance(said, Never):
        return f"not closed: {said.why}"
    if not case.wait.reminded and case.wait.ever < MOST:
        following = count(desk, now, 1, case.wait.away)
        note = _send(post, db, due, [case], now, closes=following)
        return f"{note}; {_look_again(db, due, Later(following, 'reminded first'))}"
    return _close(post, db, due, desk, case, now)


def _close(
    post: Post, db: Connection, due: Due, desk: DeskConfig, case: _Case, now: datetime
) -> str:
    ticket, what = case.ticket, case.wait.what
    change = Change(state=State.CLOSED, waiting=Waiting.NONE, closed=now, closed_by="policy")
    followed = follow(ticket, change, desk, now)
    changes.change_ticket(db, ticket.id, followed.change, {}, now)
    changes.plan_deadlines(db, desk.id, ticket.id, followed.deadlines)
    told = {"by": "policy", "what": what, "days": str(find_limit(what, desk) or 0)}
    tickets.add_event(db, ticket.id, "closed", told, now)
    reader = case.find_reader()
    missing = Missing(ticket, what, case.wait.since)
    letter = reminder_letters.tell_closed(desk, post.directory, reader, missing, now)
    note = post.queue(db, desk.id, letter, f"deadline:{due.id}", ticket.id, now)
    return f"closed without an answer; {note}"


def _send(
    post: Post,
    db: Connection,
    due: Due,
    found: Sequence[_Case],
    now: datetime,
    closes: datetime | None = None,
) -> str:
    """One letter about all of them; each ticket's timeline says so, and its next row is entered."""
    desk, reader = post.desks[due.desk_id], found[0].find_reader()
    missing = [
        Missing(
            case.ticket,
            case.wait.what,
            case.wait.since,
            case.words,
            closes or _find_closing(desk, case, now),
        )
        for case in found
    ]
    cause, first = f"deadline:{due.id}", found[0]
    if len(found) == 1:
        letter = reminder_letters.remind(desk, post.directory, reader, missing[0], now)
        condition = _CONDITIONS[first.wait.what]
    else:
        letter = reminder_letters.remind_of_several(desk, post.directory, reader, missing, now)
        condition = joint_letters.CONDITION
    note = post.queue(db, desk.id, letter, cause, first.ticket.id, now, condition=condition)
    if note.startswith("withheld"):
        return note
    named = joint_letters.write_named([(case.ticket.id, case.wait.what) for case in found])
    for case in found:
        told = {"what": case.wait.what, "to": reader.key, "letter": letter.letter}
        if case is first and len(found) > 1:
            told["named"] = named
        tickets.add_event(db, case.ticket.id, "reminded", told, now)
        if case.due.kind in REMIND.values():
            _plan_next(db, desk, case)
    count_ = f" about {len(found)} tickets" if len(found) > 1 else ""
    return f"{note}{count_}"


def _plan_next(db: Connection, desk: DeskConfig, case: _Case) -> None:
    days, following = list_days(case.wait.what, desk), case.wait.reminded + 1
    if following < len(days) and case.wait.ever + 1 < MOST:
        at = count(desk, case.wait.since, days[following], case.wait.away)
        _enter(db, case.due, at)


def _join_others(
    post: Post, db: Connection, due: Due, desk: DeskConfig, now: datetime
) -> list[_Case]:
    """What else waits for the same requester and would be told today; its rows are closed."""
    assert due.ticket is not None
    end = _end_of_day(now, desk.zone_info)
    found = []
    kinds = tuple(REMIND.values())
    for row in reminders.list_others(db, desk.id, due.ticket, kinds, end):
        other = Due(row.id, row.kind, row.subject, row.round, desk.id, row.ticket, row.due_at)
        case = _load(post, db, other, now)
        if case is None or weigh(case.ticket, case.wait, desk, now, end) is not None:
            continue  # its own row says why
        deadlines.close(db, row.id, "fired", now, f"told in one letter with {due.subject}")
        found.append(case)
    return found


def _give_up(db: Connection, case: _Case, said: Never, now: datetime) -> str:
    """Nothing leaves; where he stays without an answer, the engineer's digest says so."""
    if said.silent and not case.wait.reminded:
        told = {"what": case.wait.what, "why": said.why}
        tickets.add_event(db, case.ticket.id, "not_reminded", told, now)
    return said.why


def _look_again(db: Connection, due: Due, said: Later) -> str:
    _enter(db, due, said.at)
    return f"{said.why}; looked at again later"


def _enter(db: Connection, due: Due, at: datetime) -> None:
    """The next round of a row that is in hand."""
    following = str(int(due.round) + 1)
    row = NewDeadline(due.kind, due.subject, due.desk_id, at, due.ticket, following)
    deadlines.set_deadlines(db, [row])


def _find_closing(desk: DeskConfig, case: _Case, now: datetime) -> datetime | None:
    """When it will be closed without an answer, where the profile does that; never before the
    next working day."""
    limit = find_limit(case.wait.what, desk)
    if limit is None:
        return None
    at = count(desk, case.wait.since, limit, case.wait.away)
    at = max(at, count(desk, now, 1)) if at <= now else at
    later = rest(desk, at)
    return later.at if later is not None else at


def _load(post: Post, db: Connection, due: Due, now: datetime) -> _Case | None:
    assert due.ticket is not None
    # Not locked: a mail that holds the ticket may wait for the deadline this handler holds.
    found = cases.load(db, due.desk_id, [due.ticket], post.directory, now, lock=False)
    if not found:
        return None
    ticket, what = found[0], _WHATS[due.kind]
    if judge(ticket, what) is not None:
        return _Case(due, ticket, Wait(what, due.due_at), "")
    desk = post.desks[due.desk_id]
    words, told = reminders.read_told(db, ticket.id, _LETTERS[what])
    since = _find_since(ticket, what, told) or due.due_at
    sent = reminders.list_reminded(db, ticket.id)
    mine = [at for at, about in sent if about == what and at >= since]
    reader = ticket.find(Part.REQUESTER)
    away = _list_away(post, db, reader, since, now, desk.zone_info) if reader else ()
    return _Case(due, ticket, Wait(what, since, len(mine), len(sent), away), words)


def _find_since(ticket: KnownTicket, what: What, told: datetime | None) -> datetime | None:
    """When he was asked: said to be solved, or sent the question."""
    if what == "confirm":
        return ticket.solved or told
    began = next((item.start for item in ticket.pauses if item.end is None), None)
    return max((at for at in (began, told) if at is not None), default=None)


def _list_away(
    post: Post, db: Connection, reader: Insider, since: datetime, now: datetime, zone: ZoneInfo
) -> tuple[Span, ...]:
    """When he was or will be away since then: by his own notice, and by the people list."""
    spans = reminders.list_absences(db, reader.key)
    listed = post.directory.at(reader.key)
    for first, last in listed.away if listed is not None else ():
        begin = datetime.combine(first, time(0), zone).astimezone(UTC)
        end = datetime.combine(last + _DAY, time(0), zone).astimezone(UTC)
        spans.append((begin, end))
    return tuple(span for span in spans if span[1] > since)


def _end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + _DAY
    return datetime.combine(tomorrow, time(0), zone).astimezone(UTC) - timedelta(microseconds=1)
