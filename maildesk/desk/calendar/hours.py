"""When the desk works, and what a number of working minutes comes to.

Answers over one `profile.Calendar` in one zone, in UTC, to the microsecond. What a day is (worked,
a holiday, made up for) `almanac` knows; priorities and limits are `limits`'.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import describe_day
from maildesk.desk.profile import Calendar

_DAY = timedelta(days=1)
_HORIZON_DAYS = 3660
"""Nothing open in ten years means never: a wrong calendar must not hang the desk."""

_MANY_DAYS = 31
"""Nobody asks whether it was five working days or fifty."""

Span = tuple[datetime, datetime]
Spans = tuple[Span, ...]


def add_working(start: datetime, minutes: int, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The moment at which so many working minutes after `start` have passed, aware, in UTC.

    A sum that ends with a span of work stays at that end (17:30, not tomorrow 9:00); from a closed
    moment, 0 minutes lead to the next opening. Raises ValueError for negative minutes and for a
    calendar that never opens.
    """
    return add_time(start, timedelta(minutes=minutes), calendar, zone)


def add_time(start: datetime, amount: timedelta, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The same for any amount of working time."""
    if amount < timedelta():
        raise ValueError(f"working time cannot be negative: {amount}")
    moment, left = start.astimezone(UTC), amount
    if calendar.always:
        return moment + left
    for opening, closing in _open_book(calendar, zone).spans_from(moment):
        begin = opening if opening > moment else moment
        if closing - begin >= left:
            return begin + left
        left -= closing - begin
    raise ValueError(f"calendar {calendar.key} has no working time for that within ten years")


def working_seconds(start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo) -> int:
    """Whole working seconds from `start` to `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_seconds(end, start, calendar, zone)
    return measure(start, end, calendar, zone) // timedelta(seconds=1)


def measure(start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo) -> timedelta:
    """Working time from `start` to `end`; none when `end` does not lie after `start`."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if calendar.always:
        return max(end - start, timedelta())
    total = timedelta()
    for opening, closing in list_spans(start, end, calendar, zone):
        total += closing - opening
    return total


def list_spans(
    start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo
) -> Iterator[Span]:
    """The spans of work between two moments, in order, in UTC, cut to them."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if calendar.always:
        if start < end:
            yield start, end
        return
    for opening, closing in _open_book(calendar, zone).spans_from(start, end):
        if max(opening, start) < min(closing, end):
            yield max(opening, start), min(closing, end)


def is_open(moment: datetime, calendar: Calendar, zone: ZoneInfo) -> bool:
    """Whether the desk works at that moment; the end of a span is closed."""
    return calendar.always or _next_open(moment, calendar, zone) == moment


def next_open(moment: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The moment itself when open, else when work resumes; aware, in UTC.

    Raises ValueError for a calendar that never opens.
    """
    found = moment.astimezone(UTC) if calendar.always else _next_open(moment, calendar, zone)
    if found is None:
        raise ValueError(f"calendar {calendar.key} has no working time")
    return found


def count_working_days(start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo) -> int:
    """Days on which work was done after the day of `start`, up to and with the day of `end`."""
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    count = 0
    while day < last and count < _MANY_DAYS:
        day += _DAY
        count += calendar.always or bool(describe_day(calendar, day).hours)
    return count


def _next_open(moment: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime | None:
    moment = moment.astimezone(UTC)
    for opening, closing in _open_book(calendar, zone).spans_from(moment):
        if moment < closing:
            return max(opening, moment)
    return None


class _Book:
    """The spans of one calendar in one zone, worked out a day at a time and kept."""

    __slots__ = ("_calendar", "_days", "_zone")

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        self._calendar = calendar
        self._zone = zone
        self._days: dict[date, Spans] = {}

    def spans_from(self, moment: datetime, until: datetime | None = None) -> Iterator[Span]:
        """The spans that end at `moment` or later and begin before `until`, in order."""
        first = moment.astimezone(self._zone).date()
        # The day before may hold a night shift that is still on.
        for ahead in range(-1, _HORIZON_DAYS):
            for span in self._on(first + ahead * _DAY):
                if until is not None and span[0] >= until:
                    return
                if span[1] >= moment:
                    yield span

    def _on(self, day: date) -> Spans:
        spans = self._days.get(day)
        if spans is None:
            spans = self._days[day] = self._work_out(day)
        return spans

    def _work_out(self, day: date) -> Spans:
        """The spans that begin on `day`, in UTC, in order, none reaching into another."""
        ends = [closing for _, closing in self._place(day - _DAY)]
        free_from = max(ends, default=datetime.min.replace(tzinfo=UTC))
        spans = []
        for opening, closing in sorted(self._place(day)):
            # A clock change can turn a span round or push it into the next one.
            begin = max(opening, free_from)
            if begin < closing:
                spans.append((begin, closing))
                free_from = closing
        return tuple(spans)

    def _place(self, day: date) -> Spans:
        # An end not after its start lies on the next day: midnight, or a night shift.
        return tuple(
            (self._at(day, start), self._at(day if end > start else day + _DAY, end))
            for start, end in describe_day(self._calendar, day).hours
        )

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self._zone).astimezone(UTC)


@lru_cache(maxsize=64)
def _open_book(calendar: Calendar, zone: ZoneInfo) -> _Book:
    return _Book(calendar, zone)
