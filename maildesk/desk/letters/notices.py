"""What the lead is told by the clock: limits near or missed, quarantine, doorstep, brakes.

Pure: facts in, a planned letter out. When and to whom is the clock's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maildesk.desk.calendar.quiet import hold_until
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead, LetterPlan
from maildesk.desk.letters.head import frame, head_at
from maildesk.desk.letters.letter_values import (
    BreakerValues,
    DoorstepItem,
    DoorstepValues,
    LetterValues,
    LimitValues,
    QuarantineValues,
)
from maildesk.desk.letters.linked_values import AlikeItem, OutageValues
from maildesk.desk.letters.staff_values import (
    DigestSection,
    DigestValues,
    UnassignedItem,
    UnassignedValues,
)
from maildesk.desk.profile import Profile
from maildesk.desk.request.similar import Candidate

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """A ticket with the limit concerned; keys are the profile's, `due` is UTC.

    `outage`: it was missed because nothing of ours ran.
    """

    number: str
    title: str
    category: str
    priority: str
    group: str | None
    requester: str
    department: str | None
    opened: datetime
    due: datetime
    handler: str | None = None
    contact: str | None = None
    responded: bool = False
    limit: str = "response"
    outage: bool = False


def tell_limit(
    letter: str,
    desk: DeskConfig,
    lead: Lead,
    ticket: LimitFacts,
    now: datetime,
    *,
    to_engineer: bool = False,
) -> LetterPlan:
    """`letter` is "near" or "missed"; an urgent one leaves at any hour, others not at night."""
    language = lead.language or desk.language
    profile = desk.profile
    category = profile.category(ticket.category)
    group = profile.group_of(ticket.group, ticket.category)
    later = _hold_limit(desk, ticket, now)
    leaves = later or now  # and is read then
    values = LimitValues(
        name=lead.name,
        minutes=max(1, round(abs((ticket.due - leaves).total_seconds()) / 60)),
        due=ticket.due,
        opened=ticket.opened,
        category=category.label.in_language(language),
        priority=profile.priority(ticket.priority).label.in_language(language),
        requester=ticket.requester,
        department=ticket.department,
        group=group.label.in_language(language),
        extension=group.extension,
        handler=ticket.handler,
        contact=ticket.contact,
        limit=ticket.limit,
        outage=ticket.outage,
        to_engineer=to_engineer,
        **head_at(desk, ticket.number, ticket.title, language, leaves),
    )
    return replace(_plan(letter, lead, language, values), not_before=later)


def waits_past(desk: DeskConfig, ticket: LimitFacts, now: datetime) -> bool:
    """Whether a warning would leave only when there is nothing left to warn of."""
    later = _hold_limit(desk, ticket, now)
    return later is not None and later >= ticket.due


def _hold_limit(desk: DeskConfig, ticket: LimitFacts, now: datetime) -> datetime | None:
    urgent = desk.profile.priority(ticket.priority).rank == 0
    return hold_until(now, desk.profile, desk.zone_info, urgent=urgent)


def tell_unassigned(
    desk: DeskConfig, lead: Lead, tickets: Sequence[LimitFacts], now: datetime
) -> LetterPlan:
    """Tickets nobody has, in one letter; answering `#转派 王强` to a single one assigns it."""
    language = lead.language or desk.language
    profile = desk.profile
    items = tuple(
        itemise(profile, ticket, language, None if ticket.responded else ticket.due)
        for ticket in tickets[:MOST_SHOWN]
    )
    urgent = any(profile.priority(ticket.priority).rank == 0 for ticket in tickets)
    later = hold_until(now, profile, desk.zone_info, urgent=urgent)
    single = items[0] if len(tickets) == 1 else None
    values = UnassignedValues(
        name=lead.name,
        items=items,
        number=single.number if single else "",
        title=single.title if single else "",
        urgent=urgent,
        **frame(desk, language, later or now),
    )
    return replace(_plan("unassigned", lead, language, values), not_before=later)


def itemise(
    profile: Profile, ticket: LimitFacts, language: str, due: datetime | None
) -> UnassignedItem:
    """A ticket as a line of a letter that lists several, to be given to somebody."""
    return UnassignedItem(
        number=ticket.number,
        title=ticket.title,
        priority=profile.priority(ticket.priority).label.in_language(language),
        category=profile.category(ticket.category).label.in_language(language),
        group=profile.group_of(ticket.group, ticket.category).label.in_language(language),
        requester=ticket.requester,
        received=ticket.opened,
        due=due,
    )


def tell_outage(
    desk: DeskConfig, lead: Lead, alike: Sequence[Candidate], now: datetime
) -> LetterPlan:
    """Tickets that look like one outage, the first first; `#主单` as an answer makes it so."""
    language = lead.language or desk.language
    first = alike[0]
    values = OutageValues(
        name=lead.name,
        category=desk.profile.category(first.category).label.in_language(language),
        items=tuple(
            AlikeItem(item.number, item.title, item.handler, item.opened)
            for item in alike[:MOST_SHOWN]
        ),
        **head_at(desk, first.number, first.title, language, now),
    )
    return _plan("outage", lead, language, values)


def tell_digest(
    desk: DeskConfig, engineer: Lead, sections: tuple[DigestSection, ...], now: datetime
) -> LetterPlan:
    """An engineer's day at a glance, once a day and only when there is something in it."""
    language = engineer.language or desk.language
    values = DigestValues(
        name=engineer.name,
        sections=sections,
        date=now,
        **frame(desk, language, now),
    )
    return _plan("digest", engineer, language, values)


def tell_quarantine(
    desk: DeskConfig,
    lead: Lead,
    sighting: int,
    head: tuple[str, str],
    received: datetime,
    reason: str,
    now: datetime,
    *,
    told: bool = False,
) -> LetterPlan:
    """`head` is (sender, subject) as far as they could be read; `told`: the sender knows."""
    language = lead.language or desk.language
    values = QuarantineValues(
        name=lead.name,
        row=sighting,
        sender=head[0],
        subject=head[1],
        received=received,
        reason=reason,
        told=told,
        **frame(desk, language, now),
    )
    return _plan("quarantine", lead, language, values)


def tell_doorstep(
    desk: DeskConfig, lead: Lead, waiting: tuple[DoorstepItem, ...], now: datetime
) -> LetterPlan:
    """The day's strangers; a long list is cut, its count is not."""
    language = lead.language or desk.language
    values = DoorstepValues(
        name=lead.name,
        count=len(waiting),
        items=waiting[:MOST_SHOWN],
        command="maildesk doorstep admit",
        **frame(desk, language, now),
    )
    return _plan("doorstep", lead, language, values)


def tell_brake(desk: DeskConfig, lead: Lead, held: int, allowed: int, now: datetime) -> LetterPlan:
    """The whole desk's brake closed with `held` letters waiting behind it."""
    language = lead.language or desk.language
    values = BreakerValues(
        name=lead.name,
        scope="desk",
        about="",
        limit=allowed,
        held=held,
        since=now,
        resumes=now + timedelta(hours=1),
        **frame(desk, language, now),
    )
    return _plan("breaker", lead, language, values)


def _plan(letter: str, lead: Lead, language: str, values: LetterValues) -> LetterPlan:
    return LetterPlan(letter, lead.address, lead.name, language, values, "auto-generated")
