"""A ticket changes: which limits stand still, go on, begin anew or lie elsewhere from now on?

The one place all changes pass, whoever made them: a wait that begins or ends, another engineer,
another priority. Pure; what a limit is and how it runs `limits` knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maildesk.desk.calendar.hours import add_time
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import (
    Change,
    DeadlinePlan,
    Decision,
    Facts,
    Finding,
    Other,
    Outcome,
)
from maildesk.desk.limits.due import (
    Limit,
    LimitKind,
    add_running,
    close_pause,
    find_due,
    list_limits,
    move_on,
    plan_limit,
    stands_still,
    tell_limit,
)
from maildesk.desk.ticket import KnownTicket, Pause, Waiting

_FIELDS: Mapping[LimitKind, str] = {
    LimitKind.RESPONSE: "response_due",
    LimitKind.CONTACT: "contact_due",
    LimitKind.SOLUTION: "solution_due",
}


@dataclass(frozen=True, slots=True)
class Followed:
    """The change with what it does to the clocks, the deadlines to move, and why."""

    change: Change
    deadlines: tuple[DeadlinePlan, ...] = ()
    findings: tuple[Finding, ...] = ()


def keep_time(facts: Facts, decision: Decision) -> Decision:
    """The decision with everything its changes do to limits, of other tickets as well."""
    others = tuple(_keep_others(facts, other) for other in decision.others)
    if others != decision.others:
        decision = replace(decision, others=others)
    ticket, change = decision.ticket, decision.change
    if ticket is None or change is None or decision.timed:
        return decision
    if decision.outcome is not Outcome.APPENDED:
        return decision
    found = follow(ticket, change, facts.desk, facts.now)
    return replace(
        decision,
        change=found.change,
        deadlines=(*decision.deadlines, *found.deadlines),
        findings=(*decision.findings, *found.findings),
        timed=True,
    )


def _keep_others(facts: Facts, other: Other) -> Other:
    if other.ticket is None or other.change is None:
        return other
    found = follow(other.ticket, other.change, facts.desk, facts.now)
    deadlines = (*other.deadlines, *found.deadlines)
    return replace(other, change=found.change, deadlines=deadlines)


def follow(ticket: KnownTicket, change: Change, desk: DeskConfig, now: datetime) -> Followed:
    """What the change does to the limits of the ticket as it was before it.

    What it already says of pauses and due times stays as said: an undo brings former ones back.
    """
    found = _Course(ticket, change, desk, now).run()
    hangs = ticket.parent is not None and "parent" not in change.clear
    if hangs or change.parent is not None or change.merged_into is not None:
        # Under the main ticket of an outage they are counted there; in another, with that one's.
        return replace(found, deadlines=())
    return found


class _Course:
    """One change, followed from what was to what is."""

    def __init__(
        self, ticket: KnownTicket, change: Change, desk: DeskConfig, now: datetime
    ) -> None:
        self._ticket, self._change, self._now = ticket, change, now
        self._desk, self._zone = desk, desk.zone_info
        state, waiting = change.state or ticket.state, change.waiting or ticket.waiting
        self._was_still = stands_still(ticket.state, ticket.waiting)
        self._is_still = stands_still(state, waiting)
        self._waits_for = waiting
        self._brought_back = change.pauses is not None
        self._plans: list[DeadlinePlan] = []
        self._found: list[Finding] = []

    def run(self) -> Followed:
        ended = self._keep_pauses()
        given = self._change.assignee is not None
        if given and self._change.assigned is None:
            self._write(assigned=self._now)
        if "assignee" in self._change.clear and not given:
            gone = frozenset(("assigned", "contact_due"))
            self._change = replace(self._change, clear=self._change.clear | gone)
        priority = self._change.priority or self._ticket.priority
        raised = priority != self._ticket.priority
        limits = {
            item.kind: item
            for item in list_limits(self._desk.profile.priority(priority), self._desk.profile)
        }
        for kind in LimitKind:
            limit, due = limits.get(kind), find_due(self._ticket, kind)
            said: datetime | None = getattr(self._change, _FIELDS[kind])
            if said is not None and limit is not None:
                self._plans += plan_limit(self._now, said, limit, self._zone)
            elif self._is_met(kind):
                continue
            elif limit is None or _FIELDS[kind] in self._change.clear:
                self._drop(kind)
            elif kind is LimitKind.CONTACT and given:
                self._begin(limit)
            elif due is not None and self._is_missed(due):
                continue  # what is missed stays missed
            elif raised:
                self._count_anew(limit, due)
            elif due is None:
                continue
            elif ended is not None:
                self._go_on(limit, due, ended)
            elif self._brought_back:
                self._plan(limit, due, self._now)
        return Followed(self._change, tuple(self._plans), tuple(self._found))

    def _keep_pauses(self) -> Pause | None:
        """Begin or end a pause; the one that ended."""
        if self._brought_back:
            return None
        pauses = self._ticket.pauses
        if self._is_still and not self._was_still:
            closed, _ = close_pause(pauses, self._now)
            self._write(pauses=(*closed, Pause(self._now)))
            self._find("stands still", f"{_WAITS[self._waits_for]}: its limits do not run")
            return None
        if self._was_still and not self._is_still:
            closed, ended = close_pause(pauses, self._now)
            if ended is not None:
                self._write(pauses=closed)
                self._find("runs again", f"it stood still since {self._say(ended.start)}")
            return ended
        return None

    def _is_met(self, kind: LimitKind) -> bool:
        """Whether nothing is left to be done within that limit."""
        if kind is LimitKind.SOLUTION:
            kept = self._ticket.solved if "solved" not in self._change.clear else None
            return (self._change.solved or kept) is not None
        return (self._change.responded or self._ticket.responded) is not None

    def _is_missed(self, due: datetime) -> bool:
        return due <= self._stood_at(self._ticket.pauses if self._was_still else ())

    def _stood_at(self, pauses: tuple[Pause, ...]) -> datetime:
        """The moment at which the clocks stand, or now when they run."""
        return next((item.start for item in pauses if item.end is None), self._now)

    def _begin(self, limit: Limit) -> None:
        """A contact's clock begins with each engineer anew."""
        self._place(limit, add_running(self._now, limit, (), self._zone), self._now)

    def _count_anew(self, limit: Limit, due: datetime | None) -> None:
        """Another priority: as if it had been the ticket's from the beginning.

        If that would lie in the past, nobody could have kept it: then its minutes are counted from
        now, but it is never due later than it was.
        """
        contact = limit.kind is LimitKind.CONTACT
        start = self._ticket.assigned if contact else self._ticket.opened
        if start is None:
            return
        pauses = self._change.pauses or self._ticket.pauses
        base = self._stood_at(pauses) if self._is_still else self._now
        placed = add_running(start, limit, pauses, self._zone)
        if placed <= base:
            amount = timedelta(minutes=limit.minutes)
            placed = add_time(base, amount, limit.calendar, self._zone)
            placed = min(placed, due) if due is not None else placed
        self._place(limit, placed, base)

    def _go_on(self, limit: Limit, due: datetime, ended: Pause) -> None:
        start = self._ticket.opened or due
        if limit.kind is LimitKind.CONTACT:
            start = self._ticket.assigned or start
        self._place(limit, move_on(due, ended, start, limit, self._zone), self._now)

    def _place(self, limit: Limit, due: datetime, base: datetime) -> None:
        self._write(**{_FIELDS[limit.kind]: due})
        self._plan(limit, due, base)

    def _plan(self, limit: Limit, due: datetime, base: datetime) -> None:
        """Enter the limit's deadlines; while the clock stands it has none that count."""
        if self._is_still:
            return
        self._plans += plan_limit(base, due, limit, self._zone)
        self._found.append(tell_limit(limit, due, self._zone))

    def _drop(self, kind: LimitKind) -> None:
        """There is no such limit any more."""
        if find_due(self._ticket, kind) is not None:
            gone = self._change.clear | {_FIELDS[kind]}
            self._change = replace(self._change, clear=gone)
            self._plans += [DeadlinePlan(kind.missed, None), DeadlinePlan(kind.near, None)]

    def _write(self, **fields: object) -> None:
        self._change = self._change.then(Change(**fields))  # type: ignore[arg-type]

    def _find(self, found: str, why: str) -> None:
        self._found.append(Finding("limit", found, why))

    def _say(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}"


_WAITS: Mapping[Waiting, str] = {
    Waiting.NONE: "it is solved or over",
    Waiting.REQUESTER: "it waits for the requester",
    Waiting.THIRD_PARTY: "it waits for a third party",
    Waiting.APPROVAL: "it waits for an approval",
}
