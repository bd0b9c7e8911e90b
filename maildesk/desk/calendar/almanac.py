"""What a day is to a calendar: worked, when and why, or off and why.

Knows days, not moments: zones and sums of working time are `hours`'. Holidays come with the
calendar, from our own table; where that ends the plain week goes on, and `known_until` says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from maildesk.desk.profile import Calendar, Hours, Label

_NOTICE = timedelta(days=61)
"""So long before it begins, the next year should be known: from 1 November on."""


class Why(StrEnum):
    """Why a day is worked or not, the strongest reason first."""

    OWN_HOURS = "own_hours"
    DAY_OFF = "day_off"
    DAY_ON = "day_on"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar; `name` is the holiday it is, or makes up for."""

    hours: Hours
    why: Why
    name: Label | None = None


def describe_day(calendar: Calendar, day: date) -> Day:
    """What that day is. A calendar that is `always` has no days: ask nothing of it here."""
    return _open_almanac(calendar).look_up(day)


def works_on(day: date, calendar: Calendar) -> bool:
    """Whether any work begins on that day."""
    return calendar.always or bool(describe_day(calendar, day).hours)


def works_usually(day: date, calendar: Calendar) -> bool:
    """Whether the plain week works on such a day, holidays and days off apart."""
    return calendar.always or bool(calendar.week and calendar.week[day.weekday()])


def known_until(calendar: Calendar) -> date | None:
    """The last day whose holidays are known; None when the calendar names none.

    A year counts as known when the table has it or the user listed days of his own in it.
    """
    if calendar.always or calendar.holidays is None:
        return None
    own = {day.year for day in (*calendar.days_off, *calendar.days_on)}
    known = own | set(calendar.holidays.years)
    year = min(calendar.holidays.years, default=min(own, default=1))
    while year + 1 in known:
        year += 1
    return date(year, 12, 31)


def find_unknown_year(calendars: Iterable[Calendar], today: date) -> int | None:
    """The first year that due times run into within two months and whose holidays are not known."""
    ends = [end for calendar in calendars if (end := known_until(calendar)) is not None]
    first = min(ends, default=None)
    return first.year + 1 if first is not None and first < today + _NOTICE else None


class _Almanac:
    """A calendar's exceptions by day, so that asking for one is a look-up."""

    __slots__ = ("_hours", "_off", "_on", "_own_off", "_own_on", "_week")

    def __init__(self, calendar: Calendar) -> None:
        holidays = calendar.holidays
        self._week = calendar.week or ((),) * 7
        self._hours = dict(calendar.hours)
        self._own_off, self._own_on = calendar.days_off, calendar.days_on
        self._off = dict(holidays.off) if holidays else {}
        self._on = dict(holidays.on) if holidays else {}

    def look_up(self, day: date) -> Day:
        own = self._hours.get(day)
        if own is not None:
            return Day(own, Why.OWN_HOURS)
        if day in self._own_off:
            return Day((), Why.DAY_OFF)
        if day in self._own_on:
            return Day(self._week[0], Why.DAY_ON)
        if day in self._off:
            return Day((), Why.HOLIDAY, self._off[day])
        if day in self._on:
            return Day(self._week[0], Why.MAKE_UP, self._on[day])
        return Day(self._week[day.weekday()], Why.WEEK)


@lru_cache(maxsize=64)
def _open_almanac(calendar: Calendar) -> _Almanac:
    return _Almanac(calendar)
