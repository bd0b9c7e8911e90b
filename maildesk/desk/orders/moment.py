"""Which moment does an engineer mean by 明天上午, 周一, 16:00, in 2 hours, EOD?

A moment to come or, with `past`, one gone by. The day ends when the desk stops working, so
"tomorrow" is a promise for tomorrow's closing time. What cannot be read whole is not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.hours import add_working, working_seconds
from maildesk.desk.orders.phrase import Edge, Half, Phrase, read_phrase
from maildesk.desk.profile import Calendar

_DAY = timedelta(days=1)
_FURTHEST_DAYS = 400
_LONGEST_AGO = timedelta(days=7)
# Who writes 16:05 at 16:04 has a clock that is a little fast.
_CLOCKS_APART = timedelta(minutes=10)
_NOON, _EVENING = time(12), time(18)
