"""When has a closed ticket been kept long enough to be archived (M9), and when is the next look?

Working days of the desk's calendar: one closed on Monday afternoon is archived on Thursday when the
profile says three days, whatever the hour.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.quiet import choose_calendar, next_round
from maildesk.desk.profile import Profile

_AT = time(6, 30)  # before anybody works, after every round of the night
_DAY = timedelta(days=1)
_FURTHEST = 400


def find_cutoff(now: datetime, profile: Profile, zone: ZoneInfo) -> datetime:
    """What was closed before this moment is to be archived now; aware, in UTC."""
    calendar = choose_calendar(profile)
    day, left = now.astimezone(zone).date(), profile.records.archive_days
    for _ in range(_FURTHEST):
        if left == 0:
            break
        if calendar is None or works_on(day, calendar):
            left -= 1
        day -= _DAY
    cutoff = datetime.combine(day + _DAY, time(0), zone).astimezone(UTC)
    return min(cutoff, now)


def next_morning(now: datetime, profile: Profile, zone: ZoneInfo) -> datetime:
    """The next morning on which tickets are archived."""
    return next_round(now, _AT, zone, choose_calendar(profile))
