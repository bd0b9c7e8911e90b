"""When have so many working days passed for somebody?  His days off and away are not counted.

For reminders and for closing without an answer (WORDS.md): nobody loses time he was not there.
Whether a letter may leave at that moment is `quiet`'s question. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.hours import Span
from maildesk.desk.profile import Calendar

_DAY = timedelta(days=1)
_HORIZON = 400
"""A calendar that does not work within a year has no working days: then every day counts."""


def find_end(
    start: datetime,
    days: int,
    calendar: Calendar | None,
    zone: ZoneInfo,
    away: Sequence[Span] = (),
) -> datetime:
    """The same time of day on the last of so many working days after the day of `start`; in UTC.

    `away`: from when until when he was not there; a day that such a span touches does not count.
    Without a calendar every day is a working day.
    """
    there = start.astimezone(zone)
    day, left = there.date(), days
    for _ in range(_HORIZON + days):
        if left <= 0:
            break
        day += _DAY
        begin = datetime.combine(day, datetime.min.time(), zone)
        end = datetime.combine(day + _DAY, datetime.min.time(), zone)
        gone = any(since < end and until > begin for since, until in away)
        left -= (calendar is None or works_on(day, calendar)) and not gone
    if left > 0:
        return find_end(start, days, None, zone)
    return datetime.combine(day, there.time(), zone).astimezone(UTC)
