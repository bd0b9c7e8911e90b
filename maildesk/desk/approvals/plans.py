"""Plans of major problems are approved by a lead before they are carried out (F7).

And what a decision that is still to come holds up, or that nobody need make any more. Pure; the
lead's yes or no is an order of `verdicts`.
"""

from __future__ import annotations

from maildesk.desk.approvals.approval import (
    AskPlan,
    Kind,
    Verdict,
    VerdictPlan,
    find_hold,
    find_last,
    needs_approval,
)
from maildesk.desk.approvals.approval_letters import ask_for_plan, list_leads, tell_news
from maildesk.desk.approvals.escalation import DECIDE, decide_by
from maildesk.desk.decision import Change, DeadlinePlan, EventPlan, Finding
from maildesk.desk.orders.script import Line
from maildesk.desk.orders.table import Order
from maildesk.desk.staff.arguments import say_time
from maildesk.desk.staff.effect import Effect, Scene
from maildesk.desk.staff.records import gather_records
from maildesk.desk.ticket import Part, State, Waiting

_PLAN = ("cause", "interim", "permanent", "prevention")


def submit_plan(scene: Scene) -> Effect:
    """What recording a plan on a major ticket brings: its approval is asked for (F7).

    A changed plan is asked anew, and once one was approved the requester learns that it changed.
    """
    facts, ticket = scene.facts, scene.ticket
    plans = [
        line
        for line in scene.script.orders
        if needs_approval(ticket, facts.desk.profile, line.order)
    ]
    if not plans:
        return Effect()
    records = gather_records(scene)
    form = {key: text for key in _PLAN if (text := records.get(key))}
    former = find_last(facts.approvals, Kind.PLAN)
    if former is not None and former.verdict is not Verdict.DECLINED and former.form == form:
        return Effect()
    if not facts.leads:
        why = "a plan for this priority needs a lead's approval, and no lead is listed"
        return Effect(findings=(Finding("approval", "nobody", why),))
    leads = list_leads(facts.leads, scene.actor.addresses | {scene.actor.address})
    until = decide_by(facts.desk, ticket.priority, facts.now)
    letters = tuple(
        ask_for_plan(
            facts.desk, lead, ticket, form, until, facts.now,
            by=scene.actor.name, changed=former is not None,
        )
        for lead in leads
    )  # fmt: skip
    if former is not None and former.verdict is Verdict.AGREED:
        letters += tell_news(facts, ticket, "plan_changed")
    asked = tuple(lead.address for lead in leads)
    names = "、".join(lead.name for lead in leads)
    return Effect(
        events=(EventPlan("plan_asked", (("of", names),)),),
        letters=letters,
        deadlines=(DeadlinePlan(DECIDE, until),),
        asks=(AskPlan(Kind.PLAN, asked, form, scene.actor.address, until, anew=True),),
        final="undo_plan",
        done=(scene.say("plan_asked", names=names, time=say_time(scene, until)),),
    )


def find_obstacle(scene: Scene, line: Line) -> str | None:
    """Why an order must wait for somebody's decision, in the actor's language."""
    facts, ticket = scene.facts, scene.ticket
    if ticket.waiting is Waiting.APPROVAL and line.order not in _WHILE_ASKED:
        names = "、".join(person.name for person in ticket.find_all(Part.APPROVER))
        return scene.say("waits_approval", names=names, order=line.raw.strip())
    if line.order is not Order.SOLVED:
        return None
    plan = find_hold(facts.approvals)
    if plan is None:
        return None
    if plan.verdict is None:
        return scene.say("plan_open")
    return scene.say("plan_refused", reason=plan.reason or scene.say("no_reason"))


# What may be ordered while a request waits for its approval: nothing that works on it.
_WHILE_ASKED = frozenset(
    (
        *(Order.APPROVE, Order.DISAPPROVE, Order.NOTE, Order.STATUS, Order.HELP, Order.UNDO),
        *(Order.ONBEHALF, Order.CAUSE, Order.LESSON),
        *(Order.REJECT, Order.SPAM, Order.PRIORITY, Order.CATEGORY, Order.LATE, Order.SEND),
        *(Order.AGREE, Order.DECLINE, Order.ESCALATE),
    )
)


def withdraw(scene: Scene, change: Change) -> Effect:
    """What is still asked when the ticket ends without it: nobody need decide it any more."""
    if change.state not in _OVER:
        return Effect()
    # A decision that this very mail gives comes first, and the first one counts.
    waiting = [item for item in scene.facts.approvals if item.verdict is None]
    access = any(item.kind is Kind.ACCESS for item in waiting)
    return Effect(
        verdicts=tuple(VerdictPlan(item.id, Verdict.WITHDRAWN) for item in waiting),
        final="undo_withdrawn" if access else "",
    )


_OVER = frozenset({State.REJECTED, State.SOLVED, State.CLOSED})
