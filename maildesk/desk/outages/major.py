"""A major incident (M3): what happens at once when something urgent begins, and while it lasts.

Pure. `declare` looks at every decision on a mail; whoever raises a ticket without one calls
`start_major`. It lasts while the ticket is tagged, most urgent and worked on. What the clock tells
of a silent one is `routing_notices`'.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maildesk.desk.arrival.encrypted import read_words
from maildesk.desk.decision import (
    Change,
    DeadlinePlan,
    Decision,
    EventPlan,
    Facts,
    LetterPlan,
    Opening,
    Unsent,
)
from maildesk.desk.letters.head import head
from maildesk.desk.letters.routing_values import UrgentValues
from maildesk.desk.profile import Profile
from maildesk.desk.request.similar import find_alike
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State

TAG = "major"
_LONGEST_WORDS = 2000
_OVER = ENDED | {State.TO_CONFIRM}


@dataclass(frozen=True, slots=True)
class Incident:
    """The ticket as its leads must know it; keys are the profile's. `number` "": being opened.

    `engineer` is (address key, name, extension) of who has it. `by` is who raised it, `raised`
    whether it was less urgent before.
    """

    number: str
    title: str
    words: str
    category: str
    priority: str
    group: str
    requester: str
    department: str | None
    contact: str | None
    received: datetime
    due: datetime | None
    engineer: tuple[str, str, str | None] | None = None
    scope: str = ""
    raised: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Major:
    """What begins with it: for an `Opening`, or for an `Effect` on a known ticket."""

    tags: tuple[str, ...]
    events: tuple[EventPlan, ...]
    letters: tuple[LetterPlan, ...]
    unsent: tuple[Unsent, ...]
    deadlines: tuple[DeadlinePlan, ...]


def is_urgent(profile: Profile, priority: str) -> bool:
    return profile.priority(priority).rank == 0


def is_major(profile: Profile, priority: str, tags: Collection[str], state: State) -> bool:
    """Whether a ticket is a major incident now."""
    return TAG in tags and state not in _OVER and is_urgent(profile, priority)


def declare(facts: Facts, decision: Decision) -> Decision:
    """The decision, with the emergency response where it opens something urgent, raises a ticket
    to that, or opens such a one again."""
    kinds = {event.kind for event in decision.events}
    if "major_incident" in kinds or decision.keeps_back is not None:
        return decision  # somebody declared it; or a step is taken back
    profile, opening = facts.desk.profile, decision.opening
    if opening is not None:
        # Nobody was asked for help by a circular.
        # Nor does everybody who reports a known outage declare it anew.
        hangs = opening.parent is not None
        if not is_urgent(profile, opening.priority) or "to_sort" in kinds or hangs:
            return decision
        known = _count_known(facts, opening)
        if known is not None:
            spared = tuple(Unsent("urgent", lead.address, known) for lead in facts.leads)
            return replace(decision, unsent=(*decision.unsent, *spared))
        major = start_major(facts, _describe_new(facts, opening), opening.tags)
        tagged = replace(opening, tags=major.tags)
        return _add(replace(decision, opening=tagged), major)
    ticket, change = decision.ticket, decision.change
    if ticket is None or change is None:
        return decision
    if change.priority and is_urgent(profile, change.priority):
        if is_urgent(profile, ticket.priority):
            return decision
        by = facts.sender if facts.sender is not None and facts.sender.is_staff else None
        incident = describe(facts, ticket, change.priority, by=by.name if by else "")
        if change.response_due is not None:
            incident = replace(incident, due=change.response_due)
        tags = ticket.tags if change.tags is None else change.tags
        told = {plan.address for plan in decision.letters if plan.withheld is None}
        major = start_major(facts, incident, tags, actor=by.addresses if by else (), told=told)
        return _add(replace(decision, change=change.then(Change(tags=major.tags))), major)
    if "reopened" in kinds and TAG in ticket.tags and is_urgent(profile, ticket.priority):
        watch = watch_for_news(profile, facts.now)
        return replace(decision, deadlines=(*decision.deadlines, watch))
    return decision


def _add(decision: Decision, major: Major) -> Decision:
    return replace(
        decision,
        events=(*decision.events, *major.events),
        letters=(*decision.letters, *major.letters),
        unsent=(*decision.unsent, *major.unsent),
        deadlines=(*decision.deadlines, *major.deadlines),
    )


def start_major(
    facts: Facts,
    incident: Incident,
    tags: tuple[str, ...] = (),
    *,
    actor: Collection[str] = (),
    told: Collection[str] = (),
) -> Major:
    """Tell the leads and the group's lead at once, one letter each; and watch for news from now on.

    Not who gets the ticket itself, nor the `actor` (address keys) who raised it, nor who is `told`
    by another letter of the same mail. When nobody has a new one, the leads are told that instead,
    which asks them to act.
    """
    profile = facts.desk.profile
    readers = {lead.address: (lead.name, lead.language) for lead in facts.leads}
    unsent: list[Unsent] = []
    if incident.engineer is None and not incident.raised:
        why = "told at once that nobody has it"
        unsent += [Unsent("urgent", key, why) for key in readers]
        readers = {}
    leader = _find_group_lead(facts, incident)
    leads = {lead.address for lead in facts.leads}
    if leader is not None and leader[0] not in leads:
        readers[leader[0]] = leader[1:]
    if incident.engineer is not None:
        has_it = incident.engineer[0]
        if incident.raised:
            person = facts.directory.at(has_it)
            readers.setdefault(has_it, (incident.engineer[1], person.language if person else None))
        elif readers.pop(has_it, None) is not None:
            unsent.append(Unsent("urgent", has_it, "the ticket itself was sent to them"))
    for key in [key for key in readers if key in actor]:
        del readers[key]
        unsent.append(Unsent("urgent", key, "it was their own order"))
    for key in [key for key in readers if key in told]:
        del readers[key]
        unsent.append(Unsent("urgent", key, "another letter of the same mail tells it"))
    return Major(
        tags=tags if TAG in tags else (*tags, TAG),
        events=(EventPlan("major_incident", (("by", incident.by),)),),
        letters=tuple(
            _tell(facts, incident, key, name, language) for key, (name, language) in readers.items()
        ),
        unsent=tuple(unsent),
        deadlines=(watch_for_news(profile, facts.now),),
    )


def watch_for_news(profile: Profile, now: datetime) -> DeadlinePlan:
    """When silence is noticed for the first time."""
    return DeadlinePlan("major_update", now + timedelta(minutes=profile.major_update_minutes))


def _count_known(facts: Facts, opening: Opening) -> str | None:
    """Why this is no incident of its own: fifty people who report one outage are one, and its leads
    need one letter more at most (`#主单`)."""
    alike = facts.desk.profile.alike
    since = facts.now - timedelta(minutes=alike.minutes)
    words = read_words(facts.mail, facts.desk.language)
    known = [
        item
        for item in find_alike(opening.title, words, facts.recent, opening.category)
        if TAG in item.tags and item.opened is not None and item.opened >= since
    ]
    if len(known) + 1 < alike.tickets:
        return None
    return f"{len(known)} alike were told within {alike.minutes} minutes: one outage"


def _describe_new(facts: Facts, opening: Opening) -> Incident:
    sender = facts.sender
    address = opening.requester or (sender.address if sender else "")
    person = facts.directory.at(address)
    engineer = facts.directory.at(opening.assignee) if opening.assignee else None
    language = facts.desk.language
    return Incident(
        number="",
        title=opening.title,
        words=read_words(facts.mail, language),
        category=opening.category,
        priority=opening.priority,
        group=opening.group,
        requester=person.name if person else (sender.name or sender.address if sender else ""),
        department=opening.department,
        contact=opening.fields.get("contact") or (person.extension if person else None),
        received=opening.received,
        due=opening.response_due,
        engineer=(engineer.key, engineer.name, engineer.extension) if engineer else None,
        scope=opening.fields.get("scope", ""),
    )


def describe(facts: Facts, ticket: KnownTicket, priority: str, *, by: str = "") -> Incident:
    """A known ticket that is raised to `priority`."""
    requester, engineer = ticket.find(Part.REQUESTER), ticket.find(Part.ASSIGNEE)
    said = [item.words.strip() for item in facts.said if not item.internal and item.words.strip()]
    profile = facts.desk.profile
    return Incident(
        number=ticket.number,
        title=ticket.title,
        words="\n\n".join(said),
        category=ticket.category,
        priority=priority,
        group=profile.group_of(ticket.group, ticket.category).key,
        requester=requester.name if requester else "",
        department=ticket.department,
        contact=ticket.fields.get("contact") or (requester.extension if requester else None),
        received=ticket.opened or facts.now,
        due=None,
        engineer=(engineer.key, engineer.name, engineer.extension) if engineer else None,
        scope=ticket.fields.get("scope", ""),
        raised=True,
        by=by,
    )


def _find_group_lead(facts: Facts, incident: Incident) -> tuple[str, str, str | None] | None:
    name = facts.desk.profile.group(incident.group).lead
    if name is None:
        return None
    person = facts.directory.find_exactly(name, staff=True).person
    return (person.key, person.name, person.language) if person else None


def _tell(facts: Facts, incident: Incident, key: str, name: str, wanted: str | None) -> LetterPlan:
    language = wanted or facts.desk.language
    profile = facts.desk.profile
    group = profile.group(incident.group)
    extension = incident.engineer[2] if incident.engineer else None
    values = UrgentValues(
        name=name,
        words=incident.words[:_LONGEST_WORDS],
        priority=profile.priority(incident.priority).label.in_language(language),
        category=profile.category(incident.category).label.in_language(language),
        requester=incident.requester,
        department=incident.department,
        contact=incident.contact,
        group=group.label.in_language(language),
        engineer=incident.engineer[1] if incident.engineer else None,
        extension=extension or group.extension,
        hotline=facts.desk.hotline,
        received=incident.received,
        due=incident.due if incident.due and incident.due > facts.now else None,
        update_minutes=profile.major_update_minutes,
        scope=incident.scope,
        raised=incident.raised,
        by=incident.by,
        **head(facts, incident.number, incident.title, language),
    )
    return LetterPlan("urgent", key, name, language, values, "auto-generated")
