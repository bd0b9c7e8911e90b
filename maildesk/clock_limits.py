"""Tickets' limits fall due: what is known is read, the verdicts' events and letters are written.

Handles the clock's rows together: in the morning many fall due at once, and reading and writing for
all costs little more than for one. Who is warned and why nobody is, is `desk.limits.verdict`'s
decision.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from maildesk.desk.charter import DeskConfig
from maildesk.desk.letters import notices
from maildesk.desk.limits.due import LimitKind
from maildesk.desk.limits.verdict import KINDS as KINDS
from maildesk.desk.limits.verdict import MISSED, LimitCase, LimitVerdict, judge
from maildesk.post import Notice, Post
from maildesk.store import agendas, cases, outages, tickets
from maildesk.store.deadlines import Due
from maildesk.store.engine import Connection

_CONDITIONS = {
    LimitKind.RESPONSE: "awaiting_response",
    LimitKind.CONTACT: "awaiting_response",
    LimitKind.SOLUTION: "unsolved",
}
_HOUR = timedelta(hours=1)


def tell_limit(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """One row alone; says what became of it."""
    return tell_limits(post, db, (due,), now)[due.id]


def tell_limits(post: Post, db: Connection, dues: Sequence[Due], now: datetime) -> dict[int, str]:
    """What became of each of these rows."""
    notes: dict[int, str] = {}
    for some in _group(dues):
        desk = post.desks[some[0].desk_id]
        verdicts = [
            (due, judge(desk, post.leads, case, now))
            for due, case in _read(post, db, desk, some, now)
        ]
        events = [
            (due.ticket, *verdict.event)
            for due, verdict in verdicts
            if due.ticket is not None and verdict.event is not None
        ]
        tickets.add_events(db, events, now)
        letters = [list(_plan(desk, due, verdict, now)) for due, verdict in verdicts]
        said = iter(post.queue_all(db, [letter for mine in letters for letter in mine], now))
        for (due, verdict), mine in zip(verdicts, letters, strict=True):
            notes[due.id] = verdict.note + "; ".join(islice(said, len(mine)))
    return notes


def _group(dues: Sequence[Due]) -> Collection[Sequence[Due]]:
    """Rows of one desk, and of a ticket only one: the second must find what the first wrote."""
    groups: dict[tuple[str, int], list[Due]] = defaultdict(list)
    seen: Counter[tuple[str, int | None]] = Counter()
    for due in dues:
        groups[due.desk_id, seen[due.desk_id, due.ticket]].append(due)
        seen[due.desk_id, due.ticket] += 1
    return groups.values()


def _read(
    post: Post, db: Connection, desk: DeskConfig, dues: Sequence[Due], now: datetime
) -> Iterator[tuple[Due, LimitCase]]:
    ids = [due.ticket for due in dues if due.ticket is not None]
    known = {
        item.id: item for item in cases.load(db, desk.id, ids, post.directory, now, lock=False)
    }
    facts = agendas.list_limits(db, ids)
    told = agendas.list_told(db, ids, now - timedelta(minutes=desk.profile.near_minutes))
    missed = [due.ticket for due in dues if due.ticket in known and due.kind in MISSED]
    entered = outages.list_entered(db, missed)
    opened = (known[ticket].opened or now for ticket in missed)
    gaps = outages.list_outages(db, desk.id, min(opened) - _HOUR, now) if missed else ()
    for due in dues:
        ticket = due.ticket or 0
        yield (
            due,
            LimitCase(
                due.kind,
                due.due_at,
                known.get(ticket),
                facts.get(ticket),
                told.get(ticket, frozenset()),
                entered.get(ticket),
                gaps,
            ),
        )


def _plan(desk: DeskConfig, due: Due, verdict: LimitVerdict, now: datetime) -> Iterator[Notice]:
    """One letter a reader."""
    if verdict.facts is None:
        return
    condition = _CONDITIONS[LimitKind(verdict.facts.limit)]
    for reader, mine in verdict.readers:
        plan = notices.tell_limit(
            verdict.letter, desk, reader, verdict.facts, now, to_engineer=mine
        )
        yield Notice(desk.id, plan, f"deadline:{due.id}", due.ticket, condition=condition)
