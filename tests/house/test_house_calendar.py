"""`maildesk calendar`, as somebody types it who wonders why a ticket is due when it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maildesk.cli import main


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, ["calendar", *words])


def test_the_timeline_names_the_holiday_and_ends_with_the_due_time() -> None:
    told = ask("explain", "2026-09-30T17:30", "120")
    assert told.exit_code == 0, told.output
    assert told.output.splitlines() == [
        "start  2026-09-30 周三 Wed 17:30: 2 h in calendar work of the shipped profile "
        "(Asia/Shanghai)",
        "2026-09-30 周三 Wed  17:30–18:00  30 min, 1 h 30 min left",
        "2026-10-01 周四 Thu … 2026-10-07 周三 Wed  国庆节放假 National Day, day off",
        "2026-10-08 周四 Thu  09:00–10:30  1 h 30 min, 0 min left",
        "due    2026-10-08 周四 Thu 10:30",
    ]


def test_a_make_up_saturday_and_lunch_are_told() -> None:
    told = ask("explain", "2026-02-13 17:00", "6h", "--calendar", "work").output
    assert "2026-02-14 周六 Sat  春节调休上班 Spring Festival, make-up workday" in told
    assert "2026-02-14 周六 Sat  12:00–13:30  休息 break, not counted" in told
    assert told.endswith("due    2026-02-14 周六 Sat 15:30\n")


def test_a_priority_brings_its_limit_and_its_calendar() -> None:
    told = ask("explain", "2026-10-03T12:00", "--priority", "紧急").output
    assert "30 min in calendar always" in told
    assert told.endswith("due    2026-10-03 周六 Sat 12:30\n")


def test_beyond_the_known_holidays_a_warning_is_given() -> None:
    told = ask("explain", "2031-09-30T17:30", "120")
    assert told.exit_code == 0
    assert "holidays are known until" in told.stderr


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("explain", "soon", "3"), "'soon' is no moment; write it as 2026-09-30T17:30"),
        (("explain", "2026-09-30T17:30"), "say how many MINUTES"),
        (("explain", "2026-09-30T17:30", "2d"), "a day has other hours in each calendar"),
        (("explain", "2026-09-30T17:30", "many"), "'many' is no working time"),
        (("explain", "2026-09-30T17:30", "600001"), "more than 10000 h of working time"),
        (("explain", "2026-09-30T17:30", "9" * 5000), "is no working time"),
        (("explain", "now", "3", "--calendar", "wrok"), "there is no calendar 'wrok'"),
        (("explain", "now", "--priority", "P9"), "priorities are urgent (紧急)"),
        (("show", "October"), "'October' is no month; write it as 2026-10"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_can(
    words: tuple[str, ...], problem: str
) -> None:
    told = ask(*words)
    assert told.exit_code == 2
    assert problem in told.output


def test_a_month_shows_hours_and_reasons() -> None:
    lines = ask("show", "2026-10").output.splitlines()
    assert len(lines) == 31
    assert lines[6] == "2026-10-07 周三 Wed  国庆节放假 National Day, day off"
    assert lines[9].startswith("2026-10-10 周六 Sat  09:00–12:00 13:30–18:00  国庆节调休上班")


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "0001-01-01T00:00", "60"),
        ("explain", "0001-01-01T00:00", "60", "--calendar", "always"),
        ("explain", "9999-12-31T20:00", "600"),
        ("explain", "9999-12-31T20:00", "600", "--calendar", "always"),
    ],
)
def test_the_ends_of_all_calendars_are_told_in_one_line(words: tuple[str, ...]) -> None:
    told = ask(*words)
    assert told.exit_code == 1
    assert "no calendar reaches that far" in told.output


def test_the_last_month_of_all_has_its_days() -> None:
    assert len(ask("show", "9999-12").stdout.splitlines()) == 31


@pytest.mark.parametrize(
    ("start", "due", "warning"),
    [
        ("2026-03-29T02:30", "2026-03-29 周日 Sun 05:30", "left out by a clock change; 03:30 was"),
        ("2026-10-25T02:30", "2026-10-25 周日 Sun 03:30", "the second is 2026-10-25T02:30+01:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25 周日 Sun 04:30", ""),
        ("2026-10-25T04:30", "2026-10-25 周日 Sun 06:30", ""),
    ],
)
def test_a_time_that_a_clock_change_leaves_out_or_brings_twice_is_told(
    start: str, due: str, warning: str
) -> None:
    Path("maildesk.toml").write_text(
        '[desk.it]\naddresses = ["it@desk.test"]\nzone = "Europe/Berlin"\n'
    )
    told = ask("explain", start, "120", "--calendar", "always")
    assert told.exit_code == 0, told.output
    assert told.stdout.endswith(f"due    {due}\n")
    assert bool(warning) == bool(told.stderr)
    assert warning in told.stderr
