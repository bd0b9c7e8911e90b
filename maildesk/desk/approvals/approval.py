"""What somebody was asked to decide about a ticket: an escalation, a plan, an access request.

Values, and the rules over them: who may decide, what needs a decision, what a decision holds up.
How an answer is read is `consent`'s question, what a verdict does to the ticket `verdicts`'.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from maildesk.desk.orders.order import Order
from maildesk.desk.person import Role
from maildesk.desk.profile import Profile
from maildesk.desk.ticket import KnownTicket, Part


class Kind(StrEnum):
    """What is asked: more weight for a ticket (M5), a yes to a plan (F7), or to an access."""

    ESCALATION = "escalation"
    PLAN = "plan"
    ACCESS = "access"


class Verdict(StrEnum):
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # asked anew, or no longer of use


PUT_OFF = "put_off"
"""In the form of what nobody was asked yet, since its requester is to say first what he wants: why
those would be asked."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Something asked. `verdict` None: nobody has decided yet. Keys are address keys.

    `form` holds what the deciders were shown, texts by key: progress, reason, support, words …
    `owner` is who takes an escalation on: an address key, or a vendor as the lead wrote it.
    """

    id: int
    kind: Kind
    asked_of: tuple[str, ...]
    form: Mapping[str, str]
    asked: datetime
    asked_by: str | None = None
    asker: str = ""  # the name of who asked, "" for the rules and the clock
    due: datetime | None = None
    verdict: Verdict | None = None
    decided: datetime | None = None
    decider: str = ""  # the name
    owner: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskPlan:
    """Something to ask; while one of its kind is open on the ticket nothing is asked twice.

    `anew` withdraws the open one first: its form is no longer true.
    """

    kind: Kind
    asked_of: tuple[str, ...]
    form: Mapping[str, str] = field(default_factory=dict)
    asked_by: str | None = None
    due: datetime | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class VerdictPlan:
    """A decision to write down; who decided is the mail's sender."""

    approval: int
    verdict: Verdict
    owner: str | None = None
    reason: str = ""


Refusal = Literal["", "own", "not_asked"]

# Orders whose meaning depends on what is asked or decided already.
CONCERNED = frozenset(
    (
        *(Order.ESCALATE, Order.AGREE, Order.DECLINE, Order.APPROVE, Order.DISAPPROVE),
        *(Order.SOLVED, Order.INTERIM, Order.PERMANENT, Order.ONBEHALF),
        *(Order.CONFIRMED, Order.MERGE, Order.REJECT, Order.SPAM),  # over, and what is open with it
    )
)


def find_open(approvals: Iterable[Approval], *kinds: Kind) -> Approval | None:
    """The newest one of these kinds that nobody has decided."""
    waiting = [item for item in approvals if item.verdict is None and item.kind in kinds]
    return waiting[-1] if waiting else None


def find_last(approvals: Iterable[Approval], *kinds: Kind) -> Approval | None:
    """The newest one of these kinds that counts: asked anew, the former one does not."""
    told = [
        item for item in approvals if item.kind in kinds and item.verdict is not Verdict.WITHDRAWN
    ]
    return told[-1] if told else None


def judge_decider(
    approval: Approval, keys: Collection[str], role: Role, ticket: KnownTicket
) -> Refusal:
    """Whether somebody with these address keys may decide: whoever was asked, and any lead.

    Nobody decides what he asked for himself: "own".
    """
    parts = ticket.parts_of(keys)
    if approval.kind is Kind.ACCESS and parts & {Part.REQUESTER, Part.REPORTER}:
        return "own"
    if role is Role.LEAD or set(keys) & set(approval.asked_of):
        return ""
    return "not_asked"


def needs_approval(ticket: KnownTicket, profile: Profile, order: Order) -> bool:
    """Whether a plan recorded by this order must be approved by a lead (F7)."""
    if order not in (Order.INTERIM, Order.PERMANENT):
        return False
    return profile.priority(ticket.priority).rank < profile.plan_ranks


def find_hold(approvals: Iterable[Approval]) -> Approval | None:
    """The plan that keeps a ticket from being solved: undecided, or not approved (F7)."""
    plan = find_last(approvals, Kind.PLAN)
    return plan if plan is not None and plan.verdict is not Verdict.AGREED else None
