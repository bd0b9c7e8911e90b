"""What a desk promises, as it publishes it (N7, N11): limits by priority, hours and scope.

Values for the page `service.html`, made of the desk's configuration alone; how often the promises
were kept is a report's question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from maildesk.desk.charter import DeskConfig
from maildesk.desk.profile import Calendar, Priority


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
class ServicePage:
    """What `service.html` is told. `hours` are the working hours, a line each run of days."""

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


def describe_service(desk: DeskConfig, language: str, now: datetime) -> ServicePage:
    """The desk's promises in that language."""
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
    )


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
