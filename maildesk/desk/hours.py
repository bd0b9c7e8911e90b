"""When the desk works, and what a number of working minutes comes to.

Answers over one `profile.Calendar` in one zone, in UTC: week hours, days off and on, Chinese
holidays with their make-up workdays. It knows no priorities and no limits. The only door to the
holiday table; where that ends, the plain week goes on and `known_until` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from maildesk.desk.profile import Calendar

_DAY = timedelta(days=1)
_HORIZON_DAYS = 3660
"""Nothing open in ten years means never: a wrong calendar must not hang the desk."""

_MANY_DAYS = 31
"""Nobody asks whether it was five working days or fifty."""

Span = tuple[datetime, datetime]
Spans = tuple[Span, ...]
Hours = tuple[tuple[time, time], ...]


def add_working(start: datetime, minutes: int, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The moment at which so many working minutes after `start` have passed, aware, in UTC.

    A sum that ends with a span of work stays at that end (17:30, not tomorrow 9:00); from a closed
    moment, 0 minutes lead to the next opening. Raises ValueError for negative minutes, for a
    calendar that never opens, and for holidays of a country we have no table of.
    """
    if minutes < 0:
        raise ValueError(f"working minutes cannot be negative: {minutes}")
    moment, left = start.astimezone(UTC), timedelta(minutes=minutes)
    if calendar.always:
        return moment + left
    week = _open_book(calendar, zone)
    for opening, closing in week.spans_from(moment):
        begin = opening if opening > moment else moment
        if closing - begin >= left:
            return begin + left
        left -= closing - begin
    raise ValueError(f"calendar {calendar.key} has no working time")


def working_seconds(start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo) -> int:
    """Whole working seconds from `start` to `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_seconds(end, start, calendar, zone)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if calendar.always:
        return (end - start) // timedelta(seconds=1)
    total = timedelta()
    for opening, closing in _open_book(calendar, zone).spans_from(start, end):
        total += min(closing, end) - max(opening, start)
    return total // timedelta(seconds=1)


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


def works_on(day: date, calendar: Calendar) -> bool:
    """Whether any work begins on that day."""
    return calendar.always or bool(_hours_of(calendar, day))


def works_usually(day: date, calendar: Calendar) -> bool:
    """Whether the plain week works on such a day, holidays and days off apart."""
    return calendar.always or bool(calendar.week and calendar.week[day.weekday()])


def count_working_days(start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo) -> int:
    """Days on which work was done after the day of `start`, up to and with the day of `end`."""
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    count = 0
    while day < last and count < _MANY_DAYS:
        day += _DAY
        count += calendar.always or bool(_hours_of(calendar, day))
    return count


def known_until(calendar: Calendar) -> date | None:
    """The last day whose holidays are known; None when the calendar names none.

    A year counts as known when the table has it or the user listed days off in it.
    """
    if calendar.always or calendar.holidays is None:
        return None
    year = _last_table_year()
    while any(day.year == year + 1 for day in calendar.days_off):
        year += 1
    return date(year, 12, 31)


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
            for start, end in _hours_of(self._calendar, day)
        )

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self._zone).astimezone(UTC)


@lru_cache(maxsize=64)
def _open_book(calendar: Calendar, zone: ZoneInfo) -> _Book:
    return _Book(calendar, zone)


def _hours_of(calendar: Calendar, day: date) -> Hours:
    if day in calendar.days_off or not calendar.week:
        return ()
    works = True if day in calendar.days_on else _judge_holiday(calendar, day)
    if works is None:
        return calendar.week[day.weekday()]
    return calendar.week[0] if works else ()


def _judge_holiday(calendar: Calendar, day: date) -> bool | None:
    """True for a make-up workday, False for a holiday, None for a day like any other."""
    if calendar.holidays is None:
        return None
    if calendar.holidays != "cn":
        raise ValueError(f"calendar {calendar.key}: no holidays are known for {calendar.holidays}")
    import chinese_calendar

    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None  # the state publishes next year's days late in the year
    # An ordinary weekend has no name; whether it is worked is the week's own matter.
    return None if name is None else not off


@lru_cache(maxsize=1)
def _last_table_year() -> int:
    from chinese_calendar.constants import holidays

    last: date = max(holidays)
    return last.year
