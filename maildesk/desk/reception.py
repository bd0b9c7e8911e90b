"""One mail, top to bottom: from the facts to the one decision that settles it.

Pure. The order of the steps stands in `receive`; each step's own question has its own module.
"""

from __future__ import annotations

from maildesk.desk import guard, letters
from maildesk.desk.decision import (
    Decision,
    EventPlan,
    Facts,
    Finding,
    Opening,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.guard import Barrier
from maildesk.desk.language import choose
from maildesk.desk.matching import RuleSet, judge, searchable
from maildesk.desk.sla import limit_response
from maildesk.desk.subject import strip_prefixes
from maildesk.desk.thread import Threading, find_thread
from maildesk.desk.ticket import KnownTicket, Part, State
from maildesk.desk.triage import classify
from maildesk.mail.message import Kind, is_usable

_LONGEST_TITLE = 500
_MOST_JOINS = 30  # a circular to hundreds must not make hundreds of participants


def receive(facts: Facts, rules: RuleSet) -> Decision:
    """Decide what becomes of one mail. Never raises for what a mail contains."""
    who = _introduce(facts)
    barrier = guard.stop(facts)
    if barrier is not None:
        return _hold(facts, barrier, who)
    assert facts.sender is not None
    passed = Finding("guard", "passed", "no loop, no machine, no stranger, not marked as spam")
    threading = find_thread(facts, facts.sender)
    findings = (who, passed, *threading.findings)
    if threading.ticket is not None:
        return _append(facts, facts.sender, threading.ticket, findings)
    if threading.noted is not None:
        return _note(facts, facts.sender, threading.noted, findings)
    return _open(facts, facts.sender, threading, rules, findings)


def _introduce(facts: Facts) -> Finding:
    sender = facts.sender
    if sender is None:
        return Finding("person", "nobody", "From holds no usable address")
    if sender.listed:
        why = f"{sender.address} is an address of a listed person ({sender.role.value})"
    elif sender.person is not None:
        why = f"{sender.address} has written before"
    else:
        why = f"{sender.address} writes for the first time"
    return Finding("person", sender.name or sender.address, why)


def _hold(facts: Facts, barrier: Barrier, who: Finding) -> Decision:
    """A barrier stopped it; if it is a machine's word about a ticket, the ticket records it."""
    ticket = _concerned(facts) if barrier.event is not None else None
    sender = facts.sender.address if facts.sender else "?"
    events: tuple[EventPlan, ...] = ()
    if ticket is not None and barrier.event is not None:
        events = (EventPlan(barrier.event, _machine_data(facts, sender)),)
    return Decision(
        outcome=Outcome.NOTED if ticket else barrier.outcome,
        reason=barrier.why,
        findings=(who, Finding("guard", barrier.outcome.value, barrier.why)),
        ticket=ticket,
        events=events,
        unsent=(Unsent("ack", sender, barrier.why),),
    )


def _concerned(facts: Facts) -> KnownTicket | None:
    """The ticket a machine's answer is about. A number anybody can write proves nothing."""
    mine = facts.sender.addresses | {facts.sender.address} if facts.sender else frozenset()
    for item in facts.evidence:
        ticket = facts.ticket(item.ticket)
        if item.kind != "number" or ticket.insiders & mine:
            return ticket
    return None


def _machine_data(facts: Facts, sender: str) -> tuple[tuple[str, str], ...]:
    data = [("from", sender), ("subject", facts.mail.subject[:200])]
    if facts.mail.kind is Kind.BOUNCE and facts.mail.bounce is not None:
        data.append(("status", facts.mail.bounce.status or ""))
        data.append(("recipients", ", ".join(facts.mail.bounce.recipients[:5])))
    return tuple(data)


def _append(
    facts: Facts, sender: Sender, ticket: KnownTicket, findings: tuple[Finding, ...]
) -> Decision:
    return Decision(
        outcome=Outcome.APPENDED,
        reason=findings[-1].why,
        findings=findings,
        ticket=ticket,
        joins=_joins(facts, sender, ticket),
        events=(EventPlan("words", (("from", sender.address),)),),
        unsent=(Unsent("ack", sender.address, "an answer in a known thread is not acknowledged"),),
    )


def _note(
    facts: Facts, sender: Sender, ticket: KnownTicket, findings: tuple[Finding, ...]
) -> Decision:
    return Decision(
        outcome=Outcome.NOTED,
        reason=findings[-1].why,
        findings=findings,
        ticket=ticket,
        events=(EventPlan("unverified_note", (("from", sender.address),)),),
        unsent=(Unsent("ack", sender.address, "a note is not acknowledged"),),
    )


def _open(
    facts: Facts,
    sender: Sender,
    threading: Threading,
    rules: RuleSet,
    findings: tuple[Finding, ...],
) -> Decision:
    mail, desk = facts.mail, facts.desk
    title = strip_prefixes(mail.subject)[:_LONGEST_TITLE]
    judgement = judge(rules, searchable(mail))
    triage = classify(judgement, desk.profile, rules.rules)
    limit = limit_response(facts.received, triage.priority, desk.profile, desk.zone_info)
    opening = Opening(
        title=title,
        state=State.UNASSIGNED,
        category=triage.category,
        priority=triage.priority,
        type=triage.type,
        group=triage.group,
        assignee=triage.assignee,
        department=sender.department,
        language=choose(sender.language, (mail.reply, title), desk.language),
        received=facts.received,
        response_due=limit.due,
        near_at=limit.near,
        linked=threading.linked,
    )
    plans, unsent = letters.acknowledge(facts, sender, opening, threading.linked)
    events = [EventPlan("opened", (("from", sender.address),))]
    if threading.linked is not None:
        events.append(EventPlan("linked", (("to", threading.linked.number),)))
    if not letters.addressed_to_desk(facts):
        events.append(EventPlan("to_sort", ()))
    return Decision(
        outcome=Outcome.OPENED,
        reason=findings[-1].why,
        findings=(*findings, *triage.findings),
        opening=opening,
        joins=_joins(facts, sender, None),
        events=tuple(events),
        letters=plans,
        unsent=unsent,
        rules=judgement.traces,
        rules_hash=rules.hash,
    )


def _joins(
    facts: Facts, sender: Sender, ticket: KnownTicket | None
) -> tuple[tuple[str, str, Part], ...]:
    """Everybody else whom the mail names takes part from now on; so does a new sender."""
    insiders = ticket.insiders if ticket else frozenset()
    named: dict[str, str] = {}
    if ticket is not None and not insiders & (sender.addresses | {sender.address}):
        named[sender.address] = sender.name
    for item in (*facts.mail.to, *facts.mail.cc):
        own = guard.is_desk_address(facts.desk, item.key)
        if is_usable(item.key) and not own and item.key not in insiders | sender.addresses:
            named.setdefault(item.key, item.name)
    if ticket is None:
        named.pop(sender.address, None)
    return tuple((key, name, Part.CC) for key, name in list(named.items())[:_MOST_JOINS])
