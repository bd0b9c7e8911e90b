"""The requester's word on a solved ticket: what a yes, a score and a "not yet" do to it.  (F9, R9)

The order is confirm, rate, close: a yes with a score closes at once; without one it waits two
working days for the score, asked for in a letter of its own at most once (M7). Closing without
anybody's word is the clock's business.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.calendar.quiet import choose_calendar, next_round
from maildesk.desk.decision import Change, DeadlinePlan, Facts
from maildesk.desk.profile import Profile
from maildesk.desk.ticket import KnownTicket, State, Waiting

SURVEY = "survey"
"""The kind of deadline at which a requester who confirmed without a score is asked for it."""

CLOSE = "close"
"""The kind of deadline at which a confirmed ticket is closed, rated or not."""

_DAYS_TO_RATE = 2
NO_MORE = (DeadlinePlan(SURVEY, None), DeadlinePlan(CLOSE, None))
"""Neither falls due any more."""


def confirm(
    facts: Facts, ticket: KnownTicket, who: str, rating: Rating | None, *, ask: bool, stays: bool
) -> tuple[Change, tuple[DeadlinePlan, ...]]:
    """A yes of `who` (an address key), and what falls due from now on.

    `ask`: he is to be asked for a score. `stays`: a remark of his wants an answer first (N5).
    """
    now = facts.now
    change = Change(
        state=State.SOLVED,
        waiting=Waiting.NONE,
        solved=ticket.solved or now,
        confirmed=now,
        confirmed_by=who,
    )
    if rating is not None and not stays:
        return change.then(close(now)), NO_MORE
    return change, wait_for_score(facts, now, ask=ask and rating is None)


def wait_for_score(facts: Facts, since: datetime, *, ask: bool) -> tuple[DeadlinePlan, ...]:
    """What falls due after a yes of `since` without a score; what is over by now does not."""
    due = [DeadlinePlan(CLOSE, _after_working_days(facts, since, _DAYS_TO_RATE))]
    # Half of its time: a score may still come by itself.
    half = since + timedelta(minutes=facts.desk.profile.survey.within_minutes / 2)
    if ask and half > facts.now:
        due.append(DeadlinePlan(SURVEY, half))
    return tuple(due)


def close(now: datetime) -> Change:
    """Nothing is open any more, by the requester's own word."""
    return Change(state=State.CLOSED, closed=now, closed_by="requester")


def reopen(facts: Facts, ticket: KnownTicket) -> Change:
    """It goes on, one priority higher (R9), but never by itself among the most urgent (F4)."""
    # Whoever still has it while others are well again, has something else (N5).
    parent = frozenset(("parent",)) if ticket.parent is not None else frozenset[str]()
    return Change(
        state=State.IN_PROGRESS,
        waiting=Waiting.NONE,
        reopens=ticket.reopens + 1,
        priority=raise_priority(facts.desk.profile, ticket.priority),
        clear=parent | {"solved", "confirmed", "confirmed_by", "closed", "closed_by", "result"},
    )


def raise_priority(profile: Profile, priority: str) -> str | None:
    """The next more urgent one; None: there is none but the most urgent."""
    keys = [item.key for item in profile.priorities]
    place = keys.index(priority) if priority in keys else 0
    return keys[place - 1] if place > 1 else None


def _after_working_days(facts: Facts, since: datetime, days: int) -> datetime:
    calendar, zone = choose_calendar(facts.desk.profile), facts.desk.zone_info
    moment = since
    for _ in range(days):
        moment = next_round(moment, since.astimezone(zone).time(), zone, calendar)
    return moment
