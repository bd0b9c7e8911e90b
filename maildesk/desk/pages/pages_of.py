"""What a signed link shows its reader of a ticket, and what may be answered there now. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypedDict

from maildesk.desk.aftercare.opinion_form import (
    NO_OPINION,
    Opinion,
    list_questions,
    list_scale,
)
from maildesk.desk.aftercare.rating import Rating
from maildesk.desk.answers.conversation import may_reopen, speaks_for_requester
from maildesk.desk.decision import Facts
from maildesk.desk.evidence import LastAnswer
from maildesk.desk.letters.moments import say
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.pages.links import CONFIRM, Link
from maildesk.desk.pages.page_values import CHOICES, Said, Sight
from maildesk.desk.policy import Survey
from maildesk.desk.ticket import (
    ENDED,
    KnownTicket,
    Part,
    State,
    Waiting,
    show_state,
    tell_state,
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


def show(
    facts: Facts,
    ticket: KnownTicket,
    link: Link,
    last: LastAnswer | None,
    solution: str,
    given: Rating | None = None,
) -> Sight | None:
    """The page's view; None when the reader has no part in it (any more).

    `last` is what he answered last on a page; `solution` the words last sent as the solution;
    `given` what he thinks of it, if he said so before.
    """
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
    group = desk.profile.group_of(ticket.group, ticket.category)
    shows = tell_state if confirms else show_state
    return Sight(
        kind="confirm" if confirms else "action",
        number=ticket.number,
        title=ticket.title,
        state=shows(ticket.state, desk.profile).in_language(language),
        language=language,
        name=sender.name,
        handler=handler.name if handler else None,
        extension=handler.extension if handler and handler.extension else group.extension,
        desk=desk.name_in(language),
        hotline=desk.hotline,
        choices=_allow(ticket, Part.ASSIGNEE in parts)
        if not confirms
        else _allow_confirming(facts, ticket)
        if speaks_for_requester(facts, sender, ticket)
        else (),  # an outsider in Cc reads how it stands
        colleagues=()
        if confirms
        else tuple(
            (person.key, person.name)
            for person in facts.directory.staff
            if not mine & frozenset(person.addresses)
        ),
        words=solution if confirms else _gather_words(facts),
        answered=_recall(facts, last, confirms, language),
        expires=link.expires,
        zone=desk.zone_info,
        **_show_rating(desk.profile.survey, ticket, given, language, confirms),
    )


def is_said_already(ticket: KnownTicket, choice: str, last: LastAnswer | None, print_: str) -> bool:
    """Whether the reader's last answer was this one and still stands: a double tap counts once."""
    if last is None or last.print != print_:
        return False
    if choice == "confirmed":
        return ticket.state in (State.SOLVED, State.CLOSED)
    if choice == "broken":
        return ticket.state not in ENDED | {State.TO_CONFIRM}
    if choice == "solved":
        return ticket.state is State.TO_CONFIRM
    if choice == "ask":
        return ticket.waiting is Waiting.REQUESTER
    return True


def print_answer(choice: str, words: str, argument: str, opinion: Opinion = NO_OPINION) -> str:
    """A short fingerprint of an answer, to know it again."""
    rated = (opinion.print(),) if opinion != NO_OPINION else ()
    said = "\0".join((choice, words.strip(), argument, *rated))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]


def _allow_confirming(facts: Facts, ticket: KnownTicket) -> tuple[str, ...]:
    """A rating may be changed as long as the link lives; after some days a problem is a new one."""
    if ticket.state is State.REJECTED or ticket.merged_into is not None:
        return ()
    rates = bool(facts.desk.profile.survey.answers)
    said = ticket.state in ENDED and not rates
    allowed = () if said else CHOICES["confirm"][:1]
    return (*allowed, *CHOICES["confirm"][1:]) if may_reopen(facts, ticket) else allowed


class _Rated(TypedDict):
    confirmed: bool
    scale: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, str], ...]
    given: Opinion
    remark: str


def _show_rating(
    survey: Survey, ticket: KnownTicket, given: Rating | None, language: str, confirms: bool
) -> _Rated:
    """What may be rated now: at once, or only after the yes, as the profile says (M7); nothing by
    who does not confirm."""
    confirmed = ticket.state in ENDED
    asks = confirms and (confirmed or survey.after == "solved")
    said = NO_OPINION
    if given is not None:
        marks = tuple((key, str(mark)) for key, mark in given.answers.items())
        said = Opinion(str(given.score or ""), marks)
    return _Rated(
        confirmed=confirmed,
        scale=list_scale(survey, language) if asks else (),
        questions=list_questions(survey, language) if asks else (),
        given=said,
        remark=given.words if given is not None else "",
    )


def _allow(ticket: KnownTicket, mine: bool) -> tuple[str, ...]:
    if ticket.state in ENDED:
        return ()
    started = mine and ticket.state is State.IN_PROGRESS
    return CHOICES["action"][1:] if started else CHOICES["action"]


def _gather_words(facts: Facts) -> str:
    """The request so far, for the engineer."""
    open_words = (item.words for item in facts.said if not item.internal)
    return "\n\n".join(words for words in open_words if words.strip())[:_LONGEST]


def _recall(facts: Facts, last: LastAnswer | None, confirms: bool, language: str) -> str | None:
    """One sentence on the reader's last answer: what he sees after he gave it."""
    if last is None:
        return None
    given = last.given.strip("#").partition(" ")[0]
    if (given in ("confirmed", "reopened", "rated")) is not confirms:
        return None
    return phrase(
        f"answered_{given}",
        language,
        time=say(last.at, facts.now, facts.desk.zone_info, language),
    )
