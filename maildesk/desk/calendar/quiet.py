"""When may a letter that can wait leave?  Never at night, reminders only on working days.

And when is the next round of a daily letter. What is urgent, and what is a reminder, others know;
working hours are `desk.calendar.hours`'.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import works_on, works_usually
from maildesk.desk.profile import Calendar, Profile, Quiet

_DAY = timedelta(days=1)
_AFTER_HOLIDAY = time(14)
"""On the first morning back people have a hundred mails; ours would be the one they miss."""

_FURTHEST = 400
"""Days looked ahead or back. A calendar that does not work in a year has no working days."""


def hold_until(
    now: datetime,
    profile: Profile,
    zone: ZoneInfo,
    *,
    urgent: bool = False,
    reminder: bool = False,
) -> datetime | None:
    """None: it may leave now. Else the first moment at which it may, aware, in UTC.

    `reminder`: not on days off, nor before 14:00 on the first working day after a holiday.
    """
    if urgent:
        return None
    calendar = choose_calendar(profile) if reminder else None
    moment = now
    while (later := _step(moment, profile.quiet, calendar, zone)) is not None:
        moment = later
    return None if moment == now else moment


def next_round(now: datetime, at: time, zone: ZoneInfo, calendar: Calendar | None) -> datetime:
    """The next moment after `now` when it is `at` on a working day; aware, in UTC.

    Without a calendar, and with one that never works, every day is a working day.
    """
    today = now.astimezone(zone).date()
    if calendar is not None and _find_working_day(today + _DAY, calendar) is None:
        calendar = None
    day = today
    while True:
        moment = datetime.combine(day, at, zone).astimezone(UTC)
        if moment > now and (calendar is None or works_on(day, calendar)):
            return moment
        day += _DAY


def choose_calendar(profile: Profile) -> Calendar | None:
    """Whose days off are days off for everybody: the usual priority's, else the first that has any.

    None for a desk that works 7×24.
    """
    usual = profile.calendar(profile.priority(profile.default_priority).calendar)
    return next((item for item in (usual, *profile.calendars) if not item.always), None)


def _step(
    moment: datetime, quiet: Quiet | None, calendar: Calendar | None, zone: ZoneInfo
) -> datetime | None:
    """A later moment that this one must at least wait for; None when nothing is in its way."""
    there = moment.astimezone(zone)
    day, clock = there.date(), there.time()
    if calendar is not None:
        working = _find_working_day(day, calendar)
        if working is not None and working != day:
            return _place(working, time(0), zone, moment)
        if clock < _AFTER_HOLIDAY and working == day and _follows_holiday(day, calendar):
            return _place(day, _AFTER_HOLIDAY, zone, moment)
    if quiet is None:
        return None
    if quiet.start < quiet.end:
        inside, ends = quiet.start <= clock < quiet.end, day
    else:
        inside = clock >= quiet.start or clock < quiet.end
        ends = day if clock < quiet.end else day + _DAY
    return _place(ends, quiet.end, zone, moment) if inside else None


def _place(day: date, clock: time, zone: ZoneInfo, after: datetime) -> datetime:
    """That time of that day, in UTC; the second one where a clock change repeats the hour."""
    for fold in (0, 1):
        moment = datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC)
        if moment > after:
            return moment
    # A clock change took the hour away: what is after it comes at once.
    return after.astimezone(UTC) + timedelta(minutes=1)


def _find_working_day(day: date, calendar: Calendar) -> date | None:
    """The day itself or the next that works."""
    return next((d for n in range(_FURTHEST) if works_on(d := day + n * _DAY, calendar)), None)


def _follows_holiday(day: date, calendar: Calendar) -> bool:
    """Whether among the days off just before it was one on which people usually work."""
    for back in range(1, _FURTHEST):
        before = day - back * _DAY
        if works_on(before, calendar):
            return False
        if works_usually(before, calendar):
            return True
    return False
