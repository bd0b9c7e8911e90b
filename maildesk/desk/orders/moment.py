"""Which moment does an engineer mean by 明天上午, 周一, 16:00, in 2 hours, EOD?

A moment to come or, with `past`, one gone by. The day ends when the desk stops working, so
"tomorrow" is a promise for tomorrow's closing time. What cannot be read whole is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.hours import add_working, working_seconds
from maildesk.desk.orders.phrase import (
    Calendrical,
    Clock,
    EndOf,
    Half,
    Offset,
    Phrase,
    Span,
    Weekday,
)
from maildesk.desk.orders.timewords import read_phrase
from maildesk.desk.profile import Calendar

_DAY = timedelta(days=1)
_FURTHEST = timedelta(days=400)
_NEXT_YEAR_WITHIN = timedelta(days=183)
"""A date without its year that is further away has rather passed than been meant."""
_LONGEST_AGO = timedelta(days=7)
_CLOCKS_APART = timedelta(minutes=10)
"""Who writes 16:05 at 16:02 has a clock that is a little fast."""
_SEARCH_DAYS = 31

_NOON = time(12)
_CLOSING = time(18)  # of a day on which the desk does not work, or never stops
_STARTS = {Half.NOON: time(11), Half.AFTERNOON: _NOON, Half.EVENING: _CLOSING}


def read_moment(
    text: str, now: datetime, zone: ZoneInfo, calendar: Calendar, *, past: bool = False
) -> datetime | None:
    """The moment, aware, in UTC: after `now` or, with `past`, not after it and within a week.

    A clock without a day is the next one, on a working day if today's is over; a clock gone by is
    the latest one. 1 to 6 without a half of the day are hours of the afternoon. None when it is
    not understood, or lies on the wrong side of `now`.
    """
    phrase = read_phrase(text)
    if phrase is None:
        return None
    now = now.astimezone(UTC)
    frame = _Frame(now, zone, calendar)
    if past:
        found = frame.find_past(phrase)
        return found if found is not None and now - _LONGEST_AGO <= found <= now else None
    found = frame.find_future(phrase)
    return found if found is not None and now < found <= now + _FURTHEST else None


class _Frame:
    """The `now`, zone and working hours in which a phrase is understood."""

    __slots__ = ("_calendar", "_now", "_today", "_zone")

    def __init__(self, now: datetime, zone: ZoneInfo, calendar: Calendar) -> None:
        self._now = now
        self._zone = zone
        self._calendar = calendar
        self._today = now.astimezone(zone).date()

    def find_future(self, phrase: Phrase) -> datetime | None:
        if phrase.now or (phrase.span is not None and phrase.span.ago):
            return None
        if phrase.span is not None:
            return self._count_on(phrase.span, phrase)
        for day in self._list_coming(phrase):
            moment = self._place(day, phrase)
            if moment is not None and moment > self._now:
                return moment
        return None

    def find_past(self, phrase: Phrase) -> datetime | None:
        if phrase.now:
            return self._now if phrase == Phrase(now=True) else None
        if phrase.span is not None:
            span = phrase.span
            alone = phrase == Phrase(span=span) and span.ago and not span.workdays
            return self._now - timedelta(days=span.days, minutes=span.minutes) if alone else None
        for day in self._list_gone(phrase):
            moment = self._place(day, phrase)
            if moment is None:
                continue
            if day == self._today:
                moment = self._bring_back(moment, phrase)
            if moment <= self._now:
                return moment
        return None

    def _bring_back(self, moment: datetime, phrase: Phrase) -> datetime:
        """Now, if today's moment only just lies ahead or names a time that has begun."""
        if phrase.clock is not None:
            return self._now if self._now < moment <= self._now + _CLOCKS_APART else moment
        half = phrase.half
        begun = self._at(self._today, _STARTS.get(half, time(0)) if half else time(0))
        return self._now if begun <= self._now < moment else moment

    def _count_on(self, span: Span, phrase: Phrase) -> datetime | None:
        if phrase.day is not None:
            return None
        if span.minutes:
            alone = phrase == Phrase(span=span)
            return self._now + timedelta(minutes=span.minutes) if alone else None
        if span.days > _FURTHEST.days or span.workdays > _FURTHEST.days:
            return None
        day = self._today + span.days * _DAY
        if span.workdays:
            working = self._list_working(self._today + _DAY)
            ahead = list(zip(range(span.workdays), working, strict=False))
            if len(ahead) < span.workdays:
                return None
            day = ahead[-1][1]
        return self._place(day, phrase)

    def _list_coming(self, phrase: Phrase) -> Iterator[date]:
        """The days that may be meant, the nearest first."""
        match phrase.day:
            case None:
                yield self._today
                yield next(self._list_working(self._today + _DAY), self._today + _DAY)
            case Offset(days):
                yield self._today + days * _DAY
            case Weekday(day, None):
                first = self._today + (day - self._today.weekday()) % 7 * _DAY
                yield from (first, first + 7 * _DAY)
            case Weekday(day, int(week)):
                yield self._monday() + (7 * week + day) * _DAY
            case EndOf("week", ahead):
                yield self._last_working(self._monday() + (7 * ahead + 6) * _DAY, 7)
            case EndOf(_, ahead):
                first = self._month(ahead + 1)
                yield self._last_working(first - _DAY, 28)
            case Calendrical() as written:
                yield from self._list_dates(written, (0, 1))

    def _list_gone(self, phrase: Phrase) -> Iterator[date]:
        """The days that may be meant, the latest first."""
        match phrase.day:
            case None:
                yield from (self._today, self._today - _DAY)
            case Offset(days):
                yield self._today + days * _DAY
            case Weekday(day, None):
                last = self._today - (self._today.weekday() - day) % 7 * _DAY
                yield from (last, last - 7 * _DAY)
            case Weekday(day, int(week)):
                yield self._monday() + (7 * week + day) * _DAY
            case Calendrical() as written:
                yield from self._list_dates(written, (0, -1))
            case _:
                return

    def _list_dates(self, written: Calendrical, shifts: tuple[int, ...]) -> Iterator[date]:
        """The date in this year or month and the one beside it, where such a day exists."""
        for shift in shifts:
            if written.month is None:
                first = self._month(shift)
                year, month = first.year, first.month
            else:
                year = self._today.year + shift if written.year is None else written.year
                month = written.month
            try:
                day = date(year, month, written.day)
            except ValueError:
                continue
            if written.year is None and abs(day - self._today) > _NEXT_YEAR_WITHIN and shift:
                continue
            if written.weekday is None or written.weekday == day.weekday():
                yield day

    def _monday(self) -> date:
        return self._today - self._today.weekday() * _DAY

    def _month(self, ahead: int) -> date:
        """The first day of the month so many after this one."""
        months = self._today.year * 12 + self._today.month - 1 + ahead
        return date(months // 12, months % 12 + 1, 1)

    def _place(self, day: date, phrase: Phrase) -> datetime | None:
        if phrase.clock is not None:
            hour = _tell_hour(phrase.clock, phrase.half)
            if hour is None:
                return None
            late = _DAY if hour == 24 else 0 * _DAY
            return self._at(day + late, time(hour % 24, phrase.clock.minute))
        if phrase.closing:
            return self._finish(day, None)
        match phrase.half:
            case Half.DAWN:
                return self._at(day, time(6))
            case Half.MORNING | Half.AM:
                return self._finish(day, _NOON)
            case Half.NOON:
                return self._at(day, _NOON)
            case Half.EVENING:
                return self._at(day, time(21))
            case _:
                return self._finish(day, None)

    def _finish(self, day: date, before: time | None) -> datetime:
        """When the day's work ends, or that of its morning."""
        minutes = self._count_work(day, before)
        start = self._at(day, time(0))
        if minutes:
            return add_working(start, minutes, self._calendar, self._zone)
        return self._at(day, before or _CLOSING)

    def _count_work(self, day: date, before: time | None = None) -> int:
        """The minutes of work on that day; none for a desk that never stops."""
        if self._calendar.always:
            return 0
        end = self._at(day, before) if before else self._at(day + _DAY, time(0))
        return working_seconds(self._at(day, time(0)), end, self._calendar, self._zone) // 60

    def _list_working(self, start: date) -> Iterator[date]:
        idle, day = 0, start
        while idle < _SEARCH_DAYS:
            if self._calendar.always or self._count_work(day):
                yield day
                idle = 0
            else:
                idle += 1
            day += _DAY

    def _last_working(self, last: date, days: int) -> date:
        if self._calendar.always:
            return last
        candidates = (last - back * _DAY for back in range(days))
        return next((day for day in candidates if self._count_work(day)), last)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self._zone).astimezone(UTC)


def _tell_hour(clock: Clock, half: Half | None) -> int | None:
    """The hour of the day, 0 to 24; None when there is none such."""
    hour = clock.hour
    if hour > 24 or clock.minute > 59 or (hour == 24 and clock.minute):
        return None
    match half:
        case None:
            return hour + 12 if 1 <= hour <= 6 and not clock.exact else hour
        case Half.AM:
            return None if hour > 12 else hour % 12
        case Half.DAWN | Half.MORNING:
            return None if hour > 12 else hour
        case Half.NOON:
            return hour + 12 if hour <= 3 else hour
        case Half.AFTERNOON:
            return hour + 12 if hour < 12 else hour
        case Half.EVENING:
            if 1 <= hour <= 4:
                return None  # one o'clock at night: of which day?
            return hour + 12 if hour <= 12 else hour
