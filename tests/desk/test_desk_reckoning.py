"""The timeline of a due time: what counts, what does not and why, and that it adds up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from builders import holidays
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.calendar.almanac import Why, describe_day
from maildesk.desk.calendar.hours import add_time, list_spans, measure
from maildesk.desk.calendar.reckoning import name_day, reckon
from maildesk.desk.profile import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = ((time(9), time(12)), (time(13, 30), time(18)))
HALF = ((time(9), time(12)),)
OFFICE = Calendar(
    "office",
    week=(DAY,) * 5 + ((), ()),
    holidays=holidays(),
    days_off=frozenset({date(2026, 9, 29)}),
    days_on=frozenset({date(2026, 11, 21)}),
    hours=frozenset({(date(2026, 9, 30), HALF), (date(2026, 10, 3), HALF)}),
)
NIGHT = Calendar("night", week=(((time(22), time(6)),),) * 7)
ALWAYS = Calendar("always", always=True)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def test_the_desks_own_days_come_before_the_countrys() -> None:
    reasons = {
        9: [(28, Why.WEEK), (29, Why.DAY_OFF), (30, Why.OWN_HOURS)],
        10: [(2, Why.HOLIDAY), (3, Why.OWN_HOURS), (10, Why.MAKE_UP), (11, Why.WEEK)],
        11: [(21, Why.DAY_ON)],
    }
    for month, days in reasons.items():
        for day, why in days:
            assert describe_day(OFFICE, date(2026, month, day)).why is why, (month, day)


def test_a_due_time_over_a_half_day_and_a_holiday_tells_every_stretch() -> None:
    found = reckon(at(9, 30, 11), timedelta(hours=5), OFFICE, SHANGHAI)
    assert found.due == at(10, 8, 10)
    told = []
    for item in found.stretches:
        why = name_day(item.what) if item.what else None
        told.append((item.day.day, item.until.day, why.en if why else "", item.counted, item.left))
    hour = timedelta(hours=1)
    assert told == [
        (30, 30, "own hours", hour, 4 * hour),
        (1, 2, "National Day, day off", 0 * hour, 4 * hour),
        (3, 3, "own hours", 3 * hour, hour),
        (4, 7, "National Day, day off", 0 * hour, hour),
        (8, 8, "", hour, 0 * hour),
    ]


def test_lunch_is_told_as_a_break_and_a_night_as_one_span() -> None:
    lunch = reckon(at(11, 20, 11, 30), timedelta(hours=1), OFFICE, SHANGHAI).stretches[0]
    assert lunch.breaks == ((at(11, 20, 12), at(11, 20, 13, 30)),)
    night = reckon(at(11, 20, 23), timedelta(hours=8), NIGHT, SHANGHAI)
    assert night.due == at(11, 21, 23)
    assert [item.counted for item in night.stretches] == [timedelta(hours=7), timedelta(hours=1)]


def test_around_the_clock_there_is_one_stretch_and_no_day() -> None:
    found = reckon(at(10, 3, 3), timedelta(minutes=30), ALWAYS, SHANGHAI)
    assert [item.what for item in found.stretches] == [None]
    assert found.due == at(10, 3, 3, 30)


calendars = st.sampled_from([OFFICE, NIGHT, ALWAYS])
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
amounts = st.integers(0, 6000 * 60).map(lambda seconds: timedelta(seconds=seconds))


@given(calendars, moments, amounts)
def test_the_timeline_adds_up_to_the_sum(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    found = reckon(start, amount, calendar, SHANGHAI)
    assert found.due == add_time(start, amount, calendar, SHANGHAI)
    assert sum((item.counted for item in found.stretches), timedelta()) == amount
    if amount:
        assert found.stretches[-1].left == timedelta()


@given(calendars, moments, moments)
def test_spans_between_two_moments_are_what_is_measured(
    calendar: Calendar, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    spans = list(list_spans(start, end, calendar, SHANGHAI))
    total = sum((after - before for before, after in spans), timedelta())
    assert total == measure(start, end, calendar, SHANGHAI)
    assert all(start <= before < after <= end for before, after in spans)
