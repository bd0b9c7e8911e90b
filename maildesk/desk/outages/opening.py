"""A new ticket and an outage: does it belong under a main ticket, or make its kind suspicious?

What `opening` decided is changed only where an outage lasts: one line instead of the
acknowledgement, no dispatch, no limits of its own. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from maildesk.desk.arrival.standing import Standing
from maildesk.desk.decision import (
    DeadlinePlan,
    Decision,
    EventPlan,
    Facts,
    Finding,
    LetterPlan,
    Opening,
    Sender,
    Unsent,
)
from maildesk.desk.letters.head import head, name_handler
from maildesk.desk.letters.linked_values import KnownValues
from maildesk.desk.limits.due import SAME_DAY
from maildesk.desk.outages.alike import find_main, suspect
from maildesk.desk.request.asking import ASKED
from maildesk.desk.ticket import KnownTicket, Part, State

OFFER = "outage_offer"
"""The deadline at which the lead is asked whether alike tickets are one outage."""


def follow_outage(facts: Facts, sender: Sender, standing: Standing, decision: Decision) -> Decision:
    """The decision on a new ticket, under its outage's main ticket where it belongs there."""
    opening = decision.opening
    if opening is None or opening.linked is not None or standing.failed or sender.is_staff:
        return decision
    if any(event.kind == "to_sort" for event in decision.events):
        return decision
    profile, words = facts.desk.profile, facts.mail.reply
    found = find_main(
        opening.title,
        words,
        opening.category,
        opening.priority,
        facts.outages,
        facts.recent,
        profile,
    )
    if found.main is not None:
        return _hang(facts, sender, decision, opening, found.main, found.why)
    if found.why:
        decision = _add(decision, Finding("outage", "stays alone", found.why))
    mine = {sender.address, *sender.addresses}
    listed = facts.directory.at(sender.address)
    if listed is not None and listed.staff_number:
        mine.add(listed.staff_number)
    alike = suspect(opening.title, words, opening.category, mine, facts.recent, profile, facts.now)
    if alike is None:
        return decision
    numbers = ", ".join(item.number for item in alike.all)
    asked = DeadlinePlan(OFFER, facts.now, about=alike.first.id)
    decision = _add(decision, Finding("outage", "suspected", f"like {numbers}: the lead is asked"))
    return replace(decision, deadlines=(*decision.deadlines, asked))


def _hang(
    facts: Facts,
    sender: Sender,
    decision: Decision,
    opening: Opening,
    main: KnownTicket,
    why: str,
) -> Decision:
    engineer = main.find(Part.ASSIGNEE)
    opening = replace(
        opening,
        state=State.NEW if engineer else State.UNASSIGNED,
        assignee=engineer.key if engineer else None,
        group=main.group or opening.group,
        parent=main.id,
        eta=main.eta,
        fields={key: text for key, text in opening.fields.items() if key != ASKED},
    )
    letters: list[LetterPlan] = []
    unsent = list(decision.unsent)
    for plan in decision.letters:
        if plan.letter == "ack":
            letters.append(_tell_known(facts, plan, opening, main, facts.now))
            instead = f"a known outage, {main.number}: one line instead"
            unsent.append(Unsent("ack", plan.address, instead))
        elif plan.letter == "dispatch":
            unsent.append(Unsent("dispatch", plan.address, f"{main.number} is worked on for all"))
        else:
            letters.append(plan)
    events = [item for item in decision.events if item.kind != "assigned"]
    if engineer is not None:
        events.append(EventPlan("assigned", (("to", engineer.key), ("by", ""))))
    events.append(EventPlan("hung", (("to", main.number),)))
    limits = Finding("limit", "none of its own", f"counted on {main.number}")
    return replace(
        decision,
        opening=opening,
        letters=tuple(letters),
        unsent=tuple(unsent),
        events=tuple(events),
        deadlines=tuple(plan for plan in decision.deadlines if plan.kind == SAME_DAY),
        findings=(*decision.findings, Finding("outage", f"under {main.number}", why), limits),
    )


def _tell_known(
    facts: Facts,
    ack: LetterPlan,
    opening: Opening,
    main: KnownTicket,
    now: datetime,
) -> LetterPlan:
    """That it is known, who works on it, and until when: in place of the acknowledgement."""
    desk = facts.desk
    shown = getattr(ack.values, "echo_title", True)
    values = KnownValues(
        name=getattr(ack.values, "name", ack.name),
        eta=main.eta if main.eta and main.eta > now else None,
        hotline=desk.hotline,
        **name_handler(desk, facts.directory, main, ack.language),
        **head(facts, "", opening.title if shown else "", ack.language),
    )
    return replace(ack, letter="known", values=values)


def _add(decision: Decision, finding: Finding) -> Decision:
    return replace(decision, findings=(*decision.findings, finding))
