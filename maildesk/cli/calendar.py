"""`maildesk calendar`: how a due time comes about, and which days a calendar works."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from maildesk.cli.setting import DEFAULT_FILE, read_config

if TYPE_CHECKING:
    from maildesk.desk.calendar.reckoning import Stretch
    from maildesk.desk.profile import Calendar, Priority, Profile

_DAYS = ("周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu", "周五 Fri", "周六 Sat", "周日 Sun")
_AMOUNT = re.compile(r"(?:(\d{1,9})\s*d)?\s*(?:(\d{1,9})\s*h)?\s*(?:(\d{1,9})\s*m?)?", re.I)
_MOST = timedelta(hours=10_000)

_config = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    envvar="MAILDESK_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The configuration; default {DEFAULT_FILE} when it is there, else the shipped profile.",
)
_desk = click.option("--desk", "desk_id", metavar="NAME", help="Which desk; default the first.")
_named = click.option("--calendar", "key", metavar="KEY", help="A calendar of the desk's profile.")


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose working time is asked about: a profile in a zone, and what to call it."""

    name: str
    profile: Profile
    zone: ZoneInfo


@click.group()
def calendar() -> None:
    """Working time: how a due time comes about, and which days are worked."""


@calendar.command()
@click.argument("start")
@click.argument("minutes", required=False)
@_desk
@click.option("--priority", metavar="KEY", help="The limits and the calendar of this priority.")
@click.option("--solution", is_flag=True, help="The priority's solution limit, not the response.")
@_named
@_config
def explain(
    start: str,
    minutes: str | None,
    desk_id: str | None,
    priority: str | None,
    solution: bool,
    key: str | None,
    config_file: Path | None,
) -> None:
    """Print the timeline of a due time: every span that counts, breaks, days off with their
    reason, and when MINUTES of working time after START have passed.

    START is a moment in the desk's time zone; MINUTES a number, or 4h, 1h30m. Left out: the
    priority's own limit. Without --priority and --calendar: the calendar of the usual priority.

    \b
    Examples:
      maildesk calendar explain 2026-09-30T17:30 120
      maildesk calendar explain "2026-02-13 16:00" 4h --calendar work
      maildesk calendar explain 2026-11-20T17:00 --priority high
    """
    from maildesk.desk.calendar.reckoning import reckon

    place = _find_place(config_file, desk_id)
    rank = _find_priority(place.profile, priority)
    chosen = _choose_calendar(place.profile, rank, key, solution=solution)
    moment = _read_moment(start, place.zone)
    if minutes is not None:
        amount = _read_amount(minutes)
    else:
        amount = _own_limit(rank, named=priority is not None, solution=solution)
    try:
        found = reckon(moment, amount, chosen, place.zone)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    except OverflowError as fault:
        problem = f"{start}: no calendar reaches that far; choose a year nearer to this one"
        raise click.ClickException(problem) from fault
    _warn_clock_change(start, moment, place.zone)
    said = f"{_say_amount(amount)} in calendar {chosen.key} of {place.name} ({place.zone.key})"
    click.echo(f"start  {_say(found.start, place.zone)}: {said}")
    for stretch in found.stretches:
        for line in _write_stretch(stretch, place.zone):
            click.echo(line)
    click.echo(f"due    {_say(found.due, place.zone)}")
    _warn_unknown(chosen, found.due.astimezone(place.zone).date())


@calendar.command()
@click.argument("month")
@_desk
@_named
@_config
def show(month: str, desk_id: str | None, key: str | None, config_file: Path | None) -> None:
    """Print the days of MONTH (2026-10): their hours, or why they are off.

    \b
    Example:
      maildesk calendar show 2026-10
    """
    from maildesk.desk.calendar.almanac import describe_day
    from maildesk.desk.calendar.reckoning import name_day

    place = _find_place(config_file, desk_id)
    chosen = _choose_calendar(place.profile, _find_priority(place.profile, None), key)
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError as fault:
        raise click.BadParameter(f"{month!r} is no month; write it as 2026-10") from fault
    if chosen.always:
        click.echo(f"calendar {chosen.key} of {place.name}: around the clock, every day")
        return
    days = monthrange(day.year, day.month)[1]
    for day in (day.replace(day=number) for number in range(1, days + 1)):
        what = describe_day(chosen, day)
        hours = " ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in what.hours)
        why = name_day(what)
        told = f"{why.zh} {why.en}" if why else ""
        click.echo(f"{_say_day(day)}  {'  '.join(filter(None, (hours, told)))}".rstrip())
    _warn_unknown(chosen, day)


def _find_place(config_file: Path | None, desk_id: str | None) -> _Place:
    if config_file is None and Path(DEFAULT_FILE).exists():
        config_file = Path(DEFAULT_FILE)
    if config_file is None:
        return _Place("the shipped profile", _load_shipped(), ZoneInfo("Asia/Shanghai"))
    config = read_config(config_file)
    desks = {desk.id: desk for desk in config.desks}
    desk = desks.get(desk_id or config.desks[0].id)
    if desk is None:
        raise click.BadParameter(f"there is no desk {desk_id!r}; desks are {', '.join(desks)}")
    return _Place(f"desk {desk.id}", desk.profile, desk.zone_info)


def _load_shipped() -> Profile:
    from maildesk.config import shipped
    from maildesk.config.profile import load_profile

    profile, faults = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    if profile is None:
        raise click.ClickException("\n".join(map(str, faults)))
    return profile


def _find_priority(profile: Profile, wanted: str | None) -> Priority:
    if wanted is None:
        return profile.priority(profile.default_priority)
    for item in profile.priorities:
        if wanted.lower() in (item.key.lower(), item.label.zh, item.label.en.lower()):
            return item
    known = ", ".join(f"{item.key} ({item.label.zh})" for item in profile.priorities)
    raise click.BadParameter(f"there is no priority {wanted!r}; priorities are {known}")


def _choose_calendar(
    profile: Profile, rank: Priority, key: str | None, *, solution: bool = False
) -> Calendar:
    own = rank.solution_calendar if solution and rank.solution_calendar else rank.calendar
    for item in profile.calendars:
        if item.key == (key or own):
            return item
    known = ", ".join(item.key for item in profile.calendars)
    raise click.BadParameter(f"there is no calendar {key!r}; calendars are {known}")


def _own_limit(rank: Priority, *, named: bool, solution: bool) -> timedelta:
    if not named:
        raise click.UsageError("say how many MINUTES, or whose limit with --priority")
    minutes = rank.solution_minutes if solution else rank.response_minutes
    if minutes is None:
        raise click.UsageError(f"priority {rank.key} has no limit for the solution")
    return timedelta(minutes=minutes)


def _read_moment(text: str, zone: ZoneInfo) -> datetime:
    if text.lower() == "now":
        return datetime.now(UTC).replace(second=0, microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        problem = f"{text!r} is no moment; write it as 2026-09-30T17:30, or now"
        raise click.BadParameter(problem) from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _read_amount(text: str) -> timedelta:
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise click.BadParameter(f"{text!r} is no working time; write 120, 2h or 1h30m")
    if match[1]:
        raise click.BadParameter(f"{text!r}: a day has other hours in each calendar; write hours")
    amount = timedelta(hours=int(match[2] or 0), minutes=int(match[3] or 0))
    if amount > _MOST:
        raise click.BadParameter(f"{text!r} is more than {_say_amount(_MOST)} of working time")
    return amount


def _write_stretch(stretch: Stretch, zone: ZoneInfo) -> Iterator[str]:
    from maildesk.desk.calendar.reckoning import name_day

    why = name_day(stretch.what) if stretch.what else None
    told = f"{why.zh} {why.en}" if why else ""
    day = _say_day(stretch.day)
    if not stretch.spans:
        until = f" … {_say_day(stretch.until)}" if stretch.until > stretch.day else ""
        reason = told or "未计时 nothing counted"
        yield f"{day}{until}  {reason}"
        return
    if told:
        yield f"{day}  {told}"
    left, closed = stretch.left + stretch.counted, dict(stretch.breaks)
    for begin, end in stretch.spans:
        left -= end - begin
        counted = f"{_say_amount(end - begin)}, {_say_amount(left)} left"
        yield f"{day}  {_say_span(begin, end, zone)}  {counted}"
        if end in closed:
            yield f"{day}  {_say_span(end, closed[end], zone)}  休息 break, not counted"


def _warn_unknown(chosen: Calendar, last: date) -> None:
    from maildesk.desk.calendar.almanac import known_until

    until = known_until(chosen)
    if until is not None and last > until:
        told = f"holidays are known until {until} only; after that every weekday counts as worked"
        click.echo(f"! {told}", err=True)


def _warn_clock_change(text: str, moment: datetime, zone: ZoneInfo) -> None:
    """A local time that a clock change leaves out or brings twice: which moment was taken."""
    if moment.tzinfo is not zone:
        return
    second = moment.replace(fold=1)
    real = moment.astimezone(UTC).astimezone(zone)
    if real.replace(tzinfo=None) != moment.replace(tzinfo=None):
        click.echo(f"! {text} is left out by a clock change; {real:%H:%M} was taken", err=True)
    elif moment.utcoffset() != second.utcoffset():
        told = f"the first was taken, the second is {second.isoformat(timespec='minutes')}"
        click.echo(f"! {text} comes twice in a clock change; {told}", err=True)


def _say(moment: datetime, zone: ZoneInfo) -> str:
    there = moment.astimezone(zone)
    return f"{_say_day(there.date())} {there:%H:%M}"


def _say_day(day: date) -> str:
    return f"{day} {_DAYS[day.weekday()]}"


def _say_span(begin: datetime, end: datetime, zone: ZoneInfo) -> str:
    first, last = begin.astimezone(zone), end.astimezone(zone)
    days = (last.date() - first.date()).days
    return f"{first:%H:%M}–{last:%H:%M}{f' (+{days})' if days else ''}"


def _say_amount(amount: timedelta) -> str:
    minutes = round(amount.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    return " ".join(
        filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else ""))
    ) or ("0 min")
