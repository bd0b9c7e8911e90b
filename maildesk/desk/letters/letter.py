"""What every letter is told first: whose it is, to whom, when; and of which ticket.

The values of each event add their own (`requester_values`, `staff_values` and their like). Texts
stand in the reader's language already; moments are aware. A template may name every field.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter of the `desk` to `name`, written `now`, with dates in the reader's `zone`."""

    desk: str
    name: str
    now: datetime
    zone: ZoneInfo
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLetter(Letter):
    """A letter about one ticket."""

    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandledLetter(TicketLetter):
    """A letter that begins with who handles the ticket and where he is reached (N8)."""

    handler: str | None
    group: str
    extension: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLetter(Letter):
    """A letter to staff, which is answered above `marker` with the one-time `code`, if any.

    `to_requester`: where an answer to it goes beside the desk, if it goes anywhere."""

    to_requester: str = ""
    marker: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTicketLetter(StaffLetter):
    """A letter to staff about one ticket."""

    number: str
    title: str
