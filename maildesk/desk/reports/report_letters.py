"""The letter of a report: to the lead, who comments on it, and then to its readers (R11).

Pure: a report in, a planned letter out. When it is sent and what answers mean, others decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import LetterPlan
from maildesk.desk.letters.dispatch import say_size
from maildesk.desk.letters.head import frame
from maildesk.desk.letters.moments import say_day
from maildesk.desk.letters.report_values import LeftTable, Need, ReportValues
from maildesk.desk.reports.period import Period
from maildesk.desk.reports.report import Report
from maildesk.desk.reports.report_lines import list_numbers
from maildesk.desk.reports.report_parts import lay_out, summarise
from maildesk.desk.reports.report_words import WAITS
from maildesk.mail.message import Attachment, address_key

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_KINDS_ZH = {"daily": "日报", "weekly": "周报", "monthly": "月报"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a report goes to."""

    address: str
    name: str = ""
    language: str | None = None


def write_letter(
    desk: DeskConfig,
    reader: Reader,
    number: int,
    report: Report,
    files: Sequence[Attachment],
    now: datetime,
    *,
    author: str = "",
    words: str = "",
    not_before: datetime | None = None,
) -> LetterPlan:
    """To the lead; or with `author`, the lead who passed it on with these `words`, to a reader.

    `number` is the report's row.
    """
    figures, language = report.figures, reader.language or desk.language
    values = ReportValues(
        name=reader.name,
        kind=figures.period.kind,
        title=name_period(figures.period, language),
        span=say_period(figures.period, desk.zone_info, language),
        opened=figures.counts.opened.count,
        closed=figures.counts.closed.count,
        missed=figures.counts.misses.count,
        summary=summarise(figures, language),
        needs=()
        if author
        else tuple(
            Need(
                WAITS[item.what].in_language(language),
                item.tickets.count,
                list_numbers(item.tickets, language),
            )
            for item in report.waiting
            if item.tickets.count
        ),
        parts=lay_out(report, language, desk.profile.records.repeats),
        files=tuple(item.filename for item in files),
        left_out=tuple(
            LeftTable(item.name, say_size(item.size), _write_again(desk, figures.period, item.name))
            for item in report.left_out
        ),
        readers=0 if author else len(desk.report_readers),
        author=author,
        words=words,
        **frame(desk, language, now),
    )
    return LetterPlan(
        letter="report",
        address=address_key(reader.address),
        mailbox=reader.address,
        name=reader.name,
        language=language,
        values=values,
        automatic="auto-generated",
        files=tuple(files),
        not_before=not_before,
        about=f"report:{number}",
        bulk=True,
    )


def name_period(period: Period, language: str) -> str:
    """As people call it: 11月20日 周五, 第47周, 2026年11月; Friday 20 Nov, week 47."""
    day, chinese = period.day, language.startswith("zh")
    if period.kind == "monthly":
        return f"{day.year}年{day.month}月" if chinese else f"{_MONTHS[day.month - 1]} {day.year}"
    if period.kind == "weekly":
        week = int(period.name[-2:])
        return f"第{week}周" if chinese else f"week {week}"
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("UTC"))
    return say_day(noon, ZoneInfo("UTC"), language)


def name_report(desk: DeskConfig, period: Period, language: str) -> str:
    """A report as people speak of it: IT服务台日报 11月20日 周五."""
    said = name_period(period, language)
    if language.startswith("zh"):
        return f"{desk.name_in(language)}{_KINDS_ZH[period.kind]} {said}"
    return f"{desk.name_in(language)} {period.kind} report, {said}"


def say_period(period: Period, zone: ZoneInfo, language: str) -> str:
    """From when to when; whole days by their names, the last one included."""
    begins, ends = period.since.astimezone(zone), period.until.astimezone(zone)
    whole = (begins.hour, begins.minute, ends.hour, ends.minute) == (0, 0, 0, 0)
    if whole:
        ends -= timedelta(days=1)
    first, last = say_day(begins, zone, language), say_day(ends, zone, language)
    if whole and first == last:
        return first
    if not whole:
        first, last = (f"{first} {begins.hour}:{begins:%M}", f"{last} {ends.hour}:{ends:%M}")
    return f"{first} 至 {last}" if language.startswith("zh") else f"{first} to {last}"


def _write_again(desk: DeskConfig, period: Period, name: str) -> str:
    """The command that writes a table. Its file has a plain name, which needs no quoting."""
    form = name.rpartition(".")[2]
    file = f"{period.name.replace('-', '')}.{form}"
    return (
        f"maildesk report {period.kind} --desk {desk.id} --period {period.name}"
        f" --format {form} -o {file}"
    )


def name_file(desk: DeskConfig, period: Period, ending: str) -> str:
    """What a table of the report is called, in the desk's language."""
    name, when = desk.name_in(desk.language), period.name.replace("-", "")
    if desk.language.startswith("zh"):
        return f"{name}{_KINDS_ZH[period.kind]}{when}.{ending}"
    return f"{name} {period.kind} {when}.{ending}"
