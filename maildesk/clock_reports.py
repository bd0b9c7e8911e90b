"""Time passes for reports: daily, weekly and monthly ones go to the leads (R11).

A report of many tickets takes seconds, so its figures are read before the row that is due is
claimed, in a transaction that keeps nobody waiting. What it says is `report_letters`' question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import SEEK_END, TextIOWrapper
from tempfile import TemporaryFile
from typing import IO

from maildesk.desk.calendar.quiet import hold_until
from maildesk.desk.charter import DeskConfig
from maildesk.desk.reports.measured import Measured
from maildesk.desk.reports.period import KINDS, Kind, Period, find_before, find_ended, next_report
from maildesk.desk.reports.report import MOST_CLOSED, ClosedTicket, LeftOut, Report
from maildesk.desk.reports.report_letters import Reader, name_file, write_letter
from maildesk.figure_files import write_csv, write_xlsx
from maildesk.mail.message import Attachment
from maildesk.post import Post
from maildesk.store import deadlines, figures, reports, sayings
from maildesk.store.deadlines import Due, NewDeadline
from maildesk.store.engine import Connection

REPORTS: Mapping[str, Kind] = {f"report_{kind}": kind for kind in KINDS}
"""Kinds of due rows, and the report each is about."""

_MOST_SKIPPED = 400


@dataclass(frozen=True, slots=True)
class Made:
    """A report that waits for its row to be claimed, with the tables that go with it."""

    report: Report
    files: tuple[Attachment, ...]


def make_reports(post: Post, now: datetime) -> dict[int, Made]:
    """The reports that are due, by their rows."""
    with post.store.read() as db:
        due = deadlines.list_due(db, tuple(REPORTS), now)
    made = {}
    for item in due:
        desk = post.desks.get(item.desk_id)
        if desk is None:
            continue
        period = find_ended(REPORTS[item.kind], desk.profile, desk.zone_info, now)
        with figures.read_steadily(post.store) as db:
            if not reports.is_made(db, desk.id, period):
                made[item.id] = make_report(post, db, desk, period)
    return made


def make_report(post: Post, db: Connection, desk: DeskConfig, period: Period) -> Made:
    """The report of a period, as it stands now, and its tables."""
    closed: list[Measured] = []
    wanted = MOST_CLOSED if period.kind == "daily" else 0

    def note(tickets: Iterator[Measured]) -> Iterator[Measured]:
        for ticket in tickets:
            if "closed" in ticket.counts and len(closed) < wanted:
                closed.append(ticket)
            yield ticket

    with TemporaryFile() as table, TemporaryFile() as book:
        text = TextIOWrapper(table, encoding="utf-8", newline="", write_through=True)
        found = write_csv(db, desk, period, desk.language, text, note)
        report = Report(
            figures=found,
            waiting=reports.list_waiting(db, desk.id),
            closed=tuple(_tell_closed(db, item) for item in closed),
        )
        if report.quiet:
            return Made(report, ())
        write_xlsx(db, desk, found, desk.language, book)
        tables = (("xlsx", _XLSX, book), ("csv", _CSV, table))
        files, left_out = [], []
        for ending, kind, file in tables:
            name, size = name_file(desk, period, ending), file.seek(0, SEEK_END)
            if size <= LARGEST:
                files.append(_attach(post, name, kind, file))
            else:
                left_out.append(LeftOut(name, size))
        text.detach()
    return Made(replace(report, left_out=tuple(left_out)), tuple(files))


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv"
LARGEST = 5 * 1024 * 1024
"""Bytes of a table that goes by mail; for a larger one the letter names a command."""
_CHUNK = 1024 * 1024


def _attach(post: Post, name: str, kind: str, file: IO[bytes]) -> Attachment:
    file.seek(0)
    stored = post.keep_file(iter(lambda: file.read(_CHUNK), b""))
    return Attachment(name, kind, stored.size, stored.sha256, inline=False)


def _tell_closed(db: Connection, found: Measured) -> ClosedTicket:
    ticket = found.ticket
    words = " ".join(sayings.read_solution(db, ticket.id).split())
    return ClosedTicket(ticket.number, ticket.title, ticket.engineer or "", words[:_LONGEST])


_LONGEST = 80


def send_report(
    post: Post, db: Connection, due: Due, now: datetime, made: Made | None = None
) -> str:
    """The newest period's report goes to every lead; the round after it is entered first.

    `made` was made before this transaction; None: there was no time for it.
    """
    desk, kind = post.desks[due.desk_id], REPORTS[due.kind]
    enter_report(db, desk, kind, now)
    if next_report(kind, desk.profile, desk.zone_info, now) is None:
        return "the profile wants no such report any more"
    period = find_ended(kind, desk.profile, desk.zone_info, now)
    skipped = _say_skipped(desk, period, due.round)
    if reports.is_made(db, desk.id, period):
        return f"the report of {period.name} was made before{skipped}"
    if made is None or made.report.figures.period != period:
        made = make_report(post, db, desk, period)
    if made.report.quiet:
        return f"{period.name}: nothing happened and nothing is open{skipped}"
    if not post.leads:
        return f"no lead is listed; nobody was told of {period.name}{skipped}"
    number = reports.keep(db, desk.id, made.report, now)
    if number is None:
        return f"the report of {period.name} was made before{skipped}"
    # A daily is for the day it is made on; others may wait until somebody is at work.
    later = hold_until(now, desk.profile, desk.zone_info, reminder=True)
    told = [
        post.queue(
            db,
            desk.id,
            write_letter(
                desk,
                Reader(lead.address, lead.name, lead.language),
                number,
                made.report,
                made.files,
                now,
                not_before=None if kind == "daily" else later,
            ),
            f"report:{number}",
            None,
            now,
        )
        for lead in post.leads
    ]
    return f"{period.name}: {'; '.join(told)}{skipped}"


def enter_report(db: Connection, desk: DeskConfig, kind: Kind, now: datetime) -> None:
    """The next round of a kind of report, if the desk wants any."""
    at = next_report(kind, desk.profile, desk.zone_info, now)
    if at is None:
        return
    ends = find_ended(kind, desk.profile, desk.zone_info, at)
    subject = f"desk:{desk.id}"
    row = NewDeadline(f"report_{kind}", subject, desk.id, at, None, ends.name)
    deadlines.set_deadlines(db, [row])


def _say_skipped(desk: DeskConfig, period: Period, wanted: str) -> str:
    """Which rounds nobody ran for: only the newest is sent, `maildesk report` prints the others."""
    skipped: list[str] = []
    before = period
    while before.name > wanted and len(skipped) < _MOST_SKIPPED:
        before = find_before(before, desk.profile, desk.zone_info)
        skipped.insert(0, before.name)
    if not skipped:
        return ""
    shown = skipped[0] if len(skipped) == 1 else f"{skipped[0]} to {skipped[-1]}"
    return f"; skipped: {shown}"
