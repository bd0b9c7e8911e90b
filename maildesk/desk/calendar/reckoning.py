"""How a due time comes about, day by day: what was counted, what was not, and why.

For people to read (`maildesk calendar explain`); the due time itself is `hours`' sum, and a test
holds both together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import Day, Why, describe_day
from maildesk.desk.calendar.hours import Span, add_time, list_spans
from maildesk.desk.profile import Calendar, Label

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One day, or a run of days off for one reason, `until` being its last.

    `what` is None in a calendar that has no days. `spans` (UTC) are what was counted of it, and
    `breaks` the closed times between them; `left` is what was still to come afterwards.
    """

    day: date
    until: date
    what: Day | None
    spans: tuple[Span, ...]
    breaks: tuple[Span, ...]
    counted: timedelta
    left: timedelta


@dataclass(frozen=True, slots=True)
class Reckoning:
    start: datetime
    due: datetime
    stretches: tuple[Stretch, ...]


def reckon(start: datetime, amount: timedelta, calendar: Calendar, zone: ZoneInfo) -> Reckoning:
    """The whole way from `start` to the moment at which that much working time has passed.

    Raises ValueError as `hours.add_time` does.
    """
    start = start.astimezone(UTC)
    due = add_time(start, amount, calendar, zone)
    by_day: dict[date, list[Span]] = {}
    for span in list_spans(start, due, calendar, zone):
        by_day.setdefault(span[0].astimezone(zone).date(), []).append(span)
    stretches: list[Stretch] = []
    day, last, left = start.astimezone(zone).date(), due.astimezone(zone).date(), amount
    while day <= last:
        spans = tuple(by_day.get(day, ()))
        counted = sum((end - begin for begin, end in spans), timedelta())
        left -= counted
        what = None if calendar.always else describe_day(calendar, day)
        breaks = tuple(
            (before[1], after[0]) for before, after in pairwise(spans) if before[1] < after[0]
        )
        found = Stretch(day, day, what, spans, breaks, counted, left)
        if stretches and _goes_on(stretches[-1], found):
            stretches[-1] = replace(stretches[-1], until=day)
        elif spans or what is not None:
            stretches.append(found)
        day += _DAY
    return Reckoning(start, due, tuple(stretches))


def _goes_on(run: Stretch, day: Stretch) -> bool:
    """Whether the day is off for the same reason as the run before it."""
    if run.what is None or day.what is None or run.spans or day.spans:
        return False
    return not run.what.hours and run.what == day.what


_WHY: dict[Why, Label] = {
    Why.OWN_HOURS: Label("特别安排", "own hours"),
    Why.DAY_OFF: Label("本单位放假", "own day off"),
    Why.DAY_ON: Label("本单位上班", "own working day"),
    Why.HOLIDAY: Label("放假", "day off"),
    Why.MAKE_UP: Label("调休上班", "make-up workday"),
    Why.WEEK: Label("休息日", "not worked in an ordinary week"),
}


def name_day(what: Day) -> Label | None:
    """Why the day is not an ordinary working day; None when it is one."""
    if what.why is Why.WEEK and what.hours:
        return None
    why = _WHY[what.why]
    if what.name is None:
        return why
    return Label(f"{what.name.zh}{why.zh}", f"{what.name.en}, {why.en}")
