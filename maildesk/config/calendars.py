"""Working hours and times of the day from a profile's file, with everything wrong in them.

What a calendar comes to is `desk.hours`' question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import suggest
from maildesk.desk.profile import Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS = ("cn",)
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–—~]\s*([01]?\d|2[0-4]):([0-5]\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

Week = tuple[tuple[tuple[time, time], ...], ...]


def read_calendars(document: Document, table: Mapping[str, Any]) -> tuple[Calendar, ...]:
    remedy = "Give at least one, e.g. calendars: {always: {always: true}}"
    section = document.require(table, "", "calendars", dict, remedy)
    found = []
    for key, entry in document.tables(section or {}, "calendars"):
        path = join("calendars", key)
        document.check_keys(entry, path, ("always", "week", "holidays", "days_off", "days_on"))
        always = document.take(entry, path, "always", bool, default=False) is True
        holidays = document.take(entry, path, "holidays", str)
        if holidays is not None and holidays not in HOLIDAYS:
            problem = f"{holidays!r} is a country whose holidays are not known"
            remedy = f"{suggest(holidays, HOLIDAYS)}; or leave it out and list days_off"
            document.fault(line_of(entry, "holidays"), join(path, "holidays"), problem, remedy)
        if always == ("week" in entry):
            problem = "needs either always: true or a week"
            remedy = 'e.g. week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}'
            document.fault(line_of(section, key), path, problem, remedy)
        week = _read_week(document, entry, join(path, "week")) if "week" in entry else ()
        days_off = _read_dates(document, entry, path, "days_off")
        days_on = _read_dates(document, entry, path, "days_on")
        found.append(Calendar(key, always, week, holidays, days_off, days_on))
    return tuple(found)


def _read_week(document: Document, entry: Mapping[str, Any], path: str) -> Week:
    """`{mon-fri: [spans], sat: [spans]}` as seven days from Monday; days not named are off."""
    table = document.take(entry, path.rpartition(".")[0], "week", dict)
    days: list[tuple[tuple[time, time], ...]] = [()] * 7
    for key in table if table is not None else ():
        spans = document.take(table, path, key, list) or []
        line = line_of(table, key)
        places = read_days(document, key, line, path)
        if not places:
            continue
        read = tuple(
            span for text in spans if (span := _read_span(document, text, line, join(path, key)))
        )
        if any(later[0] < earlier[1] for earlier, later in pairwise(read)):
            problem = "has hours that overlap or are out of order"
            document.fault(line, join(path, key), problem, "Write them in order, without overlap")
        for place in places:
            days[place] = read
    if table is not None and not any(days):
        remedy = 'Give some hours, e.g. {mon-fri: ["09:00-18:00"]}'
        document.fault(line_of(entry, "week"), path, "has no working time", remedy)
    return tuple(days)


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
    """`"09:00-12:00"`; `24:00` is the day's last moment."""
    match = _SPAN.fullmatch(str(text).strip())
    if match:
        start, end = _clock(match[1], match[2]), _clock(match[3], match[4])
        if start < end:
            return start, end
    problem = f"{text!r} is no span of time within a day"
    document.fault(line, path, problem, 'Write it as "09:00-12:00"')
    return None


def _clock(hour: str, minute: str) -> time:
    return time.max if hour == "24" else time(int(hour), int(minute))


def _read_dates(
    document: Document, entry: Mapping[str, Any], path: str, key: str
) -> frozenset[date]:
    found = set()
    for item in document.take(entry, path, key, list, default=[]) or ():
        try:
            day = item if isinstance(item, date) else date.fromisoformat(str(item))
            found.add(day.date() if isinstance(day, datetime) else day)
        except ValueError:
            problem = f"{item!r} is no date"
            document.fault(line_of(entry, key), join(path, key), problem, "Write it as 2026-10-01")
    return frozenset(found)
