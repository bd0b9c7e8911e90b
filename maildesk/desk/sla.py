"""When a response is due, and when somebody should be warned (R4, R6).

Clocks start when the server took the mail (INTERNALDATE), never in the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.hours import add_working
from maildesk.desk.profile import Profile

# A warning never comes before half of the limit has passed.
_NEAR_SHARE = 2


@dataclass(frozen=True, slots=True)
class ResponseLimit:
    """`due` and `near` in UTC; `near` is None when the limit is too short to warn before it."""

    due: datetime
    near: datetime | None


def limit_response(
    received: datetime, priority: str, profile: Profile, zone: ZoneInfo
) -> ResponseLimit:
    """The first-response limit of a ticket. Times run in the priority's own calendar."""
    rank = profile.priority(priority)
    calendar = profile.calendar(rank.calendar)
    due = add_working(received, rank.response_minutes, calendar, zone)
    warn_after = rank.response_minutes - profile.near_minutes
    if warn_after < rank.response_minutes / _NEAR_SHARE:
        warn_after = rank.response_minutes // _NEAR_SHARE
    near = add_working(received, warn_after, calendar, zone)
    return ResponseLimit(due, near if near < due - timedelta(minutes=1) else None)
