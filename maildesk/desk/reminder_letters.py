"""Letters to requesters whose answer is missing: one ticket, several in one, closed without it.

Pure: a ticket and what was asked in, a planned letter out. Whether and when is `reminders`'
question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import LetterPlan
from maildesk.desk.directory import Directory, find_own_group
from maildesk.desk.letter_values import LetterValues
from maildesk.desk.reminder_values import (
    ClosedValues,
    ReminderItem,
    RemindersValues,
    ReminderValues,
    What,
)
from maildesk.desk.salutation import greet_as
from maildesk.desk.ticket import Insider, KnownTicket, Part

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Missing:
    """A ticket that waits for its requester: what for, since when, and the words he was sent."""

    ticket: KnownTicket
    what: What
    asked: datetime
    words: str = ""
    closes: datetime | None = None


def remind(
    desk: DeskConfig, directory: Directory, reader: Insider, missing: Missing, now: datetime
) -> LetterPlan:
    """The reader is reminded of one ticket; his answer goes to it."""
    language = reader.language or missing.ticket.language
    values = ReminderValues(
        what=missing.what,
        words=missing.words,
        closes=missing.closes,
        rates=desk.profile.survey.rates_at_once,
        **_describe(desk, directory, reader, missing, now, language),
    )
    return _plan("reminder", reader, language, values)


def remind_of_several(
    desk: DeskConfig,
    directory: Directory,
    reader: Insider,
    missing: Sequence[Missing],
    now: datetime,
) -> LetterPlan:
    """One letter instead of a shower."""
    language = reader.language or missing[0].ticket.language
    values = RemindersValues(
        desk=desk.name_in(language),
        name=_greet(reader),
        items=tuple(
            ReminderItem(
                ticket=item.ticket.id,
                number=item.ticket.number,
                title=item.ticket.title,
                what=item.what,
                asked=item.asked,
                closes=item.closes,
                rates=desk.profile.survey.rates_at_once,
                **_name_handler(desk, directory, item.ticket, language),
            )
            for item in missing[:MOST_LISTED]
        ),
        now=now,
        zone=desk.zone_info,
        language=language,
    )
    return _plan("reminders", reader, language, values)


def tell_closed(
    desk: DeskConfig, directory: Directory, reader: Insider, missing: Missing, now: datetime
) -> LetterPlan:
    """It was closed without his word; an answer opens it again."""
    language = reader.language or missing.ticket.language
    values = ClosedValues(
        what=missing.what,
        hotline=desk.hotline,
        **_describe(desk, directory, reader, missing, now, language),
    )
    return _plan("closed", reader, language, values)


def _describe(
    desk: DeskConfig,
    directory: Directory,
    reader: Insider,
    missing: Missing,
    now: datetime,
    language: str,
) -> dict[str, Any]:
    return {
        "desk": desk.name_in(language),
        "name": _greet(reader),
        "number": missing.ticket.number,
        "title": missing.ticket.title,
        "asked": missing.asked,
        "now": now,
        "zone": desk.zone_info,
        "language": language,
        **_name_handler(desk, directory, missing.ticket, language),
    }


def _name_handler(
    desk: DeskConfig, directory: Directory, ticket: KnownTicket, language: str
) -> dict[str, Any]:
    """Who handles it, as every letter says in its first lines."""
    usual = desk.profile.group_of(ticket.group, ticket.category)
    handler = ticket.find(Part.ASSIGNEE)
    listed = directory.at(handler.key) if handler else None
    group = find_own_group(listed, desk.profile, usual)
    return {
        "handler": handler.name if handler else None,
        "group": group.label.in_language(language),
        "extension": handler.extension if handler and handler.extension else group.extension,
    }


def _greet(reader: Insider) -> str:
    return reader.name if reader.listed else greet_as(reader.name)


def _plan(letter: str, reader: Insider, language: str, values: LetterValues) -> LetterPlan:
    return LetterPlan(letter, reader.key, reader.name, language, values, "auto-generated")
