"""More people are concerned than before: the priority rises, and those concerned are told (R15).

The requester's word for it is believed as far as a department; that the whole company stands still
only the rules can say. It never lowers anything. Pure; what the words claim is `scope`'s question.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from maildesk.desk.answers.scope import Growth, find_growth
from maildesk.desk.approvals.approval import AskPlan, Kind
from maildesk.desk.approvals.approval_letters import ask_to_escalate, tell_news
from maildesk.desk.approvals.escalation import DECIDE, decide_by, tell_progress
from maildesk.desk.decision import (
    UNCHANGED,
    Change,
    DeadlinePlan,
    Decision,
    EventPlan,
    Facts,
    Finding,
    Lead,
    LetterPlan,
    Outcome,
    Sender,
    Unsent,
)
from maildesk.desk.letters.dispatch import Reader, tell_words
from maildesk.desk.letters.staff_values import AnswerValues
from maildesk.desk.limits.changes import follow
from maildesk.desk.profile import Priority, Profile
from maildesk.desk.rules.matching import RuleSet, Searchable, judge
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State

# A department is affected: high by the document's own table (R4), the second of its priorities.
_DEPARTMENT = 1


def grow(
    facts: Facts, sender: Sender, ticket: KnownTicket, decision: Decision, rules: RuleSet
) -> Decision:
    """The decision about believed words of the requester's, with what follows if it is wider."""
    state = (decision.change or UNCHANGED).state or ticket.state
    if decision.outcome is not Outcome.APPENDED or state in ENDED | {State.TO_CONFIRM}:
        return decision
    growth = find_growth(facts.mail.reply)
    if growth is None:
        return decision
    profile = facts.desk.profile
    judgement = judge(rules, Searchable({"body": facts.mail.reply}))
    wider = _widen(profile, ticket.impact, judgement.impact)
    if wider is not None:
        change = (decision.change or UNCHANGED).then(Change(impact=wider))
        decision = replace(decision, change=change)
    # What the answer to a question made of the ticket may be graver than these words alone.
    refined = (decision.change or UNCHANGED).priority
    target = _choose(profile, judgement.priority, refined)
    present = profile.priority(ticket.priority)
    said = f"“{growth.said}” says that more people are concerned"
    if target is None or target.rank >= present.rank:
        why = f"{said}; {present.key} is as urgent already"
        return replace(decision, findings=(*decision.findings, Finding("scope", "grew", why)))
    finding = Finding("scope", "grew", f"{said}: {present.key} becomes {target.key}")
    return _raise(facts, sender, ticket, decision, growth, target, finding)


def _widen(profile: Profile, present: str | None, judged: str | None) -> str | None:
    """Who is affected now, where that is more than before: by the rules, else several."""
    levels = [level.key for level in profile.impacts]
    several = levels[-2:-1]
    grown = [judged] if judged in levels else several
    if not grown or (present in levels and levels.index(present) <= levels.index(grown[0])):
        return None
    return grown[0]


def _choose(profile: Profile, *found: str | None) -> Priority | None:
    """The most urgent of what the rules say and what a department gets."""
    ranks = sorted(profile.priorities, key=lambda item: item.rank)
    wanted = ranks[_DEPARTMENT : _DEPARTMENT + 1]
    wanted += [profile.priority(key) for key in found if key is not None]
    return min(wanted, key=lambda item: item.rank, default=None)


def _raise(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    decision: Decision,
    growth: Growth,
    target: Priority,
    finding: Finding,
) -> Decision:
    desk = facts.desk
    change = (decision.change or UNCHANGED).then(Change(priority=target.key))
    due = follow(ticket, change, desk, facts.now).change.response_due or ticket.response_due
    due = None if ticket.responded else due
    told = (("from", ticket.priority), ("to", target.key), ("said", growth.said))
    letters = tuple(_mark(facts, plan, target, due) for plan in decision.letters)
    deadlines, asks = decision.deadlines, decision.asks
    if target.rank == 0:
        pass  # the emergency response tells the leads at once (`major`)
    elif target.key in desk.profile.escalation.priorities and facts.leads:
        until = decide_by(desk, target.key, facts.now)
        form = {"progress": tell_progress(facts.said), "words": facts.mail.reply.strip()}
        letters += tuple(
            ask_to_escalate(
                desk, lead, ticket, form, until, facts.now, trigger="scope", priority=target.key
            )
            for lead in facts.leads
        )
        asked = tuple(lead.address for lead in facts.leads)
        asks = (*asks, AskPlan(Kind.ESCALATION, asked, form, due=until))
        deadlines = (*deadlines, DeadlinePlan(DECIDE, until))
    else:
        readers = {plan.address for plan in letters}
        letters += tuple(
            _tell_lead(facts, sender, ticket, lead, target, due)
            for lead in facts.leads
            if lead.address not in readers
        )
    own = sender.addresses | {sender.address}
    requester = ticket.find(Part.REQUESTER)
    unsent = decision.unsent
    if requester is not None and requester.bounced:
        unsent += (Unsent("news", requester.key, "letters to this address come back"),)
    else:
        letters += tell_news(facts, ticket, "raised", priority=target.key, due=due)
    if requester is None or not requester.addresses & own:
        finding = replace(finding, why=f"{finding.why} (said by {sender.address})")
    return replace(
        decision,
        change=change,
        events=(*decision.events, EventPlan("scope_grew", told)),
        findings=(*decision.findings, finding),
        letters=letters,
        unsent=unsent,
        deadlines=deadlines,
        asks=asks,
    )


def _mark(facts: Facts, plan: LetterPlan, target: Priority, due: datetime | None) -> LetterPlan:
    """The letter that brings the engineer these words says what follows from them."""
    values = plan.values
    if not isinstance(values, AnswerValues):
        return plan
    label = target.label.in_language(plan.language)
    due = due if due and due > facts.now else None
    return replace(plan, values=replace(values, raised=label, due=due))


def _tell_lead(
    facts: Facts,
    sender: Sender,
    ticket: KnownTicket,
    lead: Lead,
    target: Priority,
    due: datetime | None,
) -> LetterPlan:
    plan = tell_words(
        facts,
        ticket,
        Reader(lead.address, lead.name, lead.language),
        author=sender.name or sender.address,
        part="requester",
        note="new_words",
        state=ticket.state,
        answer_to=ticket.find(Part.REQUESTER),
    )
    return _mark(facts, plan, target, due)
