"""Working days for somebody: what counts, what does not, and that no order of things matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import holidays, profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.aftercare.windows import find_end
from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.quiet import choose_calendar, hold_until
from maildesk.desk.profile import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FOUND = choose_calendar(profile())
assert _FOUND is not None
WORK: Calendar = replace(_FOUND, holidays=holidays())
DAY = timedelta(days=1)


def at(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (at(11, 20), 1, at(11, 23)),  # over a weekend
        (at(11, 20), 2, at(11, 24)),
        (at(11, 21), 1, at(11, 23)),  # asked on a Saturday
        (at(11, 24), 0, at(11, 24)),
        (at(9, 30), 1, at(10, 8)),  # over the National Day holiday
        (at(2, 13), 1, at(2, 14)),  # a Saturday that is worked, before the Spring Festival
        (at(11, 20, 23), 1, at(11, 23, 23)),  # when letters may leave is another question
    ],
)
def test_working_days_are_counted_as_the_desk_works(
    start: datetime, days: int, end: datetime
) -> None:
    assert find_end(start, days, WORK, SHANGHAI) == end


def test_days_on_which_he_was_away_do_not_count() -> None:
    away = ((at(11, 23, 0), at(11, 26, 0)),)
    assert find_end(at(11, 20), 2, WORK, SHANGHAI, away) == at(11, 27)
    # Half a day is a day on which he may not have seen it.
    afternoon = ((at(11, 23, 14), at(11, 23, 18)),)
    assert find_end(at(11, 20), 1, WORK, SHANGHAI, afternoon) == at(11, 24)


def test_a_calendar_that_never_works_counts_every_day() -> None:
    idle = replace(WORK, week=((),) * 7, holidays=None)
    assert find_end(at(11, 20), 2, idle, SHANGHAI) == at(11, 22)
    assert find_end(at(11, 20), 2, None, SHANGHAI) == at(11, 22)


MOMENTS = st.integers(0, 330 * 24 * 60).map(
    lambda minutes: at(1, 1, 0) + timedelta(minutes=minutes)
)
SPANS = st.lists(
    st.tuples(MOMENTS, st.integers(1, 500)).map(
        lambda item: (item[0], item[0] + timedelta(hours=item[1]))
    ),
    max_size=3,
)


def _counts(day: date, away: list[tuple[datetime, datetime]]) -> bool:
    begin = datetime.combine(day, datetime.min.time(), SHANGHAI)
    gone = any(since < begin + DAY and until > begin for since, until in away)
    return works_on(day, WORK) and not gone


@given(MOMENTS, st.integers(1, 12), SPANS)
def test_exactly_so_many_of_his_working_days_lie_in_the_window(
    start: datetime, days: int, away: list[tuple[datetime, datetime]]
) -> None:
    end = find_end(start, days, WORK, SHANGHAI, away).astimezone(SHANGHAI)
    first, last = start.date(), end.date()
    between = [first + n * DAY for n in range(1, (last - first).days + 1)]
    assert sum(_counts(day, away) for day in between) == days
    assert _counts(last, away)
    assert end.time() == start.time()


@given(MOMENTS, st.integers(0, 8), st.integers(0, 8), SPANS)
def test_windows_add_up_and_never_run_backwards(
    start: datetime, one: int, two: int, away: list[tuple[datetime, datetime]]
) -> None:
    between = find_end(start, one, WORK, SHANGHAI, away)
    assert start <= between
    assert find_end(between, two, WORK, SHANGHAI, away) == find_end(
        start, one + two, WORK, SHANGHAI, away
    )


@given(MOMENTS, st.integers(1, 6), SPANS)
def test_no_reminder_ever_leaves_in_the_quiet_hours_or_on_a_day_off(
    start: datetime, days: int, away: list[tuple[datetime, datetime]]
) -> None:
    calm = replace(profile(), calendars=(WORK,))
    due = find_end(start, days, WORK, SHANGHAI, away)
    leaves = (hold_until(due, calm, SHANGHAI, reminder=True) or due).astimezone(SHANGHAI)
    assert works_on(leaves.date(), WORK)
    assert (8, 30) <= (leaves.hour, leaves.minute) < (20, 0)
