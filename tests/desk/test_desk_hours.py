"""Working time: week hours, holidays, make-up workdays, clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import holidays
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.calendar.almanac import known_until
from maildesk.desk.calendar.hours import (
    add_working,
    is_open,
    next_open,
    working_seconds,
)
from maildesk.desk.profile import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
DAY = ((time(9), time(12)), (time(13, 30), time(18)))
OFFICE = Calendar("office", week=(DAY,) * 5 + ((), ()), holidays=holidays())
PLAIN = Calendar("plain", week=(DAY,) * 5 + ((), ()))
SIX_DAYS = Calendar("six", week=(DAY,) * 5 + (((time(9), time(12)),), ()), holidays=holidays())
NIGHT = Calendar("night", week=(((time(2, 15), time(2, 45)), (time(22), time(6))),) * 7)
EVENING = Calendar("evening", week=(((time(18), time(0)),),) * 7)
HALVES = Calendar(
    "halves",
    week=OFFICE.week,
    holidays=holidays(),
    days_off=frozenset({date(2026, 12, 31)}),
    days_on=frozenset({date(2026, 12, 26)}),
    hours=frozenset({(date(2026, 2, 13), DAY[:1]), (date(2026, 10, 3), ((time(22), time(2)),))}),
)
ALWAYS = Calendar("always", always=True)
NEVER = Calendar("never", week=((),) * 7)


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (at(11, 20, 9), 30, at(11, 20, 9, 30)),
        (at(11, 20, 11, 50), 30, at(11, 20, 13, 50)),  # over lunch
        (at(11, 20, 12, 30), 0, at(11, 20, 13, 30)),
        (at(11, 20, 17, 30), 30, at(11, 20, 18)),  # to the very end of the day
        (at(11, 20, 17, 30), 31, at(11, 23, 9, 1)),  # over a weekend
        (at(11, 20, 20), 240, at(11, 23, 14, 30)),
        (at(11, 21, 10), 480, at(11, 24, 9, 30)),
        (at(9, 24, 17, 30), 60, at(9, 28, 9, 30)),  # Mid-Autumn, Friday to Sunday
        (at(9, 18, 17, 30), 60, at(9, 20, 9, 30)),  # the make-up Sunday before National Day
        (at(9, 30, 17, 59), 1, at(9, 30, 18)),
        (at(9, 30, 17, 59), 2, at(10, 8, 9, 1)),  # the whole of National Day
        (at(10, 3, 10), 0, at(10, 8, 9)),
        (at(10, 9, 17), 120, at(10, 10, 10)),  # the make-up Saturday after it
        (at(10, 10, 17), 120, at(10, 12, 10)),
    ],
)
def test_working_minutes_in_2026_are_right_to_the_minute(
    start: datetime, minutes: int, due: datetime
) -> None:
    assert add_working(start, minutes, OFFICE, SHANGHAI) == due


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at(9, 30, 17), at(10, 8, 10), 120),
        (at(9, 20, 0), at(9, 21, 0), 450),
        (at(10, 1, 0), at(10, 8, 0), 0),
        (at(11, 20, 11), at(11, 20, 14), 90),
        (at(11, 20, 14), at(11, 20, 11), -90),
    ],
)
def test_working_time_between_two_moments(start: datetime, end: datetime, minutes: int) -> None:
    assert working_seconds(start, end, OFFICE, SHANGHAI) == minutes * 60


def test_a_six_day_week_works_ordinary_saturdays_and_rests_on_holidays() -> None:
    assert is_open(at(11, 21, 10), SIX_DAYS, SHANGHAI)
    assert not is_open(at(11, 21, 14), SIX_DAYS, SHANGHAI)
    assert not is_open(at(10, 3, 10), SIX_DAYS, SHANGHAI)
    assert is_open(at(10, 10, 14), SIX_DAYS, SHANGHAI)  # a make-up Saturday has Monday's hours


def test_the_users_days_override_the_table() -> None:
    own = Calendar(
        "own",
        week=OFFICE.week,
        holidays=holidays(),
        days_off=frozenset({date(2026, 11, 20)}),
        days_on=frozenset({date(2026, 10, 1), date(2026, 11, 21)}),
    )
    assert not is_open(at(11, 20, 10), own, SHANGHAI)
    assert is_open(at(11, 21, 10), own, SHANGHAI)
    assert is_open(at(10, 1, 10), own, SHANGHAI)


def test_beyond_the_table_the_plain_week_goes_on() -> None:
    assert is_open(at(10, 1, 10, year=2031), OFFICE, SHANGHAI)
    assert not is_open(at(10, 4, 10, year=2031), OFFICE, SHANGHAI)


def test_the_horizon_is_the_last_known_year_and_the_users_days_extend_it() -> None:
    known = known_until(OFFICE)
    assert known is not None
    assert known >= date(2026, 12, 31)
    longer = Calendar(
        "longer", holidays=holidays(), days_off=frozenset({date(known.year + 1, 1, 1)})
    )
    assert known_until(longer) == date(known.year + 1, 12, 31)
    assert known_until(PLAIN) is None
    assert known_until(ALWAYS) is None


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(11, 20, 9), at(11, 20, 9)),
        (at(11, 20, 8, 59), at(11, 20, 9)),
        (at(11, 20, 12), at(11, 20, 13, 30)),
        (at(11, 20, 18), at(11, 23, 9)),
        (at(9, 30, 18), at(10, 8, 9)),
    ],
)
def test_the_next_opening(moment: datetime, opens: datetime) -> None:
    assert next_open(moment, OFFICE, SHANGHAI) == opens
    assert is_open(moment, OFFICE, SHANGHAI) is (moment == opens)


def test_around_the_clock_every_minute_counts() -> None:
    start = at(10, 3, 3)
    assert add_working(start, 30, ALWAYS, SHANGHAI) == start + timedelta(minutes=30)
    assert working_seconds(start, start + timedelta(days=2), ALWAYS, SHANGHAI) == 172800
    assert is_open(start, ALWAYS, SHANGHAI)
    assert next_open(start, ALWAYS, SHANGHAI) == start


def test_a_span_may_end_at_midnight() -> None:
    assert add_working(at(11, 20, 23), 90, EVENING, SHANGHAI) == at(11, 21, 18, 30)


def test_an_hour_that_a_clock_change_skips_is_not_worked() -> None:
    day = datetime(2026, 3, 8, tzinfo=NEW_YORK)
    shift = Calendar("shift", week=(((time(0), time(6)),),) * 7)
    worked = working_seconds(day, day + timedelta(days=1), shift, NEW_YORK)
    assert worked == 5 * 3600
    autumn = datetime(2026, 11, 1, tzinfo=NEW_YORK)
    assert working_seconds(autumn, autumn + timedelta(days=1), shift, NEW_YORK) == 7 * 3600


@pytest.mark.parametrize("calendar", [NEVER, Calendar("empty")])
def test_a_calendar_that_never_opens_is_refused(calendar: Calendar) -> None:
    now = at(11, 20, 9)
    with pytest.raises(ValueError, match="no working time"):
        add_working(now, 1, calendar, SHANGHAI)
    with pytest.raises(ValueError, match="no working time"):
        next_open(now, calendar, SHANGHAI)
    assert not is_open(now, calendar, SHANGHAI)
    assert working_seconds(now, now + timedelta(days=9), calendar, SHANGHAI) == 0


def test_negative_minutes_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working(at(11, 20, 9), -1, OFFICE, SHANGHAI)


places = st.sampled_from(
    [
        (OFFICE, SHANGHAI),
        (SIX_DAYS, SHANGHAI),
        (HALVES, SHANGHAI),
        (PLAIN, NEW_YORK),
        (NIGHT, NEW_YORK),
        (EVENING, NEW_YORK),
        (ALWAYS, SHANGHAI),
    ]
)
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
amounts = st.integers(0, 6000)
Place = tuple[Calendar, ZoneInfo]


@given(places, moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(
    place: Place, start: datetime, first: int, second: int
) -> None:
    once = add_working(start, first + second, *place)
    assert add_working(add_working(start, first, *place), second, *place) == once


@given(places, moments, amounts)
def test_measuring_undoes_adding(place: Place, start: datetime, minutes: int) -> None:
    due = add_working(start, minutes, *place)
    assert working_seconds(start, due, *place) == minutes * 60
    assert working_seconds(due, start, *place) == -minutes * 60


@given(places, moments, moments, amounts)
def test_later_starts_are_never_due_earlier(
    place: Place, one: datetime, other: datetime, minutes: int
) -> None:
    early, late = sorted((one, other))
    assert add_working(early, minutes, *place) <= add_working(late, minutes, *place)
    assert add_working(early, minutes, *place) <= add_working(early, minutes + 1, *place)


@given(places, moments, amounts)
def test_nothing_is_due_outside_working_time(place: Place, start: datetime, minutes: int) -> None:
    due = add_working(start, minutes, *place)
    assert due >= start
    assert is_open(due, *place) or is_open(due - timedelta(microseconds=1), *place)


@given(places, moments)
def test_the_next_opening_is_open_and_nothing_is_open_before_it(
    place: Place, moment: datetime
) -> None:
    opens = next_open(moment, *place)
    assert opens.tzinfo is UTC
    assert is_open(opens, *place)
    assert working_seconds(moment, opens, *place) == 0
