"""When should more weight come to a ticket (M5)?  The form, the clock, the time to decide.

The clock counts handling time: what the ticket waited for others is not counted. What a lead's
decision does is `verdicts`' question; whether more people are concerned is `scope`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from maildesk.desk.calendar.hours import add_working, working_seconds
from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import Change, DeadlinePlan, Decision, Facts
from maildesk.desk.evidence import Said
from maildesk.desk.limits.due import measure_handling, stands_still
from maildesk.desk.orders.script import Line, Script
from maildesk.desk.orders.table import Order
from maildesk.desk.profile import Calendar
from maildesk.desk.rules.fold import fold
from maildesk.desk.ticket import ENDED, KnownTicket, Part, State

DUE = "escalation_due"
"""The deadline at which an unsolved ticket is put before the lead."""
DECIDE = "decision_due"
"""The deadline until which somebody should have decided."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a lead must know to decide; "" where it was not said."""

    reason: str = ""
    support: str = ""
    progress: str = ""


def read_form(text: str) -> Form:
    """`原因｜所需支持`, or one labelled part a line; a third part is how it stands.

    Parts without a label are taken in that order.
    """
    found: dict[str, str] = {}
    bare: list[str] = []
    for part in (piece.strip(_AROUND) for piece in _BARS.split(text)):
        label = _LABEL.match(part)
        key = _FIELDS.get(fold(label[1])) if label else None
        if label is not None and key is not None:
            found.setdefault(key, part[label.end() :].strip(_AROUND))
        elif part:
            bare.append(part)
    for key in ("reason", "support", "progress"):
        if key not in found and bare:
            found[key] = bare.pop(0)
    return Form(**{key: " ".join([value, *bare] if key == "progress" else [value])
                   for key, value in found.items()})  # fmt: skip


def gather_form(script: Script) -> Script:
    """The answer with its labelled lines (现状：…) in the order's own line: they are the form, and
    never go to the requester. Words among them leave everything as it is."""
    if not any(line.order is Order.ESCALATE for line in script.orders):
        return script
    lines = [line.strip() for line in script.words.splitlines() if line.strip()]
    labels = (_LABEL.match(line) for line in lines)
    if not lines or not all(label and fold(label[1]) in _FIELDS for label in labels):
        return script
    orders = tuple(
        Line(line.order, "\n".join((line.argument, *lines)), line.raw)
        if line.order is Order.ESCALATE
        else line
        for line in script.orders
    )
    return Script(orders, "", script.suspects)


def tell_progress(said: Sequence[Said]) -> str:
    """How it stands, in the words staff wrote last: what was passed on before a mere note."""
    own = [item for item in said if item.internal and item.words.strip()]
    told = [item for item in own if item.told]
    return next((item.words.strip() for item in reversed(told or own)), "")


def count_handled(
    ticket: KnownTicket, desk: DeskConfig, now: datetime, since: datetime | None = None
) -> int:
    """Minutes it has been worked on, altogether or `since` then."""
    profile, zone = desk.profile, desk.zone_info
    handled = measure_handling(ticket, now, profile, zone)
    if since is not None:
        handled -= measure_handling(ticket, since, profile, zone)
    return int(handled.total_seconds()) // 60


def find_calendar(desk: DeskConfig, priority: str) -> Calendar:
    """The working time of that priority."""
    return desk.profile.calendar(desk.profile.priority(priority).calendar)


def decide_by(desk: DeskConfig, priority: str, now: datetime) -> datetime:
    """Until when the lead should have decided (M5)."""
    minutes = desk.profile.escalation.decide_minutes
    return add_working(now, minutes, find_calendar(desk, priority), desk.zone_info)


def is_watched(desk: DeskConfig, priority: str) -> bool:
    """Whether the clock escalates tickets of that priority at all."""
    policy = desk.profile.escalation
    return policy.after_minutes is not None and priority in policy.priorities


def plan_next(
    desk: DeskConfig, priority: str, now: datetime, handled: int = 0
) -> tuple[DeadlinePlan, ...]:
    """When a ticket handled for so many minutes is put before the lead; nothing if it never is."""
    after = desk.profile.escalation.after_minutes
    if after is None or not is_watched(desk, priority):
        return ()
    rank = desk.profile.priority(priority)
    calendar = desk.profile.calendar(rank.solution_calendar or rank.calendar)
    at = add_working(now, max(1, after - handled), calendar, desk.zone_info)
    return (DeadlinePlan(DUE, at),)


def keep_watch(facts: Facts, decision: Decision) -> Decision:
    """The decision with the clock of M5 set or moved by what it changes.

    Where the ticket waits or is solved the open row stays; its handler sees that and lets it be.
    """
    desk, now = facts.desk, facts.now
    plans: tuple[DeadlinePlan, ...] = ()
    if decision.opening is not None and decision.opening.assignee is not None:
        plans = plan_next(desk, decision.opening.priority, now)
    elif decision.ticket is not None and decision.change is not None:
        plans = _watch(decision.ticket, decision.change, desk, now)
    if not plans or any(plan.kind == DUE for plan in decision.deadlines):
        return decision
    # First, as the clock takes it: so that neither waits for the other.
    return replace(decision, deadlines=(*plans, *decision.deadlines))


def _watch(
    ticket: KnownTicket, change: Change, desk: DeskConfig, now: datetime
) -> tuple[DeadlinePlan, ...]:
    state, waiting = change.state or ticket.state, change.waiting or ticket.waiting
    has = change.assignee or (None if "assignee" in change.clear else ticket.find(Part.ASSIGNEE))
    if stands_still(state, waiting) or not has:
        return ()
    again = ticket.state in ENDED | {State.TO_CONFIRM}
    resumed = stands_still(ticket.state, ticket.waiting)
    raised = change.priority is not None and change.priority != ticket.priority
    if raised and is_watched(desk, ticket.priority) and not is_watched(desk, change.priority or ""):
        return (DeadlinePlan(DUE, None),)
    if not (resumed or raised or change.assignee):
        return ()
    # With a new engineer, and after a solution that failed, the time begins anew.
    anew = again or change.assignee is not None
    handled = 0 if anew else count_handled(ticket, desk, now)
    return plan_next(desk, change.priority or ticket.priority, now, handled)


def count_took(desk: DeskConfig, priority: str, asked: datetime, now: datetime) -> timedelta:
    """How long a decision took, in the priority's working time."""
    seconds = working_seconds(asked, now, find_calendar(desk, priority), desk.zone_info)
    return timedelta(seconds=seconds)


_AROUND = " \t\u3000，,。.；;：:、|｜"
_BARS = re.compile(r"[|｜︱∣\n]|(?:^|\s)//?(?=\s)|[;；](?=\s*(?:所需|需要|支持|support|现状|原因))")
_FIELDS = {
    **dict.fromkeys(("原因", "升级原因", "理由", "reason", "why", "because"), "reason"),
    **dict.fromkeys(
        ("所需支持", "需要支持", "支持", "需要", "所需资源", "support", "support needed", "needed"),
        "support",
    ),
    **dict.fromkeys(
        ("现状", "进展", "目前进展", "当前进展", "处理进展", "progress", "status", "so far"),
        "progress",
    ),
}
_LABEL = re.compile(r"\s*([^\s:：|｜]{1,8}|[A-Za-z]{1,10} [A-Za-z]{1,10})\s*[:：]")
