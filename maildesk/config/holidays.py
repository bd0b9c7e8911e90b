"""Which days a country has off, and which it works instead: from `holidays/*.yaml`.

Two tables are read, the user's beside his profiles and the one we ship; of a year that both have,
the higher version counts. Years neither has may still come from the installed `chinese_calendar`,
whose only door this is. What a day then is to a calendar `desk.calendar.almanac` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import Fault
from maildesk.config.shipped import folder as shipped_folder
from maildesk.desk.profile import Holidays, Label

COUNTRIES = ("cn",)
_LONGEST = timedelta(days=31)
_FURTHEST = 215  # days from the middle of the year
_SAMPLE = "e.g. {zh: 元旦, en: New Year's Day, from: 2027-01-01, to: 2027-01-03}"
_AS_DATE = "Write it as 2026-10-01"


@dataclass(frozen=True, slots=True)
class Year:
    """One year's days as a table has them. `source` says whose word it is."""

    version: int
    source: str
    off: tuple[tuple[date, Label], ...]
    on: tuple[tuple[date, Label], ...]


def load_holidays(country: str, rules: Path) -> tuple[Holidays, tuple[Fault, ...]]:
    """The country's days, of the folder `rules` and of the shipped one, and what is wrong there."""
    shipped = shipped_folder("rules")
    years, faults = _read_shipped(shipped, country)
    years = dict(years)
    if rules.resolve() != shipped.resolve():
        own, faults = _read_table(rules, country)
        for number, year in own.items():
            if number not in years or year.version >= years[number].version:
                years[number] = year
    for number, year in _read_library(country).items():
        years.setdefault(number, year)
    found = Holidays(
        country,
        tuple(sorted(years)),
        frozenset(day for year in years.values() for day in year.off),
        frozenset(day for year in years.values() for day in year.on),
    )
    return found, faults


@cache
def _read_shipped(rules: Path, country: str) -> tuple[Mapping[int, Year], tuple[Fault, ...]]:
    return _read_table(rules, country)


def _read_table(rules: Path, country: str) -> tuple[dict[int, Year], tuple[Fault, ...]]:
    """The years of one folder's table; none when it has no table."""
    path = rules / "holidays" / f"{country}.yaml"
    if not path.is_file():
        return {}, ()
    document = Document(path, f"holidays/{path.name}")
    table = document.root
    if not isinstance(table, dict):
        if not document.faults:
            document.fault(1, "", "is not a table", f"Start with `country: {country}`")
        return {}, tuple(document.faults)
    document.check_keys(table, "", ("country", "years"))
    named = document.require(table, "", "country", str, f"Write country: {country}")
    if named is not None and named != country:
        line = line_of(table, "country")
        document.fault(line, "country", f"is not {country!r}", "The file is called as its country")
    section = document.require(table, "", "years", dict, "Give a year, e.g. 2027: {…}")
    found = {}
    for key in section or {}:
        entry = document.take(section, "years", key, dict)
        if not isinstance(key, int):
            document.fault(line_of(section, key), join("years", key), "is no year", "Write 2027:")
        elif entry is not None:
            found[key] = _read_year(document, entry, key)
    return found, tuple(document.faults)


def _read_year(document: Document, entry: Mapping[str, Any], number: int) -> Year:
    path = join("years", number)
    document.check_keys(entry, path, ("version", "source", "notice", "published", "holidays"))
    version = document.take(entry, path, "version", int, default=1)
    source = document.take(entry, path, "source", str, default="")
    notice = document.take(entry, path, "notice", str, default="")
    if "published" in entry:
        _read_date(document, entry, path, "published")
    holidays = document.require(entry, path, "holidays", list, f"List them, {_SAMPLE}")
    off: dict[date, Label] = {}
    on: dict[date, Label] = {}
    for place, table in enumerate(holidays or ()):
        below = f"{path}.holidays"
        if not isinstance(table, dict):
            line = line_of(holidays, place)
            document.fault(line, below, f"{table!r} is no holiday", f"Write {_SAMPLE}")
            continue
        _read_holiday(document, table, below, number, off, on)
    for day in sorted(off.keys() & on.keys()):
        problem = f"{day} is both a day off and worked"
        document.fault(line_of(entry, "holidays"), f"{path}.holidays", problem, "Take one out")
    return Year(version or 0, f"{source} {notice}".strip(), tuple(off.items()), tuple(on.items()))


def _read_holiday(
    document: Document,
    table: Mapping[str, Any],
    path: str,
    year: int,
    off: dict[date, Label],
    on: dict[date, Label],
) -> None:
    """One holiday's days, added to those of its year."""
    document.check_keys(table, path, ("zh", "en", "from", "to", "workdays"))
    label = document.take_label(table, path) or Label("", "")
    first = _read_date(document, table, path, "from")
    last = _read_date(document, table, path, "to") if "to" in table else first
    if first is not None and last is not None:
        if not timedelta() <= last - first < _LONGEST:
            problem = f"from {first} to {last} is no holiday"
            remedy = "Give its first and its last day, at most a month"
            document.fault(line_of(table, "from"), join(path, "from"), problem, remedy)
        else:
            off |= {first + timedelta(days=n): label for n in range((last - first).days + 1)}
    worked = []
    for item in document.take(table, path, "workdays", list, default=[]) or ():
        day = _as_date(item)
        if day is None:
            line = line_of(table, "workdays")
            document.fault(line, join(path, "workdays"), f"{item!r} is no date", _AS_DATE)
        else:
            worked.append(day)
    on |= dict.fromkeys(worked, label)
    for day in (*filter(None, (first, last)), *worked):
        # A holiday may reach over New Year, and be made up for in the old year.
        if abs((day - date(year, 7, 1)).days) > _FURTHEST:
            problem = f"{day} does not lie in {year}"
            document.fault(line_of(table), path, problem, "Put it under its own year")


def _read_date(document: Document, table: Mapping[str, Any], path: str, key: str) -> date | None:
    if key not in table:
        document.fault(line_of(table), join(path, key), "is missing", f"Write it, {_SAMPLE}")
        return None
    day = _as_date(table[key])
    if day is None:
        problem = f"{table[key]!r} is no date"
        document.fault(line_of(table, key), join(path, key), problem, _AS_DATE)
    return day


def _as_date(value: object) -> date | None:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
    return day.date() if isinstance(day, datetime) else day


@cache
def _read_library(country: str) -> dict[int, Year]:
    """What the installed library has: it may be newer than this maildesk."""
    if country != "cn":
        return {}
    import chinese_calendar
    from chinese_calendar.constants import Holiday, holidays, workdays

    named = {item.value: Label(item.chinese, item.value) for item in Holiday}
    years = {day.year for day in holidays}
    source = f"chinese_calendar {chinese_calendar.__version__}"

    def choose(days: Mapping[date, str], year: int) -> Iterator[tuple[date, Label]]:
        return ((day, named[name]) for day, name in days.items() if day.year == year)

    return {
        year: Year(0, source, tuple(choose(holidays, year)), tuple(choose(workdays, year)))
        for year in years
    }
