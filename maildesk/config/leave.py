"""Planned leave as a people list writes it: `2026-12-01..2026-12-05; 2026-12-24`.

Also as Excel turns dates round (`2026/12/1`) and as people write spans (`至`, `到`, `~`, `to`).
Whether somebody is away at a moment is `desk.calendar.absence`'s question.
"""

from __future__ import annotations

import re
from datetime import date

Days = tuple[date, date]
"""The first day away and the last one."""

_BETWEEN = re.compile(r"[;；,，、|\r\n]+")
_DATE = r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?日?"
_SPAN = re.compile(rf"{_DATE}(?: ?(?:\.\.+|…|~|～|-{{1,2}}|–|—|至|到|\bto\b) ?{_DATE})?")

_EARLIEST, _LATEST = date(1970, 1, 1), date(2999, 12, 31)
"""Away until 9999-12-31 means until further notice, and no midnight follows that day."""

REMEDY = "Write days as 2026-12-24 and spans as 2026-12-01..2026-12-05, with ; between them."


def read_leave(text: str) -> tuple[tuple[Days, ...], tuple[str, ...]]:
    """(the spans in the order of the calendar, what is wrong with each that is none)."""
    spans: list[Days] = []
    problems: list[str] = []
    for part in (item.strip() for item in _BETWEEN.split(text)):
        if not part:
            continue
        found = _SPAN.fullmatch(part)
        first = _read_day(found.groups()[:3]) if found else None
        last = first if found is None or found[4] is None else _read_day(found.groups()[3:])
        if first is None or last is None:
            problems.append(f"{part!r} is neither a day nor a span of days")
        elif last < first:
            problems.append(f"{part!r} ends before it begins")
        else:
            spans.append((first, last))
    return tuple(sorted(spans)), tuple(problems)


def _read_day(parts: tuple[str | None, ...]) -> date | None:
    try:
        year, month, day = (int(part or 0) for part in parts)
        return max(_EARLIEST, min(date(year, month, day), _LATEST))
    except ValueError:
        return None
