"""One mail, top to bottom: from the facts to the one decision that settles it.

Pure. The order of the steps stands in `receive`; each step's own question has its own module.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.desk.aftercare.follow_up import keep_follow_up
from maildesk.desk.aftercare.reminders import keep_reminders
from maildesk.desk.answers.conversation import hear, speaks_for_requester
from maildesk.desk.answers.growth import grow
from maildesk.desk.approvals.access import ask_approval, ask_when_told, waits_for_yes
from maildesk.desk.approvals.approver import answer_asked, turn_away
from maildesk.desk.approvals.escalation import keep_watch
from maildesk.desk.arrival import guard
from maildesk.desk.arrival.guard import Barrier
from maildesk.desk.arrival.standing import Proof, Standing, weigh
from maildesk.desk.arrival.thread import Threading, find_thread
from maildesk.desk.arrival.unreached import report
from maildesk.desk.decision import Decision, EventPlan, Facts, Finding, Outcome, Sender, Unsent
from maildesk.desk.knowledge.publishing import publish_named
from maildesk.desk.limits.changes import keep_time
from maildesk.desk.outages.ending import set_free
from maildesk.desk.outages.major import declare
from maildesk.desk.outages.opening import follow_outage
from maildesk.desk.reports.commenting import answer_report
from maildesk.desk.request.opening import join_named, open_ticket
from maildesk.desk.request.supplement import judge_anew
from maildesk.desk.rules.matching import RuleSet, Searchable, judge
from maildesk.desk.staff.attendance import note_absence, note_return
from maildesk.desk.staff.work import answer_lost, names_requester, work
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State


def receive(facts: Facts, rules: RuleSet) -> Decision:
    """Decide what becomes of one mail. Never raises for what a mail contains."""
    decision = ask_approval(facts, report(facts, _decide(facts, rules)))
    decision = keep_watch(facts, keep_time(facts, set_free(facts, decision)))
    decision = keep_follow_up(facts, keep_reminders(facts, decision))
    return decision if waits_for_yes(decision) else declare(facts, decision)


def _decide(facts: Facts, rules: RuleSet) -> Decision:
    who = _introduce(facts)
    barrier = guard.stop(facts)
    if barrier is not None:
        return _hold(facts, barrier, who)
    sender = facts.sender
    assert sender is not None
    passed = Finding("guard", "passed", "no loop, no machine, no stranger, not marked as spam")
    threading = find_thread(facts, sender)
    findings = (who, passed, *threading.findings)
    ticket = threading.ticket or threading.noted
    standing = weigh(facts, ticket)
    absence, told = note_return(facts, sender, standing)
    decided = _settle(facts, sender, threading, standing, rules, findings)
    if not told:
        return decided
    return replace(decided, absence=absence, findings=(*decided.findings, *told))


def _settle(
    facts: Facts,
    sender: Sender,
    threading: Threading,
    standing: Standing,
    rules: RuleSet,
    findings: tuple[Finding, ...],
) -> Decision:
    """What a person's mail becomes: words on its ticket, a question back, or a ticket."""
    ticket = threading.ticket or threading.noted
    if ticket is None:
        remarked = answer_report(facts, sender, standing, findings)
        if remarked is not None:
            return remarked
    if ticket is not None:
        decision = _answer(facts, sender, ticket, threading, standing, rules, findings)
        if decision is not None:
            return decision
        why = f"a new problem on {ticket.number}: a ticket of its own"
        new = Finding("thread", "new", why)
        threading = Threading(None, None, ticket, (new,), renewed=True)
        findings = (*findings, *threading.findings)
    elif threading.linked is not None and facts.approvals:
        turned = turn_away(facts, sender, threading.linked, findings)
        if turned is not None:
            return turned
    elif sender.is_staff:
        lost = publish_named(facts, sender, standing, findings)
        lost = lost or answer_lost(facts, sender, standing, findings)
        if lost is not None:
            return lost
    opened = open_ticket(facts, sender, threading, standing, rules, findings)
    return follow_outage(facts, sender, standing, opened)


def _answer(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    threading: Threading,
    standing: Standing,
    rules: RuleSet,
    findings: tuple[Finding, ...],
) -> Decision | None:
    """Words on a known ticket: staff work on it, everybody else is heard. None: a new problem."""
    asked = answer_asked(facts, sender, ticket, standing, findings)
    if asked is not None:
        return asked
    mine = sender.addresses | {sender.address}
    parts = ticket.parts_of(mine)
    asks = parts & {Part.REQUESTER, Part.THIRD_PARTY} and not parts & {Part.ASSIGNEE, Part.HELPER}
    if sender.is_staff and (not asks or names_requester(facts, standing)):
        worked = work(facts, sender, ticket, standing, findings, rules)
        if not facts.exposes_links:
            return worked
        # Whoever else got this mail holds his links now: they must not act in his name.
        exposed = EventPlan("links_exposed", (("by", sender.address),))
        return replace(worked, events=(*worked.events, exposed))
    if threading.ticket is None:
        return _note(facts, sender, ticket, findings)
    category = None
    if ticket.state in ENDED | {State.TO_CONFIRM}:
        category = judge(rules, Searchable({"body": facts.mail.reply})).category
    anew = judge_anew(facts, ticket, rules)
    decision = hear(facts, sender, ticket, standing, findings, category, anew)
    if decision is None:
        return None
    if standing.proof is not Proof.NONE and speaks_for_requester(facts, sender, ticket):
        decision = grow(facts, sender, ticket, decision, rules)
        decision = ask_when_told(facts, ticket, decision)
    if standing.proof is Proof.NONE or Part.THIRD_PARTY in parts or not parts:
        # Whom a forger or a vendor copies must not read what is answered, and who takes no part
        # any more (his letters he still has) does not come back by answering one.
        return decision
    return replace(decision, joins=join_named(facts, sender, ticket))


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
    absence, told = note_absence(facts)
    if ticket is not None and barrier.event is not None:
        events = (EventPlan(barrier.event, _machine_data(facts, sender)),)
    return Decision(
        outcome=Outcome.NOTED if ticket else barrier.outcome,
        reason=barrier.why,
        findings=(who, Finding("guard", barrier.outcome.value, barrier.why), *told),
        ticket=ticket,
        events=events,
        absence=absence,
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
    return (("from", sender), ("subject", facts.mail.subject[:200]))


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
