"""What does one ticket count as in a period?  The one place in which that is decided.

Sums are `tally`'s, the row of a ticket in the period's table `figure_table`'s: both are made of the
same answer, so a figure and the tickets behind it cannot disagree. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maildesk.desk.arrival.machine import TAG
from maildesk.desk.limits.due import find_same_day
from maildesk.desk.profile import Profile
from maildesk.desk.reports.figures import FollowUpState, LimitName
from maildesk.desk.reports.period import Period
from maildesk.desk.ticket import Pause, State

MISSES: dict[LimitName, str] = {
    "response": "response_missed",
    "contact": "contact_missed",
    "solution": "solution_missed",
}
"""The event of the clock that tells of a miss."""

TOLD = frozenset((*MISSES.values(), "late_reason", "reopened", "chased"))
"""Events that count for any ticket."""

MOVES = frozenset(("assigned", "handed_to_group", "to_vendor", "escalated"))
"""Events that count for a ticket whose first answer was its solution: was it handed over?"""


_LONGEST_DAY = timedelta(days=2)
"""A day's work ends at most so long after what came on it."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the timeline."""

    kind: str
    at: datetime
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rated:
    """The rating that counts for a ticket."""

    at: datetime
    score: int | None
    answers: Mapping[str, int]
    words: str


@dataclass(frozen=True, slots=True)
class Called:
    """A follow-up of a low rating."""

    opened: datetime
    due: datetime
    done: datetime | None
    record: str


@dataclass(slots=True)
class Stored:
    """A ticket as it is kept; times in UTC. `told` are its events of `TOLD` and `MOVES`, in order.

    Not frozen: a hundred thousand are made for one report, and each lives for a moment.
    """

    id: int
    number: str
    title: str
    state: State
    category: str
    priority: str
    type: str
    group: str | None
    handler: str | None  # the engineer's key in the people list
    engineer: str | None  # and his name
    department: str | None
    opened: datetime
    response_due: datetime | None = None
    responded: datetime | None = None
    contact_due: datetime | None = None
    solution_due: datetime | None = None
    solved: datetime | None = None
    confirmed: datetime | None = None
    closed: datetime | None = None
    closed_by: str | None = None
    parent: int | None = None
    merged_into: int | None = None
    tags: Sequence[str] = ()
    pauses: Sequence[Pause] = ()
    told: Sequence[Told] = ()
    rating: Rated | None = None
    calls: Sequence[Called] = ()


Verdict = Literal["met", "missed", "running"]


@dataclass(slots=True)
class Missed:
    """A limit that ran out in the period, since when, and what was said of it."""

    limit: LimitName
    due: datetime
    done: datetime | None
    ours: bool
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Measured:
    """What a ticket counts as. `counts` are keys of `Counts` and the like; `reopens` and `chases`
    are times. `age`: days it has been open at the end; None: it is not open then."""

    ticket: Stored
    counts: list[str] = field(default_factory=list)
    verdicts: dict[LimitName, Verdict] = field(default_factory=dict)
    misses: list[Missed] = field(default_factory=list)
    same_day: Verdict | None = None
    age: float | None = None
    reopens: int = 0
    chases: int = 0
    rating: Rated | None = None  # given in the period
    low: bool = False
    follow_ups: list[FollowUpState] = field(default_factory=list)  # begun in the period
    answered_low: tuple[FollowUpState, Called | None] = ("none", None)


class Ruler:
    """Measures tickets against one period of a desk."""

    def __init__(self, period: Period, profile: Profile, zone: ZoneInfo) -> None:
        self.period = period
        self._since, self._until = period.since, period.until
        self._profile, self._zone = profile, zone
        self._days: dict[date, datetime | None] = {}
        self._low_below = profile.survey.low_below

    def measure(self, ticket: Stored) -> Measured:
        found = Measured(ticket)
        self._count(found)
        if ticket.parent is None and ticket.merged_into is None:
            # Those of a ticket under an outage, or merged, are the other ticket's.
            self._judge(found, "response", ticket.response_due, ticket.responded)
            self._judge(found, "contact", ticket.contact_due, ticket.responded)
            self._judge(found, "solution", ticket.solution_due, ticket.solved)
            found.same_day = self._judge_day(ticket)
        if ticket.told:
            self._hear(found)
        if ticket.rating is not None or ticket.calls:
            self._weigh(found)
        return found

    def _has(self, moment: datetime | None) -> bool:
        return moment is not None and self._since <= moment < self._until

    def _before_end(self, moment: datetime | None) -> bool:
        return moment is not None and moment < self._until

    def _count(self, found: Measured) -> None:
        ticket, counts = found.ticket, found.counts
        if self._has(ticket.opened):
            counts.append("opened")
        if self._has(ticket.solved):
            counts += self._count_solved(ticket)
        if self._has(ticket.closed) and ticket.merged_into is None:
            if ticket.state is State.REJECTED:
                counts.append("rejected")
            else:
                counts += ["closed", "by_policy"] if ticket.closed_by == "policy" else ["closed"]
        if self._before_end(ticket.solved):
            if _waited_for_yes(ticket, self._until):
                counts.append("unconfirmed")
        elif not self._before_end(ticket.closed) and ticket.opened < self._until:
            counts.append("backlog")
            found.age = (self._until - ticket.opened).total_seconds() / 86_400
            if ticket.engineer is None and ticket.solved is None and ticket.closed is None:
                counts.append("unassigned")

    def _count_solved(self, ticket: Stored) -> list[str]:
        counts = ["solved"]
        if TAG not in ticket.tags:  # a machine answers no question and rates nothing
            counts.append("asked")
            if ticket.rating is not None and ticket.rating.at < self._until:
                counts.append("rated")
            if _is_first_line(ticket):
                counts.append("first_line")
        return counts

    def _judge(
        self, found: Measured, limit: LimitName, due: datetime | None, met: datetime | None
    ) -> None:
        """A limit counts when it was met or, if that came too late or never, when it ran out."""
        ticket = found.ticket
        if due is None or ticket.opened >= self._until:
            return
        if met is not None and met <= due:
            if met >= self._until:
                found.verdicts[limit] = "running"
            elif met >= self._since:
                found.verdicts[limit] = "met"
            return
        ended = ticket.solved or ticket.closed
        if ended is not None and ended <= due and met is None:
            return  # over before anybody had to
        if due >= self._until or _stands(ticket, due):
            if ended is None or ended >= self._until:
                found.verdicts[limit] = "running"
        elif due >= self._since:
            found.verdicts[limit] = "missed"
            found.misses.append(_describe(ticket, limit, due, met))

    def _judge_day(self, ticket: Stored) -> Verdict | None:
        """The same-day rule (R14), as any other limit."""
        before = self._profile.same_day_before
        if before is None or not self._since - _LONGEST_DAY <= ticket.opened < self._until:
            return None
        there = ticket.opened.astimezone(self._zone)
        due = self._find_closing(there.date()) if there.time() < before else None
        if due is None or due <= ticket.opened:
            return None
        if ticket.solved is not None and ticket.solved <= due:
            if ticket.solved >= self._until:
                return "running"
            return "met" if ticket.solved >= self._since else None
        if ticket.state is State.REJECTED or _waited_at(ticket, due):
            return None
        if due >= self._until:
            return "running"
        return "missed" if due >= self._since else None

    def _find_closing(self, day: date) -> datetime | None:
        """When the day ends for what came at its beginning; worked out once a day."""
        if day not in self._days:
            start = datetime.combine(day, time(0), self._zone)
            self._days[day] = find_same_day(start, self._profile, self._zone)
        return self._days[day]

    def _hear(self, found: Measured) -> None:
        for told in found.ticket.told:
            if self._since <= told.at < self._until:
                if told.kind == "reopened":
                    found.reopens += 1
                elif told.kind == "chased":
                    found.chases += 1

    def _weigh(self, found: Measured) -> None:
        ticket, rating = found.ticket, found.ticket.rating
        for call in ticket.calls:
            if self._has(call.opened):
                found.follow_ups.append(self._follow(call))
        if rating is None or not self._has(rating.at):
            return
        found.rating = rating
        scores = (*rating.answers.values(), *((rating.score,) if rating.score else ()))
        call_of = next((item for item in reversed(ticket.calls) if item.opened >= rating.at), None)
        if call_of is not None or any(score < self._low_below for score in scores):
            found.low = True
            found.answered_low = (self._follow(call_of) if call_of else "none", call_of)

    def _follow(self, call: Called) -> FollowUpState:
        if call.done is not None and call.done < self._until:
            return "in_time" if call.done <= call.due else "late"
        return "open" if call.due >= self._until else "overdue"


def _waited_at(ticket: Stored, moment: datetime) -> bool:
    return any(
        item.start <= moment and (item.end is None or item.end > moment) for item in ticket.pauses
    )


def _stands(ticket: Stored, due: datetime) -> bool:
    """Whether the limit's clock stood when it would have run out: it lies later by as long."""
    return any(item.end is None and item.start <= due for item in ticket.pauses)


def _waited_for_yes(ticket: Stored, until: datetime) -> bool:
    """Whether a ticket solved before then still waited for the requester's word at that moment."""
    if ticket.state is State.TO_CONFIRM:
        return True
    said = ticket.confirmed if ticket.confirmed is not None else ticket.closed
    return said is not None and said >= until and TAG not in ticket.tags


def _describe(ticket: Stored, limit: LimitName, due: datetime, met: datetime | None) -> Missed:
    ours, reasons = False, []
    for told in ticket.told:
        if told.kind == MISSES[limit]:
            ours = told.data.get("outage") == "yes"
        elif told.kind == "late_reason" and told.data.get("why"):
            named = told.data.get("limits")
            if limit in named.split() if named else told.at >= due:
                reasons.append(told.data["why"])
    return Missed(limit, due, met, ours, tuple(dict.fromkeys(reasons)))


def _is_first_line(ticket: Stored) -> bool:
    """Whether the first answer was the solution, and nobody else had a hand in it (M3)."""
    if ticket.responded is None or ticket.solved is None or ticket.responded < ticket.solved:
        return False
    holder = ""
    for told in ticket.told:
        if told.at > ticket.solved:
            break
        if told.kind == "assigned":
            to = told.data.get("to", "")
            if holder and to != holder:
                return False
            holder = to
        elif told.kind in MOVES:
            return False
    return True
