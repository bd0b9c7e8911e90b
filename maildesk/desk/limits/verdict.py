"""A limit's row fell due: is anybody told, who, and what does the timeline say?  (R4, R14, M4, M5)

Pure: what is known of the ticket in, a verdict out. Whether a limit still holds is `limit_state`'s
question; reading, writing and the letters' words are not done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead
from maildesk.desk.letters.notices import LimitFacts, waits_past
from maildesk.desk.limits.due import SAME_DAY, LimitKind, find_due, list_limits
from maildesk.desk.limits.state import (
    add_wait,
    blame_outage,
    find_met,
    find_relief,
    miss_same_day,
    say_met,
)
from maildesk.desk.outages.major import is_major
from maildesk.desk.ticket import KnownTicket, Part, Pause

MISSED = frozenset(kind.missed for kind in LimitKind)
KINDS = (*(kind.near for kind in LimitKind), *sorted(MISSED), SAME_DAY)
"""The rows that are judged here."""

_SAME_ACT = {
    LimitKind.RESPONSE: LimitKind.CONTACT,
    LimitKind.CONTACT: LimitKind.RESPONSE,
}
"""Both ask for one and the same: that somebody contacts the requester."""

_NOBODY = "no lead is listed; nobody was told"
_BEFORE = timedelta(hours=1)  # what ended so long before a ticket cannot have held it up


@dataclass(frozen=True, slots=True)
class LimitCase:
    """A row of `kind` that was due `at`, and what its verdict hangs on.

    `facts`: the ticket as letters tell it. `told`: letters about its limits written within the
    profile's `near_minutes`. `entered`: when its first mail was decided, however long it had lain
    on the server. `outages`: those since the ticket came, and others.
    """

    kind: str
    at: datetime
    ticket: KnownTicket | None
    facts: LimitFacts | None = None
    told: frozenset[str] = frozenset()
    entered: datetime | None = None
    outages: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True)
class LimitVerdict:
    """What is to be done: `note` says why nobody is told, or stands before who was.

    `event`: its kind and data. A `letter` with `facts` goes to each of `readers`, who are (who,
    whether the ticket is his).
    """

    note: str
    event: tuple[str, dict[str, str]] | None = None
    letter: str = ""
    facts: LimitFacts | None = None
    readers: tuple[tuple[Lead, bool], ...] = ()


def judge(desk: DeskConfig, leads: Sequence[Lead], case: LimitCase, now: datetime) -> LimitVerdict:
    """What becomes of the row."""
    ticket = case.ticket
    if ticket is None:
        return LimitVerdict("the ticket is gone")
    if case.kind == SAME_DAY:
        return _judge_same_day(ticket, case.at)
    kind = LimitKind(case.kind.partition("_")[0])
    due = find_due(ticket, kind) or case.at
    relief = find_relief(ticket, kind, due)
    if relief is not None:
        return LimitVerdict(relief)
    decide = _judge_miss if case.kind in MISSED else _judge_near
    return decide(desk, leads, case, ticket, kind, due, now)


def _judge_near(
    desk: DeskConfig,
    leads: Sequence[Lead],
    case: LimitCase,
    ticket: KnownTicket,
    kind: LimitKind,
    due: datetime,
    now: datetime,
) -> LimitVerdict:
    """A limit comes near: told to its engineer, or to the lead without one that letters reach; in
    a major incident to both."""
    if due <= now:
        return LimitVerdict("too late to warn: the limit has passed")
    if find_met(ticket, kind) is not None:
        return LimitVerdict(say_met(kind))
    if kind is LimitKind.SOLUTION and ticket.eta is not None and ticket.eta > now:
        return LimitVerdict("its engineer has said when it will be done")
    if case.facts is None:
        return LimitVerdict("the ticket is gone")
    facts = replace(case.facts, limit=kind.value, due=due)
    if waits_past(desk, facts, now):
        return LimitVerdict("the limit passes before the quiet hours end: only the miss is told")
    if case.told:
        why = "another limit of the ticket was told just before: one letter is enough"
        return LimitVerdict(why)
    major = is_major(desk.profile, ticket.priority, ticket.tags, ticket.state)
    readers = _choose_readers(leads, ticket, lead_too=major)
    return LimitVerdict("" if readers else _NOBODY, None, "near", facts, readers)


def _judge_miss(
    desk: DeskConfig,
    leads: Sequence[Lead],
    case: LimitCase,
    ticket: KnownTicket,
    kind: LimitKind,
    due: datetime,
    now: datetime,
) -> LimitVerdict:
    """A limit was missed: an event, and the reason asked of its engineer, or of the lead without
    one that letters reach. A missed urgent one is told to the lead as well (WORDS: at once)."""
    if due > now:
        return LimitVerdict("it is due later by now")
    ours = _is_ours(desk, ticket, kind, due, case)
    outage = {"outage": "yes"} if ours else {}
    event = kind.missed, {"limit": kind.value, "due": due.isoformat(), **outage}
    if find_met(ticket, kind) is not None:
        return LimitVerdict(f"missed: {say_met(kind)}, but too late", event)
    lately = now - timedelta(minutes=desk.profile.near_minutes)
    if ours and case.entered is not None and case.entered > lately:
        why = "missed by our own outage; what came meanwhile has only just been given out"
        return LimitVerdict(why, event)
    spared = _spare(desk, ticket, kind, case.told, now)
    if spared is not None:
        return LimitVerdict(f"missed; {spared}", event)
    if case.facts is None:
        return LimitVerdict("the ticket is gone", event)
    facts = replace(case.facts, limit=kind.value, due=due, outage=ours)
    urgent = desk.profile.priority(ticket.priority).rank == 0
    readers = _choose_readers(leads, ticket, lead_too=urgent)
    note = ("missed by our own outage: " if ours else "") + ("" if readers else _NOBODY)
    return LimitVerdict(note, event, "missed", facts, readers)


def _judge_same_day(ticket: KnownTicket, at: datetime) -> LimitVerdict:
    """The day ends on which the ticket should have been solved (R14): an event, and no letter."""
    why = miss_same_day(ticket, at)
    if why is not None:
        return LimitVerdict(why)
    return LimitVerdict(
        "not solved on the day it came", ("same_day_missed", {"due": at.isoformat()})
    )


def _spare(
    desk: DeskConfig, ticket: KnownTicket, kind: LimitKind, told: frozenset[str], now: datetime
) -> str | None:
    """Why a miss needs no letter of its own; a reason given later stands for both."""
    other = _SAME_ACT.get(kind)
    if other is None:
        return None
    within = timedelta(minutes=desk.profile.near_minutes)
    following = find_due(ticket, other)
    if following is not None and now < following <= now + within:
        return f"the {other.value} is due soon, and one letter will ask for both"
    if "missed" in told:
        return f"the letter about the {other.value} has just asked"
    return None


def _is_ours(
    desk: DeskConfig, ticket: KnownTicket, kind: LimitKind, due: datetime, case: LimitCase
) -> bool:
    """Whether the limit ran out because nothing of ours ran, or had not read the mail."""
    profile = desk.profile
    limits = list_limits(profile.priority(ticket.priority), profile)
    limit = next((item for item in limits if item.kind is kind), None)
    start = ticket.assigned if kind is LimitKind.CONTACT else ticket.opened
    if limit is None or start is None:
        return False
    after = start - _BEFORE
    gaps = tuple(
        gap for gap in case.outages if gap.start < due and (gap.end is None or gap.end > after)
    )
    if kind is not LimitKind.CONTACT:
        gaps = add_wait(gaps, ticket.opened, case.entered)
    return blame_outage(start, due, gaps, limit, desk.zone_info)


def _choose_readers(
    leads: Sequence[Lead], ticket: KnownTicket, *, lead_too: bool
) -> tuple[tuple[Lead, bool], ...]:
    """Who has the ticket, and the leads where they must know or no letter reaches him."""
    found = {}
    assignee = ticket.find(Part.ASSIGNEE)
    reached = assignee is not None and not assignee.bounced
    # A lead who has the ticket himself reads it as the lead.
    if assignee is not None:
        found[assignee.key] = Lead(assignee.key, assignee.name, assignee.language), True
    for lead in leads if lead_too or not reached else ():
        found[lead.address] = lead, False
    return tuple(found.values())
