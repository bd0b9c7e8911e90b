"""What a ticket is to a decision: its states, and the facts known of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from maildesk.desk.profile import Label


class State(StrEnum):
    """The states of W4. `reopened` is an event, not a state."""

    NEW = "new"
    UNASSIGNED = "unassigned"
    IN_PROGRESS = "in_progress"
    WAITING_REQUESTER = "waiting_requester"
    ON_HOLD = "on_hold"
    TO_CONFIRM = "to_confirm"
    SOLVED = "solved"
    CLOSED = "closed"
    REJECTED = "rejected"


# Staff and requesters read different words for the same state.
DESK_SHOWS: dict[State, Label] = {
    State.NEW: Label("新建", "New"),
    State.UNASSIGNED: Label("待派单", "Awaiting assignment"),
    State.IN_PROGRESS: Label("处理中", "In progress"),
    State.WAITING_REQUESTER: Label("待用户反馈", "Waiting for requester"),
    State.ON_HOLD: Label("挂起", "On hold"),
    State.TO_CONFIRM: Label("待确认", "To be confirmed"),
    State.SOLVED: Label("已解决", "Solved"),
    State.CLOSED: Label("已关闭", "Closed"),
    State.REJECTED: Label("已驳回", "Rejected"),
}

# While a ticket is in one of these, its response limit can still be missed.
AWAITING_RESPONSE = frozenset({State.NEW, State.UNASSIGNED, State.IN_PROGRESS})


class Part(StrEnum):
    """What somebody is in one ticket; roles are per ticket (DESIGN §4)."""

    REQUESTER = "requester"
    REPORTER = "reporter"
    CC = "cc"
    ASSIGNEE = "assignee"
    HELPER = "helper"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """An existing ticket that some evidence of a mail points to.

    `insiders` are the address keys of everybody who takes part in it.
    """

    id: int
    number: str
    state: State
    title: str
    insiders: frozenset[str]
