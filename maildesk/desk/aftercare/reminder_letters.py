"""Letters to requesters whose answer is missing: one ticket, several in one, closed without it.

Pure: a ticket and what was asked in, a planned letter out. Whether and when is `reminders`'
question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import LetterPlan
from maildesk.desk.letters.head import frame, greet, head_at, name_handler
from maildesk.desk.letters.letter_values import LetterValues
from maildesk.desk.letters.reminder_values import (
    ClosedValues,
    ReminderItem,
    RemindersValues,
    ReminderValues,
    What,
)
from maildesk.desk.ticket import Insider, KnownTicket

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
        name=greet(reader),
        items=tuple(
            ReminderItem(
                ticket=item.ticket.id,
                number=item.ticket.number,
                title=item.ticket.title,
                what=item.what,
                asked=item.asked,
                closes=item.closes,
                rates=desk.profile.survey.rates_at_once,
                **name_handler(desk, directory, item.ticket, language),
            )
            for item in missing[:MOST_LISTED]
        ),
        **frame(desk, language, now),
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
    ticket = missing.ticket
    return {
        "name": greet(reader),
        "asked": missing.asked,
        **head_at(desk, ticket.number, ticket.title, language, now),
        **name_handler(desk, directory, ticket, language),
    }


def _plan(letter: str, reader: Insider, language: str, values: LetterValues) -> LetterPlan:
    return LetterPlan(letter, reader.key, reader.name, language, values, "auto-generated")
