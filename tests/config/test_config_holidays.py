"""The table of holidays: ours, the user's beside it, and what is wrong in his."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import chinese_calendar
import pytest
from builders import holidays

from maildesk.config.holidays import load_holidays
from maildesk.config.profile import load_profile
from maildesk.desk.calendar.almanac import Why, describe_day, find_unknown_year, known_until
from maildesk.desk.profile import Calendar, Label

TABLE = """\
country: cn
years:
  2027:
    version: 1
    source: 国务院办公厅
    published: 2026-11-05
    holidays:
      - {zh: 元旦, en: New Year's Day, from: 2027-01-01, to: 2027-01-03, workdays: [2026-12-27]}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "holidays").mkdir()
    (folder / "holidays" / "cn.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_our_table_and_the_library_agree_on_every_day(year: int) -> None:
    calendar = Calendar("work", week=((),) * 7, holidays=holidays())
    day = date(year, 1, 1)
    while day.year == year:
        off, name = chinese_calendar.get_holiday_detail(day)
        wanted = Why.WEEK if name is None else Why.HOLIDAY if off else Why.MAKE_UP
        assert describe_day(calendar, day).why is wanted, day
        day = date.fromordinal(day.toordinal() + 1)


def test_the_user_adds_a_year_and_ours_stay(tmp_path: Path) -> None:
    found, faults = load_holidays("cn", write(tmp_path, TABLE))
    assert faults == ()
    new_year = Label("元旦", "New Year's Day")
    assert {(date(2027, 1, 2), new_year), (date(2026, 10, 1), Label("国庆节", "National Day"))} < (
        found.off
    )
    assert (date(2026, 12, 27), new_year) in found.on
    assert found.years[-2:] == (2026, 2027)


def test_of_two_tables_the_higher_version_of_a_year_counts_and_the_users_when_equal(
    tmp_path: Path,
) -> None:
    corrected = TABLE.replace("2027", "2026").replace("2026-12-27", "2026-01-11")
    for version, wins in ((0, False), (1, True), (2, True)):
        folder = tmp_path / str(version)
        folder.mkdir()
        text = corrected.replace("version: 1", f"version: {version}")
        found, faults = load_holidays("cn", write(folder, text))
        assert faults == ()
        worked = {day for day, _ in found.on}
        assert (date(2026, 1, 11) in worked) is wins
        assert (date(2026, 10, 10) in worked) is not wins  # a year is taken whole


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "country: cn",
            "country: de",
            "1: country: is not 'cn'. The file is called as its country",
        ),
        ("2027:", "next:", "3: years.next: is no year. Write 2027:"),
        ("version: 1", "version: one", "4: years.2027.version: is text, not a whole number"),
        ("published: 2026-11-05", "published: soon", "6: years.2027.published: 'soon' is no date"),
        ("2027-01-01", "2027-01-05", "is no holiday. Give its first and its last day"),
        ("2027-01-03", "2027-03-03", "is no holiday. Give its first and its last day"),
        ("[2026-12-27]", "[Sunday]", "'Sunday' is no date. Write it as 2026-10-01"),
        ("[2026-12-27]", "[2025-12-27]", "2025-12-27 does not lie in 2027. Put it under its own"),
        ("[2026-12-27]", "[2027-01-02]", "2027-01-02 is both a day off and worked. Take one out"),
        ("zh: 元旦, ", "", "zh: is missing. Give the name in Chinese"),
        ("workdays:", "workday:", "workday: is not a known key. Did you mean 'workdays'?"),
        ("    holidays:\n", "", ""),
    ],
)
def test_a_fault_in_the_table_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in TABLE
    _, faults = load_holidays("cn", write(tmp_path, TABLE.replace(old, new)))
    assert faults
    assert told in str(faults[0])
    assert str(faults[0]).startswith("holidays/cn.yaml:")


def test_a_profile_with_faulty_holidays_beside_it_is_not_taken(tmp_path: Path) -> None:
    write(tmp_path, TABLE.replace("2026-12-27", "Sunday"))
    text = (Path("rules") / "profiles" / "default.yaml").read_text(encoding="utf-8")
    (tmp_path / "profiles").mkdir()
    file = tmp_path / "profiles" / "default.yaml"
    file.write_text(text, encoding="utf-8")
    profile, faults = load_profile(file)
    assert profile is None
    assert [fault.file for fault in faults] == ["holidays/cn.yaml"]


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 10, 31), None), (date(2026, 11, 1), 2027), (date(2026, 12, 31), 2027)],
)
def test_from_november_on_a_missing_next_year_is_noticed(today: date, year: int | None) -> None:
    calendar = Calendar("work", week=((),) * 7, holidays=holidays())
    assert known_until(calendar) == date(2026, 12, 31)
    assert find_unknown_year((calendar, Calendar("always", always=True)), today) == year


WEEK = """\
calendars:
  work:
    week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}
    hours: {2027-02-05: ["09:00-12:00"], 2027-02-06: ["10:00-14:00"]}
    days_off: [2027-02-08]
  nights:
    week: {mon-sun: ["22:00-06:00"], sat: ["08:00-12:00", "22:00-24:00"]}
"""


def load_calendars(folder: Path, text: str) -> tuple[dict[str, Calendar], list[str]]:
    from maildesk.config.calendars import read_calendars
    from maildesk.config.document import Document

    file = folder / "profile.yaml"
    file.write_text(text, encoding="utf-8")
    document = Document(file, file.name)
    found = {item.key: item for item in read_calendars(document, document.root)}
    return found, [str(fault) for fault in document.faults]


def test_single_days_may_have_hours_of_their_own_and_shifts_may_go_over_midnight(
    tmp_path: Path,
) -> None:
    found, faults = load_calendars(tmp_path, WEEK)
    assert faults == []
    half = describe_day(found["work"], date(2027, 2, 5))
    assert half.why is Why.OWN_HOURS
    assert [f"{start:%H:%M}-{end:%H:%M}" for start, end in half.hours] == ["09:00-12:00"]
    assert describe_day(found["work"], date(2027, 2, 6)).hours  # a Saturday
    assert describe_day(found["work"], date(2027, 2, 8)).why is Why.DAY_OFF
    saturday = describe_day(found["nights"], date(2027, 2, 6)).hours
    assert [f"{start:%H:%M}-{end:%H:%M}" for start, end in saturday] == [
        "08:00-12:00",
        "22:00-00:00",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2027-02-05:", "soon:", "'soon' is no date"),
        ('2027-02-05: ["09:00-12:00"]', "2027-02-05: []", "has no hours. A day without work"),
        ("2027-02-05:", "2027-02-08:", "stands in days_off or days_on as well"),
        ('["22:00-06:00"]', '["22:00-13:00"]', "'22:00-13:00' is no span of time"),
        ('["22:00-06:00"]', '["05:00-07:00", "22:00-06:00"]', "reaches into the next day's hours"),
        ('["22:00-06:00"]', '["22:00-06:00", "23:00-23:30"]', "overlap or are out of order"),
        ('["22:00-06:00"]', '["22:00-24:30"]', "'22:00-24:30' is no span of time"),
    ],
)
def test_a_fault_in_hours_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in WEEK
    _, faults = load_calendars(tmp_path, WEEK.replace(old, new))
    assert any(told in fault for fault in faults), faults
