"""Time passes for what somebody must decide: a ticket is put before the lead, and who has not
decided is reminded.

Handlers of the clock's rows. They ask and remind, and change nothing of a ticket: what a decision
does `desk.staff.verdicts` and `desk.approvals.granting` know.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.desk.approvals.approval import (
    PUT_OFF,
    Approval,
    AskPlan,
    Kind,
    Verdict,
    find_last,
    find_open,
)
from maildesk.desk.approvals.approval_letters import (
    ask_again_for_access,
    ask_for_plan,
    ask_to_escalate,
    name_of,
)
from maildesk.desk.approvals.escalation import (
    DECIDE,
    count_handled,
    decide_by,
    is_watched,
    plan_next,
    tell_progress,
)
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import DeadlinePlan, Lead, LetterPlan
from maildesk.desk.limits.due import stands_still
from maildesk.desk.ticket import KnownTicket, Part, State, Waiting
from maildesk.post import Post
from maildesk.store import approvals, cases, changes, deadlines, sayings, tickets
from maildesk.store.deadlines import Due, NewDeadline
from maildesk.store.engine import Connection


def propose(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """A ticket was worked on for long and is not solved: the lead decides whether it goes higher.

    Told once; after a "not yet" only when the same time of handling has passed again (M5).
    """
    ticket = _load(post, db, due, now)
    if ticket is None:
        return "the ticket is gone"
    desk = post.desks[due.desk_id]
    after = desk.profile.escalation.after_minutes
    if after is None or not is_watched(desk, ticket.priority):
        return f"tickets of priority {ticket.priority} are not escalated by the clock"
    if ticket.find(Part.ASSIGNEE) is None:
        return "nobody has it; that is told apart"
    if ticket.parent is not None:
        return "it hangs under the main ticket of an outage, which is escalated for all"
    if stands_still(ticket.state, ticket.waiting):
        return "it waits or is solved; its time of handling does not run"
    asked = approvals.read(db, ticket.id)
    if find_open(asked, Kind.ESCALATION) is not None:
        return "an escalation is asked for already"
    last = find_last(asked, Kind.ESCALATION)
    if last is not None and last.verdict is Verdict.AGREED:
        return "it was escalated before"
    minutes = count_handled(ticket, desk, now, last.decided if last is not None else None)
    if minutes < after:
        return _wait_on(db, due, desk, ticket, now, minutes)
    if not post.leads:
        return "no lead is listed; nobody was told"
    until = decide_by(desk, ticket.priority, now)
    form = {"progress": tell_progress(sayings.read_said(db, ticket.id))}
    plan = AskPlan(Kind.ESCALATION, tuple(lead.address for lead in post.leads), form, due=until)
    # In the order in which a mail writes them, so that neither waits for the other.
    changes.plan_deadlines(db, due.desk_id, ticket.id, (DeadlinePlan(DECIDE, until),))
    if not approvals.ask(db, desk, ticket.id, plan, None, now):
        return "an escalation is asked for already"
    names = "、".join(lead.name for lead in post.leads)
    why = f"not solved after {count_handled(ticket, desk, now)} min of handling"
    tickets.add_event(db, ticket.id, "escalation_asked", {"of": names, "why": why}, now)
    return "; ".join(
        _queue(
            post, db, due, ticket, now,
            ask_to_escalate(
                desk, lead, ticket, form, until, now,
                trigger="clock", minutes=count_handled(ticket, desk, now),
            ),
        )
        for lead in post.leads
    )  # fmt: skip


def remind_lead(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """The time to decide an escalation or a plan has passed: all leads are reminded, once."""
    ticket = _load(post, db, due, now)
    if ticket is None:
        return "the ticket is gone"
    asked = find_open(approvals.read(db, ticket.id), Kind.ESCALATION, Kind.PLAN)
    if asked is None:
        return "it is decided"
    if stands_still(ticket.state, Waiting.NONE):
        return "the ticket is solved"
    if asked.due is not None and asked.due > now:
        return _set_next(db, due, asked.due, "asked anew meanwhile")
    tickets.add_event(db, ticket.id, "decision_missed", {"what": asked.kind.value}, now)
    if not post.leads:
        return "no lead is listed; nobody was told"
    desk = post.desks[due.desk_id]
    until = asked.due or now
    return "; ".join(
        _queue(post, db, due, ticket, now, _repeat(desk, lead, ticket, asked, until, now))
        for lead in post.leads
    )


def remind_approver(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """A working day has passed without an answer: one reminder, or the lead where he is away or
    has left. What was put off until the requester had said what he wants, is asked now as it is."""
    ticket = _load(post, db, due, now)
    asked = _find_access(db, ticket)
    if ticket is None or asked is None:
        return "it is decided"
    desk, told, present = post.desks[due.desk_id], [], False
    if PUT_OFF in asked.form:
        form = {key: text for key, text in asked.form.items() if key != PUT_OFF}
        plan = AskPlan(Kind.ACCESS, asked.asked_of, form, due=asked.due, anew=True)
        approvals.ask(db, desk, ticket.id, plan, None, now)
        names = _name_asked(post, ticket, asked)
        tickets.add_event(db, ticket.id, "approval_asked", {"of": names}, now)
    away = approvals.list_away(db, ticket.id, asked.asked_of, asked.asked, now)
    for key in asked.asked_of:
        if key in away:
            told.append(f"{key} is away")
            continue
        person = post.directory.at(key)
        if person is None:
            told.append(f"{key} is no longer listed")
            continue
        present = True
        reader = Lead(key, person.name, person.language)
        letter = ask_again_for_access(desk, reader, ticket, asked, now)
        told.append(_queue(post, db, due, ticket, now, letter, "unassigned"))
    if not present:
        told += _tell_leads(post, db, due, ticket, asked, now)
    return "; ".join(told)


def tell_overdue(post: Post, db: Connection, due: Due, now: datetime) -> str:
    """Two working days have passed: the lead may remind the approver, or decide in his place."""
    ticket = _load(post, db, due, now)
    asked = _find_access(db, ticket)
    if ticket is None or asked is None:
        return "it is decided"
    tickets.add_event(db, ticket.id, "decision_missed", {"what": asked.kind.value}, now)
    told = _tell_leads(post, db, due, ticket, asked, now)
    return "; ".join(told) or "no other lead is listed; nobody was told"


def _tell_leads(
    post: Post, db: Connection, due: Due, ticket: KnownTicket, asked: Approval, now: datetime
) -> list[str]:
    own = ticket.find(Part.REQUESTER)
    barred = {*asked.asked_of, *(own.addresses if own else ())}
    names = _name_asked(post, ticket, asked)
    return [
        _queue(
            post, db, due, ticket, now,
            ask_again_for_access(
                post.desks[due.desk_id], lead, ticket, asked, now, instead_of=names
            ),
            "unassigned",
        )
        for lead in post.leads
        if lead.address not in barred
    ]  # fmt: skip


def _name_asked(post: Post, ticket: KnownTicket, asked: Approval) -> str:
    return "、".join(name_of(key, post.directory, ticket) for key in asked.asked_of)


def _repeat(
    desk: DeskConfig,
    lead: Lead,
    ticket: KnownTicket,
    asked: Approval,
    until: datetime,
    now: datetime,
) -> LetterPlan:
    if asked.kind is Kind.PLAN:
        return ask_for_plan(
            desk, lead, ticket, asked.form, until, now, by=asked.asker, reminder=True
        )
    return ask_to_escalate(
        desk, lead, ticket, asked.form, until, now,
        trigger="order", by=asked.asker, reminder=True,
    )  # fmt: skip


def _wait_on(
    db: Connection, due: Due, desk: DeskConfig, ticket: KnownTicket, now: datetime, minutes: int
) -> str:
    """It waited meanwhile, or was not escalated before: the rest of its time is still to come."""
    at = next(plan.at for plan in plan_next(desk, ticket.priority, now, minutes))
    return _set_next(db, due, at or now, f"worked on for {minutes} min only")


def _set_next(db: Connection, due: Due, at: datetime, why: str) -> str:
    following = NewDeadline(
        due.kind, due.subject, due.desk_id, at, due.ticket, str(int(due.round) + 1)
    )
    deadlines.set_deadlines(db, [following])
    return f"{why}; looked at again later"


def _find_access(db: Connection, ticket: KnownTicket | None) -> Approval | None:
    """What still waits for somebody's approval."""
    if ticket is None or ticket.waiting is not Waiting.APPROVAL or ticket.state is State.REJECTED:
        return None
    return find_open(approvals.read(db, ticket.id), Kind.ACCESS)


def _load(post: Post, db: Connection, due: Due, now: datetime) -> KnownTicket | None:
    assert due.ticket is not None
    # Not locked: a mail that holds the ticket may wait for the deadline this handler holds.
    found = cases.load(db, due.desk_id, [due.ticket], post.directory, now, lock=False)
    return found[0] if found else None


def _queue(
    post: Post,
    db: Connection,
    due: Due,
    ticket: KnownTicket,
    now: datetime,
    plan: LetterPlan,
    condition: str | None = None,
) -> str:
    urgent = post.desks[due.desk_id].profile.priority(ticket.priority).rank == 0
    cause = f"deadline:{due.id}"
    return post.queue(
        db, due.desk_id, plan, cause, ticket.id, now, condition=condition, urgent=urgent
    )
