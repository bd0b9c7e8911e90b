"""Which days does a text name?  `12月1日（周二）`, `Mon 1 December`, `10月1-7日`, `next week`.

Finds each with its place; what a day means there (until, back on) is asked by who reads it. A
text that is a time as a whole is `orders.moment`'s. Works on folded text (`fold.fold`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SaidDay:
    """`text[start:end]` names the days from `first` to `last`, mostly one and the same.

    `loose`: so short a form (12.1) that it may be anything; only the words around it make it a day.
    """

    start: int
    end: int
    first: date
    last: date
    loose: bool = False


def find_days(text: str, today: date) -> tuple[SaidDay, ...]:
    """The days a folded text names, in its order; a year left out is the nearest one."""
    return tuple(_scan(text, today))


def _scan(text: str, today: date) -> Iterator[SaidDay]:
    place, month = 0, None
    while (found := _ANY.search(text, place)) is not None:
        place = found.end()
        kind = str(found.lastgroup)
        pattern, read = _FORMS[kind]
        match = pattern.match(text, found.start())
        assert match is not None
        days = read(match, today, month)
        if days is not None:
            month = days[0]
            yield SaidDay(match.start(), match.end(), *days, loose=kind == "short")


Days = tuple[date, date] | None
_ONES = "一二三四五六七八九"
_CN = rf"[{_ONES}]?十[{_ONES}]?|[{_ONES}]"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs|r)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_CN_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
# A weekday beside a date says nothing more.
_BESIDE = rf"(?:\s?[(,]?\s?(?:{_CN_WEEKDAY}|{_WEEKDAY})\s?\)?)?"
_AHEAD = rf"(?:{_WEEKDAY},?\s(?:the\s)?)?"
_TO = r"\s?(?:-{1,2}|~|至|到|to|until|till|through|thru)\s?"
_NTH = r"(?:st|nd|rd|th)?"


def _read_full(match: re.Match[str], today: date, month: date | None) -> Days:
    return _one(_place(int(match[1]), int(match[2]), int(match[3])))


def _read_european(match: re.Match[str], today: date, month: date | None) -> Days:
    """30.11.2026; 11/30/2026 can only be the other way round."""
    a, b, year = int(match[1]), int(match[2]), int(match[3])
    return _one(_place(year, b, a) or _place(year, a, b))


def _read_chinese(match: re.Match[str], today: date, month: date | None) -> Days:
    """12月1日, 12月1日-5日; the year of 去年, 明年 or the nearest one."""
    first = _place_near(_count(match["m"]), _count(match["d"]), today, match["year"])
    if first is None or match["d2"] is None:
        return _one(first)
    last = _place(first.year, first.month, _count(match["d2"]))
    return (first, last) if last is not None and last >= first else (first, first)


def _read_day(match: re.Match[str], today: date, month: date | None) -> Days:
    """7日 alone: of the month that was named before it, else the next such day."""
    day = int(match["only"])
    base = month or today
    found = _place(base.year, base.month, day)
    if found is None or found < base:
        later = base.replace(day=1) + 32 * _DAY
        found = _place(later.year, later.month, day)
    return _one(found)


def _read_month_end(match: re.Match[str], today: date, month: date | None) -> Days:
    if match[0].startswith("年"):
        return _one(date(today.year, 12, 31))
    written = match["m"]
    first = today.replace(day=1)
    if match[0].startswith("下"):
        first = (first + 32 * _DAY).replace(day=1)
    if written:
        near = _place_near(_count(written), 1, today, None)
        if near is None:
            return None
        first = near
    return _one(first.replace(day=monthrange(first.year, first.month)[1]))


def _read_english(match: re.Match[str], today: date, month: date | None) -> Days:
    """1 December, December 1st, 1-5 December, Dec 1-5; the second day ends it."""
    number = _MONTHS.index(match["m"][:3]) + 1
    year = match["y"]
    if year:
        first = _place(int(year), number, int(match["d"]))
    else:
        first = _place_near(number, int(match["d"]), today, None)
    if first is None or match["d2"] is None:
        return _one(first)
    last = _place(first.year, first.month, int(match["d2"]))
    return (first, last) if last is not None and last >= first else (first, first)


def _read_short(match: re.Match[str], today: date, month: date | None) -> Days:
    """12.1 is December; 24.12. can only be so as well. 1/12 is whichever is nearer."""
    a, b = int(match["a"]), int(match["b"])
    places = (_place_near(month, day, today, None) for month, day in ((a, b), (b, a)))
    found = [place for place in places if place is not None]
    if match["sep"] == "/":
        found.sort(key=lambda place: (place < today, abs((place - today).days)))
    return _one(found[0] if found else None)


def _read_weekday(match: re.Match[str], today: date, month: date | None) -> Days:
    written = match["wd"]
    if written[:3] in _WEEKDAYS:
        wanted = _WEEKDAYS.index(written[:3])
    else:
        wanted = "一二三四五六日".index(written[-1].replace("天", "日"))
    week = match["wk"] or ""
    monday = today - today.weekday() * _DAY
    if week.startswith("下") or (week == "next " and written[:3] not in _WEEKDAYS):
        return _one(monday + 7 * week.count("下") * _DAY + wanted * _DAY)
    if week in ("本", "这"):
        return _one(monday + wanted * _DAY)
    ahead = (wanted - today.weekday()) % 7
    return _one(today + (ahead or (7 if week else 0)) * _DAY)


def _read_week(match: re.Match[str], today: date, month: date | None) -> Days:
    """This week or the next, as a span."""
    monday = today - today.weekday() * _DAY
    if match[0].startswith(("下", "next", "the following")):
        monday += 7 * max(1, match[0].count("下")) * _DAY
    return (monday, monday + 6 * _DAY)


def _read_offset(match: re.Match[str], today: date, month: date | None) -> Days:
    word = match[0].split("(")[0].strip()
    ahead = next(days for said, days in _OFFSETS if word.startswith(said))
    return _one(today + ahead * _DAY)


_OFFSETS = (
    ("大后天", 3), ("后天", 2), ("明", 1), ("今", 0), ("当天", 0),
    ("day after tomorrow", 2), ("tomorrow", 1), ("today", 0),
)  # fmt: skip

Read = Callable[["re.Match[str]", date, date | None], Days]
_D = rf"(?:\d{{1,2}}|{_CN})"
# In this order: the longer form of what begins at one place comes first.
_FORMS: dict[str, tuple[re.Pattern[str], Read]] = {
    key: (re.compile(pattern), read)
    for key, pattern, read in (
        (
            "full",
            rf"(?<!\d)(20\d\d)(?:[-/.]|年)(\d{{1,2}})(?:[-/.]|月)(\d{{1,2}})(?!\d)[日号]?{_BESIDE}",
            _read_full,
        ),
        (
            "european",
            rf"(?<![\d.])(\d{{1,2}})[./](\d{{1,2}})[./](20\d\d)(?!\d){_BESIDE}",
            _read_european,
        ),
        (
            "month_end",
            rf"(?:(?<!\d)(?P<m>{_D})月|[本下]个?月|这个月|月|年)(?:底|末)",
            _read_month_end,
        ),
        (
            "chinese",
            rf"(?P<year>[今明去]年|本年)?(?<!\d)(?P<m>{_D})月(?P<d>{_D})(?!\d)[日号]?"
            rf"(?:{_TO}(?P<d2>{_D})(?![\d月])[日号]?)?{_BESIDE}",
            _read_chinese,
        ),
        (
            "day_month",
            rf"{_AHEAD}(?<![\d:.])(?P<d>\d{{1,2}}){_NTH}(?:{_TO}(?P<d2>\d{{1,2}}){_NTH})?"
            rf"\s?(?:of\s)?(?P<m>{_MONTH})(?![a-z])(?:,?\s?(?P<y>20\d\d))?{_BESIDE}",
            _read_english,
        ),
        (
            "month_day",
            rf"{_AHEAD}\b(?P<m>{_MONTH})\s?(?:the\s)?(?P<d>\d{{1,2}}){_NTH}(?![\d:])"
            rf"(?:{_TO}(?P<d2>\d{{1,2}}){_NTH}(?![\d:]|\s?{_MONTH}))?(?:,?\s?(?P<y>20\d\d))?{_BESIDE}",
            _read_english,
        ),
        ("offset", r"大后天|后天|明[天日]|今[天日]|当天|day after tomorrow|tomorrow|\btoday\b",
         _read_offset),
        ("weekday",
         rf"(?P<wk>下+个?|本|这个?|next\s|this\s)?(?P<wd>{_CN_WEEKDAY}|\b{_WEEKDAY})",
         _read_weekday),
        ("week", r"[本这]个?周(?!末)|下+个?周(?!末)|\b(?:this|next|the following)\sweek\b",
         _read_week),
        ("day", r"(?<![\d:.])(?P<only>\d{1,2})[日号](?![\d楼线])", _read_day),
        ("nth", r"\bthe\s(?P<only>\d{1,2})(?:st|nd|rd|th)\b", _read_day),
        ("short",
         r"(?<![\d:./])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?!\d|[:/.]\d|%)", _read_short),
    )
}  # fmt: skip
_NAMED = re.compile(r"\?P<[a-z0-9]+>")
_ANY = re.compile(
    "|".join(f"(?P<{key}>{_NAMED.sub('?:', form.pattern)})" for key, (form, _) in _FORMS.items())
)


def _one(day: date | None) -> Days:
    return None if day is None else (day, day)


def _count(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    units = _ONES.index(ones) + 1 if ones else 0
    return (_ONES.index(tens) + 1 if tens else 1) * 10 + units if ten else units


def _place(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _place_near(month: int, day: int, today: date, year: str | None) -> date | None:
    """Without a year, whichever is nearest: in November 5 January is next year's."""
    if year:
        ahead = {"明": 1, "去": -1}.get(year[0], 0)
        return _place(today.year + ahead, month, day)
    places = (_place(today.year + ahead, month, day) for ahead in (-1, 0, 1))
    near = [place for place in places if place is not None]
    return min(near, key=lambda place: abs((place - today).days), default=None)
