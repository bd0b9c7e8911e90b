"""A process profile from `rules/profiles/*.yaml`, with everything that is wrong in it.

Reads and checks; what the values are for `desk.profile` says.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import Fault, suggest
from maildesk.desk.profile import (
    Calendar,
    Category,
    Group,
    Label,
    Priority,
    Profile,
    RequestType,
)

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS = ("cn",)
_KEYS = (
    "id", "label", "number_format", "categories", "priorities", "types", "groups", "calendars",
    "defaults", "near_minutes",
)  # fmt: skip
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–—~]\s*([01]?\d|2[0-4]):([0-5]\d)")

Week = tuple[tuple[tuple[time, time], ...], ...]


def load_profile(path: Path) -> tuple[Profile | None, tuple[Fault, ...]]:
    """The profile, or None and every fault of the file with its line, key and remedy."""
    document = Document(path, f"{path.parent.name}/{path.name}")
    if document.root is None and not document.faults:
        document.fault(None, "", "is empty", "Copy the shipped profiles/default.yaml and change it")
    if document.root is not None and not isinstance(document.root, dict):
        document.fault(1, "", "is not a table", "Start with `id: my-profile`")
    elif document.root is not None:
        profile = _read_profile(document, document.root)
        if not document.faults:
            return profile, ()
    return None, tuple(document.faults)


def _read_profile(document: Document, table: Mapping[str, Any]) -> Profile:
    document.check_keys(table, "", _KEYS)
    calendars = _read_calendars(document, table)
    groups = _read_groups(document, table)
    group_keys = [group.key for group in groups]
    categories = _read_categories(document, table, group_keys)
    priorities = _read_priorities(document, table, [calendar.key for calendar in calendars])
    types = tuple(
        RequestType(key, label) for key, _, label in _read_entries(document, table, "types", ())
    )
    defaults = document.require(
        table, "", "defaults", dict,
        "Say what holds when no rule speaks: defaults: {category: service, priority: medium, …}",
    )  # fmt: skip
    defaults = defaults if defaults is not None else {}
    document.check_keys(defaults, "defaults", ("category", "priority", "type"))
    label = document.require(
        table, "", "label", dict, "Name it: label: {zh: 默认流程, en: Default}"
    )
    near = document.take(table, "", "near_minutes", int, default=30)
    if near is not None and near < 0:
        document.fault(
            line_of(table, "near_minutes"), "near_minutes", "is negative", "Write 0 or more"
        )
    return Profile(
        id=str(document.require(table, "", "id", str, "Name it, e.g. id: default")),
        label=(document.take_label(label, "label") if label is not None else None) or Label("", ""),
        number_format=_read_number_format(document, table),
        categories=categories,
        priorities=priorities,
        types=types,
        groups=groups,
        calendars=calendars,
        default_category=_choose(document, defaults, "category", [item.key for item in categories]),
        default_priority=_choose(document, defaults, "priority", [item.key for item in priorities]),
        default_type=_choose(document, defaults, "type", [item.key for item in types]),
        near_minutes=near or 0,
    )


def _read_entries(
    document: Document, table: Mapping[str, Any], key: str, more: tuple[str, ...]
) -> list[tuple[str, Mapping[str, Any], Label]]:
    """The entries of one section: key, table and label. `more` are keys beside zh and en."""
    remedy = f"Give at least one entry, e.g. {key}: {{some-key: {{zh: 名称, en: Name}}}}"
    section = document.require(table, "", key, dict, remedy)
    if section is not None and not section:
        document.fault(line_of(table, key), key, "is empty", remedy)
    entries = []
    for name, entry in document.tables(section or {}, key):
        path = join(key, name)
        document.check_keys(entry, path, ("zh", "en", *more))
        entries.append((name, entry, document.take_label(entry, path) or Label("", "")))
    return entries


def _read_groups(document: Document, table: Mapping[str, Any]) -> tuple[Group, ...]:
    return tuple(
        Group(key, label, document.take(entry, join("groups", key), "extension", str))
        for key, entry, label in _read_entries(document, table, "groups", ("extension",))
    )


def _read_categories(
    document: Document, table: Mapping[str, Any], groups: list[str]
) -> tuple[Category, ...]:
    return tuple(
        Category(key, label, _refer(document, entry, join("categories", key), "group", groups))
        for key, entry, label in _read_entries(document, table, "categories", ("group",))
    )


def _read_priorities(
    document: Document, table: Mapping[str, Any], calendars: list[str]
) -> tuple[Priority, ...]:
    """In file order, the most urgent first: the place is the rank."""
    found = []
    entries = _read_entries(document, table, "priorities", ("response_minutes", "calendar"))
    for rank, (key, entry, label) in enumerate(entries):
        path = join("priorities", key)
        remedy = "Give the time to the first response in minutes, e.g. response_minutes: 240"
        minutes = document.require(entry, path, "response_minutes", int, remedy)
        if minutes is not None and minutes <= 0:
            line = line_of(entry, "response_minutes")
            document.fault(line, join(path, "response_minutes"), "is not above 0", remedy)
        calendar = _refer(document, entry, path, "calendar", calendars)
        found.append(Priority(key, label, rank, minutes or 1, calendar))
    return tuple(found)


def _read_calendars(document: Document, table: Mapping[str, Any]) -> tuple[Calendar, ...]:
    remedy = "Give at least one, e.g. calendars: {always: {always: true}}"
    section = document.require(table, "", "calendars", dict, remedy)
    found = []
    for key, entry in document.tables(section or {}, "calendars"):
        path = join("calendars", key)
        document.check_keys(entry, path, ("always", "week", "holidays", "days_off", "days_on"))
        always = document.take(entry, path, "always", bool, default=False) is True
        holidays = document.take(entry, path, "holidays", str)
        if holidays is not None and holidays not in HOLIDAYS:
            problem = f"{holidays!r} is a country whose holidays are not known"
            remedy = f"{suggest(holidays, HOLIDAYS)}; or leave it out and list days_off"
            document.fault(line_of(entry, "holidays"), join(path, "holidays"), problem, remedy)
        if always == ("week" in entry):
            problem = "needs either always: true or a week"
            remedy = 'e.g. week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}'
            document.fault(line_of(section, key), path, problem, remedy)
        week = _read_week(document, entry, join(path, "week")) if "week" in entry else ()
        days_off = _read_dates(document, entry, path, "days_off")
        days_on = _read_dates(document, entry, path, "days_on")
        found.append(Calendar(key, always, week, holidays, days_off, days_on))
    return tuple(found)


def _read_week(document: Document, entry: Mapping[str, Any], path: str) -> Week:
    """`{mon-fri: [spans], sat: [spans]}` as seven days from Monday; days not named are off."""
    table = document.take(entry, path.rpartition(".")[0], "week", dict)
    days: list[tuple[tuple[time, time], ...]] = [()] * 7
    for key in table if table is not None else ():
        first, _, last = str(key).lower().partition("-")
        spans = document.take(table, path, key, list) or []
        line = line_of(table, key)
        if first not in DAYS or (last or first) not in DAYS:
            problem = "is no day or run of days"
            document.fault(line, join(path, key), problem, "Write mon, tue, … or mon-fri")
            continue
        start, end = DAYS.index(first), DAYS.index(last or first)
        if start > end:
            document.fault(line, join(path, key), "runs backwards", "Write the earlier day first")
        read = tuple(
            span for text in spans if (span := _read_span(document, text, line, join(path, key)))
        )
        if any(later[0] < earlier[1] for earlier, later in pairwise(read)):
            problem = "has hours that overlap or are out of order"
            document.fault(line, join(path, key), problem, "Write them in order, without overlap")
        days[start : end + 1] = [read] * (end + 1 - start)
    if table is not None and not any(days):
        remedy = 'Give some hours, e.g. {mon-fri: ["09:00-18:00"]}'
        document.fault(line_of(entry, "week"), path, "has no working time", remedy)
    return tuple(days)


def _read_span(
    document: Document, text: object, line: int | None, path: str
) -> tuple[time, time] | None:
    """`"09:00-12:00"`; `24:00` is the day's last moment."""
    match = _SPAN.fullmatch(str(text).strip())
    if match:
        start, end = _clock(match[1], match[2]), _clock(match[3], match[4])
        if start < end:
            return start, end
    problem = f"{text!r} is no span of time within a day"
    document.fault(line, path, problem, 'Write it as "09:00-12:00"')
    return None


def _clock(hour: str, minute: str) -> time:
    return time.max if hour == "24" else time(int(hour), int(minute))


def _read_dates(
    document: Document, entry: Mapping[str, Any], path: str, key: str
) -> frozenset[date]:
    found = set()
    for item in document.take(entry, path, key, list, default=[]) or ():
        try:
            day = item if isinstance(item, date) else date.fromisoformat(str(item))
            found.add(day.date() if isinstance(day, datetime) else day)
        except ValueError:
            problem = f"{item!r} is no date"
            document.fault(line_of(entry, key), join(path, key), problem, "Write it as 2026-10-01")
    return frozenset(found)


def _read_number_format(document: Document, table: Mapping[str, Any]) -> str:
    """A format string with `{date:…}` and `{seq:…}`; tried once, so no ticket meets its fault."""
    remedy = "Write for example IT-{date:%Y%m%d}-{seq:04d}"
    text = document.require(table, "", "number_format", str, remedy)
    if text is None:
        return ""
    problem = None
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        unknown = [name for name in names if name not in ("date", "seq")]
        if unknown:
            problem = f"{unknown[0]!r} is not something a number is made of"
        elif "seq" not in names:
            problem = "has no {seq}, so numbers would repeat"
        elif not text.format(date=datetime(2026, 1, 2), seq=1).isprintable():  # noqa: DTZ001
            problem = "makes numbers that cannot be printed"
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        problem = f"is not a format ({error})"
    if problem:
        document.fault(line_of(table, "number_format"), "number_format", problem, remedy)
    return str(text)


def _refer(
    document: Document, entry: Mapping[str, Any], path: str, key: str, known: list[str]
) -> str:
    """A key of another section of the profile."""
    value = document.require(entry, path, key, str, f"Use one of: {', '.join(known)}")
    if value is not None and value not in known:
        problem = f"{value!r} is no {key} of this profile"
        document.fault(line_of(entry, key), join(path, key), problem, suggest(value, known))
    return str(value or "")


def _choose(document: Document, defaults: Mapping[str, Any], key: str, known: list[str]) -> str:
    return _refer(document, defaults, "defaults", key, known)
