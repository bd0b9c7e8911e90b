"""When is something due on a ticket, and when should somebody be warned?  (R4, R6, R14, M2, M4)

The clock of a response and a solution starts when the server took the mail (INTERNALDATE), that of
a contact when the engineer got the ticket; both run in the priority's own working time and stand
while the ticket waits for somebody outside. What a change of the ticket does to running limits is
`limit_changes`' question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.hours import add_time, list_spans, measure, next_open
from maildesk.desk.calendar.quiet import choose_calendar
from maildesk.desk.decision import DeadlinePlan, Finding
from maildesk.desk.profile import Calendar, Priority, Profile
from maildesk.desk.ticket import ENDED, KnownTicket, Pause, State, Waiting

_DAY = timedelta(days=1)

SAME_DAY = "same_day"
"""The deadline at the end of the day on which a ticket should be solved (R14)."""


class LimitKind(StrEnum):
    """What is limited; the deadlines' kinds and the events' begin with these words."""

    RESPONSE = "response"
    CONTACT = "contact"
    SOLUTION = "solution"

    @property
    def near(self) -> str:
        """The deadline at which somebody is warned."""
        return f"{self.value}_near"

    @property
    def missed(self) -> str:
        """The deadline at the limit itself, and the event when it was missed."""
        return f"{self.value}_missed"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take, `minutes` of work in `calendar`; `near_minutes` before its end
    somebody is warned, None: nobody."""

    kind: LimitKind
    minutes: int
    calendar: Calendar
    near_minutes: int | None


# A warning never comes before half of the limit has passed, nor so late that the miss itself would
# be told minutes after it. A first contact that is due within the hour is not warned of at all:
# the dispatch letter, which has just come, says when it is due.
_NEAR_SHARE = 2
_LEAST_WARNING = 10
_LEAST_CONTACT = 60


def list_limits(priority: Priority, profile: Profile) -> tuple[Limit, ...]:
    """The limits that the profile gives a priority."""
    usual = profile.calendar(priority.calendar)
    solving = profile.calendar(priority.solution_calendar or priority.calendar)
    minutes = (
        (LimitKind.RESPONSE, priority.response_minutes, usual),
        (LimitKind.CONTACT, priority.contact_minutes, usual),
        (LimitKind.SOLUTION, priority.solution_minutes, solving),
    )
    return tuple(
        Limit(kind, amount, calendar, _choose_near(kind, amount, profile))
        for kind, amount, calendar in minutes
        if amount is not None
    )


def _choose_near(kind: LimitKind, minutes: int, profile: Profile) -> int | None:
    if kind is LimitKind.CONTACT and minutes < _LEAST_CONTACT:
        return None
    near = min(profile.near_minutes, minutes // _NEAR_SHARE)
    return near if near >= _LEAST_WARNING else None


def add_running(start: datetime, limit: Limit, pauses: Iterable[Pause], zone: ZoneInfo) -> datetime:
    """When the limit's minutes have passed since `start`, the pauses that are over left out."""
    return _run(start, timedelta(minutes=limit.minutes), pauses, limit.calendar, zone)


def _run(
    start: datetime,
    amount: timedelta,
    pauses: Iterable[Pause],
    calendar: Calendar,
    zone: ZoneInfo,
) -> datetime:
    moment, left = start, amount
    for begin, end in _list_over(pauses):
        if end <= moment:
            continue
        due = add_time(moment, left, calendar, zone)
        if due <= begin:
            return due
        if begin > moment:
            left -= measure(moment, begin, calendar, zone)
        moment = end
    return add_time(moment, left, calendar, zone)


def _list_over(pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    return sorted((item.start, item.end) for item in pauses if item.end is not None)


def move_on(due: datetime, pause: Pause, since: datetime, limit: Limit, zone: ZoneInfo) -> datetime:
    """Where a due time lies once the pause is over. `since`: when the limit's clock had started.

    One that had passed when the pause began stays where it is: what is missed stays missed.
    """
    assert pause.end is not None
    stood = max(pause.start, since)
    if due <= stood or pause.end <= stood:
        return due
    return add_time(pause.end, measure(stood, due, limit.calendar, zone), limit.calendar, zone)


def warn_at(start: datetime, due: datetime, limit: Limit, zone: ZoneInfo) -> datetime | None:
    """When somebody is warned of a limit that runs from `start` to `due` without a pause; None
    when there is too little time for it. At the beginning of work, not at the end before it: then
    what is left is what the letter says."""
    if limit.near_minutes is None:
        return None
    ahead = timedelta(minutes=limit.near_minutes)
    running = measure(start, due, limit.calendar, zone)
    if running <= ahead:
        return None
    return next_open(add_time(start, running - ahead, limit.calendar, zone), limit.calendar, zone)


def plan_limit(start: datetime, due: datetime, limit: Limit, zone: ZoneInfo) -> list[DeadlinePlan]:
    """The limit's deadlines: at its end, and before it where somebody is warned."""
    near = warn_at(start, due, limit, zone)
    return [DeadlinePlan(limit.kind.missed, due), DeadlinePlan(limit.kind.near, near)]


@dataclass(frozen=True, slots=True)
class Promised:
    """A new ticket's limits: when each is due, and the deadlines to enter."""

    response: datetime
    contact: datetime | None
    solution: datetime | None
    plans: tuple[DeadlinePlan, ...]
    findings: tuple[Finding, ...]


def promise(
    received: datetime,
    assigned: datetime | None,
    priority: Priority,
    profile: Profile,
    zone: ZoneInfo,
) -> Promised:
    """The limits of a ticket that was received then and has its engineer since `assigned`."""
    due: dict[LimitKind, datetime] = {}
    plans: list[DeadlinePlan] = []
    findings: list[Finding] = []
    for limit in list_limits(priority, profile):
        start = assigned if limit.kind is LimitKind.CONTACT else received
        if start is not None:
            due[limit.kind] = add_running(start, limit, (), zone)
            plans += plan_limit(start, due[limit.kind], limit, zone)
            findings.append(tell_limit(limit, due[limit.kind], zone))
    closing = find_same_day(received, profile, zone)
    if closing is not None:
        plans.append(DeadlinePlan(SAME_DAY, closing))
        why = f"came before {profile.same_day_before:%H:%M} of a working day: to be solved today"
        findings.append(Finding("limit", "same day", why))
    return Promised(
        due[LimitKind.RESPONSE],
        due.get(LimitKind.CONTACT),
        due.get(LimitKind.SOLUTION),
        tuple(plans),
        tuple(findings),
    )


def tell_limit(limit: Limit, due: datetime, zone: ZoneInfo) -> Finding:
    """One limit for the trace: when it is due, and what it is counted from."""
    start = "since its engineer got it" if limit.kind is LimitKind.CONTACT else "since it came"
    counted = f"{limit.minutes} min of calendar {limit.calendar.key} {start}"
    why = f"due {due.astimezone(zone):%Y-%m-%d %H:%M}, {counted}"
    return Finding("limit", limit.kind.value, why)


def find_same_day(received: datetime, profile: Profile, zone: ZoneInfo) -> datetime | None:
    """When the day ends on which a ticket of then should be solved (R14); None: it need not be.

    It counts for what comes before the profile's hour of a working day, also before work begins.
    """
    before = profile.same_day_before
    there = received.astimezone(zone)
    if before is None or there.time() >= before:
        return None
    calendar = choose_calendar(profile)
    start = datetime.combine(there.date(), time(0), zone)
    midnight = datetime.combine(there.date() + _DAY, time(0), zone).astimezone(UTC)
    if calendar is None:
        return midnight
    if not works_on(there.date(), calendar):
        return None
    spans = list(list_spans(start, midnight, calendar, zone))
    closing = spans[-1][1] if spans else midnight
    return closing if closing > received else None


def stands_still(state: State, waiting: Waiting) -> bool:
    """Whether the limits' clocks stand: somebody outside is waited for, or it is solved."""
    return waiting is not Waiting.NONE or state is State.TO_CONFIRM or state in ENDED


def find_due(ticket: KnownTicket, kind: LimitKind) -> datetime | None:
    return {
        LimitKind.RESPONSE: ticket.response_due,
        LimitKind.CONTACT: ticket.contact_due,
        LimitKind.SOLUTION: ticket.solution_due,
    }[kind]


def measure_handling(
    ticket: KnownTicket, now: datetime, profile: Profile, zone: ZoneInfo
) -> timedelta:
    """How long it has been worked on (M5): working time since its engineer got it, in the calendar
    its solution is counted in, pauses left out; none while nobody has it."""
    if ticket.assigned is None:
        return timedelta()
    calendar = _choose_handling(ticket, profile)
    end = min((item.start for item in ticket.pauses if item.end is None), default=now)
    end = max(min(end, now, ticket.solved or now), ticket.assigned)
    total = measure(ticket.assigned, end, calendar, zone)
    for begin, over in _list_over(ticket.pauses):
        total -= measure(max(begin, ticket.assigned), min(over, end), calendar, zone)
    return max(total, timedelta())


def _choose_handling(ticket: KnownTicket, profile: Profile) -> Calendar:
    rank = profile.priority(ticket.priority)
    return profile.calendar(rank.solution_calendar or rank.calendar)


def close_pause(pauses: Sequence[Pause], now: datetime) -> tuple[tuple[Pause, ...], Pause | None]:
    """The pauses with none left open, and the one that ends now."""
    ended = None
    closed = []
    for item in pauses:
        if item.end is None:
            item = ended = Pause(item.start, max(now, item.start))  # noqa: PLW2901
        closed.append(item)
    return tuple(closed), ended
