"""Working hours and times of the day from a profile's file, with everything wrong in them.

What a calendar comes to is `desk.calendar.hours`' question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import suggest
from maildesk.config.holidays import COUNTRIES, load_holidays
from maildesk.desk.profile import Calendar, Holidays, Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = ("always", "week", "holidays", "days_off", "days_on", "hours")
_LONGEST_MINUTES = 14 * 60
"""A shift over midnight may be so long; a longer one is a slip such as 18:00-09:30."""
_DAY_MINUTES = 24 * 60
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–—~]\s*([01]?\d|2[0-4]):([0-5]\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

Week = tuple[Hours, ...]


def read_calendars(document: Document, table: Mapping[str, Any]) -> tuple[Calendar, ...]:
    """All calendars of a profile, with the holidays of the rules folder it lies in."""
    remedy = "Give at least one, e.g. calendars: {always: {always: true}}"
    section = document.require(table, "", "calendars", dict, remedy)
    found = []
    for key, entry in document.tables(section or {}, "calendars"):
        path = join("calendars", key)
        document.check_keys(entry, path, _KEYS)
        always = document.take(entry, path, "always", bool, default=False) is True
        holidays = _read_holidays(document, entry, path)
        if always == ("week" in entry):
            problem = "needs either always: true or a week"
            remedy = 'e.g. week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}'
            document.fault(line_of(section, key), path, problem, remedy)
        week = _read_week(document, entry, join(path, "week")) if "week" in entry else ()
        days_off = _read_dates(document, entry, path, "days_off")
        days_on = _read_dates(document, entry, path, "days_on")
        hours = _read_hours(document, entry, path, days_off | days_on)
        found.append(Calendar(key, always, week, holidays, days_off, days_on, hours))
    return tuple(found)


def _read_holidays(document: Document, entry: Mapping[str, Any], path: str) -> Holidays | None:
    country = document.take(entry, path, "holidays", str)
    if country is None:
        return None
    if country not in COUNTRIES:
        problem = f"{country!r} is a country whose holidays are not known"
        remedy = f"{suggest(country, COUNTRIES)}; or leave it out and list days_off"
        document.fault(line_of(entry, "holidays"), join(path, "holidays"), problem, remedy)
        return None
    found, faults = load_holidays(country, document.path.parent.parent)
    known = set(document.faults)
    document.faults += [fault for fault in faults if fault not in known]
    return found


def _read_week(document: Document, entry: Mapping[str, Any], path: str) -> Week:
    """`{mon-fri: [spans], sat: [spans]}` as seven days from Monday; days not named are off."""
    table = document.take(entry, path.rpartition(".")[0], "week", dict)
    days: list[tuple[tuple[time, time], ...]] = [()] * 7
    for key in table if table is not None else ():
        line = line_of(table, key)
        places = read_days(document, key, line, path)
        read = _read_spans(document, table, path, key)
        for place in places:
            days[place] = read
    if table is not None and not any(days):
        remedy = 'Give some hours, e.g. {mon-fri: ["09:00-18:00"]}'
        document.fault(line_of(entry, "week"), path, "has no working time", remedy)
    return tuple(days)


def _read_hours(
    document: Document, entry: Mapping[str, Any], path: str, others: frozenset[date]
) -> frozenset[tuple[date, Hours]]:
    """Single days with hours of their own: `{2027-02-05: ["09:00-12:00"]}`."""
    table = document.take(entry, path, "hours", dict)
    path = join(path, "hours")
    found: dict[date, Hours] = {}
    for key in table if table is not None else ():
        line, day = line_of(table, key), _as_date(key)
        if day is None:
            document.fault(line, join(path, key), f"{key!r} is no date", _AS_DATE)
            continue
        if day in others:
            problem = "stands in days_off or days_on as well"
            document.fault(line, join(path, key), problem, "Keep it in one place")
        found[day] = _read_spans(document, table, path, key)
        if not found[day] and not table[key]:
            remedy = "A day without work stands in days_off"
            document.fault(line, join(path, key), "has no hours", remedy)
    return frozenset(found.items())


def _read_spans(document: Document, table: Mapping[str, Any], path: str, key: Any) -> Hours:
    """A day's spans in order; only the last may go on after midnight."""
    line = line_of(table, key)
    read = tuple(
        span
        for text in document.take(table, path, key, list) or ()
        if (span := _read_span(document, text, line, join(path, key)))
    )
    ends = [_minutes(start) + _length(start, end) for start, end in read]
    if any(_minutes(later[0]) < end for end, later in zip(ends, read[1:], strict=False)):
        problem = "has hours that overlap or are out of order"
        document.fault(line, join(path, key), problem, "Write them in order, without overlap")
    elif len(ends) > 1 and ends[-1] > _DAY_MINUTES + _minutes(read[0][0]):
        problem = "has a night that reaches into the next day's hours"
        document.fault(line, join(path, key), problem, "End it where the next day begins")
    return read


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _length(start: time, end: time) -> int:
    """In minutes; an end not after the start lies on the next day."""
    return (_minutes(end) - _minutes(start)) % _DAY_MINUTES or _DAY_MINUTES


def read_days(document: Document, key: object, line: int | None, path: str) -> range:
    """The days (0 is Monday) that a key such as `mon` or `mon-fri` names; none, and a fault."""
    first, _, last = str(key).lower().partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        problem = "is no day or run of days"
        document.fault(line, join(path, key), problem, "Write mon, tue, … or mon-fri")
        return range(0)
    start, end = DAYS.index(first), DAYS.index(last or first)
    if start > end:
        document.fault(line, join(path, key), "runs backwards", "Write the earlier day first")
    return range(start, end + 1)


def read_clock(
    document: Document, table: Mapping[str, Any], path: str, key: str, default: time
) -> time:
    """A time of the day such as `"08:30"`."""
    text = document.take(table, path, key, str)
    match = _CLOCK.fullmatch(text.strip()) if text else None
    if match:
        return time(int(match[1]), int(match[2]))
    if text is not None:
        problem = f"{text!r} is no time of the day"
        document.fault(line_of(table, key), join(path, key), problem, 'Write it as "08:30"')
    return default


def _read_span(
    document: Document, text: object, line: int | None, path: str
) -> tuple[time, time] | None:
    """`"09:00-12:00"`; `"22:00-06:00"` ends on the next day, `24:00` is the day's last moment."""
    match = _SPAN.fullmatch(str(text).strip())
    if match:
        start = time(int(match[1]) % 24, int(match[2]))
        end = time(int(match[3]) % 24, int(match[4]))
        midnight = int(match[3]) == 24
        odd = match[1] == "24" or (midnight and end.minute)
        night = end <= start and not midnight
        if not odd and not (night and _length(start, end) > _LONGEST_MINUTES):
            return start, end
    problem = f"{text!r} is no span of time"
    remedy = 'Write it as "09:00-12:00", a night as "22:00-06:00"'
    document.fault(line, path, problem, remedy)
    return None


def _read_dates(
    document: Document, entry: Mapping[str, Any], path: str, key: str
) -> frozenset[date]:
    found = set()
    for item in document.take(entry, path, key, list, default=[]) or ():
        day = _as_date(item)
        if day is None:
            problem = f"{item!r} is no date"
            document.fault(line_of(entry, key), join(path, key), problem, _AS_DATE)
        else:
            found.add(day)
    return frozenset(found)


def _as_date(value: object) -> date | None:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
    return day.date() if isinstance(day, datetime) else day


_AS_DATE = "Write it as 2026-10-01"
