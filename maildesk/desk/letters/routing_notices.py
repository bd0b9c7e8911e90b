"""What the clock tells of who works on what: somebody is away, a major incident is silent.

Pure: facts in, a planned letter out. When and to whom is `clock_routing`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from maildesk.desk.calendar.quiet import hold_until
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Lead, LetterPlan
from maildesk.desk.letters.head import frame, head_at
from maildesk.desk.letters.notices import MOST_SHOWN, LimitFacts, itemise
from maildesk.desk.letters.routing_values import AbsentValues, SilentValues
from maildesk.desk.ticket import KnownTicket, Part

_MOMENT = timedelta(seconds=1)


def tell_absent(
    desk: DeskConfig,
    lead: Lead,
    engineer: str,
    until: datetime,
    tickets: Sequence[LimitFacts],
    now: datetime,
) -> LetterPlan:
    """Tickets that cannot wait for somebody who is away, in one letter, to be handed on."""
    language = lead.language or desk.language
    profile = desk.profile
    items = tuple(
        itemise(profile, ticket, language, ticket.due if ticket.due > now else None)
        for ticket in tickets[:MOST_SHOWN]
    )
    urgent = any(profile.priority(ticket.priority).rank == 0 for ticket in tickets)
    later = hold_until(now, profile, desk.zone_info, urgent=urgent)
    single = items[0] if len(items) == 1 else None
    midnight = until.astimezone(desk.zone_info).time() == time(0)
    values = AbsentValues(
        name=lead.name,
        engineer=engineer,
        items=items,
        last=until - _MOMENT if midnight else until,
        today=not midnight,
        urgent=urgent,
        number=single.number if single else "",
        title=single.title if single else "",
        **frame(desk, language, later or now),
    )
    plan = LetterPlan("absent", lead.address, lead.name, language, values, "auto-generated")
    return replace(plan, not_before=later)


def tell_silent(
    desk: DeskConfig,
    reader: Lead,
    ticket: KnownTicket,
    minutes: int,
    now: datetime,
    *,
    to_engineer: bool,
) -> LetterPlan:
    """Nothing was heard of a major incident for so long; its engineer's answer is the news."""
    language = reader.language or desk.language
    requester, engineer = ticket.find(Part.REQUESTER), ticket.find(Part.ASSIGNEE)
    group = desk.profile.group_of(ticket.group, ticket.category)
    values = SilentValues(
        name=reader.name,
        minutes=minutes,
        priority=desk.profile.priority(ticket.priority).label.in_language(language),
        requester=requester.name if requester else "",
        to_requester=requester.name if requester and to_engineer else "",
        engineer=engineer.name if engineer else None,
        extension=(engineer.extension if engineer else None) or group.extension,
        received=ticket.opened or now,
        to_engineer=to_engineer,
        **head_at(desk, ticket.number, ticket.title, language, now),
    )
    plan = LetterPlan("silent", reader.address, reader.name, language, values, "auto-generated")
    if not to_engineer or requester is None:
        return plan
    return replace(plan, relay="requester", relay_to=requester.key)
