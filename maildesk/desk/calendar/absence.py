"""Is somebody away, and until when?  An out-of-office notice read for its end, and leave by plan.

`休假至11月30日，12月1日返岗`, `back on Monday 1 December`; without a day, until the end of the next
working day. Whether the notice may be believed is `attendance`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.calendar.absence_words import (
    ABSENT,
    AFTER_IT,
    ALREADY,
    BACK_AFTER,
    BACK_AT,
    BACK_BEFORE,
    BEFORE_AFTER,
    FROM_AFTER,
    FROM_BEFORE,
    LATER,
    LEFT,
    LENGTH,
    NOT_AWAY,
    NUMBERS,
    RETURNED,
    UNTIL_AFTER,
    UNTIL_BEFORE,
)
from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.dates_said import SaidDay, find_days
from maildesk.desk.person import Person
from maildesk.desk.profile import Calendar
from maildesk.desk.rules.fold import fold

LONGEST = timedelta(days=60)
"""A notice that says more is believed so long; the next one says it again."""

_DAY = timedelta(days=1)
_SAMPLE = 3000
_FURTHEST = 400


@dataclass(frozen=True, slots=True)
class Absence:
    """Until when a notice keeps its author from getting tickets; None: it does not. `since` is a
    moment ahead, None: he is away already. `why` is plain English."""

    until: datetime | None
    why: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away at the moment that was asked about; `planned`: by the people list."""

    until: datetime
    planned: bool

    def describe(self, zone: ZoneInfo) -> str:
        """In plain English, for findings."""
        why = "on leave" if self.planned else "out of office"
        at = self.until.astimezone(zone)
        if at.time() == time(0):
            return f"{why} until the end of {at - _DAY:%Y-%m-%d}"
        return f"{why} until {at:%Y-%m-%d %H:%M}"


def find_away(
    person: Person, notices: Mapping[str, datetime], now: datetime, zone: ZoneInfo
) -> Away | None:
    """Whether he is away: by his notice (`notices`: until when, by address key) or by plan."""
    said = max((notices[key] for key in person.addresses if key in notices), default=None)
    today = now.astimezone(zone).date()
    planned = [last for first, last in person.away if first <= today <= last]
    ends = [Away(_end_of(last, zone), True) for last in planned]
    if said is not None and said > now:
        ends.append(Away(said, False))
    return max(ends, key=lambda away: away.until, default=None)


def read_absence(
    subject: str, text: str, now: datetime, zone: ZoneInfo, calendar: Calendar | None
) -> Absence:
    """What an automatic reply says of its author's absence; never an end before `now`."""
    told = NOT_AWAY.sub(" ", fold(f"{subject[:300]}\n{text[:_SAMPLE]}"))
    back = RETURNED.search(told)
    if back is not None:
        return Absence(None, f"“{back[0].strip()}”: he is back")
    word = ABSENT.search(told)
    if word is None:
        return Absence(None, "it says nothing of an absence")
    today = now.astimezone(zone).date()
    if LEFT.search(told):
        return Absence(now + LONGEST, "it says that he has left")
    days = find_days(told, today)
    clock = None if any(day.last > today for day in days) else BACK_AT.search(told)
    if clock is not None and (at := _read_clock(clock, today, zone)) is not None:
        if at > now:
            return Absence(at, f"“{clock[0].strip()}”")
        return Absence(None, f"“{clock[0].strip()}” has passed")
    roles = _list_roles(told, days)
    end, why = _find_end(roles, today)
    first = None if ALREADY.search(told) else _find_start(roles, end, today)
    if end is None:
        end, why = _guess_end(told, word[0], first or today, calendar)
    until = min(_end_of(end, zone), now + LONGEST)
    if until <= now:
        return Absence(None, f"{why} has passed")
    since = datetime.combine(first, time(0), zone).astimezone(UTC) if first else None
    if since is not None and since >= until:
        return Absence(None, f"{why} is more than {LONGEST.days} days ahead")
    return Absence(until, why, since)


Roles = list[tuple[str, SaidDay, str, str]]
"""What each day means, the day, the words before it, and those it stands in."""


def _list_roles(told: str, days: tuple[SaidDay, ...]) -> Roles:
    found: Roles = []
    for place, day in enumerate(days):
        before = told[days[place - 1].end if place else 0 : day.start][-30:]
        after = told[day.end : days[place + 1].start if place + 1 < len(days) else None][:30]
        role = _judge(day, before, after, told)
        if role is not None:
            words = told[max(0, day.start - 12) : day.end + 6].strip().replace("\n", " ")
            found.append((role, day, before, f"“{words}”"))
    return found


def _find_start(roles: Roles, end: date | None, today: date) -> date | None:
    """The first day of the absence that ends then, when it is ahead; None: it has begun."""
    begun = [
        (role, day.first, day.last) for role, day, _, _ in roles if end is None or day.first <= end
    ]
    spans = [
        first for role, first, last in begun if role == "from" or (role == "until" and last > first)
    ]
    days = [first for role, first, last in begun if role == "on" and last >= today]
    first = min((*days, *spans[-1:]), default=today)
    return first if first > today else None


def _find_end(roles: Roles, today: date) -> tuple[date | None, str]:
    """The last day away, and the words that say so. A day of return says most, then an end."""
    ends: dict[str, list[tuple[date, str]]] = {"back": [], "until": [], "on": []}
    for role, day, before, words in roles:
        if role == "back":
            ends[role].append((day.last if AFTER_IT.search(before) else day.first - _DAY, words))
        elif role == "before":
            ends["until"].append((day.first - _DAY, words))
        elif role != "from":
            ends[role].append((day.last, words))
    for role in ("back", "until", "on"):
        ahead = [item for item in ends[role] if item[0] >= today]
        if ahead:
            return ahead[0] if role == "back" else max(ahead) if role == "on" else ahead[0]
    passed = [item for found in ends.values() for item in found]
    return max(passed, default=(None, ""))


def _guess_end(told: str, word: str, first: date, calendar: Calendar | None) -> tuple[date, str]:
    """The last day away where none is said: by a length, else the next working day."""
    length = LENGTH.search(told)
    if length is None:
        why = f"“{word}” and no day: until the end of the next working day"
        return _find_working_day(first, calendar), why
    number, unit = length["n"] or length["n2"], length["u"] or length["u2"]
    return first + (_read_length(number, unit) - 1) * _DAY, f"“{length[0]}”"


def _judge(day: SaidDay, before: str, after: str, told: str) -> str | None:
    """What a day means by the words around it: `back`, `until`, `before`, `from`, `on`; None:
    nothing."""
    if BACK_AFTER.match(after) or BACK_BEFORE.search(before):
        return "back"
    if BEFORE_AFTER.match(after):
        return "before"
    if UNTIL_BEFORE.search(before) or UNTIL_AFTER.match(after):
        return "until"
    if day.last > day.first and FROM_BEFORE.search(before):
        return "until"
    begins = FROM_BEFORE.search(before) or FROM_AFTER.match(after)
    # A day that stands among other things (a deadline, an order's date) is none of absence.
    if not ABSENT.search(told[max(0, day.start - 40) : day.end + 40]):
        return None
    return "from" if begins else None if day.loose else "on"


def _find_working_day(day: date, calendar: Calendar | None) -> date:
    """The next day after that one that is worked."""
    days = (day + ahead * _DAY for ahead in range(1, _FURTHEST))
    if calendar is None:
        return day + _DAY
    return next((ahead for ahead in days if works_on(ahead, calendar)), day + _DAY)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + _DAY, time(0), zone).astimezone(UTC)


def _read_clock(match: re.Match[str], today: date, zone: ZoneInfo) -> datetime | None:
    hour = int(match["h"] or match["h2"] or match["h3"])
    written = match["min"] or match["min2"] or match["min3"] or "0"
    minute = 30 if written == "半" else int(written)
    half = match["half"] or match["half2"] or ""
    if half in LATER and hour < 12 and (half, hour) != ("中午", 11):
        hour += 12
    if hour > 23 or minute > 59:
        return None
    return datetime.combine(today, time(hour, minute), zone).astimezone(UTC)


def _read_length(number: str, unit: str) -> int:
    """Days that `三天`, `两周`, `a week`, `10 days` come to."""
    count = NUMBERS.get(number, 0) or (int(number) if number.isdigit() else 1)
    if number == "半":
        return 15 if "月" in unit else 1
    size = 7 if unit.startswith(("周", "星期", "礼拜", "week")) else 1
    if "月" in unit or unit.startswith("month"):
        size = 30
    return max(1, min(count * size, 365))
