"""When letters rest: nights, days off, the first morning after a holiday, clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import holidays, profile
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.desk.calendar.quiet import choose_calendar, hold_until, next_round
from maildesk.desk.profile import Calendar, Profile, Quiet

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Shanghai",
        "America/New_York",
        "Europe/London",
        "America/Havana",  # midnight happens twice
        "Asia/Beirut",  # and there, once a year, not at all
        "Australia/Lord_Howe",  # half an hour
        "Pacific/Apia",
        "UTC",
    )
]
DAY = ((time(9), time(18)),)
PLAIN = Calendar("work", week=(DAY,) * 5 + ((), ()))
IDLE = Calendar("work", week=((),) * 7)


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def with_calendar(calendar: Calendar, quiet: Quiet | None) -> Profile:
    priorities = tuple(replace(item, calendar="work") for item in profile().priorities)
    return replace(profile(), calendars=(calendar,), priorities=priorities, quiet=quiet)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(11, 20, 19, 59), None),
        (at(11, 20, 20), at(11, 21, 8, 30)),
        (at(11, 20, 23, 59), at(11, 21, 8, 30)),
        (at(11, 21, 0), at(11, 21, 8, 30)),
        (at(11, 21, 8, 29), at(11, 21, 8, 30)),
        (at(11, 21, 8, 30), None),
        (at(10, 3, 10), None),  # a holiday: only reminders wait for work
    ],
)
def test_a_letter_waits_for_the_morning(now: datetime, until: datetime | None) -> None:
    assert hold_until(now, profile(), SHANGHAI) == until


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(11, 20, 10), None),
        (at(11, 20, 21), at(11, 23, 8, 30)),  # Friday night: Monday
        (at(11, 21, 10), at(11, 23, 8, 30)),
        (at(11, 23, 9), None),  # the Monday after an ordinary weekend
        (at(9, 30, 20), at(10, 8, 14)),  # National Day, then not before 14:00
        (at(10, 4, 15), at(10, 8, 14)),
        (at(10, 8, 13, 59), at(10, 8, 14)),
        (at(10, 8, 14), None),
        (at(10, 9, 9), None),  # the second day back
        (at(10, 10, 9), None),  # a make-up Saturday
        (at(10, 11, 9), at(10, 12, 8, 30)),
        (at(9, 19, 9), at(9, 20, 8, 30)),  # to a make-up Sunday
        (at(9, 25, 9), at(9, 28, 14)),  # Mid-Autumn, Friday to Sunday
        (at(1, 2, 9), at(1, 4, 14)),  # New Year 2026, back on a make-up Sunday
    ],
)
def test_a_reminder_waits_for_a_working_day(now: datetime, until: datetime | None) -> None:
    assert hold_until(now, profile(), SHANGHAI, reminder=True) == until


def test_what_is_urgent_leaves_at_any_hour() -> None:
    for reminder in (False, True):
        held = hold_until(at(10, 3, 23), profile(), SHANGHAI, urgent=True, reminder=reminder)
        assert held is None


def test_without_quiet_hours_only_days_off_hold() -> None:
    loud = replace(profile(), quiet=None)
    assert hold_until(at(11, 20, 23), loud, SHANGHAI) is None
    assert hold_until(at(11, 20, 23), loud, SHANGHAI, reminder=True) is None
    assert hold_until(at(11, 21, 23), loud, SHANGHAI, reminder=True) == at(11, 23, 0)


def test_quiet_hours_may_lie_within_a_day() -> None:
    lunch = replace(profile(), quiet=Quiet(time(12), time(14)))
    assert hold_until(at(11, 20, 13), lunch, SHANGHAI) == at(11, 20, 14)
    assert hold_until(at(11, 20, 23), lunch, SHANGHAI) is None


def test_a_desk_that_always_works_or_never_does_has_no_days_off() -> None:
    always = with_calendar(Calendar("work", always=True), Quiet())
    assert choose_calendar(always) is None
    assert hold_until(at(10, 3, 10), always, SHANGHAI, reminder=True) is None
    assert hold_until(at(10, 3, 10), with_calendar(IDLE, Quiet()), SHANGHAI, reminder=True) is None


def test_the_calendar_is_that_of_the_usual_priority() -> None:
    found = choose_calendar(profile())
    assert found is not None
    assert found.key == "work"
    urgent = choose_calendar(replace(profile(), default_priority="urgent"))
    assert urgent == found  # 7×24 has no days off; the desk's working days still are


def test_the_hour_that_comes_twice_ends_only_once() -> None:
    """New York, 1 November 2026: 1:00 to 2:00 twice, first at -4, then at -5."""
    new_york = ZoneInfo("America/New_York")
    short = replace(profile(), quiet=Quiet(time(22), time(1, 30)))
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert hold_until(datetime(2026, 11, 1, 4, 0, tzinfo=UTC), short, new_york) == first
    assert hold_until(first, short, new_york) is None
    second = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)  # 1:10 again
    assert hold_until(second, short, new_york) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))
quiets = st.none() | st.tuples(clocks, clocks).filter(lambda q: q[0] != q[1]).map(
    lambda q: Quiet(*q)
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
calendars = st.builds(
    Calendar,
    st.just("work"),
    week=st.lists(st.sampled_from([(), DAY]), min_size=7, max_size=7).map(tuple),
    holidays=st.sampled_from([None, holidays()]),
    days_off=st.frozensets(st.dates(date(2024, 1, 1), date(2028, 12, 31)), max_size=3),
)


@given(moments, quiets, calendars, st.sampled_from(ZONES), st.booleans())
@example(datetime(2024, 11, 3, 4, 30, tzinfo=UTC), Quiet(time(23), time(0, 30)), PLAIN, ZONES[3], 1)
@example(datetime(2024, 3, 30, 22, 30, tzinfo=UTC), Quiet(time(0), time(0, 30)), PLAIN, ZONES[4], 1)
def test_once_held_a_letter_may_leave(
    now: datetime, quiet: Quiet | None, calendar: Calendar, zone: ZoneInfo, reminder: bool
) -> None:
    rules = with_calendar(calendar, quiet)
    until = hold_until(now, rules, zone, reminder=reminder)
    if until is not None:
        assert until > now
        assert until.tzinfo is UTC
        assert hold_until(until, rules, zone, reminder=reminder) is None
        there = until.astimezone(zone)
        assert not (reminder and any(calendar.week)) or calendar.days_off.isdisjoint({there.date()})


@pytest.mark.parametrize(
    ("now", "when"),
    [
        (at(11, 20, 8), at(11, 20, 8, 30)),
        (at(11, 20, 8, 30), at(11, 23, 8, 30)),  # strictly later: a round never repeats
        (at(11, 21, 8), at(11, 23, 8, 30)),
        (at(9, 30, 9), at(10, 8, 8, 30)),
        (at(10, 9, 9), at(10, 10, 8, 30)),
    ],
)
def test_the_next_round_is_on_a_working_day(now: datetime, when: datetime) -> None:
    calendar = choose_calendar(profile())
    assert next_round(now, time(8, 30), SHANGHAI, calendar) == when


def test_without_working_days_there_is_a_round_each_day() -> None:
    for calendar in (None, IDLE):
        found = next_round(at(11, 21, 9), time(8, 30), SHANGHAI, calendar)
        assert found == at(11, 22, 8, 30)


@given(moments, clocks, calendars, st.sampled_from(ZONES))
def test_rounds_come_in_order_and_never_far_apart(
    now: datetime, clock: time, calendar: Calendar, zone: ZoneInfo
) -> None:
    first = next_round(now, clock, zone, calendar)
    second = next_round(first, clock, zone, calendar)
    assert now < first < second
    assert second - first < timedelta(days=40)
