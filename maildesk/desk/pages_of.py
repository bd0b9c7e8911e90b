"""What a signed link shows its reader of a ticket, and what may be answered there now. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.decision import Facts
from maildesk.desk.links import CONFIRM, Link
from maildesk.desk.moments import say
from maildesk.desk.page_values import CHOICES, Said, Sight
from maildesk.desk.phrases import phrase
from maildesk.desk.ticket import (
    DESK_SHOWS,
    ENDED,
    REQUESTER_READS,
    KnownTicket,
    Part,
    State,
    Waiting,
)

SAID: Mapping[str, Said] = {
    "confirmed": "confirmed",
    "broken": "reopened",
    "start": "taken",
    "ask": "asked",
    "solved": "solved",
    "assign": "assigned",
}
"""What the page says once an answer is true."""

_LONGEST = 4000


def show(facts: Facts, ticket: KnownTicket, link: Link) -> Sight | None:
    """The page's view; None when the reader has no part in it (any more)."""
    sender, desk = facts.sender, facts.desk
    if sender is None:
        return None
    mine = sender.addresses | {sender.address}
    parts = ticket.parts_of(mine)
    confirms = link.act == CONFIRM
    if confirms and not parts & {Part.REQUESTER, Part.REPORTER, Part.CC}:
        return None
    if not confirms and not sender.is_staff:
        return None
    language = sender.language or (ticket.language if confirms else desk.language)
    handler = ticket.find(Part.ASSIGNEE)
    group = desk.profile.group(ticket.group or desk.profile.category(ticket.category).group)
    shows = REQUESTER_READS if confirms else DESK_SHOWS
    staff = facts.directory.staff
    return Sight(
        kind="confirm" if confirms else "action",
        number=ticket.number,
        title=ticket.title,
        state=shows[ticket.state].in_language(language),
        language=language,
        name=sender.name,
        handler=handler.name if handler else None,
        extension=handler.extension if handler and handler.extension else group.extension,
        desk=desk.name if language.startswith("zh") else desk.name_en,
        hotline=desk.hotline,
        choices=_allow(ticket, confirms, Part.ASSIGNEE in parts),
        colleagues=tuple(
            (person.addresses[0], person.name)
            for person in staff
            if not mine & frozenset(person.addresses)
        ),
        words=_choose_words(facts, confirms),
        answered=_recall(facts, ticket, language) if confirms else None,
        expires=link.expires,
        zone=desk.zone_info,
    )


def is_said_already(ticket: KnownTicket, choice: str, words: str) -> bool:
    """Whether the ticket stands where this answer would bring it, so that a double tap is one."""
    if choice == "confirmed":
        return ticket.state is State.SOLVED and ticket.confirmed is not None
    if choice == "broken":
        return ticket.state is State.IN_PROGRESS and ticket.solved is None and not words.strip()
    if choice == "solved":
        return ticket.state is State.TO_CONFIRM
    if choice == "ask":
        return ticket.waiting is Waiting.REQUESTER
    return False


def _allow(ticket: KnownTicket, confirms: bool, mine: bool) -> tuple[str, ...]:
    if confirms:
        if ticket.state in (State.CLOSED, State.REJECTED):
            return ()
        return CHOICES["confirm"][1:] if ticket.state is State.SOLVED else CHOICES["confirm"]
    if ticket.state in ENDED:
        return ()
    started = mine and ticket.state is State.IN_PROGRESS
    return CHOICES["action"][1:] if started else CHOICES["action"]


def _choose_words(facts: Facts, confirms: bool) -> str:
    """The request, for the engineer. What was done stands in the requester's letter: among the
    ticket's words are notes, which no page of his may show."""
    if confirms:
        return ""
    open_words = (item.words for item in facts.said if not item.internal)
    return "\n\n".join(words for words in open_words if words.strip())[:_LONGEST]


def _recall(facts: Facts, ticket: KnownTicket, language: str) -> str | None:
    if ticket.confirmed is None:
        return None
    at = say(ticket.confirmed, facts.now, facts.desk.zone_info, language)
    return phrase("answered_confirmed", language, time=at)
