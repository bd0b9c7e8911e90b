"""Somebody must say yes before this is worked on: access requests and their like (M2, F12).

Whom to ask when the ticket is opened, or turns out to be somebody else's. Pure; whether an answer
counts is `approver`'s question, what it does `granting`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from maildesk.desk.approvals.approval import PUT_OFF, AskPlan, Kind, find_last, find_open
from maildesk.desk.approvals.escalation import DUE
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.arrival.encrypted import read_words
from maildesk.desk.calendar.almanac import works_on
from maildesk.desk.calendar.quiet import choose_calendar
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import (
    Change,
    DeadlinePlan,
    Decision,
    EventPlan,
    Facts,
    Finding,
    Lead,
    LetterPlan,
    Opening,
    Sender,
)
from maildesk.desk.letters.approval_values import ApprovalValues
from maildesk.desk.letters.dispatch import Case
from maildesk.desk.letters.head import head
from maildesk.desk.letters.letter_values import AckValues
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import DispatchValues
from maildesk.desk.limits.due import SAME_DAY, LimitKind
from maildesk.desk.person import Person
from maildesk.desk.staff.effect import Effect, Scene
from maildesk.desk.ticket import KnownTicket, Part, Pause, State, Waiting
from maildesk.mail.message import Attachment

REMIND = "approval_reminder"
OVERDUE = "approval_overdue"
# Working days after which the approver is reminded, and after which the lead is told.
_REMIND_AFTER, _OVERDUE_AFTER = 1, 2


@dataclass(frozen=True, slots=True)
class Gate:
    """Whose yes it needs, any of them, and why they are asked."""

    approvers: tuple[Lead, ...]
    why: Literal["manager", "lead", "no_manager"]
    finding: Finding

    @property
    def names(self) -> str:
        return "、".join(lead.name for lead in self.approvers)


def find_gate(
    desk: DeskConfig,
    type_key: str,
    requester: Person | None,
    own: frozenset[str],
    directory: Directory,
    leads: tuple[Lead, ...],
) -> Gate | Finding | None:
    """Whom to ask; None when nobody need be; a `Finding` when it needs a yes nobody can give.

    `own` are the requester's address keys: nobody approves what he asks for himself.
    """
    needed = desk.profile.type(type_key).approval
    if not needed:
        return None
    others = tuple(lead for lead in leads if lead.address not in own)
    why: Literal["lead", "no_manager"] = "lead"
    said = f"type {type_key} needs the lead's approval"
    if needed == "manager":
        name = requester.manager if requester is not None else None
        match = directory.find_exactly(name) if name else None
        manager = match.person if match is not None else None
        if manager is not None and not own & set(manager.addresses):
            who = Lead(manager.key, manager.name, manager.language)
            told = f"type {type_key} needs the approval of the requester's manager"
            return Gate((who,), "manager", Finding("approval", manager.name, told))
        why = "no_manager"
        missing = "he is his own manager" if manager is not None else "no manager is known"
        if match is not None and manager is None:
            missing = match.why
        said = f"type {type_key} needs the approval of the requester's manager, but {missing}"
    if others:
        names = ", ".join(lead.name for lead in others)
        return Gate(others, why, Finding("approval", names, said))
    return Finding("approval", "nobody", f"{said}, and there is no other lead to ask")


def ask_approval(facts: Facts, decision: Decision) -> Decision:
    """The decision that opens a ticket, held until somebody says yes where its type needs that.

    Nobody gets it before, its clocks stand, and the acknowledgement says for whom it waits.
    """
    opening, sender = decision.opening, facts.sender
    if opening is None or sender is None or not facts.desk.profile.type(opening.type).approval:
        return decision
    if any(event.kind == "to_sort" for event in decision.events):
        return _explain(decision, "a circular, to be sorted first")
    if any(plan.letter == "whose" for plan in decision.letters):
        return _explain(decision, "whose request it is must be known first")
    requester = facts.directory.at(opening.requester or sender.address)
    own = frozenset(requester.addresses) if requester else sender.addresses | {sender.address}
    gate = find_gate(facts.desk, opening.type, requester, own, facts.directory, facts.leads)
    if isinstance(gate, Gate):
        return _hold(facts, decision, opening, gate, requester, sender)
    if gate is None:
        return decision
    event = EventPlan("approval_impossible", (("why", gate.why),))
    return replace(
        decision,
        findings=(*decision.findings, gate),
        events=(*decision.events, event),
        letters=tuple(_warn(plan) for plan in decision.letters),
    )


def ask_on_behalf(scene: Scene, change: Change) -> Effect:
    """The ticket turns out to be somebody else's request: it waits for his approver, unless that
    is decided or work has begun. Whoever was asked for the former requester is asked no more."""
    facts, ticket = scene.facts, scene.ticket
    key = change.requester
    last = find_last(facts.approvals, Kind.ACCESS)
    if key is None or ticket.responded is not None or (last is not None and last.verdict):
        return Effect()
    person = facts.directory.at(key)
    own = frozenset(person.addresses) if person else frozenset((key,))
    gate = find_gate(facts.desk, ticket.type, person, own, facts.directory, facts.leads)
    if not isinstance(gate, Gate):
        return Effect(findings=(gate,) if gate is not None else ())
    words = "\n\n".join(item.words for item in facts.said if not item.internal and item.words)
    form = {"words": words[:_LONGEST_WORDS]}
    asked = _ask_anew(facts, ticket, gate, person, key, form, scene.actor.address)
    return replace(
        asked,
        change=Change(state=State.ON_HOLD, waiting=Waiting.APPROVAL),
        joins=tuple((lead.address, lead.name, Part.APPROVER) for lead in gate.approvers),
        leaves=tuple((who.key, Part.APPROVER) for who in ticket.find_all(Part.APPROVER)),
        final="undo_asked_access",
        done=(scene.say("access_asked", names=gate.names),),
    )


def ask_when_told(facts: Facts, ticket: KnownTicket, decision: Decision) -> Decision:
    """The approver is asked at last: its requester tells what he wants, as he was asked to."""
    waiting = find_open(facts.approvals, Kind.ACCESS)
    asks = ticket.find(Part.REQUESTER)
    told = any(event.kind == "words" for event in decision.events)
    if waiting is None or PUT_OFF not in waiting.form or asks is None or not told:
        return decision
    person = facts.directory.at(asks.key)
    gate = find_gate(facts.desk, ticket.type, person, asks.addresses, facts.directory, facts.leads)
    if not isinstance(gate, Gate):
        return decision
    words = f"{waiting.form.get('words', '')}\n\n{facts.mail.reply}".strip()
    form = {key: text for key, text in waiting.form.items() if key != PUT_OFF}
    form["words"] = words[:_LONGEST_WORDS]
    asked = _ask_anew(facts, ticket, gate, person, asks.key, form, None, facts.files)
    return replace(
        decision,
        findings=(*decision.findings, *asked.findings),
        events=(*decision.events, *asked.events),
        letters=(*decision.letters, *asked.letters),
        deadlines=(*decision.deadlines, *asked.deadlines),
        asks=(*decision.asks, *asked.asks),
    )


def _ask_anew(
    facts: Facts,
    ticket: KnownTicket,
    gate: Gate,
    person: Person | None,
    key: str,
    form: Mapping[str, str],
    by: str | None,
    files: tuple[Attachment, ...] = (),
) -> Effect:
    """The question about a ticket that is there already, whose requester is `person` or, when he is
    not listed, only known by his address `key`."""
    part = ticket.find(Part.REQUESTER)
    case = Case(
        number=ticket.number,
        title=ticket.title,
        category=ticket.category,
        priority=ticket.priority,
        type=ticket.type,
        received=ticket.opened or facts.now,
        due=None,
        requester=person.name if person else part.name if part and part.key == key else key,
        requester_address=key,
        department=person.department if person else None,
        contact=person.extension if person else None,
        words=form["words"],
        files=files,
    )
    remind, overdue = plan_chase(facts.desk, facts.now)
    asked = tuple(lead.address for lead in gate.approvers)
    unproved = "unproved" in form
    return Effect(
        events=(EventPlan("approval_asked", (("of", gate.names), ("why", gate.why))),),
        letters=tuple(_ask_one(facts, gate, case, who, unproved) for who in gate.approvers),
        deadlines=(remind, overdue),
        asks=(AskPlan(Kind.ACCESS, asked, form, by, remind.at, anew=True),),
        findings=(gate.finding,),
    )


def waits_for_yes(decision: Decision) -> bool:
    """Whether it opens a ticket that nobody works on before somebody has said yes."""
    return decision.opening is not None and decision.opening.waiting is Waiting.APPROVAL


def _explain(decision: Decision, why: str) -> Decision:
    return replace(decision, findings=(*decision.findings, Finding("approval", "not asked", why)))


def _warn(plan: LetterPlan) -> LetterPlan:
    """Nobody may approve it: its engineer is told to see to that himself."""
    values = plan.values
    if not isinstance(values, DispatchValues):
        return plan
    note = phrase("no_approver", plan.language)
    return replace(plan, values=replace(values, notes=(*values.notes, note)))


def _hold(
    facts: Facts,
    decision: Decision,
    opening: Opening,
    gate: Gate,
    requester: Person | None,
    sender: Sender,
) -> Decision:
    unproved = any(event.kind == "unproved" for event in decision.events)
    dispatched = next(
        (plan.values for plan in decision.letters if isinstance(plan.values, DispatchValues)), None
    )
    language = facts.desk.language
    words = dispatched.words if dispatched else read_words(facts.mail, language, asked=False)
    form = {"words": words[:_LONGEST_WORDS]} | ({"unproved": "yes"} if unproved else {})
    if dispatched is not None and dispatched.notes:
        form["notes"] = "\n".join(dispatched.notes)
    case = Case(
        number="",
        title=opening.title,
        category=opening.category,
        priority=opening.priority,
        type=opening.type,
        received=opening.received,
        due=None,
        requester=requester.name if requester else sender.name or sender.address,
        requester_address=requester.key if requester else sender.address,
        department=opening.department,
        contact=requester.extension if requester else sender.extension,
        words=words,
        files=facts.files,
    )
    remind, overdue = plan_chase(facts.desk, facts.now)
    asked = tuple(lead.address for lead in gate.approvers)
    kept = (plan for plan in decision.letters if not isinstance(plan.values, DispatchValues))
    told = tuple(_promise(plan, gate) for plan in kept)
    letters = tuple(_ask_one(facts, gate, case, who, unproved) for who in gate.approvers)
    why = f"{gate.finding.why}; nobody gets the ticket before, and its clocks stand"
    events: tuple[EventPlan, ...] = (
        EventPlan("approval_asked", (("of", gate.names), ("why", gate.why))),
    )
    if any(isinstance(plan.values, AckValues) and plan.values.questions for plan in told):
        # Nobody can say yes to 申请权限. The clock asks when the requester does not answer.
        form[PUT_OFF], letters, events = gate.why, (), ()
        why += "; asked when the requester has told what he was asked"
    return replace(
        decision,
        opening=replace(
            opening,
            state=State.ON_HOLD,
            waiting=Waiting.APPROVAL,
            assignee=None,
            contact_due=None,
            pauses=(Pause(opening.received),),
        ),
        findings=(*decision.findings, replace(gate.finding, why=why)),
        joins=(
            *decision.joins,
            *((lead.address, lead.name, Part.APPROVER) for lead in gate.approvers),
        ),
        events=(*(item for item in decision.events if item.kind != "assigned"), *events),
        letters=told + letters,
        deadlines=(
            *(plan for plan in decision.deadlines if plan.kind not in _CLOCKS),
            remind,
            overdue,
        ),
        asks=(*decision.asks, AskPlan(Kind.ACCESS, asked, form, due=remind.at)),
    )


def _promise(plan: LetterPlan, gate: Gate) -> LetterPlan:
    """The acknowledgement says whose yes it waits for instead of a time."""
    values = plan.values
    if not isinstance(values, AckValues):
        return plan
    waits = replace(values, approver=gate.names, handler=None, due=None, resumes=None)
    return replace(plan, values=waits)


# What does not run before the yes.
_CLOCKS = frozenset(
    (
        *(kind.near for kind in LimitKind),
        *(kind.missed for kind in LimitKind),
        *(SAME_DAY, "unassigned_notice", DUE),
    )
)
_LONGEST_WORDS = 20_000


def plan_chase(desk: DeskConfig, now: datetime) -> tuple[DeadlinePlan, DeadlinePlan]:
    """When the approver is reminded, and when the lead hears of it."""
    return (
        DeadlinePlan(REMIND, add_days(desk, now, _REMIND_AFTER)),
        DeadlinePlan(OVERDUE, add_days(desk, now, _OVERDUE_AFTER)),
    )


def add_days(desk: DeskConfig, moment: datetime, days: int) -> datetime:
    """The same time of day so many working days later."""
    calendar, there = choose_calendar(desk.profile), moment.astimezone(desk.zone_info)
    day: date = there.date()
    for _ in range(_HORIZON):
        day += timedelta(days=1)
        days -= calendar is None or works_on(day, calendar)
        if days == 0:
            break
    return datetime.combine(day, there.time(), desk.zone_info).astimezone(moment.tzinfo)


_HORIZON = 60


def _ask_one(facts: Facts, gate: Gate, case: Case, who: Lead, unproved: bool) -> LetterPlan:
    language, profile = who.language or facts.desk.language, facts.desk.profile
    values = ApprovalValues(
        name=who.name,
        why=gate.why,
        requester=case.requester,
        requester_address=case.requester_address,
        department=case.department,
        contact=case.contact,
        type=profile.type(case.type).label.in_language(language),
        category=profile.category(case.category).label.in_language(language),
        words=case.words[:_LONGEST_WORDS],
        files=tuple(item.filename for item in case.files),
        unproved=unproved,
        asked=facts.now,
        **head(facts, case.number, case.title, language),
    )
    return LetterPlan("approval", who.address, who.name, language, values, "auto-generated")
