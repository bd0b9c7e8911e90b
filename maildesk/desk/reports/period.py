"""Which stretch of time a report is about: each begins where the one before it ended (R11).

A day ends at the hour of the daily report and a week at that of the weekly, so that what happens
later in the evening is in the next one and nothing is in none; a month is a calendar month. When
a report is sent, and what it says, others know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.quiet import choose_calendar, next_round
from maildesk.desk.profile import Calendar, Profile

Kind = Literal["daily", "weekly", "monthly"]
KINDS: tuple[Kind, ...] = ("daily", "weekly", "monthly")

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
_NOON = time(12)
"""A report of the afternoon is about its own day, one of the morning about the day before."""

_FURTHEST = 400
"""Days looked back for a working day; a calendar that has none does not count."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to before `until`, both in UTC. `name`: 2026-11-20, 2026-W47 or 2026-11."""

    kind: Kind
    name: str
    since: datetime
    until: datetime

    @property
    def day(self) -> date:
        """The day it is named after: of a week the Monday, of a month the first."""
        if self.kind == "weekly":
            return date.fromisocalendar(int(self.name[:4]), int(self.name[6:]), 1)
        return date.fromisoformat(self.name if self.kind == "daily" else f"{self.name}-01")


def find_ended(kind: Kind, profile: Profile, zone: ZoneInfo, now: datetime) -> Period:
    """The newest period that has ended at `now`, a moment it ends at included."""
    period = find_period(kind, profile, zone, now.astimezone(zone).date() + _DAY)
    while period.until > now:
        period = find_before(period, profile, zone)
    return period


def find_period(kind: Kind, profile: Profile, zone: ZoneInfo, day: date) -> Period:
    """The period named after this day, its week or its month.

    A day off has no daily of its own: it belongs to one of the working days beside it.
    """
    if kind == "monthly":
        first = day.replace(day=1)
        return Period(kind, f"{first:%Y-%m}", _at(first, zone), _at(_next_month(first), zone))
    if kind == "weekly":
        return _find_week(profile, zone, day)
    calendar = _choose(profile, day)
    clock = profile.reports.daily or _MIDNIGHT
    day = _work_back(day, calendar)
    ends = day if clock >= _NOON else _work_on(day + _DAY, calendar)
    begins = _work_back(ends - _DAY, calendar)
    return Period(kind, f"{day:%Y-%m-%d}", _at(begins, zone, clock), _at(ends, zone, clock))


def read_name(kind: Kind, name: str, profile: Profile, zone: ZoneInfo) -> Period | None:
    """The period of that name, as people write it: 2026-11-20, 2026-W47 or 2026-11; None: there is
    no such one."""
    try:
        if kind == "weekly":
            year, _, week = name.upper().partition("-W")
            day = date.fromisocalendar(int(year), int(week), 1)
        else:
            day = date.fromisoformat(name if kind == "daily" else f"{name}-01")
        return find_period(kind, profile, zone, day)
    except (ValueError, OverflowError):
        return None


def cut(period: Period, now: datetime) -> Period:
    """As much of the period as has passed: what is not due yet is not missed."""
    return replace(period, until=min(period.until, max(now, period.since)))


def find_before(period: Period, profile: Profile, zone: ZoneInfo) -> Period:
    """The one that ends where this one begins."""
    back = 7 if period.kind == "weekly" else 1
    return find_period(period.kind, profile, zone, period.day - back * _DAY)


def next_report(kind: Kind, profile: Profile, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the next report of this kind is due after `now`, in UTC. None: the desk wants none.

    A daily on working days only.
    """
    reports = profile.reports
    if kind == "daily":
        calendar = choose_calendar(profile)
        return next_round(now, reports.daily, zone, calendar) if reports.daily else None
    wanted = reports.weekly if kind == "weekly" else reports.monthly
    if wanted is None:
        return None
    number, clock = wanted
    day = now.astimezone(zone).date()
    while True:
        moment = _at(day, zone, clock)
        fits = day.weekday() == number if kind == "weekly" else day.day == number
        if fits and moment > now:
            return moment
        day += _DAY


def _find_week(profile: Profile, zone: ZoneInfo, day: date) -> Period:
    """A report of Thursday noon or later is about its own week, an earlier one about the last."""
    weekday, clock = profile.reports.weekly or (0, _MIDNIGHT)
    monday = day - day.weekday() * _DAY
    own = (weekday, clock) >= (3, _NOON)
    ends = monday + weekday * _DAY + (timedelta(0) if own else 7 * _DAY)
    year, week, _ = monday.isocalendar()
    since, until = _at(ends - 7 * _DAY, zone, clock), _at(ends, zone, clock)
    return Period("weekly", f"{year}-W{week:02}", since, until)


def _choose(profile: Profile, day: date) -> Calendar | None:
    """The calendar whose days have reports; None when it never works around that day."""
    calendar = choose_calendar(profile) if profile.reports.daily else None
    if calendar is None or not any(works_on(day - n * _DAY, calendar) for n in range(_FURTHEST)):
        return None
    return calendar


def _work_back(day: date, calendar: Calendar | None) -> date:
    while calendar is not None and not works_on(day, calendar):
        day -= _DAY
    return day


def _work_on(day: date, calendar: Calendar | None) -> date:
    """The day or the next that works; the day itself when none does within a year."""
    if calendar is None:
        return day
    later = (day + n * _DAY for n in range(_FURTHEST))
    return next((one for one in later if works_on(one, calendar)), day)


def _next_month(first: date) -> date:
    return (first + 31 * _DAY).replace(day=1)


def _at(day: date, zone: ZoneInfo, clock: time = _MIDNIGHT) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
