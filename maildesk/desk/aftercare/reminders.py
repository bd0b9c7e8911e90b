"""Who is reminded of his own answer, when, how often, and when nobody waits for it any longer.

A requester who has not confirmed, or not told what was asked. Pure: a decision gets the rows that
fall due, and `weigh` says at that moment whether to write, to wait or to let it be. What the
letters say is `reminder_letters`' business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from maildesk.desk.aftercare.windows import find_end
from maildesk.desk.arrival.machine import NO_REPLY, asks_nobody
from maildesk.desk.calendar.hours import Span
from maildesk.desk.calendar.quiet import choose_calendar, hold_until
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Change, DeadlinePlan, Decision, Facts, Outcome
from maildesk.desk.ticket import KnownTicket, Part, State

What = Literal["confirm", "waiting"]
"""What is not answered: whether it works, or what the engineer asked."""

REMIND: dict[What, str] = {"confirm": "confirm_reminder", "waiting": "waiting_reminder"}
CLOSE: dict[What, str] = {"confirm": "confirm_closing", "waiting": "waiting_closing"}
STATES: dict[What, State] = {
    "confirm": State.TO_CONFIRM,
    "waiting": State.WAITING_REQUESTER,
}
MOST = 2
"""Reminders to the requester in a ticket's life, whatever they are about (WORDS.md)."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What the clock knows of a ticket that waits for its requester.

    `since`: when he was asked. `reminded`: how often since then; `ever`: in the ticket's life.
    `away`: when he was not there.
    """

    what: What
    since: datetime
    reminded: int = 0
    ever: int = 0
    away: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Not yet: when it is to be looked at again, and why."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Never:
    """There is nothing to be written; `silent`: he stays without an answer, and is not reached."""

    why: str
    silent: bool = False


def list_days(what: What, desk: DeskConfig) -> tuple[int, ...]:
    """After how many working days he is reminded, one number a reminder."""
    if what == "confirm":
        return desk.profile.closing.remind_days[:MOST]
    days = desk.profile.patience.remind_days
    return (days,) if days is not None else ()


def find_limit(what: What, desk: DeskConfig) -> int | None:
    """After how many working days the ticket is closed without him; None: never."""
    if what == "confirm":
        return desk.profile.closing.after_days
    return desk.profile.patience.give_up_days


def keep_reminders(facts: Facts, decision: Decision) -> Decision:
    """The decision with what falls due because of the states it leads to, or leaves."""
    desk, now = facts.desk, facts.now
    others = tuple(
        replace(item, deadlines=(*item.deadlines, *plan(item.ticket, item.change, desk, now)))
        if item.ticket is not None and item.change is not None
        else item
        for item in decision.others
    )
    if others != decision.others:
        decision = replace(decision, others=others)
    ticket, change = decision.ticket, decision.change
    if ticket is None or change is None or decision.outcome is not Outcome.APPENDED:
        return decision
    plans = plan(ticket, change, desk, now)
    return replace(decision, deadlines=(*decision.deadlines, *plans)) if plans else decision


def plan(
    ticket: KnownTicket, change: Change, desk: DeskConfig, now: datetime
) -> tuple[DeadlinePlan, ...]:
    """What falls due, or no more, once the ticket has changed so."""
    after = change.state or ticket.state
    plans: list[DeadlinePlan] = []
    for what, state in STATES.items():
        days, limit = list_days(what, desk), find_limit(what, desk)
        if change.state is state and not asks_nobody(ticket):
            if days:
                plans.append(DeadlinePlan(REMIND[what], count(desk, now, days[0])))
            if limit is not None:
                plans.append(DeadlinePlan(CLOSE[what], count(desk, now, limit)))
        elif ticket.state is state and after is not state:
            plans += [DeadlinePlan(REMIND[what], None)] if days else []
            plans += [DeadlinePlan(CLOSE[what], None)] if limit is not None else []
    return tuple(plans)


def count(desk: DeskConfig, since: datetime, days: int, away: Sequence[Span] = ()) -> datetime:
    """When so many working days have passed for somebody who was away then."""
    return find_end(since, days, choose_calendar(desk.profile), desk.zone_info, away)


def weigh(
    ticket: KnownTicket, wait: Wait, desk: DeskConfig, now: datetime, by: datetime
) -> Later | Never | None:
    """Whether its requester is reminded now; None: he is. What is due until `by` counts as due."""
    never = judge(ticket, wait.what)
    if never is not None:
        return never
    if wait.ever >= MOST:
        return Never(f"reminded {MOST} times already: more letters would change nothing", True)
    days = list_days(wait.what, desk)
    if wait.reminded >= len(days):
        return Never("reminded already", True)
    due = count(desk, wait.since, days[wait.reminded], wait.away)
    if due > by:
        away = " that its requester was there" if wait.away else ""
        return Later(due, f"{days[wait.reminded]} working days{away} have not passed")
    return rest(desk, now)


def weigh_closing(
    ticket: KnownTicket, wait: Wait, desk: DeskConfig, now: datetime
) -> Later | Never | None:
    """Whether the ticket is closed now without its requester's word; None: it is."""
    never, limit = judge(ticket, wait.what), find_limit(wait.what, desk)
    if never is not None:
        return never
    if limit is None:
        return Never("the profile closes nothing by itself")
    due = count(desk, wait.since, limit, wait.away)
    if due > now:
        return Later(due, f"{limit} working days that its requester was there have not passed")
    return rest(desk, now)


def judge(ticket: KnownTicket, what: What) -> Never | None:
    """Why nobody is to be reminded at all."""
    requester = ticket.find(Part.REQUESTER)
    if ticket.state is not STATES[what]:
        return Never("it is answered: the ticket does not wait for its requester")
    if requester is None or asks_nobody(ticket):
        return Never("a machine opened it: nobody is there to answer")
    if requester.key.rpartition("@")[0] in NO_REPLY:
        return Never(f"{requester.key} does not read answers", silent=True)
    if requester.bounced:
        return Never(f"letters to {requester.key} come back", silent=True)
    return None


def rest(desk: DeskConfig, now: datetime) -> Later | None:
    """Until when letters that can wait rest (quiet hours, days off, the first morning back)."""
    at = hold_until(now, desk.profile, desk.zone_info, reminder=True)
    return Later(at, "letters that can wait rest now") if at is not None else None
