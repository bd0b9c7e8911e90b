"""How a moment or a span is said to a person: 今天 16:30, 9:30 on Monday 23 Nov; 30分钟, 2 h 5 min.

Never an ISO date (WORDS.md). Zones and languages come in as arguments; it reads no clock.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

_DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_NEAR_ZH = {-1: "昨天", 0: "今天", 1: "明天"}
_NEAR_EN = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def say(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """The moment as somebody in `zone` would say it at `now`; both are aware.

    Within the coming week the weekday leads; another year is named. Languages other than Chinese
    are answered in English.
    """
    there, here = moment.astimezone(zone), now.astimezone(zone)
    days = (there.date() - here.date()).days
    clock = f"{there.hour}:{there.minute:02d}"
    chinese = language.lower().startswith("zh")
    if days in _NEAR_ZH:
        return f"{_NEAR_ZH[days]} {clock}" if chinese else f"{clock} {_NEAR_EN[days]}"
    other_year = there.year != here.year
    if not chinese:
        year = f" {there.year}" if other_year else ""
        day = f"{_DAYS_EN[there.weekday()]} {there.day} {_MONTHS_EN[there.month - 1]}"
        return f"{clock} on {day}{year}"
    weekday = _DAYS_ZH[there.weekday()]
    day = f"{there.year}年" * other_year + f"{there.month}月{there.day}日"
    return f"{weekday}（{day}）{clock}" if 0 < days < 7 else f"{day} {weekday} {clock}"


def say_day(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """The day of a moment in `zone`: 11月20日 周五, Friday 20 Nov."""
    there = moment.astimezone(zone)
    if language.lower().startswith("zh"):
        return f"{there.month}月{there.day}日 {_DAYS_ZH[there.weekday()]}"
    return f"{_DAYS_EN[there.weekday()]} {there.day} {_MONTHS_EN[there.month - 1]}"


def say_span(minutes: int, language: str, *, brief: bool = False) -> str:
    """A span of minutes in its two largest units: 30分钟, 2小时5分钟, 1天3小时; 2 h 5 min.

    `brief` is for subjects: 30分, 2小时5分.
    """
    minutes = max(minutes, 0)
    if language.lower().startswith("zh"):
        units = ("天", "小时", "分" if brief else "分钟")
    else:
        units = (" d ", " h ", " min ")
    days, rest = divmod(minutes, 24 * 60)
    counts = (days, rest // 60, rest % 60 if not days else 0)
    said = [f"{count}{unit}" for count, unit in zip(counts, units, strict=True) if count]
    return "".join(said).strip() or f"0{units[2]}".strip()
