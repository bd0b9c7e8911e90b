"""A report as it was made: its figures, what waits for the lead, and what was closed (R11).

Kept whole, so that what was sent is what is passed on and shown later. What the figures mean
`figures` says, what the letter says of them `report_parts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from maildesk.desk.reports.figures import Figures, Traced
from maildesk.desk.reports.figures_json import read_plain, write_plain
from maildesk.desk.reports.period import Period
from maildesk.mail.message import Attachment

MOST_CLOSED = 30
"""So many closed tickets are told one by one; the table that goes with the report has all."""

WaitingFor = Literal["escalation", "plan", "follow_up", "unassigned"]
WAITING: tuple[WaitingFor, ...] = ("escalation", "plan", "follow_up", "unassigned")
"""What waits for a lead, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tickets on which the lead has to do something, at the moment the report was made."""

    what: WaitingFor
    tickets: Traced


@dataclass(frozen=True, slots=True)
class ClosedTicket:
    """A ticket that was closed in the period; `solution` is the last words sent as such."""

    number: str
    title: str
    engineer: str
    solution: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table too large to go with the letter: what it would be called, and its bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Report:
    """`closed` are the first of a day's; longer periods name none. `left_out`: tables that did not
    go with its letter, so that nobody looks for them in vain."""

    figures: Figures
    waiting: tuple[Waiting, ...] = ()
    closed: tuple[ClosedTicket, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether nobody needs to read of it: nothing happened, nothing is open."""
        return self.figures.quiet and not any(item.tickets.count for item in self.waiting)


@dataclass(frozen=True, slots=True)
class SentReport:
    """The report whose letter a mail answers.

    `to_sender`: that letter was sent to this very sender. `passed_on`: when it went to its
    readers. `files` went with it. `words`: the mail only proves these, which its author wrote
    before (a one-time code), with the files `enclosed`, and `draft` is where they were kept.
    """

    id: int
    report: Report
    files: tuple[Attachment, ...]
    to_sender: bool
    passed_on: datetime | None = None
    words: str | None = None
    enclosed: tuple[Attachment, ...] = ()
    draft: int | None = None

    @property
    def period(self) -> Period:
        return self.report.figures.period


@dataclass(frozen=True, slots=True)
class RemarkPlan:
    """What a lead says of a report; `passes_on`: it goes to its readers with that."""

    report: int
    words: str
    passes_on: bool


def write_report(report: Report) -> dict[str, Any]:
    """As values JSON knows."""
    written: dict[str, Any] = write_plain(report)
    return written


def read_report(kept: Mapping[str, Any]) -> Report:
    """What `write_report` wrote."""
    report: Report = read_plain(kept, Report)
    return report
