"""Which stretch of time a report is about: named as people say it, without gap or overlap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.policy import Reports
from maildesk.desk.profile import Profile
from maildesk.desk.reports.period import (
    KINDS,
    Kind,
    Period,
    cut,
    find_before,
    find_ended,
    find_period,
    next_report,
    read_name,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = Reports(daily=time(8, 30), weekly=(0, time(9)), monthly=(1, time(9)))
NONE = Reports(daily=None)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def reporting(reports: Reports | None = None) -> Profile:
    return profile() if reports is None else replace(profile(), reports=reports)


NEW_YEAR = at(1, 1, 17, 30, year=2027)


@pytest.mark.parametrize(
    ("kind", "reports", "now", "name", "since", "until"),
    [
        ("daily", None, at(11, 20, 17, 30), "2026-11-20", at(11, 19, 17, 30), at(11, 20, 17, 30)),
        ("daily", None, at(11, 20, 17, 29), "2026-11-19", at(11, 18, 17, 30), at(11, 19, 17, 30)),
        # a weekend belongs to the Monday after it, in the evening as in the morning
        ("daily", None, at(11, 23, 17, 30), "2026-11-23", at(11, 20, 17, 30), at(11, 23, 17, 30)),
        ("daily", MORNING, at(11, 23, 8, 30), "2026-11-20", at(11, 20, 8, 30), at(11, 23, 8, 30)),
        # the National Day holiday of 2026: 1 to 7 October, 10 October is worked
        ("daily", None, at(10, 8, 17, 30), "2026-10-08", at(9, 30, 17, 30), at(10, 8, 17, 30)),
        ("daily", None, at(10, 10, 18), "2026-10-10", at(10, 9, 17, 30), at(10, 10, 17, 30)),
        ("daily", NONE, at(11, 21, 10), "2026-11-20", at(11, 20), at(11, 21)),
        ("weekly", None, at(11, 20, 17, 30), "2026-W47", at(11, 13, 17, 30), at(11, 20, 17, 30)),
        ("weekly", MORNING, at(11, 23, 9), "2026-W47", at(11, 16, 9), at(11, 23, 9)),
        ("weekly", NONE, at(11, 23, 9), "2026-W47", at(11, 16), at(11, 23)),
        ("weekly", None, NEW_YEAR, "2026-W53", at(12, 25, 17, 30), NEW_YEAR),
        ("monthly", None, at(12, 1, 9), "2026-11", at(11, 1), at(12, 1)),
        ("monthly", None, at(12, 31, 23), "2026-11", at(11, 1), at(12, 1)),
    ],
)
def test_the_newest_period_is_named_as_people_say_it(
    kind: Kind, reports: Reports | None, now: datetime, name: str, since: datetime, until: datetime
) -> None:
    assert find_ended(kind, reporting(reports), SHANGHAI, now) == Period(kind, name, since, until)


def test_a_day_off_has_no_daily_of_its_own() -> None:
    sunday = find_period("daily", profile(), SHANGHAI, date(2026, 11, 22))
    assert sunday == find_period("daily", profile(), SHANGHAI, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("kind", "reports", "now", "due"),
    [
        ("daily", None, at(11, 20, 17, 30), at(11, 23, 17, 30)),
        ("daily", None, at(9, 30, 18), at(10, 8, 17, 30)),
        ("daily", NONE, at(11, 20), None),
        ("weekly", None, at(11, 20, 17, 29), at(11, 20, 17, 30)),
        ("weekly", None, at(11, 20, 17, 30), at(11, 27, 17, 30)),
        ("weekly", NONE, at(11, 20), None),
        ("monthly", None, at(11, 20), at(12, 1, 9)),
    ],
)
def test_the_next_report_is_due_when_the_profile_says(
    kind: Kind, reports: Reports | None, now: datetime, due: datetime | None
) -> None:
    assert next_report(kind, reporting(reports), SHANGHAI, now) == due


@given(
    kind=st.sampled_from(KINDS),
    reports=st.sampled_from([None, MORNING, NONE]),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    days=st.integers(0, 1460),
    minutes=st.integers(0, 24 * 60),
)
def test_periods_follow_each_other_without_gap_or_overlap(
    kind: Kind, reports: Reports | None, zone: str, days: int, minutes: int
) -> None:
    whose, where = reporting(reports), ZoneInfo(zone)
    moment = at(1, 1, year=2024) + timedelta(days=days, minutes=minutes)
    newest = find_ended(kind, whose, where, moment)
    before = find_before(newest, whose, where)
    assert newest.since < newest.until <= moment
    assert before.until == newest.since
    assert before.name < newest.name
    assert find_period(kind, whose, where, newest.day) == newest
    due = next_report(kind, whose, where, moment)
    if due is not None and kind != "monthly":
        ended = find_ended(kind, whose, where, due)
        assert ended.until == due
        assert newest in (find_before(ended, whose, where), ended)
    assert due is None or due - moment < timedelta(days=45)


@pytest.mark.parametrize(
    ("kind", "name", "day"),
    [
        ("daily", "2026-11-20", date(2026, 11, 20)),
        ("weekly", "2026-W47", date(2026, 11, 16)),
        ("weekly", "2026-w47", date(2026, 11, 16)),
        ("monthly", "2026-11", date(2026, 11, 1)),
    ],
)
def test_a_period_is_found_by_its_name(kind: Kind, name: str, day: date) -> None:
    found = read_name(kind, name, profile(), SHANGHAI)
    assert found == find_period(kind, profile(), SHANGHAI, day)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("daily", "2026-11"),
        ("daily", "gestern"),
        ("daily", "0001-01-01"),
        ("monthly", "9999-12"),
        ("weekly", "2026-47"),
        ("weekly", "2026-W54"),
        ("monthly", "2026-13"),
        ("monthly", "2026-11-20"),
        ("monthly", ""),
    ],
)
def test_what_names_no_period_finds_none(kind: Kind, name: str) -> None:
    assert read_name(kind, name, profile(), SHANGHAI) is None


def test_a_period_that_has_not_ended_reaches_until_now() -> None:
    november = find_period("monthly", profile(), SHANGHAI, date(2026, 11, 20))
    assert cut(november, at(11, 20, 9)) == replace(november, until=at(11, 20, 9))
    assert cut(november, at(12, 20)) == november
