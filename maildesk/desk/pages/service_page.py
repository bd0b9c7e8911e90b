"""What a desk promises, as it publishes it (N7, N11): limits by priority, hours and scope.

Values for the page `service.html`, made of the desk's configuration, and of the figures that say
how often the promises were kept; what those count is `figures`' question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from maildesk.desk.charter import DeskConfig
from maildesk.desk.profile import Calendar, Priority
from maildesk.desk.reports.figure_book import say_rate
from maildesk.desk.reports.figures import Figures, LimitName


@dataclass(frozen=True, slots=True)
class Promise:
    """One priority: minutes to the first response and to the solution (None: not promised).

    `always`: they run day and night, else in working hours."""

    name: str
    response: int
    solution: int | None
    always: bool
    solution_always: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the desk does not do, by the words people call it, and where to go."""

    words: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How often one priority's limits were kept, as texts (94.4%, – for nothing due), by the
    months of `Record`; `solution` is empty where no solution is promised."""

    name: str
    response: tuple[str, ...]
    solution: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The last month and this one, by name; this one reaches to `until`."""

    months: tuple[str, ...]
    kept: tuple[Kept, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ServicePage:
    """What `service.html` is told. `hours` are the working hours, a line each run of days; `record`
    None: nothing to show yet, or nothing to show it from."""

    desk: str
    address: str
    hotline: str | None
    promises: tuple[Promise, ...]
    hours: tuple[str, ...]
    offered: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    now: datetime
    zone: ZoneInfo
    language: str
    record: Record | None = None


def describe_service(
    desk: DeskConfig, language: str, now: datetime, months: Sequence[Figures] = ()
) -> ServicePage:
    """The desk's promises in that language, and by the figures of these months how it kept them."""
    profile = desk.profile
    return ServicePage(
        desk=desk.name_in(language),
        address=desk.address,
        hotline=desk.hotline,
        promises=tuple(_promise(desk, item, language) for item in profile.priorities),
        hours=_say_hours(desk, language),
        offered=tuple(item.in_language(language) for item in profile.scope.offered),
        elsewhere=tuple(
            Elsewhere(_choose_words(item.words, language), item.answer.in_language(language))
            for item in profile.scope.outside
        ),
        now=now,
        zone=desk.zone_info,
        language=language,
        record=_look_back(desk, months, language),
    )


def _look_back(desk: DeskConfig, months: Sequence[Figures], language: str) -> Record | None:
    """None while no limit of any of these months has been decided."""
    limits: tuple[LimitName, ...] = ("response", "solution")
    rates = {limit: [_list_rates(month, limit) for month in months] for limit in limits}
    if all(rate is None for found in rates.values() for item in found for rate in item.values()):
        return None
    kept = [
        Kept(
            item.label.in_language(language),
            tuple(say_rate(found.get(item.key)) for found in rates["response"]),
            tuple(say_rate(found.get(item.key)) for found in rates["solution"])
            if item.solution_minutes is not None
            else (),
        )
        for item in desk.profile.priorities
    ]
    names = tuple(_name_month(month.period.day, language) for month in months)
    return Record(names, tuple(kept), months[-1].period.until)


def _list_rates(figures: Figures, limit: LimitName) -> dict[str, float | None]:
    """By priority."""
    found = figures.find_limit(limit)
    return {item.key: item.attainment.rate for item in found.priorities}


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _name_month(day: date, language: str) -> str:
    return f"{day.month}月" if language.startswith("zh") else _MONTHS[day.month - 1]


def _promise(desk: DeskConfig, item: Priority, language: str) -> Promise:
    usual = desk.profile.calendar(item.calendar)
    solving = desk.profile.calendar(item.solution_calendar or item.calendar)
    name = item.label.in_language(language)
    return Promise(name, item.response_minutes, item.solution_minutes, usual.always, solving.always)


def _choose_words(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Those of the reader's language, as they are written."""
    chinese = language.startswith("zh")
    return tuple(word for word in words if word.isascii() != chinese) or words


_DAYS_ZH = "一二三四五六日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _say_hours(desk: DeskConfig, language: str) -> tuple[str, ...]:
    """Runs of days with the same hours, of the first calendar that is not day and night."""
    usual = next((item for item in desk.profile.calendars if not item.always), None)
    if usual is None:
        return ()
    runs: list[tuple[int, int]] = []
    for day in range(7):
        if not usual.week or not usual.week[day]:
            continue
        if runs and runs[-1][1] == day - 1 and usual.week[runs[-1][0]] == usual.week[day]:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(_say_run(usual, first, last, language) for first, last in runs)


def _say_run(calendar: Calendar, first: int, last: int, language: str) -> str:
    spans = [f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.week[first]]
    if language.startswith("zh"):
        days = f"周{_DAYS_ZH[first]}" + (f"至周{_DAYS_ZH[last]}" if last > first else "")
        return f"{days} {'、'.join(spans)}"
    days = _DAYS_EN[first] + (f" to {_DAYS_EN[last]}" if last > first else "")
    return f"{days} {', '.join(spans)}"


_NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
_SERVICE = ServicePage(
    desk="IT服务台",
    address="helpdesk@corp.test",
    hotline="8000",
    promises=(
        Promise("紧急", 30, 240, True, True),
        Promise("低", 480, None, False, False),
    ),
    hours=("周一至周五 09:00–12:00、13:30–18:00",),
    offered=("办公电脑、打印机和外设",),
    elsewhere=(Elsewhere(("空调", "门禁卡"), "请联系行政服务台"),),
    now=_NOW,
    zone=ZoneInfo("Asia/Shanghai"),
    language="zh-CN",
    record=Record(
        ("10月", "11月"),
        (
            Kept("紧急", ("96.2%", "100%"), ("92.3%", "88.9%")),
            Kept("低", ("–", "94.1%"), ()),
        ),
        _NOW,
    ),
)
SERVICE_SAMPLES: tuple[ServicePage, ...] = (
    _SERVICE,
    ServicePage(
        desk="IT Service Desk",
        address="helpdesk@corp.test",
        hotline=None,
        promises=(Promise("Urgent", 15, None, True, True),),
        hours=(),
        offered=(),
        elsewhere=(),
        now=_NOW,
        zone=ZoneInfo("Europe/Berlin"),
        language="en",
    ),
)
"""What the template is tried with: each value present and absent."""
