"""The letters around a decision: to who must decide, to who answered in vain, to the requester.

Pure: facts in, a planned letter out; a mail and the clock ask alike. When one is due and what a
decision does others know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from maildesk.desk.approvals.approval import PUT_OFF, Approval, Kind
from maildesk.desk.arrival.directory import Directory, find_own_group
from maildesk.desk.calendar.quiet import hold_until
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Facts, Lead, LetterPlan, Sender
from maildesk.desk.letters.approval_values import (
    ApprovalValues,
    EscalationValues,
    NewsValues,
    PlanValues,
    Trigger,
    VerdictValues,
)
from maildesk.desk.letters.head import greet, head, head_at
from maildesk.desk.letters.requester_notices import answer
from maildesk.desk.staff.relay import find_readers
from maildesk.desk.ticket import KnownTicket, Part

LETTERS = {Kind.ESCALATION: "escalation", Kind.PLAN: "plan", Kind.ACCESS: "approval"}
"""The letter that asks for a decision of that kind."""


def ask_to_escalate(
    desk: DeskConfig,
    lead: Lead,
    ticket: KnownTicket,
    form: Mapping[str, str],
    until: datetime,
    now: datetime,
    *,
    trigger: Trigger,
    by: str = "",
    minutes: int = 0,
    priority: str | None = None,
    reminder: bool = False,
) -> LetterPlan:
    """Whether it is escalated, and to whom; `priority` where it is another from now on."""
    language = lead.language or desk.language
    values = EscalationValues(
        trigger=trigger,
        by=by,
        reason=form.get("reason", ""),
        progress=form.get("progress", ""),
        support=form.get("support", ""),
        words=form.get("words", ""),
        handler=handler.name if (handler := ticket.find(Part.ASSIGNEE)) else None,
        until=until,
        minutes=minutes,
        reminder=reminder,
        **_describe(desk, ticket, language, priority),
        name=lead.name,
        **head_at(desk, ticket.number, ticket.title, language, now),
    )
    return _plan("escalation", lead, language, values)


def ask_for_plan(
    desk: DeskConfig,
    lead: Lead,
    ticket: KnownTicket,
    form: Mapping[str, str],
    until: datetime,
    now: datetime,
    *,
    by: str,
    changed: bool = False,
    reminder: bool = False,
) -> LetterPlan:
    """Whether the plan of a major problem is carried out (F7)."""
    language = lead.language or desk.language
    values = PlanValues(
        by=by,
        interim=form.get("interim", ""),
        permanent=form.get("permanent", ""),
        cause=form.get("cause", ""),
        prevention=form.get("prevention", ""),
        until=until,
        changed=changed,
        reminder=reminder,
        **_describe(desk, ticket, language, None),
        name=lead.name,
        **head_at(desk, ticket.number, ticket.title, language, now),
    )
    return _plan("plan", lead, language, values)


def ask_again_for_access(
    desk: DeskConfig,
    reader: Lead,
    ticket: KnownTicket,
    approval: Approval,
    now: datetime,
    *,
    instead_of: str = "",
) -> LetterPlan:
    """The clock's letter about an access request: a reminder, to a lead when its approver is away
    or keeps silent; or the first one, where it was put off until now."""
    language = reader.language or desk.language
    requester, profile = ticket.find(Part.REQUESTER), desk.profile
    first: Any = approval.form.get(PUT_OFF)
    values = ApprovalValues(
        why="instead" if instead_of else first or "lead",
        approver=instead_of,
        requester=requester.name if requester else "",
        requester_address=requester.key if requester else "",
        department=ticket.department,
        contact=requester.extension if requester else None,
        type=profile.type(ticket.type).label.in_language(language),
        category=profile.category(ticket.category).label.in_language(language),
        words=approval.form.get("words", ""),
        unproved=bool(approval.form.get("unproved")),
        asked=approval.asked,
        reminder=not first,
        name=reader.name,
        **head_at(desk, ticket.number, ticket.title, language, now),
    )
    later = hold_until(now, profile, desk.zone_info, reminder=True)
    plan = LetterPlan("approval", reader.address, reader.name, language, values, "auto-generated")
    return replace(plan, not_before=later)


What = Literal["decided", "not_asked", "own", "unclear"]


def tell_in_vain(
    facts: Facts,
    ticket: KnownTicket,
    reader: Sender,
    approval: Approval,
    what: What,
) -> LetterPlan:
    """An answer that decided nothing, and why."""
    language = reader.language or facts.desk.language
    asked = [name_of(key, facts.directory, ticket) for key in approval.asked_of]
    requester = ticket.find(Part.REQUESTER)
    owner = approval.owner or ""
    values = VerdictValues(
        name=reader.name,
        what=what,
        asked=("、" if language.startswith("zh") else ", ").join(asked),
        requester=requester.name if requester else "",
        contact=requester.extension if requester else None,
        agreed=approval.verdict is not None and approval.verdict.value == "agreed",
        decider=approval.decider,
        decided=approval.decided,
        owner=name_of(owner, facts.directory, ticket) if owner else "",
        reason=approval.reason if what == "decided" else "",
        **head(facts, ticket.number, ticket.title, language),
    )
    return answer(facts, "verdict", reader, values)


News = Literal["raised", "escalated", "approved", "declined", "plan_changed"]


def tell_news(
    facts: Facts,
    ticket: KnownTicket,
    what: News,
    *,
    handler: str | None = None,
    priority: str | None = None,
    due: datetime | None = None,
    vendor: bool = False,
    approver: str = "",
    words: str = "",
    copies: bool = False,
) -> tuple[LetterPlan, ...]:
    """One line to the requester, and to his Cc only with `copies`. `handler` is an address key of
    who takes care now, None for who has it."""
    return tuple(
        _tell_one(facts, ticket, what, person.key, greet(person), person.language, handler,
                  priority, due, vendor, approver, words)
        for person in find_readers(ticket)[: None if copies else 1]
    )  # fmt: skip


def _tell_one(
    facts: Facts,
    ticket: KnownTicket,
    what: News,
    key: str,
    name: str,
    speaks: str | None,
    handler: str | None,
    priority: str | None,
    due: datetime | None,
    vendor: bool,
    approver: str,
    words: str,
) -> LetterPlan:
    profile, language = facts.desk.profile, speaks or ticket.language
    former = ticket.find(Part.ASSIGNEE)
    who = facts.directory.at(handler or (former.key if former else ""))
    group = find_own_group(who, profile, profile.group_of(ticket.group, ticket.category))
    rank = profile.priority(priority or ticket.priority)
    values = NewsValues(
        name=name,
        what=what,
        handler=who.name if who else None,
        group=group.label.in_language(language),
        extension=(who.extension if who else None) or group.extension,
        priority=rank.label.in_language(language),
        hotline=facts.desk.hotline,
        due=due if due and due > facts.now else None,
        urgent=rank.rank == 0,
        vendor=vendor,
        approver=approver,
        words=words,
        **head(facts, ticket.number, ticket.title, language),
    )
    return LetterPlan("news", key, name, language, values, "auto-generated")


def name_of(key: str, directory: Directory, ticket: KnownTicket) -> str:
    """What people call whom this address key belongs to; else the text itself."""
    person = directory.at(key) if "@" in key else None
    if person is not None:
        return person.name
    return next((who.name for who in ticket.people if key in who.addresses), key)


def list_leads(leads: Sequence[Lead], without: frozenset[str]) -> tuple[Lead, ...]:
    """The leads but for these keys, unless nobody would be left."""
    others = tuple(lead for lead in leads if lead.address not in without)
    return others or tuple(leads)


def _describe(
    desk: DeskConfig, ticket: KnownTicket, language: str, priority: str | None
) -> dict[str, Any]:
    profile, requester = desk.profile, ticket.find(Part.REQUESTER)
    return {
        "priority": profile.priority(priority or ticket.priority).label.in_language(language),
        "category": profile.category(ticket.category).label.in_language(language),
        "requester": requester.name if requester else "",
        "department": ticket.department,
    }


def _plan(
    letter: str, lead: Lead, language: str, values: EscalationValues | PlanValues
) -> LetterPlan:
    """Leads hear of what they must decide at any hour: their time runs at once (WORDS.md)."""
    return LetterPlan(letter, lead.address, lead.name, language, values, "auto-generated")
