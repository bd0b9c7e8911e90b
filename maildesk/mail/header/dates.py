"""When was a mail sent, where its Date keeps to no grammar (RFC 5322 §3.3)?

Only for dates the parser of record gives up on, and for zones whose names it does not know. A date
that could mean two days, that has no zone, or that never was, stays unknown. Linear, never raises.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

_LONGEST = 200
_COMMENT = re.compile(r"\([^()]*+\)")
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d{1,9})?(?![\d:.])\s*([ap]\.?m\b\.?)?"
)
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?(?!\d)\s*([ap]\.?m\b\.?)?"
)
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)?\s*([+-])\s?(\d{1,2})(?::?(\d{2}))?(?![\d:])")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_PACKED = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})t?(?:(\d{2})(\d{2})(\d{2}))(?!\d)")
_NAME = re.compile(r"[^\W\d_]{3,12}")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_HAN_DATE = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?")
_HAN_TIME = re.compile(r"(\d{1,2})\s*[时時点點시]\s*(\d{1,2})\s*[分분](?:\s*(\d{1,2})\s*[秒초])?")
_MONTHS = {
    # English, and what German, French, Spanish, Italian, Portuguese, Dutch, Nordic and Polish
    # programs write; by their beginnings, the longer ones first.
    1: ("jan", "jän", "ene", "gen", "sty"),
    2: ("feb", "fév", "fev", "lut"),
    3: ("mar", "mär", "mrz", "maa", "mrt"),
    4: ("apr", "avr", "abr", "kwi"),
    5: ("may", "mai", "mag", "mei", "maj"),
    6: ("jun", "juin", "giu", "cze"),
    7: ("jul", "juil", "lug", "lip"),
    8: ("aug", "aoû", "aou", "ago", "sie"),
    9: ("sep", "set", "wrz"),
    10: ("oct", "okt", "ott", "out", "paź"),
    11: ("nov", "lis"),
    12: ("dec", "dez", "déc", "dic", "des", "gru"),
}
_NAMED_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("est", "cdt"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    **dict.fromkeys(("edt", "ast"), -240),
    **dict.fromkeys(("adt", "brt", "art"), -180),
    "pst": -480,
    "akst": -540,
    "akdt": -480,
    "hst": -600,
    **dict.fromkeys(("cet", "met", "mez", "bst", "west", "wat"), 60),
    **dict.fromkeys(("cest", "mest", "mesz", "eet", "sast", "cat"), 120),
    **dict.fromkeys(("eest", "msk", "eat", "trt"), 180),
    "msd": 240,
    "pkt": 300,
    **dict.fromkeys(("ict", "wib"), 420),
    **dict.fromkeys(("hkt", "sgt", "pht", "awst", "myt"), 480),
    **dict.fromkeys(("jst", "kst"), 540),
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
}
_ZONE_NAME = re.compile(r"[a-z]{1,4}(?![a-z])")
# Zones the standard names; others that stand alone mean nothing to the parser of record.
_STANDARD = frozenset(
    ("z", "ut", "utc", "gmt", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt")
)
_LAST_NAME = re.compile(r"\d\s*([A-Za-z]{3,4})\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A moment with its own offset, or None; and what was odd about how it was written."""

    value: datetime | None
    defect: str


def recover(raw: str) -> Found:
    """A date in one of the many forms programs write, once the proper form has failed."""
    text = unicodedata.normalize("NFKC", raw[:_LONGEST]).lower().replace("\u2212", "-")
    text = _COMMENT.sub(" ", text)
    text = _HAN_DATE.sub(r"\1-\2-\3 ", text)
    text = _HAN_TIME.sub(lambda found: ":".join(part or "00" for part in found.groups()), text)
    packed = _PACKED.search(text)
    if packed is not None:
        year, month, day, *clock = packed.groups()
        text = f"{year}-{month}-{day} {':'.join(clock)} {text[packed.end() :]}"
    date = _read_day(text)
    if date is None:
        return Found(None, "date: not understood")
    rest = date.rest
    clock_found = _CLOCK.search(rest) or _TIME.search(rest)
    if clock_found is None:
        return Found(None, "date: no time")
    time = _read_time(clock_found, rest)
    after = rest[clock_found.end() :]
    minutes = _read_zone(after)
    if minutes is None:
        return Found(None, "date: no zone")
    if time is None or abs(minutes) > 14 * 60:
        return Found(None, "date: impossible")
    try:
        zone = timezone(timedelta(minutes=minutes))
        value = datetime(date.year, date.month, date.day, *time, tzinfo=zone)
        value.timestamp()
    except (ValueError, OverflowError):
        return Found(None, "date: impossible")
    if value.year < 1970:
        return Found(None, "date: impossible")
    return Found(value, "date: recovered from another form")


def name_zone(raw: str) -> timezone | None:
    """The zone of a date that ends in a name the parser of record reads as no zone at all."""
    found = _LAST_NAME.search(_COMMENT.sub(" ", raw[:_LONGEST]))
    name = found[1].lower() if found else ""
    if name in _STANDARD or name not in _NAMED_ZONES:
        return None
    return timezone(timedelta(minutes=_NAMED_ZONES[name]))


@dataclass(frozen=True, slots=True)
class _Day:
    year: int
    month: int
    day: int
    rest: str


def _read_day(text: str) -> _Day | None:
    """The day, and the text without it. Numbers alone only where their order is beyond doubt."""
    found = _YEAR_FIRST.search(text)
    if found is not None:
        return _Day(int(found[1]), int(found[3]), int(found[4]), _without(text, found).lstrip("t "))
    found = _DAY_FIRST.search(text)
    if found is not None:
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] != ".":
            if month > 12:
                day, month = month, day
            elif day <= 12 and day != month:
                return None
        return _Day(year, month, day, _without(text, found))
    return _read_named_day(text)


def _read_named_day(text: str) -> _Day | None:
    """A month's name beside numbers: `20. Nov. 2026`, `Nov 20, 2026`, `Nov 20 10:00:00 2026`."""
    clock = _CLOCK.search(text) or _TIME.search(text)
    if clock is None:
        return None
    dated = text[: clock.start()] + " " * (clock.end() - clock.start())
    tail = _OFFSET.sub(" ", text[clock.end() :])
    behind = [number for number in _NUMBER.findall(tail) if len(number) == 4]
    found = None
    for name in _NAME.finditer(dated):
        month = _find_month(name[0])
        if month is None:
            continue
        before = _NUMBER.findall(dated[: name.start()])
        after = _NUMBER.findall(dated[name.end() :])
        if before and (after or behind):
            found = month, before[-1], (after or behind)[0]
            break  # a weekday may begin like a month: `mar., 17 nov.`
        if len(after) >= 2 or (after and behind):
            found = month, after[0], after[1] if len(after) >= 2 else behind[0]
    if found is None:
        return None
    month, day, year = found[0], int(found[1]), int(found[2])
    if year < 100:
        year += 2000 if year < 50 else 1900
    return _Day(year, month, day, text[clock.start() :])


def _find_month(name: str) -> int | None:
    return next((number for number, names in _MONTHS.items() if name.startswith(names)), None)


def _read_time(found: re.Match[str], rest: str) -> tuple[int, int, int] | None:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    before = rest[: found.start()]
    afternoon = (found[4] or "").startswith("p") or "下午" in before or "오후" in before
    morning = (found[4] or "").startswith("a") or "上午" in before or "오전" in before
    if (afternoon or morning) and hour > 12:
        morning = afternoon = False
    if afternoon and hour < 12:
        hour += 12
    if morning and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour, minute, min(second, 59)


def _read_zone(text: str) -> int | None:
    """Minutes east of Greenwich; None when nothing says so."""
    found = _OFFSET.search(text)
    if found is not None:
        digits = found[2] + (found[3] or "")
        hours, minutes = (int(found[2]), int(found[3] or 0))
        if len(digits) > 4 or minutes > 59:
            return None
        return (hours * 60 + minutes) * (-1 if found[1] == "-" else 1)
    for name in _ZONE_NAME.findall(text):
        if name in _NAMED_ZONES:
            return _NAMED_ZONES[name]
    return None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
